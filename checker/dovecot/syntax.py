"""What one logical line says: a setting, the beginning or end of a section, an include, or an error."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from checker.dovecot.lines import BLANKS, Generation, LogicalLine
from checker.source import Span

StatementKind = Literal["setting", "open", "group", "close", "include", "include_try", "error"]
Style = Literal["plain", "quoted", "file", "variable", "heredoc"]


class Statement(Struct, frozen=True):
    """One logical line, understood.

    ``key`` and ``value`` are the setting's name and text, the section's kind and name, or (``value``) the pattern of an
    include and the message of an error. ``style`` says how the value is written: ``file`` is ``<path``, ``variable``
    an unquoted text that holds a ``$``, ``heredoc`` the lines between ``<<delimiter`` and the delimiter.
    """

    kind: StatementKind
    key: str
    value: str
    line: LogicalLine
    style: Style = "plain"
    value_start: int = 0
    delimiter: str = ""

    @property
    def place(self) -> Span:
        """Return the place of the whole statement."""
        return self.line.place

    @property
    def value_place(self) -> Span:
        """Return the place of the value as it is written."""
        return self.line.span(self.value_start, len(self.line.text))

    @property
    def number(self) -> int:
        """Return the physical line that Dovecot names."""
        return self.line.number


_QUOTED_KEY = r'(?s)"((?:\\.|[^"\\])*\\?)("?)'
_ESCAPE = r"(?s)\\(.?)"  # a backslash at the end is lost (str_unescape)


def parse_statement(line: LogicalLine, generation: Generation, *, strict_escapes: bool = False) -> Statement:
    """Return what a line says. ``strict_escapes``: releases from 2.4.2 on accept only two escapes in quotes."""
    blanks = BLANKS[generation]
    text = line.text
    key, at = _key(text, generation)
    rest = text[at:]
    if strict_escapes and text.startswith('"') and (refused := _refused_escape(key)) is not None:
        return Statement("error", key, refused, line)
    if key in ("!include", "!include_try") and text[len(key) : len(key) + 1] != "=":
        return Statement("include" if key == "!include" else "include_try", key, rest, line, value_start=at)
    if rest.startswith("="):
        return _setting(line, key, at + 1, blanks, strict_escapes=strict_escapes)
    if key == "}" and not rest:
        return Statement("close", key, "", line)
    return _section(line, key, at, generation, strict_escapes=strict_escapes)


def _key(text: str, generation: Generation) -> tuple[str, int]:
    """Return the first word and where the rest begins."""
    blanks = BLANKS[generation]
    if generation == "2.4" and text.startswith('"'):
        matched = re.match(_QUOTED_KEY, text)
        assert matched is not None  # noqa: S101 - the expression matches any text that begins with a quote
        at = matched.end()
        while at < len(text) and text[at] in blanks:
            at += 1
        return matched[1], at
    at = 0
    while at < len(text) and text[at] not in blanks and text[at] != "=":
        at += 1
    key = text[:at]
    while at < len(text) and text[at] in blanks:
        at += 1
    return key, at


def _setting(line: LogicalLine, key: str, at: int, blanks: str, *, strict_escapes: bool) -> Statement:
    text = line.text
    while at < len(text) and text[at] in blanks:
        at += 1
    value = text[at:]
    if value.startswith("<"):
        return Statement("setting", key, value[1:].lstrip(blanks), line, "file", at)
    if value[:1] not in ("'", '"') and "$" in value:
        return Statement("setting", key, value, line, "variable", at)
    if value[:1] in ("'", '"') and value[-1] == value[0]:
        inner = value[1:-1]
        if strict_escapes and (refused := _refused_escape(inner)) is not None:
            return Statement("error", key, refused, line, value_start=at)
        return Statement("setting", key, re.sub(_ESCAPE, r"\1", inner), line, "quoted", at)
    return Statement("setting", key, value, line, "plain", at)


def _refused_escape(text: str) -> str | None:
    """Return what the releases from 2.4.2 on say of a text in quotes, None if they take it (config_str_unescape)."""
    for matched in re.finditer(_ESCAPE, text):
        if matched[1] not in ("\\", '"'):
            return f"Unknown escape sequence {matched[0]}"
    return None


def _section(line: LogicalLine, key: str, at: int, generation: Generation, *, strict_escapes: bool) -> Statement:
    blanks = BLANKS[generation]
    rest = line.text[at:]
    kind: StatementKind = "open"
    style: Style = "plain"
    if rest.startswith("{"):
        name, after = "", rest
    elif key == "group" and generation == "2.4":
        kind = "group"
        key, name, after = _words(rest, blanks)
        if not name:
            return Statement("error", key, "Expecting '{'" if after == "{" else "Expecting group name", line)
    elif rest.startswith('"'):
        name, quote, after = rest[1:].partition('"')
        if strict_escapes and quote and (refused := _refused_escape(name)) is not None:
            return Statement("error", key, refused, line)
        name, style, after = re.sub(_ESCAPE, r"\1", name), "quoted", after.lstrip(blanks) if quote else ""
    else:
        name, after = _word(rest, blanks)
    if not after.startswith("{"):
        return Statement("error", key, "Expecting '{'", line)
    if after[1:]:
        return Statement("error", key, "Garbage after '{'", line)
    return Statement(kind, key, name, line, style, at)


def _words(text: str, blanks: str) -> tuple[str, str, str]:
    label, rest = _word(text, blanks)
    name, rest = _word(rest, blanks)
    return label, name, rest


def _word(text: str, blanks: str) -> tuple[str, str]:
    """Return the first word of a text and what follows it."""
    end = next((index for index, char in enumerate(text) if char in blanks), len(text))
    return text[:end], text[end:].lstrip(blanks)
