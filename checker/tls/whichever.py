"""Values that depend on a library of which the files do not tell the version: what all versions have is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from checker.values import Known, Open, Reason, Unknown, Value, merged

T = TypeVar("T")
Member = TypeVar("Member", bound=str)

WHICH = Reason("host-only", "it depends on the OpenSSL that the program is linked with")


def whichever(values: Sequence[Value[T]], *, all_known: bool) -> Value[T]:
    """Return the value that it is with each of the libraries, unknown where they differ or others are possible."""
    first = values[0]
    if isinstance(first, Unknown) or (all_known and all(_same(each, first) for each in values)):
        return first
    if isinstance(first, Known) and first.value is None and all(_same(each, first) for each in values):
        return first  # there is no TLS
    return Unknown(WHICH, merged(each.origins for each in values))


def whichever_list(
    values: Sequence[Value[tuple[Member, ...] | None]], every: Sequence[Member], *, all_known: bool
) -> Value[tuple[Member, ...] | None]:
    """Return a list of which the members that all libraries give are known to be in, and those that none gives are
    known to be out.
    """
    whole = whichever(values, all_known=all_known)
    lists = [each.value for each in values if isinstance(each, Known) and each.value is not None]
    if whole != Unknown(WHICH, whole.origins) or not all_known or len(lists) < len(values):
        return whole
    certain = tuple(each for each in lists[0] if all(each in other for other in lists))
    possible = {each for members in lists for each in members}
    return Open(certain, tuple(each for each in every if each not in possible), WHICH, whole.origins)


def _same(value: Value[T], other: Value[T]) -> bool:
    if isinstance(value, Known) and isinstance(other, Known):
        return value.value == other.value
    return value == other
