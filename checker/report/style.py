"""How text is laid out for a terminal: colour, display width, wrapping."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Literal, TextIO

from msgspec import Struct

Ink = Literal["critical", "high", "medium", "low", "info", "unknown", "pass", "bold", "dim", "frame"]

_SGR: dict[Ink, str] = {
    "critical": "1;91",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "unknown": "1;35",
    "pass": "1;32",
    "bold": "1",
    "dim": "2",
    "frame": "94",
}

_SETTING = re.compile(r"\s*(?:-o )?\w+ ?= ?")

WIDTH_OF_A_PIPE = 100
"""The width where nobody looks through a terminal."""


class Style(Struct, frozen=True):
    """Whether there is colour, and how many columns a line may have."""

    colour: bool = False
    width: int = WIDTH_OF_A_PIPE

    def paint(self, text: str, ink: Ink) -> str:
        """Return text in an ink; as it is where there is no colour."""
        return f"\x1b[{_SGR[ink]}m{text}\x1b[0m" if self.colour and text else text


def style_for(stream: TextIO, when: Literal["always", "never", "auto"] = "auto") -> Style:
    """Return the style that fits a stream: colour on a terminal unless NO_COLOR is set or TERM is dumb."""
    terminal = stream.isatty()
    colour = when == "always" or (
        when == "auto" and terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    return Style(colour, min(max(_columns(), 40), 160) if terminal else WIDTH_OF_A_PIPE)


def _columns() -> int:
    import shutil  # noqa: PLC0415 - slow to load, and only a terminal needs it

    return shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns


def character_width(character: str) -> int:
    """Return how many terminal columns a character takes."""
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def text_width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    return len(text) if text.isascii() else sum(map(character_width, text))


def padded(text: str, width: int) -> str:
    """Return text with blanks on its right up to a display width."""
    return text + " " * (width - text_width(text))


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return text in lines of at most this display width, further lines indented; a long word stays whole, so that a
    setting or path can be copied.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        start = indent if lines else ""
        if line and text_width(start) + text_width(line) + 1 + text_width(word) > width:
            lines.append(start + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, (indent if lines else "") + line]


def to_paste(text: str, width: int) -> list[str]:
    """Return prose in lines of this width, but a line that begins with a setting as it is, so that it can be pasted."""
    return [text] if _SETTING.match(text) else wrapped(text, width)
