"""The paths of a command line, each once and grouped by the root below which it is read."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from checker.locate import open_tree
from checker.result import Described, Result
from checker.tree import DiskTree


class PrefixedTree(DiskTree, frozen=True):
    """A tree whose paths are shown as seen from a directory above its root, so that two trees can share a report."""

    prefix: str = ""

    def shown(self, path: str) -> str:
        """Return the path with the prefix."""
        return f"{self.prefix}{path}"


class Opened(Struct, frozen=True):
    """One tree and the paths to look at in it."""

    tree: DiskTree
    paths: tuple[str, ...]


def opened(paths: Sequence[Path], root: Path | None, *, gone: bool = False) -> tuple[tuple[Opened, ...], str]:
    """Return the trees that hold some paths, and the directory that reports show paths from; raise UserError.

    With ``gone`` a path need not exist: it belongs to the tree of the directory that it would be in.
    """
    inside: dict[DiskTree, dict[str, None]] = {}
    for path in paths or [Path()]:
        there = _nearest(path) if gone else path
        tree, name = open_tree(there, root)
        name = name if there is path else posixpath.join(name, path.absolute().relative_to(there.absolute()).as_posix())
        inside.setdefault(tree, {})[name] = None
    local = [tree for tree in inside if tree.root != Path("/")]
    base = os.path.commonpath([tree.root for tree in local]) if local else "/"
    if len(local) > 1:
        inside = {_seen_from(base, tree): names for tree, names in inside.items()}
    return tuple(Opened(tree, tuple(names)) for tree, names in inside.items()), base


def _nearest(path: Path) -> Path:
    """Return a path, or the nearest directory above it that exists."""
    return path if os.path.lexists(path) else next((each for each in path.parents if each.is_dir()), path)


def _seen_from(base: str, tree: DiskTree) -> DiskTree:
    if tree.root == Path("/"):
        return tree
    below = os.path.relpath(tree.root, base)
    return PrefixedTree(tree.root, tree.is_host, "" if below == "." else f"{below}/")


def joined(results: Sequence[Result], root: str) -> Result:
    """Return the results of several trees as one."""
    first = results[0]
    return Result(
        profile=first.profile,
        language=first.language,
        systems=tuple(each for result in results for each in result.systems),
        findings=tuple(each for result in results for each in result.findings),
        notices=tuple(dict.fromkeys(each for result in results for each in result.notices)),
        rules=first.rules,
        sources={path: source for result in results for path, source in result.sources.items()},
        root=root,
        questions=first.questions,
    )


def joined_facts(descriptions: Sequence[Described]) -> Described:
    """Return the facts of several trees as one."""
    return Described(
        systems=tuple(each for described in descriptions for each in described.systems),
        notices=tuple(dict.fromkeys(each for described in descriptions for each in described.notices)),
        sources={path: source for described in descriptions for path, source in described.sources.items()},
    )
