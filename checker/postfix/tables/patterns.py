"""What can be told of a pattern without running it: that it matches everything, or what it cannot match without."""

from __future__ import annotations

import re

from checker.postfix.tables.table import Rule
from checker.values import Truth

_PLAIN = re.compile(r"([^0-9A-Za-z\s\\])((?:\\.|(?!\1)[^\\])*)\1(i?)", re.DOTALL)
"""A pattern between its delimiters, with no other flag than ``i``."""

_EVERYTHING = re.compile(r"\^|\$|\^?\.|\.\$|\^?(\.[*+]|\(\.[*+]\))\$?")
_LITERAL = re.compile(r"\\[^0-9A-Za-z<>'`]|[0-9A-Za-z@_-]")
_CLASS = re.compile(r"\[\^?\]?([^]\[\\]|\[:[a-z]+:\])*\]")
_BRACES = re.compile(r"\{[0-9,]*\}")
_ESCAPE = re.compile(r"\\[dDsSwWbBAzZ<>'`]")
_HARMLESS = re.compile(r"[^\\\[\]{}|]", re.DOTALL)
_SWITCH = re.compile(r"\(\?[^:=!<]")
_REPEATED = ("?", "*", "{")


ANY = "\0"
"""Stands for a text, or a part of one, that may be whatever somebody wants."""


def matches(rule: Rule, text: str) -> Truth:
    """Say whether the pattern of a rule matches a text, None where only running it would tell."""
    plain = _PLAIN.fullmatch(rule.pattern)
    if plain is None:
        return None
    found: Truth = None
    if text and _EVERYTHING.fullmatch(plain.group(2)):
        found = True
    elif ANY not in text and any(part not in text.lower() for part in parts_of(rule)):
        found = False
    return found if found is None else found != rule.negated


def parts_of(rule: Rule) -> list[str]:
    """Return texts, in lower case, each of which is in everything that the pattern of a rule matches."""
    plain = _PLAIN.fullmatch(rule.pattern)
    return _parts(plain.group(2)) if plain is not None else []


def _parts(body: str) -> list[str]:
    """Return the texts of a pattern that must be in what it matches.

    They are the runs of plain characters that stand in no group, none of them repeated or left out. Of a pattern that
    has alternatives outside groups, or anything that is not looked at here, nothing is known.
    """
    parts: list[str] = []
    run = ""
    depth = at = 0
    while at < len(body):
        literal = _LITERAL.match(body, at)
        if literal is not None:
            at = literal.end()
            if depth == 0 and not body.startswith(_REPEATED, at):
                run += literal.group()[-1].lower()
                continue
        else:
            other = next((each for each in (_CLASS, _BRACES, _ESCAPE, _HARMLESS) if each.match(body, at)), None)
            if _SWITCH.match(body, at) or (other is None and not (body[at] == "|" and depth)):
                return []
            depth += {"(": 1, ")": -1}.get(body[at], 0)
            matched = other.match(body, at) if other is not None else None
            at = matched.end() if matched is not None else at + 1
        parts.append(run)
        run = ""
    return [part for part in (*parts, run) if part]
