r"""Logical lines of Dovecot's configuration files, as config-parser.c:config_parse_line reads them, each character with
its place.

A line that ends in ``\`` is joined with the next one by a single space, its comment removed before. What is pending is
dropped, without a word of Dovecot's, by an empty line or a comment.
"""

from __future__ import annotations

import bisect
import re
from typing import Literal

from msgspec import Struct

from checker.source import Source, Span

Generation = Literal["2.3", "2.4"]

BLANKS: dict[Generation, str] = {"2.3": " \t", "2.4": " \t\n\v\f\r"}
"""What counts as white space: two characters in 2.3, C's isspace() in 2.4."""


_SAY_NOTHING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
"""Comments and empty lines; not all that either generation counts as such."""


class Piece(Struct, frozen=True):
    """A stretch of a physical line: its offset in the joined text, and where it stands."""

    at: int
    source: Source
    offset: int


class LogicalLine(Struct, frozen=True):
    """One logical line. ``number`` is the physical line that ends it: the one that Dovecot names in its messages.

    ``ambiguous`` is where a comment begins without a blank before it, which Dovecot warns of.
    """

    text: str
    pieces: tuple[Piece, ...]
    number: int
    ambiguous: Span | None = None

    @property
    def source(self) -> Source:
        """Return the file in which the line ends."""
        return self.pieces[-1].source

    def _origin(self, at: int) -> tuple[Source, int]:
        index = max(bisect.bisect_right(self.pieces, at, key=lambda piece: piece.at) - 1, 0)
        piece = self.pieces[index]
        return piece.source, piece.offset + at - piece.at

    def span(self, start: int, end: int) -> Span:
        """Return the place of ``text[start:end]``."""
        source, first = self._origin(start)
        other, last = self._origin(end - 1) if end > start else (source, first - 1)
        if other is not source:
            return source.span(first, first + 1)  # the text goes on in another file
        return source.span(first, last + 1)

    @property
    def place(self) -> Span:
        """Return the place of the whole line."""
        return self.span(0, len(self.text))


class Joiner:
    """Joins physical lines to logical ones. What is pending at the end of an included file goes on in the including."""

    def __init__(self, generation: Generation) -> None:
        self._blanks = BLANKS[generation]
        self._text: list[str] = []
        self._length = 0
        self._pieces: list[Piece] = []

    @property
    def waits(self) -> bool:
        """Say whether there is text that waits for its continuation."""
        return bool(self._pieces)

    def pending(self) -> Span | None:
        """Return the place of the text that waits for its continuation."""
        if not self._pieces:
            return None
        first = self._pieces[0]
        return first.source.span(first.offset, first.offset + max(len(self._text[0]) - 1, 1))

    def feed(self, source: Source, start: int, number: int) -> LogicalLine | Span | None:
        """Take the physical line that begins at an offset.

        Returns the logical line that it ends, or the place of the pending text that it discards, or None.
        """
        end = source.text.find("\n", start)
        physical = source.text[start : end if end >= 0 else len(source.text)]
        physical = physical.removesuffix("\r").partition("\0")[0]
        text = physical.lstrip(self._blanks)
        offset = start + len(physical) - len(text)
        if not text or text[0] == "#":
            discarded = self.pending()
            self._clear()
            return discarded
        cut = _comment(text)
        ambiguous = None
        if cut < len(text) and text[cut - 1] not in self._blanks:
            ambiguous = source.span(offset + cut, offset + cut + 1)
        text = text[:cut].rstrip(self._blanks)
        if text.endswith("\\"):
            text = text[:-1].rstrip(self._blanks)
            if text:
                self._add(f"{text} ", source, offset)
            return None
        self._add(text, source, offset)
        line = LogicalLine("".join(self._text), tuple(self._pieces), number, ambiguous)
        self._clear()
        return line

    def _add(self, text: str, source: Source, offset: int) -> None:
        self._pieces.append(Piece(self._length, source, offset))
        self._text.append(text)
        self._length += len(text)

    def _clear(self) -> None:
        self._text, self._pieces, self._length = [], [], 0


def next_line(source: Source, number: int, *, waits: bool) -> int:
    """Return how many lines there are before the next one to look at. Most lines are comments, which count where
    something waits for its continuation.
    """
    if waits or number == len(source.line_starts):
        return number
    start = source.line_starts[number]
    passed = _SAY_NOTHING.match(source.text, start)
    if passed is None or passed.end() == start:
        return number
    return bisect.bisect_left(source.line_starts, passed.end())


def _comment(text: str) -> int:
    """Return where a comment begins, else the length. An open quote anywhere hides the rest of the line."""
    if "#" not in text:
        return len(text)
    at = 0
    while at < len(text):
        char = text[at]
        if char == "#":
            return at
        if char in "'\"":
            at += 1
            while at < len(text) and text[at] != char:
                at += 2 if text[at] == "\\" and at + 1 < len(text) else 1
            if at >= len(text):
                break
        at += 1
    return len(text)
