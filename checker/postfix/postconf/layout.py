"""How postconf(1) lays out what it prints (postconf/postconf_print.c, postconf_master.c)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from checker.postfix.postconf.entries import BLANKS, FIELDS, MasterEntry, is_option, takes_value

LINE_LIMIT = 80
INDENT = "    "
COLUMNS = (11, 17, 25, 33, 41, 49, 57)
"""Where each column but the first begins."""

Expand = Callable[[str], str]


class Part(Struct, frozen=True):
    """An argument with the value that belongs to it, or a word behind the options; and what size it counts for."""

    word: str
    value: str | None
    in_options: bool
    size: int


def length_of(text: str) -> int:
    """Return the length of a text in bytes, as C counts."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def line_of(text: str, *, fold: bool) -> str:
    """Return a text with each run of blanks made one, in lines of limited length if it is to be folded."""
    out, length = "", 0
    for word in re.split(f"[{BLANKS}]+", text):
        if not word:
            continue
        size = length_of(word)
        if length:
            if fold and length + size >= LINE_LIMIT:
                out, length = f"{out}\n{INDENT}", len(INDENT)
            else:
                out, length = f"{out} ", length + 1
        out, length = out + word, length + size
    return out


class _Line:
    """A line that grows word by word."""

    def __init__(self, text: str = "", *, fold: bool) -> None:
        self.text = text
        self.length = length_of(text)
        self.fold = fold

    def add(self, text: str) -> None:
        self.text += text
        self.length += length_of(text)

    def part(self, size: int) -> None:
        """Begin a part of the given size, on a line of its own if it does not fit."""
        if self.length > len(INDENT):
            if self.fold and self.length + 1 + size >= LINE_LIMIT:
                self.text, self.length = f"{self.text}\n{INDENT}", len(INDENT)
            else:
                self.add(" ")

    def arguments(self, parts: Iterator[Part], *, alone: bool = True) -> None:
        """Add the arguments of a program: an option with a value stands alone on its line, if it is to be folded. In
        2.10 it does not, but what follows the options begins on a new line unless all of it fits on this one.
        """
        was_option = True
        pending = list(parts)
        for at, part in enumerate(pending):
            is_alone = part.value is not None and alone
            if is_alone:
                self.length = LINE_LIMIT
            is_first = was_option and not part.in_options and not alone
            self.part(sum(each.size + 1 for each in pending[at:]) - 1 if is_first else part.size)
            self.add(part.word if part.value is None else f"{part.word} {part.value}")
            if is_alone:
                self.length = LINE_LIMIT
            was_option = part.in_options


def _parts(entry: MasterEntry, expand: Expand | None, separator: int) -> Iterator[Part]:
    """Yield the arguments of an entry, with braces around what has blanks in it. The size counts ``separator`` for what
    stands between an option and its value, and no braces but those of values.
    """
    words = entry.arguments
    at, in_options = 0, True
    while at < len(words):
        word = words[at]
        at += 1
        was_in_options, in_options = in_options, in_options and is_option(word)
        if in_options and takes_value(word) and at < len(words):
            value = words[at]
            at += 1
            if word == "-o" and expand:
                value = expand(value)
            shown = _braced(value)
            yield Part(word, shown, True, length_of(word) + separator + length_of(shown))
        else:
            # The first word behind the options gets no braces, whatever is in it.
            yield Part(word if was_in_options else _braced(word), None, in_options, length_of(word))


def _braced(word: str) -> str:
    return f"{{{word}}}" if any(blank in word for blank in BLANKS) else word


def entry_lines(entry: MasterEntry, expand: Expand | None, *, fold: bool, alone: bool) -> str:
    """Return the text of an entry in columns (``-M``)."""
    line = _Line(fold=fold)
    for column, field in zip((0, *COLUMNS), entry.fields, strict=False):
        if column:
            line.add(" " * max(column - line.length, 1))
        line.add(field)
    line.arguments(_parts(entry, expand, 3 if alone else 1), alone=alone)
    return line.text


def field_line(entry: MasterEntry, field: str, expand: Expand | None, shown: str, *, fold: bool) -> str:
    """Return the text of one field (``-F``) behind what is shown of its name; the command comes with its arguments."""
    line = _Line(shown, fold=fold)
    text = entry.fields[FIELDS.index(field)]
    if line.length and line.length + length_of(text) > LINE_LIMIT:
        line.text, line.length = f"{line.text}\n{INDENT}", len(INDENT)
    line.add(text)
    if field == "command":
        line.arguments(_parts(entry, expand, 1))
    return line.text
