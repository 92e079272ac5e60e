"""The files of a Git revision as a tree: what a checkout would hold, without one."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Literal

from msgspec import Struct

from checker.errors import UserError
from checker.git_objects import LACK_HINT, Objects, TooLarge
from checker.source import Source
from checker.tree import MAX_ENTRIES, MAX_FILE_BYTES, Kind, ReadError, bounded, too_large

MAX_DIRECTORY_BYTES = MAX_ENTRIES * 300
"""A directory's object beyond this has more than MAX_ENTRIES names, or names that no file system takes."""

MAX_LINKS = 40
"""So many links on the way to one path, as on Linux; more is a loop."""

MAX_PATH = 4096

_LFS = b"version https://git-lfs.github.com/spec/v1\n"

_Sort = Literal["file", "directory", "link", "submodule"]
_SORTS: dict[bytes, _Sort] = {b"40000": "directory", b"040000": "directory", b"120000": "link", b"160000": "submodule"}


class _Entry(Struct, frozen=True):
    """A name in a directory: what it is, and the id of its object."""

    sort: _Sort
    id: str


class GitTree:
    """The files of one commit below a directory of its repository.

    Links are followed while they stay below that directory. What a submodule holds, or Git LFS, is not in the revision
    itself: it lies outside. ``prefix`` is what reports show before a path, as for the files on disk.
    """

    def __init__(self, objects: Objects, commit: str, directory: str, prefix: str = "", *, is_host: bool) -> None:
        self._objects = objects
        self._commit = commit
        self._directory = directory
        self._prefix = prefix
        self._is_host = is_host
        self._listed = lru_cache(maxsize=256)(self._list)

    @property
    def is_host(self) -> bool:
        """Whether absolute paths in configurations are below this root."""
        return self._is_host

    def shown(self, path: str) -> str:
        """Return the path with the prefix."""
        return f"{self._prefix}{path}"

    def kind(self, path: str) -> Kind:
        """Say what is at a path, links resolved."""
        found = self._find(path)
        if isinstance(found, _Entry):
            return "directory" if found.sort == "directory" else "file"
        return found

    def is_directory(self, path: str) -> bool:
        """Say whether a path is a directory itself, not a link to one."""
        found = self._find(path, follow=False)
        return isinstance(found, _Entry) and found.sort == "directory"

    def names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a directory; raise ReadError."""
        found = self._entry(path)
        if found.sort != "directory":
            raise ReadError("unreadable", self.shown(path), "cannot be listed: Not a directory")
        names = self._listed(found.id)
        if names is None:
            raise ReadError("too-large", self.shown(path), f"has more than {MAX_ENTRIES} entries")
        return tuple(sorted(names))

    def read(self, path: str) -> Source:
        """Return a file; raise ReadError."""
        shown = self.shown(path)
        found = self._entry(path)
        if found.sort != "file":
            raise ReadError("not-a-file", shown, "is not a regular file")
        try:
            data = self._objects.read(found.id, MAX_FILE_BYTES)
        except TooLarge:
            raise too_large(shown) from None
        if data is None:
            raise ReadError("outside", shown, "is not in this clone", LACK_HINT)
        if data.startswith(_LFS):
            raise ReadError("outside", shown, "is kept in Git LFS, so it is not in the revision itself")
        return bounded(shown, data)

    def _entry(self, path: str) -> _Entry:
        found = self._find(path)
        if isinstance(found, _Entry):
            return found
        if found == "outside":
            raise ReadError(
                "outside", self.shown(path), "is not in the revision itself: a submodule, or a link that leads out"
            )
        raise ReadError("missing", self.shown(path), "does not exist")

    def _find(self, path: str, *, follow: bool = True) -> _Entry | Literal["missing", "outside"]:
        """Return what a path leads to; without ``follow`` a link at its end is what it leads to."""
        if self._root is None or len(path) > MAX_PATH:
            return "missing"
        pending = path.split("/")[::-1]
        passed = [self._root]
        links = 0
        while pending:
            name = pending.pop()
            if name in ("", "."):
                continue
            if name == "..":
                if len(passed) == 1:
                    return "outside"
                passed.pop()
                continue
            entry = self._child(passed[-1], name)
            if not isinstance(entry, _Entry):
                return entry
            if entry.sort == "link" and (pending or follow):
                target = self._target(entry)
                links += 1
                if links > MAX_LINKS or target.startswith("/"):
                    return "outside"
                pending += target.split("/")[::-1]
            else:
                passed.append(entry)
        return "outside" if passed[-1].sort == "submodule" else passed[-1]

    def _target(self, link: _Entry) -> str:
        """Return where a link leads; out of the tree if that cannot be told."""
        try:
            return (self._objects.read(link.id, MAX_PATH) or b"/").decode("utf-8", "surrogateescape")
        except TooLarge:
            return "/"

    def _child(self, parent: _Entry, name: str) -> _Entry | Literal["missing", "outside"]:
        if parent.sort == "submodule":
            return "outside"
        entries = self._listed(parent.id) if parent.sort == "directory" else None
        return (entries or {}).get(name, "missing")

    @cached_property
    def _root(self) -> _Entry | None:
        """The directory that paths start from, None if the revision has none there; links do not lead to it."""
        commit = self._objects.read(self._commit, MAX_FILE_BYTES) or b""
        here = _Entry("directory", commit.partition(b"\n")[0].removeprefix(b"tree ").decode("ascii", "replace"))
        for name in filter(None, self._directory.split("/")):
            child = self._child(here, name)
            if not isinstance(child, _Entry) or child.sort != "directory":
                return None
            here = child
        return here

    def _list(self, tree: str) -> dict[str, _Entry] | None:
        """Return the entries of a directory by name, None if there are too many; raise UserError."""
        try:
            data = self._objects.read(tree, MAX_DIRECTORY_BYTES)
        except TooLarge:
            return None
        if data is None:
            raise UserError("this clone lacks directories of the revision", hint=LACK_HINT)
        entries: dict[str, _Entry] = {}
        id_bytes = len(tree) // 2
        at = 0
        while at < len(data):
            start = at
            blank, end = data.find(b" ", at), data.find(b"\0", at)
            name = data[blank + 1 : end].decode("utf-8", "surrogateescape")
            at = end + 1 + id_bytes
            if not 0 < blank < end or at > len(data):
                raise UserError("a directory of the revision is damaged", hint="see git fsck")
            if name not in ("", ".", "..") and "/" not in name:  # git makes no such name, but may be handed one
                entries[name] = _Entry(_SORTS.get(data[start:blank], "file"), data[end + 1 : at].hex())
        return entries if len(entries) <= MAX_ENTRIES else None
