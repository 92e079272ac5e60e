"""File names by pattern, as glob(3) with GLOB_BRACE finds them for ``!include``."""

from __future__ import annotations

import itertools
import posixpath
import re

from checker.tree import ReadError, Tree, normal

MAX_ALTERNATIVES = 256
"""More alternatives than this and a pattern is refused: braces in one pattern multiply."""


_MAGIC = re.compile(r"[*?\[]")
_SPECIAL = re.compile(r"[*?\[\\]")
_ESCAPED = r"(?s)\\(.)"
_BRACKET = r"(?s)\[(?P<not>[!^]?)(?P<members>(?:\](?!\Z))?(?:\[:[a-z]+:\]|\\.|[^\]\\])*)\]"
_MEMBER = r"(?s)\[:(?P<kind>[a-z]+):\]|(?P<first>\\?.)(?:-(?P<last>\\?[^\]]))?"
"""Not compiled here: names of files seldom need them."""
_KINDS = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "xdigit": "0-9a-fA-F",
    "space": " \\t-\\r",
    "blank": " \\t",
    "punct": "!-/:-@\\[-`{-~",
    "cntrl": "\\x00-\\x1f\\x7f",
    "print": " -~",
    "graph": "!-~",
}


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
    """Return where the first group of braces begins, its commas, and where it ends; None where it has no end."""
    start: int | None = None
    depth = at = 0
    cuts: list[int] = []
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "{":
            start = at if start is None else start
            depth += 1
        elif char == "}" and start is not None:
            depth -= 1
            if depth == 0:
                return start, cuts, at
        elif char == "," and depth == 1:
            cuts.append(at)
        at += 1
    return None


def matches(tree: Tree, pattern: str) -> list[str]:
    """Return the paths that a pattern without braces matches, sorted by their bytes, as glob(3)."""
    if not _is_reachable(tree, pattern):
        return []
    if not _SPECIAL.search(pattern):
        path = normal(pattern)
        return [path] if tree.kind(path) != "missing" else []
    found = [""]
    parts = [part for part in normal(pattern).split("/") if part]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        found = [name for base in found for name in _children(tree, base, part) if last or _is_directory(tree, name)]
    return sorted(found, key=lambda path: path.encode("utf-8", "surrogateescape"))


def _is_reachable(tree: Tree, pattern: str) -> bool:
    """Say whether the directories are there that a pattern leaves again by ``..``."""
    parts = pattern.split("/")
    ups = (at for at, part in enumerate(parts) if part == "..")
    before = ("/".join(parts[:at]) for at in ups)
    return all(
        _SPECIAL.search(path) or normal(path).startswith("..") or tree.is_directory(normal(path)) for path in before
    )


def _is_directory(tree: Tree, path: str) -> bool:
    return tree.kind(path) == "directory"


def _children(tree: Tree, base: str, part: str) -> list[str]:
    if not _MAGIC.search(part):
        path = posixpath.join(base, re.sub(_ESCAPED, r"\1", part))
        return [path] if tree.kind(path) != "missing" else []
    try:
        names = tree.names(base)
    except ReadError:
        return []
    wanted = re.compile(_expression(part), re.DOTALL)
    return [
        posixpath.join(base, name)
        for name in names
        if wanted.fullmatch(name) and (not name.startswith(".") or part.startswith("."))
    ]


def _expression(pattern: str) -> str:
    """Return a pattern as fnmatch(3) reads it as a regular expression."""
    result: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        bracket = re.compile(_BRACKET).match(pattern, at - 1) if char == "[" else None
        if char == "\\" and at < len(pattern):
            result.append(re.escape(pattern[at]))
            at += 1
        elif bracket is not None:
            result.append(_class(bracket["members"], negated=bool(bracket["not"])))
            at = bracket.end()
        elif char == "*":
            if result[-1:] != [".*"]:  # two of them would only cost time
                result.append(".*")
        else:
            result.append("." if char == "?" else re.escape(char))
    return "".join(result)


def _class(members: str, *, negated: bool) -> str:
    """Return the expression for what stands in brackets."""
    parts: list[str] = []
    for matched in re.finditer(_MEMBER, members):
        if matched["kind"]:
            parts.append(_KINDS.get(matched["kind"], ""))
        elif matched["last"] is None:
            parts.append(re.escape(re.sub(_ESCAPED, r"\1", matched["first"])))
        else:
            first, last = (re.sub(_ESCAPED, r"\1", matched[each]) for each in ("first", "last"))
            parts.append(f"{re.escape(first)}-{re.escape(last)}" if first <= last else "")
    inside = "".join(parts)
    if not inside:
        return "." if negated else "(?!)"
    return f"[{'^' if negated else ''}{inside}]"
