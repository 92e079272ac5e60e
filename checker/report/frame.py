"""Code frames: the line that a finding is about, with a caret line under the exact columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from checker.report.style import Ink, Style, character_width
from checker.safe_text import SECRET, escaped, in_private_key, secrets
from checker.source import Source, Span

TAB_STOP = 4
GUTTER = 3
"""Columns for line numbers; only files of ten thousand lines need more."""

MAX_CELLS = 20_000
"""A longer line is looked at only near its caret."""

MAX_ABOVE = 16_384
"""How much text above a line is looked at for the beginning of a secret."""

MAX_CONTINUATION = 200
"""How many lines above a continuation line its beginning is looked for."""


class _Cell(Struct, frozen=True):
    """What is shown for a stretch of the line (columns count from 1, the end is exclusive), and where its text starts
    on the screen.
    """

    text: str
    width: int
    column: int
    end: int


def frame(sources: Mapping[str, Source], span: Span, style: Style, ink: Ink, added: str = "") -> list[str]:
    """Return the lines of a frame; empty if the file was not kept.

    ``added`` is said instead of a caret, where the place is only where a setting would be added.
    """
    source = sources.get(span.path)
    if source is None:
        return []
    head = _head(source, span.line)
    gutter = max(len(str(span.line)), GUTTER)
    room = max(style.width - gutter - 4, 20)
    lines = [_bar("", gutter, style)]
    if head < span.line:
        text, _ = _window(_cells(source, head, 1), 1, 1, room)
        lines.append(f"{_bar(str(head), gutter, style)} {style.paint(text, 'dim')}".rstrip())
        if head < span.line - 1:
            lines.append(style.paint("...".rjust(gutter), "frame"))
    end = span.end_column if span.end_line == span.line else len(source.line(span.line)) + 1
    column, end = (1, 1) if added else (span.column, max(end, span.column + 1))
    text, caret = _window(_cells(source, span.line, column), column, end, room)
    lines.append(f"{_bar(str(span.line), gutter, style)} {text}".rstrip())
    if added:
        lines.append(f"{style.paint(' ' * gutter + ' +', 'frame')} {style.paint(added, ink)}")
    else:
        lines.append(f"{_bar('', gutter, style)} {' ' * caret[0]}{style.paint('^' * caret[1], ink)}")
    return lines


def _bar(number: str, gutter: int, style: Style) -> str:
    return style.paint(f"{number.rjust(gutter)} |", "frame")


def _head(source: Source, number: int) -> int:
    """Return the line on which the logical line begins: continuation lines start with white space."""
    if source.line(number)[:1] not in (" ", "\t"):
        return number
    for above in range(number - 1, max(number - MAX_CONTINUATION, 0), -1):
        text = source.line(above)
        if text.strip() and text[0] not in " \t#":
            return above
    return number


def _hidden(source: Source, number: int) -> list[tuple[int, int]]:
    """Return the stretches of a line that are secret, also where the setting or the key began above."""
    line = source.line(number)
    if not line:
        return []
    own = source.line_starts[number - 1]
    if in_private_key(source.text[max(0, own - MAX_ABOVE) : own]):
        return [(0, len(line))]
    start = max(source.line_starts[_head(source, number) - 1], own - MAX_ABOVE)
    found = secrets(source.text[start : own + len(line)])
    return [(max(start + begin - own, 0), start + end - own) for begin, end in found if start + end > own]


def _cells(source: Source, number: int, near: int) -> list[_Cell]:
    """Return the line as it is shown: tabs expanded, controls visible, secrets replaced."""
    line = source.line(number)
    first = max(0, near - MAX_CELLS // 2)
    last = min(len(line), first + MAX_CELLS)
    hidden = _hidden(source, number)
    cells: list[_Cell] = []
    screen = 0
    at = first
    while at < last:
        secret = next((span for span in hidden if span[0] <= at < span[1]), None)
        end = min(secret[1], last) if secret else at + 1
        if secret:
            text = SECRET
        elif line[at] == "\t":
            text = " " * (TAB_STOP - screen % TAB_STOP)
        else:
            text = escaped(line[at])
        width = sum(map(character_width, text))
        cells.append(_Cell(text, width, at + 1, end + 1))
        screen += width
        at = end
    return cells


def _window(cells: Sequence[_Cell], column: int, end: int, room: int) -> tuple[str, tuple[int, int]]:
    """Return what fits into ``room`` columns around the caret, and the caret's start and length on the screen."""
    before = sum(cell.width for cell in cells if cell.end <= column)
    marked = sum(cell.width for cell in cells if cell.end > column and cell.column < end)
    total = sum(cell.width for cell in cells)
    if total <= room:
        return "".join(cell.text for cell in cells), (before, max(marked, 1))
    inner = room - 6  # an ellipsis on either side
    left = 0 if before + min(marked, inner) <= inner else max(0, before - max((inner - marked) // 2, 8))
    shown, at, taken, skipped = "", 0, 0, 0
    for cell in cells:
        if at < left:
            skipped = at + cell.width
        elif taken + cell.width <= inner:
            shown += cell.text
            taken += cell.width
        else:
            break
        at += cell.width
    prefix = "..." if skipped else ""
    suffix = "..." if skipped + taken < total else ""
    start = before - skipped + len(prefix)
    return f"{prefix}{shown}{suffix}", (start, max(1, min(marked, len(prefix) + taken - start)))
