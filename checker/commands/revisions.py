"""The same configuration as it was in a Git revision."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from checker.analysis import describe, judged
from checker.commands.trees import Opened, joined_facts
from checker.compare import compared
from checker.errors import UserError
from checker.facts.software import System
from checker.git_objects import Objects, commit_of, work_tree_of
from checker.git_tree import GitTree
from checker.moves import at_their_new_places
from checker.policy.profile import Policy
from checker.result import Described, Notice, Result, Target
from checker.source import Span
from checker.tree import DiskTree, Tree, normal

MOST_NOTICES = 5


class Revision(Struct, frozen=True):
    """What some paths held in a revision: its name as the user gave it, its commit, and what a reader must know of how
    far it was understood.
    """

    name: str
    commit: str
    described: Described
    notices: tuple[Notice, ...]


def described_at(name: str, trees: Sequence[Opened], target: Target, now: Sequence[System]) -> Revision:
    """Describe what some trees hold in a revision, each in its own repository; raise UserError.

    ``now`` are the hosts of the files on disk; one that has moved since is described under the id that it has now.
    """
    found: list[Described] = []
    commits: list[str] = []
    unread: list[str] = []
    for each in trees:
        with _tree_at(name, each.tree) as (tree, commit):
            commits.append(commit)
            try:
                found.append(describe(tree, tuple(_there(tree, each.tree, each.paths)), target))
            except UserError as error:
                place = f"{name}:{error.place}" if error.place else name
                raise UserError(error.message, place=place, hint=error.hint) from None
            unread += _outside(tree, now)
    described = joined_facts(found)
    notices = (*_faults(name, described), *_unread(name, unread), *_nothing(name, described, now))
    systems = at_their_new_places(described.systems, now)
    return Revision(name, commits[0], replace(described, systems=systems), notices)


def since(now: Result, revision: Revision, policy: Policy) -> Result:
    """Return a result that knows which of its findings a revision has as well."""
    then = judged(revision.described, policy, now.language, root=now.root)
    result = compared(now, then, revision.name, revision.commit)
    return replace(result, notices=(*result.notices, *revision.notices))


def still_there(name: str, trees: Sequence[Opened]) -> tuple[Opened, ...]:
    """Return trees with those of their paths that are on disk; raise UserError for one that a revision has neither."""
    kept = []
    for each in trees:
        with _tree_at(name, each.tree) as (tree, _):
            for path in each.paths:
                if _is_missing(each.tree, path) and _is_missing(tree, path):
                    raise UserError(f"is neither here nor in {name}", place=each.tree.shown(path))
            kept.append(replace(each, paths=tuple(_there(each.tree, tree, each.paths))))
    return tuple(kept)


@contextmanager
def _tree_at(name: str, tree: DiskTree) -> Iterator[tuple[GitTree, str]]:
    """Open what a directory holds in a revision; give the commit with it."""
    work_tree = work_tree_of(tree.root)
    commit = commit_of(work_tree, name)
    below = normal(tree.root.relative_to(work_tree).as_posix())
    with Objects(work_tree) as objects:
        yield GitTree(objects, commit, below, tree.shown(""), is_host=tree.is_host), commit


def _there(tree: Tree, other: Tree, paths: Sequence[str]) -> Iterator[str]:
    """Yield the paths that a tree has; for a file that only the other tree has, the files beside it, so that the set it
    belongs to is seen in both.
    """
    for path in paths:
        directory = posixpath.dirname(path)
        if not _is_missing(tree, path):
            yield path
        elif other.kind(path) == "file" and tree.kind(directory) == "directory":
            beside = (posixpath.join(directory, name) for name in tree.names(directory))
            yield from (each for each in beside if tree.kind(each) == "file")


def _is_missing(tree: Tree, path: str) -> bool:
    return tree.kind(path) not in ("file", "directory")


def _outside(tree: GitTree, now: Sequence[System]) -> Iterator[str]:
    """Yield the hosts whose files are there now but lie outside of what a revision holds, as those of a submodule."""
    for system in now:
        places = {file.path for software in system.software for file in software.files}
        inside = (path.removeprefix(tree.shown("")) for path in places if path.startswith(tree.shown("")))
        if any(tree.kind(path) == "outside" for path in inside):
            yield system.id


def _faults(name: str, described: Described) -> Iterator[Notice]:
    """Yield what of a revision was not understood: errors there are no errors of this run, but hide what was known."""
    faults = [each for each in described.notices if each.level == "error"]
    for each in faults[:MOST_NOTICES]:
        yield Notice("warning", f"{name}:{_at(each.place)}{each.text}", hint="what this hides counts as new")
    if len(faults) > MOST_NOTICES:
        yield Notice("warning", f"{name}: and {len(faults) - MOST_NOTICES} more errors")


def _at(place: Span | None) -> str:
    return f"{place}: " if place else " "


def _unread(name: str, hosts: Sequence[str]) -> Iterator[Notice]:
    if hosts:
        listed = ", ".join(hosts[:MOST_NOTICES]) + (" ..." if len(hosts) > MOST_NOTICES else "")
        text = f"{name}: not in the revision itself, but in a submodule or behind a link that leads out: {listed}"
        yield Notice("warning", text, hint="what is wrong there counts as new")


def _nothing(name: str, described: Described, now: Sequence[System]) -> Iterator[Notice]:
    if now and not described.systems:
        yield Notice("note", f"{name}: no mail server configuration was found there, so all counts as new")
