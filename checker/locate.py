"""Find configuration sets: which products are configured under some paths, by the names and contents of files."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from checker.errors import UserError
from checker.result import Notice
from checker.tree import DiskTree, ReadError, Tree, normal

MAIN_CF, MASTER_CF = "main.cf", "master.cf"
DOVECOT_CONF = "dovecot.conf"
PARTS = re.compile(
    r"(\d\d-(auth|director|imap|lda|lmtp|logging|mail|mailboxes|managesieve|master|pop3|ssl|submission)\.conf)"
)
"""Files that only a conf.d of Dovecot has; of other files there the name tells nothing."""

NAMES: tuple[str, ...] = (MAIN_CF, MASTER_CF, DOVECOT_CONF, "conf.d/*.conf", "conf.d/*.conf.ext")
"""How paths to files of a configuration end, as globs: the hooks for pre-commit are run for these."""

HOST_PLACES = (
    "etc/postfix",
    "usr/local/etc/postfix",
    "usr/pkg/etc/postfix",
    "opt/postfix/etc",
    "etc/dovecot",
    "usr/local/etc/dovecot",
)
"""Where a host keeps its own configuration: a path at or below one of these belongs to a host's root."""

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox", ".cache", "proc", "sys"})
MAX_DIRECTORIES = 20_000
"""Directories looked at under one path; more than this and the user is asked for a narrower path."""


class PostfixSet(Struct, frozen=True):
    """One Postfix: the directory of its two files in the tree, either of which may be missing."""

    directory: str
    main: str | None
    master: str | None


class DovecotSet(Struct, frozen=True):
    """One Dovecot: the file that includes the others, or None where only parts of it are there (a conf.d)."""

    directory: str
    entry: str | None
    parts: tuple[str, ...] = ()


ConfigurationSet = PostfixSet | DovecotSet


def host_of(directory: str) -> str:
    """Return the path of the host that a set belongs to.

    It is what stands before ``etc/postfix`` or ``etc/dovecot``; directories that are named for their product and lie
    side by side make up one host; any other directory stands for itself.
    """
    for place in sorted(HOST_PLACES, key=len, reverse=True):  # usr/local/etc/postfix ends in etc/postfix
        if directory == place or directory.endswith(f"/{place}"):
            return directory[: -len(place)].rstrip("/")
    parent, name = posixpath.split(directory)
    return parent if name in ("postfix", "dovecot") else directory


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
        if os.path.lexists(each / ".git"):  # says no where it may not look, too
            return each, False
    absolute = directory.as_posix().lstrip("/")
    if not absolute or any(_touches(absolute, place) for place in HOST_PLACES):
        return Path("/"), True
    return directory, False


def _touches(path: str, place: str) -> bool:
    """Say whether one of two paths holds the other (``etc`` holds ``etc/postfix``), or is a further instance of it."""
    return f"{place}/".startswith(f"{path}/") or path.startswith((f"{place}/", f"{place}-")) or path == place


def find_sets(tree: Tree, paths: tuple[str, ...]) -> tuple[tuple[ConfigurationSet, ...], tuple[Notice, ...]]:
    """Return the sets at or below the paths, each once, in order of their directories; and what could not be looked at.

    A file given means the set that it belongs to.
    """
    found: dict[tuple[str, type], ConfigurationSet] = {}
    notices: list[Notice] = []
    for path in _starts(tree, paths):
        directories: list[tuple[str, tuple[str, ...]]]
        if tree.kind(path) == "file":
            directories = [(posixpath.dirname(path), (posixpath.basename(path),))]
        else:
            directories = _walk(tree, path, notices)
        for directory, names in directories:
            for each in _sets_in(tree, directory, names):
                found.setdefault((each.directory, type(each)), each)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1].__name__))), tuple(notices)


def _sets_in(tree: Tree, directory: str, names: tuple[str, ...]) -> Iterator[ConfigurationSet]:
    """Yield the sets that these files of a directory belong to."""
    if MAIN_CF in names or MASTER_CF in names:
        each = PostfixSet(directory, *(_member(tree, directory, name) for name in (MAIN_CF, MASTER_CF)))
        if each.main or each.master:
            yield each
    parent, base = posixpath.split(directory)
    home = parent if base == "conf.d" else directory
    parts = tuple(name for name in names if PARTS.fullmatch(name) or _is_part(base, name))
    if DOVECOT_CONF in names or parts:
        entry = _member(tree, home, DOVECOT_CONF)
        if entry is not None:
            yield DovecotSet(home, entry)
        elif parts and any(map(PARTS.fullmatch, tree.names(directory))):
            present = (posixpath.join(directory, name) for name in tree.names(directory) if name.endswith(".conf"))
            yield DovecotSet(home, None, tuple(path for path in present if tree.kind(path) == "file"))


def _is_part(directory: str, name: str) -> bool:
    return directory == "conf.d" and name.endswith((".conf", ".conf.ext"))


def _member(tree: Tree, directory: str, name: str) -> str | None:
    path = posixpath.join(directory, name)
    kind = tree.kind(path)
    if kind == "missing" and name in tree.names(directory):
        return path  # a link to nowhere: reading it says so
    return path if kind in ("file", "outside") else None


def _starts(tree: Tree, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return where to look: of a whole host only its own places, if it has any, not every directory of the machine."""
    places = tuple(_instances(tree)) if tree.is_host else ()
    return tuple(start for path in paths for start in (places if path == "" and places else (path,)))


def _instances(tree: Tree) -> Iterator[str]:
    """Yield the places of a host that are there, with those of further instances (postmulti(1) makes postfix-NAME)."""
    for place in HOST_PLACES:
        parent, name = posixpath.split(place)
        try:
            siblings = tree.names(parent)
        except ReadError:
            continue  # there is none, or none that may be looked at
        for each in siblings:
            path = posixpath.join(parent, each)
            if (each == name or each.startswith(f"{name}-")) and tree.kind(path) == "directory":
                yield path


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
