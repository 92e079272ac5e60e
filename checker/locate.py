"""Find configuration sets: which products are configured under some paths, by the names and contents of files."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path

from checker.errors import UserError
from checker.releases.tables import table
from checker.result import Notice
from checker.tree import DiskTree, ReadError, Tree, normal

MAIN_CF, MASTER_CF = "main.cf", "master.cf"
HOST_PLACES = ("etc/postfix", "usr/local/etc/postfix", "usr/pkg/etc/postfix", "opt/postfix/etc")
"""Where a host keeps its own configuration: a path at or below one of these belongs to a host's root."""

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox", ".cache", "proc", "sys"})
MAX_DIRECTORIES = 20_000
"""Directories looked at under one path; more than this and the user is asked for a narrower path."""

OS_RELEASE = "etc/os-release"
PACKAGE_DATABASE = "var/lib/dpkg/status"


@dataclass(frozen=True, slots=True)
class PostfixSet:
    """One Postfix: the directory of its two files in the tree, either of which may be missing."""

    directory: str
    main: str | None
    master: str | None

    @property
    def host(self) -> str:
        """Return the path of the host that the set belongs to: what stands before ``etc/postfix``, else the
        directory.
        """
        for place in sorted(HOST_PLACES, key=len, reverse=True):  # usr/local/etc/postfix ends in etc/postfix
            if self.directory == place or self.directory.endswith(f"/{place}"):
                return self.directory[: -len(place)].rstrip("/")
        return self.directory


def open_tree(path: Path, root: Path | None) -> tuple[DiskTree, str]:
    """Return the tree that a path given by the user belongs to, and the path inside it.

    The root is the one given, else the Git work tree that holds the path, else ``/`` where the path is a host's own
    place for it (/etc/postfix), else the given directory. Raises UserError for a path that does not exist or lies
    outside the root.
    """
    if not _exists(path):
        hint = "check the spelling" if path.is_absolute() else f"it is looked up below {Path.cwd()}"
        raise UserError("no such file or directory", place=str(path), hint=hint)
    real = path.resolve()
    if root is not None:
        if not root.is_dir():
            raise UserError("the root is no directory", place=str(root))
        base, is_host = root.resolve(), True
    else:
        base, is_host = _root_of(real)
    if real != base and base not in real.parents:
        raise UserError("lies outside the root", place=str(path), hint=f"the root is {base}; give another with --root")
    return DiskTree(base, is_host), normal(real.relative_to(base).as_posix())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # a name that is too long, a directory that may not be searched
        raise UserError(f"cannot be looked at: {error.strerror}", place=str(path)) from None


def _root_of(real: Path) -> tuple[Path, bool]:
    directory = real if real.is_dir() else real.parent
    for each in (directory, *directory.parents):
        if (each / ".git").exists():
            return each, False
    absolute = directory.as_posix().lstrip("/")
    if not absolute or any(_touches(absolute, place) for place in HOST_PLACES):
        return Path("/"), True
    return directory, False


def _touches(path: str, place: str) -> bool:
    """Say whether one of two paths holds the other (``etc`` holds ``etc/postfix``)."""
    return f"{place}/".startswith(f"{path}/") or f"{path}/".startswith(f"{place}/")


def find_sets(tree: Tree, paths: tuple[str, ...]) -> tuple[tuple[PostfixSet, ...], tuple[Notice, ...]]:
    """Return the sets at or below the paths, each once, in order of their directories; and what could not be looked at.

    A file given means the set that it belongs to.
    """
    found: dict[str, PostfixSet] = {}
    notices: list[Notice] = []
    for path in _starts(tree, paths):
        if tree.kind(path) == "file":
            directory = posixpath.dirname(path)
            names = tree.names(directory)
            if posixpath.basename(path) in (MAIN_CF, MASTER_CF):
                found.setdefault(directory, _set(tree, directory, names))
            continue
        for directory, names in _walk(tree, path, notices):
            if MAIN_CF in names or MASTER_CF in names:
                each = _set(tree, directory, names)
                if each.main or each.master:
                    found.setdefault(directory, each)
    return tuple(found[directory] for directory in sorted(found)), tuple(notices)


def _starts(tree: Tree, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return where to look: of a whole host only its own places, if it has any, not every directory of the machine."""
    places = tuple(place for place in HOST_PLACES if tree.is_host and tree.kind(place) == "directory")
    return tuple(start for path in paths for start in (places if path == "" and places else (path,)))


def _set(tree: Tree, directory: str, names: tuple[str, ...]) -> PostfixSet:
    def member(name: str) -> str | None:
        path = posixpath.join(directory, name)
        return path if name in names and tree.kind(path) != "directory" else None

    return PostfixSet(directory, member(MAIN_CF), member(MASTER_CF))


def _walk(tree: Tree, start: str, notices: list[Notice]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the directories at and below one, with the names in them; links to directories are not followed."""
    visited: list[tuple[str, tuple[str, ...]]] = []
    pending = [start]
    while pending:
        directory = pending.pop()
        try:
            names = tree.names(directory)
        except ReadError as error:
            if directory == start:
                raise
            notices.append(Notice("warning", f"{error.place}: {error.message}"))
            continue
        visited.append((directory, names))
        if len(visited) > MAX_DIRECTORIES:
            hint = "give the directory of the mail configuration, such as /etc/postfix"
            raise UserError(f"more than {MAX_DIRECTORIES} directories", place=tree.shown(start), hint=hint)
        children = (posixpath.join(directory, name) for name in names if name not in SKIPPED)
        pending += [each for each in children if tree.is_directory(each)]
    return visited


def platform_of(tree: Tree, host: str) -> str | None:
    """Return the platform that a host's os-release names, if the tables know it."""
    text = _text(tree, posixpath.join(host, OS_RELEASE))
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    name = f"{fields.get('ID', '').strip(chr(34))}-{fields.get('VERSION_ID', 'sid').strip(chr(34))}"
    return name if name in table("platforms") else None


def installed_version(tree: Tree, host: str, package: str) -> str | None:
    """Return the upstream version of an installed Debian package, by the host's package database."""
    text = _text(tree, posixpath.join(host, PACKAGE_DATABASE))
    for stanza in f"\n{text}".split("\nPackage: ")[1:]:
        if stanza.startswith(f"{package}\n") and "\nStatus: install ok installed" in stanza:
            for line in stanza.splitlines():
                if line.startswith("Version: "):
                    return line.removeprefix("Version: ").rpartition("-")[0].rpartition(":")[2] or None
    return None


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).text
    except ReadError:
        return ""
