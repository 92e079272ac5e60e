"""Values that depend on a library of which the files do not tell the version: what all versions have is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from checker.derive import derive
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


def either_list(
    first: Value[tuple[Member, ...] | None],
    second: Value[tuple[Member, ...] | None],
    order: Sequence[Member] = (),
) -> Value[tuple[Member, ...] | None]:
    """Return what is in either list, in an order of its own or as they come; absent where both are."""
    if not isinstance(first, Open) and not isinstance(second, Open):
        return derive(lambda take: _joined(take(first), take(second), order))
    origins = merged((first.origins, second.origins))
    if not isinstance(first, Known | Open) or not isinstance(second, Known | Open):
        return next((each for each in (first, second) if isinstance(each, Unknown)), Unknown(WHICH, origins))
    members = _ordered((*_members(first), *_members(second)), order)
    opened = [each for each in (first, second) if isinstance(each, Open)]
    out = [each for each in opened[0].excluded or () if all(each in (other.excluded or ()) for other in opened)]
    return Open(members, tuple(each for each in out if each not in members), opened[0].reason, origins)


def _joined(
    first: tuple[Member, ...] | None, second: tuple[Member, ...] | None, order: Sequence[Member]
) -> tuple[Member, ...] | None:
    return None if first is None and second is None else _ordered((*(first or ()), *(second or ())), order)


def _members(value: Known[tuple[Member, ...] | None] | Open[tuple[Member, ...] | None]) -> tuple[Member, ...]:
    return (value.value if isinstance(value, Known) else value.members) or ()


def _ordered(members: tuple[Member, ...], order: Sequence[Member]) -> tuple[Member, ...]:
    found = dict.fromkeys(members)
    return tuple(each for each in order if each in found) if order else tuple(found)


def _same(value: Value[T], other: Value[T]) -> bool:
    if isinstance(value, Known) and isinstance(other, Known):
        return value.value == other.value
    return value == other
