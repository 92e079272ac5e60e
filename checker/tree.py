"""Files below one root, and nothing else: every read of configuration goes through a tree.

Paths are POSIX, relative to the root and without a leading slash (``etc/postfix/main.cf``; the root itself is the empty
path). A tree that stands for a whole host (``/``, or ``--root``) also resolves the absolute paths that configurations
name; in any other tree those lie outside and are unknown, never "missing".
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

from msgspec import Struct

from checker.errors import UserError
from checker.source import Source

MAX_FILE_BYTES = 8 * 1024 * 1024
"""A configuration file beyond this is refused: real ones stay below 1 MiB, and resolving is linear in what is read."""

MAX_LINES = 200_000
"""A file with more lines than this is refused: what is kept of each takes many times its bytes."""

MAX_ENTRIES = 100_000
"""A directory with more entries than this is refused."""

Kind = Literal["file", "directory", "missing", "outside"]
Fault = Literal["missing", "outside", "unreadable", "too-large", "not-a-file"]


class ReadError(UserError):
    """A file of the tree that could not be read, and in which way."""

    def __init__(self, fault: Fault, path: str, message: str, hint: str = "") -> None:
        super().__init__(message, place=path, hint=hint)
        self.fault = fault


class Tree(Protocol):
    """What the rest of the program may ask of files."""

    @property
    def is_host(self) -> bool:
        """Whether absolute paths in configurations are below this root."""

    def kind(self, path: str) -> Kind:
        """Say what is at a path, links resolved."""

    def is_directory(self, path: str) -> bool:
        """Say whether a path is a directory itself, not a link to one: what a walk goes into."""

    def names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a directory; raise ReadError."""

    def read(self, path: str) -> Source:
        """Return a file; raise ReadError."""

    def shown(self, path: str) -> str:
        """Return the path as reports give it."""


def normal(path: str) -> str:
    """Return a tree path without ``.``, ``..`` and doubled slashes; a path that climbs above the root keeps its leading
    ``..``.
    """
    clean = posixpath.normpath(path.lstrip("/") or ".")
    return "" if clean == "." else clean


def _followed(path: str) -> str | None:
    real = os.path.realpath(path)
    return None if os.path.islink(real) else real  # noqa: PTH114 - a Path costs more than the call


class DiskTree(Struct, frozen=True, dict=True):
    """The files below a directory of this machine. Links are followed only while they stay inside."""

    root: Path
    is_host: bool = False

    def shown(self, path: str) -> str:
        """Return absolute paths for the root ``/``, else paths relative to the root."""
        return f"/{path}" if self.root == Path("/") else path

    @cached_property
    def _directories(self) -> dict[str, str | None]:
        """Hold the resolved paths of directories: files come many from one."""
        return {}

    def _resolved(self, path: str) -> str | None:
        """Return a path with all links resolved, None for a loop of them."""
        directory, _, name = f"{self.root}/{path}".rpartition("/")
        if name in ("", ".", ".."):
            return _followed(f"{directory}/{name}")
        if directory not in self._directories:
            self._directories[directory] = _followed(directory)
        above = self._directories[directory]
        if above is None:
            return None
        full = f"{above.rstrip('/')}/{name}"
        return _followed(full) if os.path.islink(full) else full  # noqa: PTH114 - a Path costs more than the call

    def _real(self, path: str) -> str | None:
        """Return the resolved path, or None if it leaves the root."""
        if "\0" in path:
            return None
        root, real = str(self.root), self._resolved(path)
        if real is None:
            return None
        return real if real == root or real.startswith(f"{root.rstrip('/')}/") else None

    def kind(self, path: str) -> Kind:
        """Say what is at a path, links resolved."""
        real = self._real(path)
        if real is None:
            return "outside"
        try:
            mode = os.stat(real).st_mode  # noqa: PTH116 - a Path costs more than the call
        except OSError:
            return "missing"
        return "directory" if stat.S_ISDIR(mode) else "file"

    def is_directory(self, path: str) -> bool:
        """Say whether a path is a directory itself, not a link to one."""
        try:
            return stat.S_ISDIR(os.lstat(self.root / path).st_mode)
        except OSError:
            return False

    def names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a directory; raise ReadError."""
        real = self._real(path)
        if real is None:
            raise ReadError("outside", self.shown(path), "leads outside the root, so it is not read")
        try:
            names = os.listdir(real)
        except OSError as error:
            raise ReadError("unreadable", self.shown(path), f"cannot be listed: {error.strerror}") from None
        if len(names) > MAX_ENTRIES:
            raise ReadError("too-large", self.shown(path), f"has more than {MAX_ENTRIES} entries")
        return tuple(sorted(names))

    def read(self, path: str) -> Source:
        """Return a file; raise ReadError."""
        shown = self.shown(path)
        real = self._real(path)
        if real is None:
            raise ReadError(
                "outside",
                shown,
                "leads outside the root, so it is not read",
                "give the directory that holds it with --root",
            )
        try:
            # O_NONBLOCK: opening a FIFO that nobody writes to must not hang.
            descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise ReadError("missing", shown, "does not exist") from None
        except OSError as error:
            raise ReadError("unreadable", shown, f"cannot be read: {error.strerror}") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ReadError("not-a-file", shown, "is not a regular file")
        with open(descriptor, "rb") as file:
            return bounded(shown, file.read(MAX_FILE_BYTES + 1))


class MemoryTree(Struct, frozen=True):
    """Files held in memory, for the tests inside rules."""

    files: Mapping[str, bytes]
    is_host: bool = False

    def shown(self, path: str) -> str:
        """Return the path itself."""
        return path

    def kind(self, path: str) -> Kind:
        """Say what is at a path."""
        path = normal(path)
        if path in self.files:
            return "file"
        inside = f"{path}/" if path else ""
        return "directory" if any(name.startswith(inside) for name in self.files) else "missing"

    def is_directory(self, path: str) -> bool:
        """Say whether a path is a directory; there are no links."""
        return self.kind(path) == "directory"

    def names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a directory."""
        inside = f"{normal(path)}/" if normal(path) else ""
        return tuple(sorted({name[len(inside) :].split("/")[0] for name in self.files if name.startswith(inside)}))

    def read(self, path: str) -> Source:
        """Return a file; raise ReadError."""
        data = self.files.get(normal(path))
        if data is None:
            raise ReadError("missing", path, "does not exist")
        return bounded(path, data)


def bounded(shown: str, data: bytes) -> Source:
    """Return the source of these bytes, or raise ReadError if they or their lines are too many."""
    if len(data) > MAX_FILE_BYTES:
        raise too_large(shown)
    if data.count(b"\n") > MAX_LINES:
        raise too_large(shown, f"has more than {MAX_LINES} lines")
    return Source(shown, data)


def too_large(shown: str, how: str = f"is larger than {MAX_FILE_BYTES >> 20} MiB") -> ReadError:
    """Return the error of a file beyond MAX_FILE_BYTES or MAX_LINES."""
    return ReadError(
        "too-large",
        shown,
        f"{how}, so it is not read",
        "a mail configuration is text of a few KiB; was another file meant?",
    )
