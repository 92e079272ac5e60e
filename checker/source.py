"""A file as it was read, and places in it."""

from __future__ import annotations

import bisect
from functools import cached_property
from itertools import accumulate

from msgspec import Struct


class Span(Struct, frozen=True):
    """A stretch of a file. Lines and columns count from 1, columns in code points; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Source(Struct, frozen=True, dict=True):
    """The bytes of one file and its text.

    ``text`` is UTF-8 with surrogate escapes, so that ``text.encode("utf-8", "surrogateescape")`` gives the bytes back
    whatever they were.
    Lines end at LF alone, as in Postfix and Dovecot; a CR belongs to its line.
    """

    path: str
    data: bytes

    @cached_property
    def text(self) -> str:
        """The bytes as text."""
        return self.data.decode("utf-8", "surrogateescape")

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes, in lower-case hexadecimal."""
        from hashlib import sha256  # noqa: PLC0415 - slow to load, and few reports need it

        return sha256(self.data).hexdigest()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset in ``text`` of each line's first character."""
        lengths = map((1).__add__, map(len, self.text.split("\n")))
        starts = [0, *accumulate(lengths)]
        starts.pop()  # where the text ends
        if starts[-1] == len(self.text) and len(starts) > 1:
            starts.pop()  # a final LF ends the last line, it does not begin another
        return tuple(starts)

    def line(self, number: int) -> str:
        """Return the text of a line without its LF or CRLF; empty beyond the end."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset in ``text``."""
        line = bisect.bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Return the place of ``text[start:end]``."""
        return Span(self.path, *self.position(start), *self.position(end))

    def end(self) -> Span:
        """Return the place of the last line, where a missing setting would be added."""
        number = len(self.line_starts)
        return Span(self.path, number, 1, number, max(len(self.line(number)) + 1, 1))
