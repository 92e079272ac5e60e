"""What the words of a condition mean: numbers with units, releases, networks, and which operands a field takes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from checker.facts.fields import Base, FieldType
from checker.facts.types import EXPOSURES, TLS_VERSIONS
from checker.policy.names import nearest

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

_NUMBER = r"(-?[0-9]{1,18})(?:([smhdw])|([KMGT])(?:i?B)?)?"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_RELEASE = r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,5}"


class OperandError(ValueError):
    """An operand that its field or operator cannot take; ``hint`` says what it can."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def number(value: Any) -> int | None:
    """Return an integer, a duration (``5s``, ``2h``) in seconds, or a size (``40M``) in bytes; None for other text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    match = re.fullmatch(_NUMBER, value) if isinstance(value, str) else None
    if match is None:
        return None
    return int(match[1]) * _SECONDS.get(match[2], 1) * _BYTES.get(match[3], 1)


def release(value: Any) -> tuple[int, ...] | None:
    """Return the parts of a release number; None for other text."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return tuple(int(part) for part in text.split(".")) if re.fullmatch(_RELEASE, text) else None


@lru_cache(maxsize=4096)
def network(value: str) -> IPv4Network | IPv6Network | None:
    """Return a network in CIDR form (host bits are ignored); None for other text."""
    from ipaddress import ip_network  # noqa: PLC0415 - few rules compare networks

    try:
        return ip_network(value, strict=False)
    except ValueError:
        return None


def ranks(base: Base, one: Any, other: Any) -> tuple[Any, Any] | None:
    """Return two values as what can be ordered; None where they have no common order."""
    if base == "exposure" or (one in EXPOSURES and other in EXPOSURES):
        return _both(one, other, lambda value: EXPOSURES.index(value) if value in EXPOSURES else None)
    if base == "tls-version" or (one in TLS_VERSIONS and other in TLS_VERSIONS):
        return _both(one, other, lambda value: TLS_VERSIONS.index(value) if value in TLS_VERSIONS else None)
    if base == "release":
        return _both(one, other, release)
    return _both(one, other, number) or (_both(one, other, release) if base == "setting" else None)


def _both(one: Any, other: Any, rank: Any) -> tuple[Any, Any] | None:
    first, second = rank(one), rank(other)
    return None if first is None or second is None else (first, second)


def check_word(value: Any, kind: FieldType, *, ordered: bool = False) -> None:
    """Raise OperandError unless the value is one that a field of this type may hold or be ordered against."""
    if isinstance(value, list | dict):
        raise OperandError("one word is needed here", "a list or mapping cannot be compared so")
    if value is None:
        raise OperandError("nothing equals null", "write `present: false`")
    if kind.words:
        if value not in kind.words:
            raise OperandError(f"`{_shown(value)}` is no value of this field", nearest(str(value), kind.words))
        return
    if kind.base == "setting" and ordered and number(value) is None and ranks("setting", value, value) is None:
        raise OperandError(f"`{_shown(value)}` has no order", "a number, a duration (5s), a size (40M) or a release")
    fits = {
        "boolean": (isinstance(value, bool), "true or false"),
        "integer": (number(value) is not None, "a number, a duration (5s) or a size (40M)"),
        "text": (isinstance(value, str), "text; put what looks like a number, true or false in quotes"),
        "release": (release(value) is not None, "a release such as 3.7.11"),
        "network": (isinstance(value, str) and network(value) is not None, "a network such as 192.0.2.0/24"),
    }
    fit, needed = fits.get(kind.base, (True, ""))
    if not fit:
        raise OperandError(f"`{_shown(value)}` does not fit this field", f"it holds {needed}")


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
