"""Typed parameter values, as global/mail_conf_*.c convert them; what they refuse kills the program that asks."""

from __future__ import annotations

import re

from msgspec import Struct

from checker.values import Reason

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_TIME = re.compile(r"[\t\n\v\f\r ]*(?:[+]?(\d+)|-0+)?(\D?)", re.ASCII)
_INTEGER = re.compile(r"[\t\n\v\f\r ]*([+-]?)0*(\d{1,19})", re.ASCII)
MAX_REASON = 200
INT_MAX = 2**31 - 1
LONG_MAX = 2**63 - 1


def refused(text: str) -> Reason:
    """Return the reason of a value that Postfix refuses, cut where it quotes at length."""
    return Reason("invalid", text if len(text) <= MAX_REASON else f"{text[:MAX_REASON]}...")


def boolean(text: str) -> bool | Reason:
    """Return yes or no, in any case (global/mail_conf_bool.c)."""
    word = text.lower()
    return word == "yes" if word in ("yes", "no") else refused(f"bad boolean '{text}'")


def integer(text: str, most: int = INT_MAX) -> int | Reason:
    """Return a whole number in base 10 without trailing text that fits C's int or long (global/mail_conf_int.c)."""
    matched = _INTEGER.fullmatch(text)
    value = int("".join(matched.groups())) if matched else most + 1
    return value if -most - 1 <= value <= most else refused(f"bad numerical configuration '{text}'")


def seconds(text: str, default_unit: str) -> int | Reason:
    """Return a time in seconds that fits C's int: digits and one lower-case unit; what follows the unit is ignored, and
    a unit alone is zero (global/conv_time.c).
    """
    matched = _TIME.match(text)
    digits = (matched[1] or "0").lstrip("0") if matched else ""
    factor = _UNITS.get(matched[2] or default_unit) if matched and text else None
    if factor is None or len(digits) > len(str(INT_MAX)):
        return refused(f"bad time '{text}'")
    count = int(digits or "0")
    if count >= INT_MAX // factor and (factor > 1 or count > INT_MAX):
        return refused(f"bad time '{text}'")
    return count * factor


class Bounds(Struct, frozen=True):
    """What a number or time, or the length of a text, must keep; None where there is no such bound."""

    least: int | None
    most: int | None

    def kept(self, value: int | Reason, text: str) -> int | Reason:
        """Return a number that is within the bounds, or the reason why Postfix refuses it."""
        if isinstance(value, Reason):
            return value
        if self.least is not None and value < self.least:
            return refused(f"'{text}' is less than {self.least}")
        if self.most is not None and value > self.most:
            return refused(f"'{text}' is more than {self.most}")
        return value

    def long_enough(self, text: str) -> str | Reason:
        """Return a text whose length is within the bounds, or the reason why Postfix refuses it."""
        length = len(text.encode("utf-8", "surrogateescape"))
        if self.least is not None and length < self.least:
            return refused(f"'{text}' is too short" if text else "it must not be empty")
        if self.most is not None and length > self.most:
            return refused(f"'{text}' is too long")
        return text


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
