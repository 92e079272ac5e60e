"""Types of settings: what Dovecot accepts, how doveconf prints it, and what it means.

A type is a word of the tables (``bool``, ``uint``, ``octal``, ``time``, ``msecs``, ``size``, ``port``, ``str``,
``file``, ``boollist``, ``strlist``, ``list`` and ``filters`` for named sections, ``filter``) or, for an enumeration,
its values joined by colons, the default first.
"""

from __future__ import annotations

import re

from checker.dovecot.lines import Generation

UINT_MAX = 2**32 - 1
SIZE_MAX = 2**64 - 1
UNLIMITED = ("unlimited", "infinite")
"""Words that 2.4 takes for numbers, times and sizes."""

LISTS = ("boollist", "strlist")
"""Lists of 2.4, of names and of keys with values."""

SECTIONS = frozenset({"list", "filters", "filter", "strlist"})

_NUMBER = re.compile(r"([0-9]+) *(.*)", re.DOTALL)
_SIZE_UNIT = re.compile(r"(?:b|(?P<power>[kmgt])i?b?)?", re.IGNORECASE)
_UNITS = (
    (("secs", "seconds"), 1000),
    (("mins", "minutes"), 60_000),
    (("msecs", "mseconds", "millisecs", "milliseconds"), 1),
    (("hours",), 3_600_000),
    (("days",), 86_400_000),
    (("weeks",), 604_800_000),
)
_PRINTED_UNITS = (("weeks", 604_800), ("days", 86_400), ("hours", 3600), ("mins", 60), ("secs", 1))


class Refused(ValueError):  # noqa: N818 - the name says what Dovecot does with it
    """A text or a statement that Dovecot does not accept; the message is Dovecot's."""


def is_enumeration(kind: str) -> bool:
    """Say whether a type lists its values."""
    return ":" in kind


def boolean(text: str) -> bool:
    """Return yes or no; raise Refused."""
    if text.lower() in ("yes", "y") or text == "1":
        return True
    if text.lower() == "no":
        return False
    raise Refused(f"Invalid boolean value: {text} (use yes or no)")


def integer(text: str, limit: int = UINT_MAX) -> int:
    """Return a decimal number; raise Refused."""
    if not re.fullmatch("[0-9]+", text):
        problem = "Number too small" if re.fullmatch("-[0-9]+", text) else "Not a valid number"
        raise Refused(f"Invalid number {text}: {problem}")
    if len(text) > 20 or int(text) > limit:
        raise Refused(f"Invalid number {text}: Number too big")
    return int(text)


def octal(text: str) -> int:
    """Return a file mode: octal with a leading zero, else *decimal*; raise Refused."""
    if not text.startswith("0"):
        return integer(text)
    if not re.fullmatch("[0-7]{1,22}", text):
        raise Refused(f"Invalid number: {text}")
    return int(text, 8) & UINT_MAX


def milliseconds(text: str, *, whole_seconds: bool) -> int:
    """Return a time; the unit may be left out for 0 alone. Raise Refused."""
    matched = _NUMBER.fullmatch(text)
    if matched is None or len(matched[1]) > 20:
        raise Refused(f"Invalid time interval: {text}")
    number, unit = int(matched[1]), matched[2].lower()
    if not unit:
        if number:
            raise Refused(f"Time interval '{text}' is missing units (add e.g. 's' for seconds)")
        return 0
    for names, factor in _UNITS:
        if any(name.startswith(unit) for name in names):
            if whole_seconds and factor == 1 and number % 1000:
                raise Refused(f"Milliseconds not supported for this setting: {text}")
            result = number * factor
            if result // (1000 if whole_seconds else 1) > UINT_MAX:
                raise Refused(f"Time interval is too large: {text}")
            return result
    raise Refused(f"Invalid time interval: {text}")


def size(text: str) -> int:
    """Return a number of bytes; raise Refused."""
    matched = _NUMBER.fullmatch(text)
    unit = _SIZE_UNIT.fullmatch(matched[2]) if matched else None
    if matched is None or unit is None or len(matched[1]) > 20:
        raise Refused(f"Invalid size: {text}")
    power = " kmgt".index(unit["power"].lower()) if unit["power"] else 0
    result = int(matched[1]) * int(1024**power)
    if result > SIZE_MAX:
        raise Refused(f"Size is too large: {text}")
    return result


def port(text: str) -> int:
    """Return a port number, never a service's name; raise Refused."""
    if not re.fullmatch("[0-9]{1,20}", text) or int(text) > 65535:
        raise Refused(f"Invalid port number {text}")
    return int(text)


def check(kind: str, text: str, generation: Generation) -> None:
    """Raise Refused if Dovecot does not accept a text for a type."""
    if generation == "2.4" and ("%{" in text or "$SET:" in text or "$ENV:" in text):
        return  # what it expands to is not known when the file is read
    check_text(kind, text, generation)


def check_text(kind: str, text: str, generation: Generation) -> None:
    """Raise Refused if Dovecot does not accept a text in which nothing is left to expand."""
    if generation == "2.4" and kind in ("uint", "octal", "time", "msecs", "size") and text in UNLIMITED:
        return
    if is_enumeration(kind):
        if text not in kind.split(":"):
            raise Refused(f"Invalid value: {text}")
    elif kind == "bool":
        boolean(text)
    elif kind in ("uint", "uintmax"):
        integer(text, UINT_MAX if kind == "uint" else SIZE_MAX)
    elif kind == "octal":
        octal(text)
    elif kind in ("time", "msecs"):
        milliseconds(text, whole_seconds=kind == "time")
    elif kind == "size":
        size(text)
    elif kind == "port":
        port(text)


def normal(kind: str, text: str) -> str:
    """Return an accepted text as doveconf of 2.3 prints it (``1440 mins`` is ``1 days``)."""
    try:
        if kind == "bool":
            return "yes" if boolean(text) else "no"
        if kind == "uint":
            return str(integer(text))
        if kind == "octal":
            return f"0{octal(text):o}"
        if kind == "port":
            return str(port(text))
        if kind == "size":
            return _printed_size(size(text))
        if kind in ("time", "msecs"):
            return _printed_time(milliseconds(text, whole_seconds=kind == "time"))
    except Refused:
        pass  # it stays as it is written, and is told of where it is read
    return text


def _printed_size(value: int) -> str:
    if value == 0:
        return "0"
    suffix = "B"
    for each in "kMGT":
        if value % 1024:
            break
        value, suffix = value // 1024, each
    return f"{value} {suffix}"


def _printed_time(value: int) -> str:
    if value % 1000:
        return f"{value} ms"
    seconds = value // 1000
    if seconds == 0:
        return "0"
    for unit, factor in _PRINTED_UNITS:
        if seconds % factor == 0:
            return f"{seconds // factor} {unit}"
    raise AssertionError("every number of seconds is divisible by one")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a list that is separated by blanks or commas."""
    return tuple(word for word in text.replace(",", " ").replace("\t", " ").split(" ") if word)


def list_members(text: str) -> tuple[str, ...]:
    """Return the members of a 2.4 list written as one string, quotes and escapes undone; raise Refused."""
    members: list[str] = []
    member: list[str] = []
    quoted = closed = False
    at = 0
    while at < len(text):
        char = text[at]
        if char in " ," and (not quoted or closed):
            if quoted or member:
                members.append("".join(member))
            member, quoted, closed = [], False, False
        elif char == '"' and not quoted:
            if member:
                raise Refused("'\"' in the middle of a string")
            quoted = True
        elif closed:
            raise Refused("Expected ',' or ' ' after '\"'")
        elif char == '"':
            closed = True
        else:
            if char == "\\" and quoted:
                at += 1
                if at == len(text):
                    raise Refused("Value ends with '\\'")
            member.append(text[at])
        at += 1
    if quoted and not closed:
        raise Refused("Missing ending '\"'")
    if quoted or member:
        members.append("".join(member))
    return tuple(members)
