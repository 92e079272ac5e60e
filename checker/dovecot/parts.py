"""A conf.d whose dovecot.conf is not there: its files are read as if one included them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from msgspec import Struct

from checker.dovecot.release import release
from checker.source import Source
from checker.tree import Kind, ReadError, Tree, bounded, normal

_NAME = r"(?m)^[ \t]*(\w+)[ \t]*(?:=|\S*[ \t]*\{)"

_OF_23 = {"plugin", "args"}
"""What 2.4 has nowhere: the first holds names that are settings there."""

_VERSIONS = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"


class WithFile(Struct, frozen=True):
    """A tree with one file more than there is: what would include parts that nothing includes."""

    tree: Tree
    path: str
    data: bytes

    @property
    def is_host(self) -> bool:
        """Whether absolute paths in configurations are below this root."""
        return self.tree.is_host

    def shown(self, path: str) -> str:
        """Return the path as reports give it."""
        return self.tree.shown(path)

    def kind(self, path: str) -> Kind:
        """Say what is at a path."""
        return "file" if normal(path) == self.path else self.tree.kind(path)

    def is_directory(self, path: str) -> bool:
        """Say whether a path is a directory itself."""
        return self.tree.is_directory(path)

    def names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a directory, without that of the added file; raise ReadError."""
        return self.tree.names(path)

    def read(self, path: str) -> Source:
        """Return a file; raise ReadError."""
        return bounded(self.shown(path), self.data) if normal(path) == self.path else self.tree.read(path)


def with_entry(tree: Tree, directory: str, parts: tuple[str, ...]) -> tuple[Tree, str]:
    """Return a tree with a dovecot.conf that includes these files, and its path."""
    entry = posixpath.join(directory, "dovecot.conf")
    includes = "".join(f"!include {posixpath.relpath(part, directory or '.')}\n" for part in parts)
    text = f"{_VERSIONS if _is_of_24(_text(tree, part) for part in parts) else ''}{includes}"
    return WithFile(tree, entry, text.encode("utf-8", "surrogateescape")), entry


def _is_of_24(texts: Iterable[str]) -> bool:
    """Say whether more settings are of 2.4 alone than of 2.3 alone."""
    old, new = (release(version, None) for version in ("2.3.19.1", "2.4.5"))
    names = {name for text in texts for name in re.findall(_NAME, text)}
    if names & _OF_23:
        return False
    known_to_old, known_to_new = ({name for name in names if each.setting(name)} for each in (old, new))
    return len(known_to_new - known_to_old) > len(known_to_old - known_to_new)


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).text
    except ReadError:
        return ""
