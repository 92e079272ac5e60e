"""Logical lines of main.cf and master.cf, as util/readlline.c reads them, each character with its place.

Empty lines and lines whose first non-blank is ``#`` are dropped, also inside a logical line, which goes on while lines
begin with white space. Joining removes the LF and nothing else.
"""

from __future__ import annotations

import bisect

from msgspec import Struct

from checker.source import Source, Span

BLANKS = "\t\n\v\f\r "
"""C's isspace() in ASCII."""


class LogicalLine(Struct, frozen=True):
    """One logical line. ``text`` is the joined text; ``pieces`` pairs offsets in it with offsets in the source.

    ``cut`` says that text after a NUL was lost, as C code loses it. ``ignored`` says that Postfix drops the line
    because it begins with white space, which only happens before the first line of a file that does not.
    """

    source: Source
    text: str
    pieces: tuple[tuple[int, int], ...]
    cut: bool = False
    ignored: bool = False

    def offset(self, at: int) -> int:
        """Return the offset in the source of a character of ``text``."""
        index = bisect.bisect_right(self.pieces, (at, len(self.source.text))) - 1
        here, there = self.pieces[max(index, 0)]
        return there + at - here

    def span(self, start: int, end: int) -> Span:
        """Return the place of ``text[start:end]``."""
        last = self.offset(end - 1) + 1 if end > start else self.offset(start)
        return self.source.span(self.offset(start), last)

    @property
    def place(self) -> Span:
        """Return the place of the whole line."""
        return self.span(0, max(len(self.text.rstrip(BLANKS)), 1) if self.text else 0)


def logical_lines(source: Source) -> tuple[LogicalLine, ...]:
    """Return the logical lines of a file, in order; comments and blank lines are between them."""
    lines: list[LogicalLine] = []
    text = source.text
    pieces: list[tuple[int, str]] = []
    for start in source.line_starts:
        end = text.find("\n", start)
        physical = text[start : end if end >= 0 else len(text)]
        if not physical.strip(BLANKS) or physical.lstrip(BLANKS).startswith("#"):
            continue
        if pieces and physical[0] not in BLANKS:
            lines.append(_joined(source, pieces))
            pieces = []
        pieces.append((start, physical))
    if pieces:
        lines.append(_joined(source, pieces))
    return tuple(lines)


def _joined(source: Source, pieces: list[tuple[int, str]]) -> LogicalLine:
    offsets: list[tuple[int, int]] = []
    length = 0
    for start, physical in pieces:
        offsets.append((length, start))
        length += len(physical)
    text, nul, _ = "".join(physical for _, physical in pieces).partition("\0")
    return LogicalLine(source, text, tuple(offsets), cut=bool(nul), ignored=text[:1] in BLANKS and text != "")
