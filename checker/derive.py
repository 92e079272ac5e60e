"""Compute a fact from settings by ordinary code, and learn from the run which settings decided it.

A computation is a function of ``take``. ``take(value)`` gives the plain value and remembers its origins. Where a value
has several alternatives the computation is run once for each; where it is unknown the computation ends unknown, unless
it is a boolean taken with ``take.boolean``: then both answers are tried, and if they agree the unknown did not matter.
The origins of the result are those taken, last first: write the question that decides last, or take it again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from checker.values import Known, OneOf, Open, Origin, Reason, Unknown, Value, merged

T = TypeVar("T")
R = TypeVar("R")

MAX_RUNS = 64
"""More alternatives than this and the result is unknown."""


class _UndecidedError(Exception):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason


class Take:
    """Hands out plain values in one run of a computation."""

    def __init__(self, choices: tuple[int, ...]) -> None:
        self.taken: list[tuple[Origin, ...]] = []
        self.conditions: list[str] = []
        self.doubt: Reason | None = None
        self.siblings: list[tuple[int, ...]] = []
        self._choices = choices
        self._made: tuple[int, ...] = ()
        self._chosen: dict[int, int] = {}
        self._held: list[object] = []

    def _choose(self, value: object, count: int) -> int:
        """Return which alternative this run takes, and queue the others if it is the first to come here."""
        if id(value) in self._chosen:
            return self._chosen[id(value)]
        at = len(self._made)
        if at < len(self._choices):
            choice = self._choices[at]
        else:
            choice = 0
            self.siblings += [(*self._made, other) for other in range(1, count)]
        self._made = (*self._made, choice)
        self._held.append(value)  # so that no other value gets its id in this run
        self._chosen[id(value)] = choice
        return choice

    def __call__(self, value: Value[T]) -> T:
        """Return the plain value of this run, or end the run as unknown."""
        if isinstance(value, OneOf):
            condition, chosen = value.alternatives[self._choose(value, len(value.alternatives))]
            if condition not in self.conditions:
                self.conditions.append(condition)
            return self(chosen)
        self.taken.append(value.origins)
        if isinstance(value, Known):
            return value.value
        raise _UndecidedError(value.reason)

    def boolean(self, value: Value[bool | None]) -> bool | None:
        """Return a boolean; if it is unknown, try both."""
        if isinstance(value, Unknown):
            self.taken.append(value.origins)
            self.doubt = self.doubt or value.reason
            return self._choose(value, 2) == 0
        return self(value)

    def unknown(self, reason: Reason) -> _UndecidedError:
        """Return what a computation raises when it cannot go on."""
        return _UndecidedError(reason)


def derive(compute: Callable[[Take], R]) -> Value[R]:
    """Return what the computation gives, over all alternatives of what it takes, with the origins that decided it."""
    outcomes: list[tuple[str, Known[R] | Unknown]] = []
    doubt: Reason | None = None
    pending: list[tuple[int, ...]] = [()]
    while pending:
        if len(outcomes) >= MAX_RUNS:
            return Unknown(
                Reason("template", f"more than {MAX_RUNS} combinations"), merged(value.origins for _, value in outcomes)
            )
        take = Take(pending.pop(0))
        outcome: Known[R] | Unknown
        try:
            result = compute(take)
            outcome = Known(result, _chain(take))
        except _UndecidedError as undecided:
            outcome = Unknown(undecided.reason, _chain(take))
        pending += take.siblings
        doubt = doubt or take.doubt
        outcomes.append((" and ".join(take.conditions), outcome))
    return _joined(outcomes, doubt)


def _chain(take: Take) -> tuple[Origin, ...]:
    return merged(reversed(take.taken))


def _joined(outcomes: list[tuple[str, Known[R] | Unknown]], doubt: Reason | None) -> Value[R]:
    first = outcomes[0][1]
    if len(outcomes) == 1:
        return first
    origins = merged(value.origins for _, value in outcomes)
    if isinstance(first, Known) and all(
        isinstance(value, Known) and value.value == first.value for _, value in outcomes
    ):
        return Known(first.value, origins)
    if doubt is not None:
        return Unknown(doubt, origins)
    unknown = next((value for _, value in outcomes if isinstance(value, Unknown)), None)
    if unknown is not None and all(isinstance(value, Unknown) for _, value in outcomes):
        return Unknown(unknown.reason, origins)
    return OneOf(tuple(outcomes))


def converted(value: Value[T], change: Callable[[T], R | Reason]) -> Value[R]:
    """Return each alternative changed, with the same origins; where ``change`` gives a Reason the value is unknown."""
    if isinstance(value, OneOf):
        return OneOf(tuple((condition, _changed(each, change)) for condition, each in value.alternatives))
    if isinstance(value, Open):
        return Unknown(value.reason, value.origins)
    return _changed(value, change)


def _changed(value: Known[T] | Unknown, change: Callable[[T], R | Reason]) -> Known[R] | Unknown:
    if isinstance(value, Unknown):
        return value
    result = change(value.value)
    return Unknown(result, value.origins) if isinstance(result, Reason) else Known(result, value.origins)
