"""File names by pattern, as glob(3) with GLOB_BRACE finds them for ``!include``."""

from __future__ import annotations

import fnmatch
import itertools
import posixpath
import re

from checker.tree import ReadError, Tree, normal

MAX_ALTERNATIVES = 256
"""More alternatives than this and a pattern is refused: braces in one pattern multiply."""


class TooManyError(Exception):
    """A pattern that stands for more than ``MAX_ALTERNATIVES`` others."""


def alternatives(pattern: str) -> tuple[str, ...]:
    """Return the patterns that braces stand for, as glob(3) with GLOB_BRACE; raise TooManyError."""
    done: list[str] = []
    pending = [pattern]
    while pending:
        each = pending.pop(0)
        opened = _first_brace(each)
        if opened is None:
            done.append(each)
            continue
        start, cuts, end = opened
        bounds = [start, *cuts, end]
        middles = [each[left + 1 : right] for left, right in itertools.pairwise(bounds)]
        pending = [f"{each[:start]}{middle}{each[end + 1 :]}" for middle in middles] + pending
        if len(done) + len(pending) > MAX_ALTERNATIVES:
            raise TooManyError
    return tuple(done)


def _first_brace(text: str) -> tuple[int, list[int], int] | None:
    """Return where the first group of braces begins, its commas, and where it ends; ``{}`` is ordinary text."""
    start = text.find("{")
    while start >= 0 and text[start : start + 2] == "{}":
        start = text.find("{", start + 2)
    if start < 0:
        return None
    depth = 0
    cuts: list[int] = []
    for at in range(start, len(text)):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return start, cuts, at
        elif text[at] == "," and depth == 1:
            cuts.append(at)
    return None


def matches(tree: Tree, pattern: str) -> list[str]:
    """Return the paths that a pattern without braces matches, sorted by their bytes, as glob(3)."""
    if not re.search(r"[*?\[]", pattern):
        path = normal(pattern)
        return [path] if tree.kind(path) != "missing" else []
    found = [""]
    parts = [part for part in normal(pattern).split("/") if part]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        found = [name for base in found for name in _children(tree, base, part) if last or _is_directory(tree, name)]
    return sorted(found, key=lambda path: path.encode("utf-8", "surrogateescape"))


def _is_directory(tree: Tree, path: str) -> bool:
    return tree.kind(path) == "directory"


def _children(tree: Tree, base: str, part: str) -> list[str]:
    if not re.search(r"[*?\[]", part):
        path = posixpath.join(base, part)
        return [path] if tree.kind(path) != "missing" else []
    try:
        names = tree.names(base)
    except ReadError:
        return []
    wanted = re.compile(fnmatch.translate(part.replace("[^", "[!")))
    return [
        posixpath.join(base, name)
        for name in names
        if wanted.match(name) and (not name.startswith(".") or part.startswith("."))
    ]
