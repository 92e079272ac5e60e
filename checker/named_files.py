"""The files that a configuration names, where they are in the tree that holds the configuration."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from checker.source import Source
from checker.tree import ReadError, Tree, normal
from checker.values import Reason

POSTFIX_PLACES = ("/etc/postfix", "/usr/local/etc/postfix", "/usr/pkg/etc/postfix", "/opt/postfix/etc")
DOVECOT_PLACES = ("/etc/dovecot", "/usr/local/etc/dovecot")
"""Where hosts keep the entry file: paths below these are beside it, wherever a repository keeps it."""

MAX_FILES = 1000
"""More files than this are not read: a list of patterns may name files that name files."""


class Files:
    """Reads what a configuration names, each file once. ``directory`` is that of the entry file (main.cf,
    dovecot.conf) in the tree, and ``places`` are where it would be on a host.
    """

    def __init__(self, tree: Tree, directory: str, places: Sequence[str] = POSTFIX_PLACES) -> None:
        self._tree = tree
        self._directory = directory
        self._places = places
        self._read: dict[str, Source | Reason] = {}

    def read(self, path: str) -> Source | Reason:
        """Return a file by its absolute path on the host, or why it cannot be had."""
        if path not in self._read:
            full = len(self._read) >= MAX_FILES
            reason = Reason("not-in-set", f"more than {MAX_FILES} files are named")
            self._read[path] = reason if full else self._source(path)
        return self._read[path]

    def sources(self) -> tuple[Source, ...]:
        """Return the files that were read, in the order in which they were asked for."""
        return tuple(each for each in self._read.values() if isinstance(each, Source))

    def _source(self, path: str) -> Source | Reason:
        place = self._place(path)
        if place is None:
            return Reason("not-in-set", f"{path} lies outside of what is checked")
        try:
            return self._tree.read(place)
        except ReadError as error:
            if error.fault == "missing":
                return Reason("not-in-set", f"{path} is not in the set")
            return Reason("not-in-set", f"{path} cannot be read: {error.message}")

    def _place(self, path: str) -> str | None:
        """Return where in the tree a path points, None if outside; where a relative one is depends on the program."""
        if not path.startswith("/"):
            return None
        clean = normal(path)
        if self._tree.is_host:
            return clean
        for place in self._places:
            if f"/{self._directory}".endswith(place):
                return posixpath.join(self._directory[: -len(place)].rstrip("/"), clean)
        for place in self._places:
            if f"/{clean}".startswith(f"{place}/"):
                return posixpath.join(self._directory, f"/{clean}"[len(place) + 1 :])
        return None
