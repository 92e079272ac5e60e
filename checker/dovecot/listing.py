"""What doveconf writes: values as it shows them, and settings laid out in sections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from checker.dovecot.lines import BLANKS
from checker.dovecot.release import Release
from checker.dovecot.secrets import HIDDEN, hidden

Scope = Literal["changed", "set", "default", "all", "everything"]
"""``changed``: what differs from the default; ``set``: what is written; ``default``: no file is read; ``everything``:
the hidden settings too.
"""


class Printed(Struct, frozen=True):
    """What doveconf writes, and what it complains of: ``error`` is what it dies of, None if it ends well."""

    lines: tuple[str, ...]
    error: str | None
    complaints: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    """A setting to print, by its path. ``is_name`` marks the row that names a section."""

    path: str
    value: str
    is_name: bool = False


def shown_value(name: str, value: str, release: Release, *, secrets: bool) -> str:
    """Return a value as doveconf prints it: in quotes where it needs them, without secrets unless they are asked for.

    A value in which doveconf looks closer for secrets loses its quotes.
    """
    blanks = BLANKS[release.generation]
    needs_quotes = value != "" and ("#" in value or value[0] in blanks or value[-1] in blanks)
    if not secrets:
        text = hidden(name, value, release.number)
        if text is not None:
            return quotable(text) if needs_quotes and text != HIDDEN else text
    return f'"{quotable(value)}"' if needs_quotes else value


def quotable(value: str) -> str:
    """Return a text with quotes and backslashes escaped."""
    return "".join(f"\\{char}" if char in "\"'\\" else char for char in value)


def _order(row: Row) -> str:
    """Return what rows are sorted by: a section's name goes before what stands in it."""
    base, slash, last = row.path.rpartition("/")
    return f"{base}{slash}\0{last}" if row.is_name else row.path


def laid_out(rows: list[Row], lists: list[str], indent: int, shown: Callable[[str, str], str]) -> list[str]:
    """Return the lines for rows; ``lists`` are the paths of all sections, each with a slash at its end.

    ``shown`` gives the text of a value by the name of its setting.
    """
    lines: list[str] = []
    waiting: list[str] = []
    stack: list[tuple[str, int | None]] = []  # the open sections; where each heading waits, None once it is printed
    known = set(lists)
    for row in sorted(rows, key=_order):
        while stack and not row.path.startswith(stack[-1][0]):
            indent -= 1
            _, mark = stack.pop()
            if mark is None:
                lines.append(f"{'  ' * indent}}}")
            else:
                del waiting[mark:]
        opened = len(stack[-1][0]) if stack else 0
        named = False
        for section in _sections(row.path, opened, known):
            heading = section[opened:].partition("/")[0]
            if row.is_name and row.value:
                heading += f' "{quotable(row.value)}"' if " " in row.value else f" {row.value}"
            stack.append((section, len(waiting)))
            waiting.append(f"{'  ' * indent}{heading} {{")
            indent += 1
            opened = len(section)
            if row.is_name:
                named = True
                break
        if named:
            continue
        lines += waiting
        waiting = []
        stack = [(section, None) for section, _ in stack]
        name = row.path[opened:]
        lines.append(f"{'  ' * indent}{name} = {shown(name, row.value)}")
    while stack:
        indent -= 1
        _, mark = stack.pop()
        if mark is None:
            lines.append(f"{'  ' * indent}}}")
    return lines


def _sections(path: str, start: int, known: set[str]) -> list[str]:
    """Return the sections that a path stands in, the outer first, below the one that ends at ``start``."""
    found: list[str] = []
    at = path.find("/", start)
    while at >= 0:
        if path[: at + 1] in known:
            found.append(path[: at + 1])
        at = path.find("/", at + 1)
    return found
