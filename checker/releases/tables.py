"""Read the tables of this package."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

_TABLES = Path(__file__).parent


@cache
def table(name: str) -> Any:
    """Return a table (``platforms``, ``postfix/parameters``) as plain data, read once. Callers do not change it."""
    return msgspec.json.decode((_TABLES / f"{name}.json").read_bytes())


Number = tuple[int, ...]

MAX_DIGITS = 9
"""A longer run of digits is no part of a release number."""


@lru_cache(maxsize=1024)
def number(release: str) -> Number:
    """Return the parts of a release number; what follows the first part that is no number is left out
    (``3.7.11-0+deb12u1``).
    """
    parts: list[int] = []
    for part in release.replace("-", ".").split("."):
        if not part.isascii() or not part.isdigit() or len(part) > MAX_DIGITS:
            break
        parts.append(int(part))
    return tuple(parts)


def within(release: Number, since: str, until: str | None) -> bool:
    """Say whether a release lies in an interval of the tables, both ends included; an open end goes on."""
    return number(since) <= release and (until is None or release <= number(until))
