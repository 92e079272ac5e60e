"""Values that know where they came from, or say that they are not known; and logic over three truth values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from checker.source import Span

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

ReasonClass = Literal["template", "not-in-set", "host-only", "dns-only", "probe-only", "vantage", "invalid"]

INVISIBLE: frozenset[ReasonClass] = frozenset({"host-only", "dns-only", "probe-only", "vantage"})
"""What a run cannot see by its nature: said once in the summary, never a finding."""


class Reason(Struct, frozen=True):
    """Why something is unknown: its class, and one clause for the reader."""

    kind: ReasonClass
    text: str


class Origin(Struct, frozen=True):
    """One step in the making of a value.

    ``note`` says what the step is (``default of Postfix 3.7.11``, ``main.cf``, ``-o of submission/inet``). ``place`` is
    where the text stands or, for a default, where the setting would be added; None if it stands in no file.
    ``parameter`` is the setting's name and ``text`` its raw value, both empty where the step is no setting.
    """

    note: str
    place: Span | None = None
    parameter: str = ""
    text: str = ""
    is_default: bool = False


class Known(Struct, Generic[T_co], frozen=True):
    """A value, with the steps that made it: the decisive one first. ``Known(None)`` is *absent*: there is no such thing
    here.
    """

    value: T_co
    origins: tuple[Origin, ...] = ()


class Unknown(Struct, frozen=True):
    """No value can be told from what was read."""

    reason: Reason
    origins: tuple[Origin, ...] = ()


class OneOf(Struct, Generic[T_co], frozen=True):
    """One of several values, each with the condition under which it holds (a platform, the rendering of a template)."""

    alternatives: tuple[tuple[str, Known[T_co] | Unknown], ...]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Return the origins of all alternatives, in order, once each."""
        return merged(value.origins for _, value in self.alternatives)


class Open(Struct, Generic[T_co], frozen=True):
    """A list of which only some members are known to be in or out; the type argument is the tuple type of the list."""

    members: T_co
    excluded: T_co
    reason: Reason
    origins: tuple[Origin, ...] = ()


Value: TypeAlias = Known[T] | Unknown | OneOf[T] | Open[T]

ABSENT: Known[None] = Known(None)


class Deferred(Struct, Generic[T_co], frozen=True, dict=True, eq=False):
    """A value that is computed when it is asked for, since few rules ask for it and it takes time."""

    compute: Callable[[], Value[T_co]]

    @cached_property
    def value(self) -> Value[T_co]:
        """Return the value, computed once."""
        return self.compute()


Later: TypeAlias = Value[T] | Deferred[T]


def settled(value: Later[T]) -> Value[T]:
    """Return a value, computed now if it was put off."""
    return value.value if isinstance(value, Deferred) else value


def merged(chains: Iterable[tuple[Origin, ...]]) -> tuple[Origin, ...]:
    """Return the origins of several chains, in order, once each."""
    return tuple(dict.fromkeys(origin for chain in chains for origin in chain))


Truth: TypeAlias = bool | None
"""True, False or None for unknown (Kleene's strong logic)."""


def negated(truth: Truth) -> Truth:
    """Return the Kleene negation."""
    return None if truth is None else not truth


def conjunction(truths: Iterable[Truth]) -> Truth:
    """Return False if any is False, else None if any is None, else True."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Return True if any is True, else None if any is None, else False."""
    return negated(conjunction(negated(truth) for truth in truths))
