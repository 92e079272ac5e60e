"""Lists of patterns such as mynetworks and relay_domains, with the files that they name (util/match_list.c)."""

from __future__ import annotations

from msgspec import Struct

from checker.postfix import types
from checker.postfix.tables.open import Tables
from checker.postfix.tables.reference import is_table
from checker.postfix.tables.table import Table, unseen
from checker.source import Source, Span
from checker.values import Reason

MAX_PATTERNS = 50_000
MAX_DEPTH = 8
"""Postfix sets no limit, and a file that names itself is its end."""


class Pattern(Struct, frozen=True):
    """One pattern of a list, folded to lower case; ``table`` where it is one, or a file that cannot be read.

    ``place`` is where it stands in a file that the list names; None for what stands in the parameter itself.
    """

    negated: bool
    text: str
    table: Table | None = None
    place: Span | None = None


def patterns_of(words: tuple[str, ...], tables: Tables) -> tuple[Pattern, ...]:
    """Return the patterns of a list, those of files in their place; the first that matches decides."""
    found: list[Pattern] = []
    _add(found, [(word, None) for word in words], tables, negated=False, depth=0)
    return tuple(found)


def _add(
    found: list[Pattern], words: list[tuple[str, Span | None]], tables: Tables, *, negated: bool, depth: int
) -> None:
    for word, place in words:
        if word.startswith("#"):
            return  # "comment at end of line is not supported": what follows is dropped
        text = word.lstrip("!")
        is_negated = negated != ((len(word) - len(text)) % 2 == 1)
        if len(found) >= MAX_PATTERNS:
            reason = Reason("not-in-set", f"more than {MAX_PATTERNS} patterns are not looked at")
            found.append(Pattern(is_negated, text, unseen(text, reason), place))
            return
        if text.startswith("/"):
            _add_file(found, Pattern(is_negated, text, None, place), tables, depth)
        elif is_table(text):
            found.append(Pattern(is_negated, text, tables.open(text, place, folds=False), place))
        elif text:
            found.append(Pattern(is_negated, text.casefold(), None, place))


def _add_file(found: list[Pattern], pattern: Pattern, tables: Tables, depth: int) -> None:
    source = tables.read(pattern.text)
    if depth >= MAX_DEPTH:
        source = Reason("not-in-set", f"files more than {MAX_DEPTH} deep are not read")
    if isinstance(source, Reason):
        found.append(Pattern(pattern.negated, pattern.text, unseen(pattern.text, source), pattern.place))
        return
    for start in source.line_starts:
        end = source.text.find("\n", start)
        line = source.text[start : end if end >= 0 else len(source.text)]
        if not line.startswith("#"):
            _add(found, _words(source, start, line), tables, negated=pattern.negated, depth=depth + 1)


def _words(source: Source, start: int, line: str) -> list[tuple[str, Span | None]]:
    """Return the words of a line with their places."""
    text = line.partition("\0")[0]
    words: list[tuple[str, Span | None]] = []
    at = 0
    for word in types.words(text):
        at = text.index(word, at)
        words.append((word, source.span(start + at, start + at + len(word))))
        at += len(word)
    return words
