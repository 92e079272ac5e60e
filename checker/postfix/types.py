"""Typed parameter values, as global/mail_conf_*.c convert them; what they refuse kills the program that asks."""

from __future__ import annotations

import re

from checker.values import Reason

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_TIME = re.compile(r"(\d+)(.?)", re.ASCII | re.DOTALL)
_INTEGER = re.compile(r"[\t\n\v\f\r ]*[+-]?\d+", re.ASCII)


def refused(text: str) -> Reason:
    """Return the reason of a value that Postfix refuses."""
    return Reason("invalid", text)


def boolean(text: str) -> bool | Reason:
    """Return yes or no, in any case (global/mail_conf_bool.c)."""
    word = text.lower()
    return word == "yes" if word in ("yes", "no") else refused(f"bad boolean '{text}'")


def integer(text: str) -> int | Reason:
    """Return a whole number in base 10 without trailing text (global/mail_conf_int.c)."""
    return int(text) if _INTEGER.fullmatch(text) else refused(f"bad numerical configuration '{text}'")


def seconds(text: str, default_unit: str) -> int | Reason:
    """Return a time in seconds: digits and one lower-case unit; what follows the unit is ignored
    (global/conv_time.c).
    """
    matched = _TIME.match(text)
    unit = (matched.group(2) or default_unit) if matched else ""
    if matched is None or unit not in _UNITS:
        return refused(f"bad time '{text}'")
    return int(matched.group(1)) * _UNITS[unit]


def words(text: str) -> tuple[str, ...]:
    """Return the members of a list: split at commas and blanks, braces group (CHARS_COMMA_SP)."""
    found: list[str] = []
    start, depth = None, 0
    for at, character in enumerate(text):
        if depth == 0 and character in ", \t\r\n":
            if start is not None:
                found.append(text[start:at])
                start = None
            continue
        start = at if start is None else start
        depth = max(depth + {"{": 1, "}": -1}.get(character, 0), 0)
    return (*found, text[start:]) if start is not None else tuple(found)
