"""Untrusted text made safe for what renders it: SARIF messages, Markdown, GitHub's workflow commands."""

from __future__ import annotations

import re
from functools import lru_cache

from checker.safe_text import shown

_LINK = re.compile(r"\](?=\()")
_PLACEHOLDER = re.compile(r"\{(?=\d+\})|(?<=\d)\}")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~>]|:(?=//|[\w+-]+:)|^[+-]|(?<=^\d)[.)])")
_FENCE = re.compile(r"`{3,}")


@lru_cache(maxsize=4096)  # the same notes and values come again and again
def for_message(text: str) -> str:
    """Return text for a SARIF message: nothing in it becomes a link or a placeholder, and no secret is in it."""
    return inert(shown(text))


def inert(text: str) -> str:
    """Return shown text for a SARIF message: nothing in it becomes a link or a placeholder."""
    return _PLACEHOLDER.sub(lambda match: match[0] * 2, _LINK.sub("] ", text))


def for_link(text: str) -> str:
    """Return text to stand between the brackets of a link in a SARIF message."""
    return re.sub(r"([\\\[\]])", r"\\\1", for_message(text))


def for_markdown(text: str) -> str:
    """Return text that Markdown shows as it is, on one line, in a table as well."""
    kept = shown(text).replace("&", "&amp;").replace("<", "&lt;")
    return _MARKDOWN.sub(r"\\\1", kept)


def code_block(text: str) -> str:
    """Return lines as a block of code that nothing in them can end."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    lines = "\n".join(shown(line) for line in text.splitlines())
    return f"{fence}text\n{lines}\n{fence}"


def for_command(text: str) -> str:
    """Return text as the data of a workflow command."""
    return shown(text).replace("%", "%25")  # line ends are visible escapes by now


def for_property(text: str) -> str:
    """Return text as a property of a workflow command."""
    return for_command(text).replace(":", "%3A").replace(",", "%2C")
