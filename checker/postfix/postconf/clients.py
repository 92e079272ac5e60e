"""Table clients in values, as in ``ldap:accounts``: the parameters that they bring, and what looks like a comment.

Source: postconf/postconf_dbms.c.
"""

from __future__ import annotations

from msgspec import Struct

from checker.postfix.features import has
from checker.postfix.postconf.entries import extracted
from checker.releases.tables import Number, number, table

SEPARATORS = ", \t\r\n"
MAX_DEPTH = 100
"""Deeper nesting of braces is not looked at."""


class Clients(Struct):
    """What was found in a value: names that count if they are set, files of clients, and warnings, which lack the name
    of the file that they are about.
    """

    names: list[str]
    files: list[tuple[str, str]]
    faults: list[str]
    comments: list[str]


def clients_in(text: str, release: Number) -> Clients:
    """Return the table clients in an expanded value."""
    found = Clients([], [], [], [])
    _collect(found, text, release, 0, is_pattern=False)
    return found


def _collect(found: Clients, text: str, release: Number, depth: int, *, is_pattern: bool) -> None:
    types = table("postfix/postconf")["clients"]
    for word in _words(found, text, release):
        if word.startswith("{") and has(release, "macro-braces"):
            inner, fault = extracted(word)
            found.faults += fault
            if not is_pattern and depth < MAX_DEPTH:
                _collect(found, inner, release, depth + 1, is_pattern=False)
            continue
        kind, colon, rest = word.partition(":")
        while colon and kind == "proxy":
            kind, colon, rest = rest.partition(":")
        if not colon or rest.startswith("."):
            continue
        if rest.startswith("/"):
            if kind in types:
                found.files.append((kind, rest))
        elif rest.startswith("{") and has(release, "macro-braces"):
            inner, fault = extracted(rest)
            found.faults += fault
            pattern = is_pattern or (kind in ("pcre", "regexp") and has(release, "comment-care"))
            if depth < MAX_DEPTH:
                _collect(found, inner, release, depth + 1, is_pattern=pattern)
        else:
            found.names += [f"{rest}_{each}" for each, since in types.get(kind, {}).items() if number(since) <= release]


def _words(found: Clients, text: str, release: Number) -> list[str]:
    """Split at blanks and commas; braces group. From 3.8 on a word that begins with # ends the walk."""
    groups = has(release, "macro-braces")
    words: list[str] = []
    start, depth = None, 0
    for at, character in enumerate(f"{text} "):
        if start is None:
            if character in SEPARATORS:
                continue
            start = at
        if groups and character == "{":
            depth += 1
        elif depth and character == "}":
            depth -= 1
        elif character in SEPARATORS and (not depth or at == len(text)):
            if text[start] == "#" and has(release, "comment-warning"):
                rest = text[at + 1 : at + 21].encode("utf-8", "surrogateescape")[:20]
                said = f"{text[start:at]} {rest.decode('utf-8', 'surrogateescape')}..."
                found.comments.append(f"#comment after other text is not allowed: {said}")
                return words
            words.append(text[start:at])
            start, depth = None, 0
    return words
