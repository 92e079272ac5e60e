"""The files that 2.3 keeps settings of database drivers in (dovecot-sql.conf.ext), which doveconf never looks at.

They have a grammar of their own (lib-settings/settings.c:settings_read), simpler than that of dovecot.conf: a comment
or an empty line does not end a continued line, values are never expanded, and sections are not for these drivers.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from checker.named_files import Files
from checker.source import Source, Span
from checker.values import ABSENT, Known, Origin, Reason, Unknown, Value

BLANKS = " \t"
MAX_DEPTH = 8


class Entry(Struct, frozen=True):
    """One ``name = value`` and where it stands."""

    name: str
    value: str
    place: Span


class External(Struct, frozen=True):
    """The settings of such a file, the last of a name counting. ``doubt`` is why some may be missing."""

    path: str
    entries: dict[str, Entry]
    doubt: Reason | None = None

    def text(self, name: str) -> Value[str | None]:
        """Return the text of a setting; absent where the file has none."""
        found = self.entries.get(name)
        if found is not None:
            return Known(found.value, (Origin(self.path, found.place, name, found.value),))
        return ABSENT if self.doubt is None else Unknown(self.doubt)


def external(files: Files, path: str) -> External:
    """Return the settings of a file by its path on the host; all are unknown where the file is not to be had."""
    doubts: list[Reason] = []
    entries = {entry.name: entry for entry in _entries(files, path, doubts, 0)}
    return External(path, entries, doubts[0] if doubts else None)


def _entries(files: Files, path: str, doubts: list[Reason], depth: int) -> Iterator[Entry]:
    source = files.read(path)
    if isinstance(source, Reason):
        doubts.append(source)
        return
    inside = 0
    for text, start in _lines(source):
        key = text[: next((at for at, sign in enumerate(text) if sign in " \t="), len(text))]
        rest = text[len(key) :].lstrip(BLANKS)
        if key in ("!include", "!include_try"):
            if any(sign in rest for sign in "*?[{") or depth >= MAX_DEPTH:
                doubts.append(Reason("not-in-set", f"{rest} is included in {path}"))
            else:
                yield from _entries(files, posixpath.join(posixpath.dirname(path), rest), doubts, depth + 1)
        elif text.endswith("{"):
            inside += 1
        elif text == "}":
            inside -= 1
        elif rest.startswith("=") and not inside:
            yield Entry(key, _unquoted(rest[1:].strip(BLANKS)), source.span(start, start + len(key)))


def _lines(source: Source) -> Iterator[tuple[str, int]]:
    """Yield the logical lines that say something, with the offset at which each begins."""
    pending, start = "", 0
    for at, number in zip(source.line_starts, range(1, len(source.line_starts) + 1), strict=True):
        line = source.line(number)
        text = line.lstrip(BLANKS)
        if not text or text.startswith("#"):
            continue
        if not pending:
            start = at + len(line) - len(text)
        text = _without_comment(text).rstrip(BLANKS)
        if text.endswith("\\"):
            pending += text[:-1].rstrip(BLANKS) + " "
            continue
        yield pending + text, start
        pending = ""


def _without_comment(text: str) -> str:
    """Return a line up to the first ``#`` outside of quotes; a quote that is not closed hides all that follow."""
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "#":
            return text[:at]
        if sign in "'\"":
            at += 1
            while at < len(text) and text[at] != sign:
                at += 2 if text[at] == "\\" else 1
            if at >= len(text):
                break
        at += 1
    return text


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1].replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")
    return value
