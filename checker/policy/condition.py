"""Conditions: small trees, and what they find of a fact in Kleene's logic, with the parts that decided it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from checker.facts.endpoint import Endpoint
from checker.facts.fields import Base, field_value
from checker.facts.software import Fact, System
from checker.policy.operators import open_truth, plain_truth
from checker.values import Known, OneOf, Open, Origin, Reason, Truth, Unknown, Value, conjunction, disjunction, negated


class FieldOf(Struct, frozen=True):
    """A field of the fact at hand or, inside ``exists``, of the judged fact."""

    name: str
    outer: bool = False


class Constant(Struct, frozen=True):
    """A word or list of the rule, or of its parameters (``name`` says which)."""

    value: Any
    name: str = ""


Term: TypeAlias = FieldOf | Constant


class Atom(Struct, frozen=True):
    """One question to one field."""

    subject: Term
    operator: str
    operand: Term
    base: Base


class All(Struct, frozen=True):
    """All parts hold."""

    parts: tuple[Condition, ...]


class AnyOf(Struct, frozen=True):
    """One part holds."""

    parts: tuple[Condition, ...]


class Not(Struct, frozen=True):
    """The part does not hold."""

    part: Condition


class Exists(Struct, frozen=True):
    """The host has a fact of this kind for which the condition holds."""

    kind: str
    condition: Condition


Condition: TypeAlias = Atom | All | AnyOf | Not | Exists


class Scope(Struct, frozen=True):
    """What a condition looks at: a fact, its host and, inside ``exists``, the judged fact."""

    fact: Fact | System
    system: System
    outer: Fact | System | None = None

    def value(self, term: Term) -> Value[Any]:
        """Return what a term stands for."""
        if isinstance(term, Constant):
            return Known(term.value)
        return field_value(self.outer if term.outer else self.fact, term.name)


class Part(Struct, frozen=True):
    """A question that decided, its answer, and the value looked at.

    ``origins`` are those of the value or, where it has none, of the fact. ``added`` is true where nothing was found, so
    that the place is only where it could be added.
    """

    field: str
    truth: Truth
    value: Value[Any]
    origins: tuple[Origin, ...]
    reason: Reason | None = None
    added: bool = False


class Outcome(Struct, frozen=True):
    """What a condition found: its truth, the parts that decided it in the order of the rule, and how many questions
    were met.
    """

    truth: Truth
    parts: tuple[Part, ...] = ()
    met: int = 0


def decide(condition: Condition, scope: Scope) -> Outcome:
    """Judge a whole condition; of a conjunction that is false only the first part that made it so is told."""
    if not isinstance(condition, All):
        return evaluate(condition, scope)
    outcomes: list[Outcome] = []
    for part in condition.parts:
        outcome = evaluate(part, scope)
        if outcome.truth is False:
            return outcome
        outcomes.append(outcome)
    truth = conjunction(each.truth for each in outcomes)
    return Outcome(truth, _deciding(outcomes, truth))


def evaluate(condition: Condition, scope: Scope) -> Outcome:
    """Judge one condition, with all parts that decided it."""
    if isinstance(condition, Atom):
        return _atom(condition, scope)
    if isinstance(condition, Not):
        inner = evaluate(condition.part, scope)
        truth = negated(inner.truth)
        return Outcome(truth, inner.parts, int(truth is True))
    if isinstance(condition, Exists):
        return _exists(condition, scope)
    outcomes = [evaluate(part, scope) for part in condition.parts]
    if isinstance(condition, All):
        truth = conjunction(each.truth for each in outcomes)
        return Outcome(truth, _deciding(outcomes, truth), sum(each.met for each in outcomes))
    truth = disjunction(each.truth for each in outcomes)
    return Outcome(truth, _deciding(outcomes, truth), max((each.met for each in outcomes), default=0))


def _deciding(outcomes: Iterable[Outcome], truth: Truth) -> tuple[Part, ...]:
    """Return the parts of those that have the truth of the whole: they made it."""
    return tuple(part for each in outcomes if each.truth is truth for part in each.parts)


def _atom(atom: Atom, scope: Scope) -> Outcome:
    subject = atom.subject
    if isinstance(subject, Constant) or subject.outer:
        value = scope.value(subject)
    else:
        value = field_value(scope.fact, subject.name)
    truth: Truth = None
    reason: Reason | None = None
    if isinstance(value, Known) and isinstance(atom.operand, Constant):
        truth = plain_truth(atom.operator, atom.base, value.value, atom.operand.value)
    if truth is None:
        truth, reason = compared(atom.operator, atom.base, value, scope.value(atom.operand))
    if isinstance(atom.subject, Constant):
        return Outcome(truth, met=int(truth is True))
    origins = value.origins or scope.fact.origins
    return Outcome(truth, (Part(atom.subject.name, truth, value, origins, reason),), int(truth is True))


def compared(operator: str, base: Base, value: Value[Any], operand: Value[Any]) -> tuple[Truth, Reason | None]:
    """Return what an operator finds of a value, and the reason where that is unknown."""
    answers = [
        (condition, *_compared(operator, base, one, other))
        for condition, one in _alternatives(value)
        for _, other in _alternatives(operand)
    ]
    truths = {truth for _, truth, _ in answers}
    if len(truths) == 1 and None not in truths:
        return truths.pop(), None
    reason = next((reason for _, _, reason in answers if reason), None)
    if reason is None:
        differing = ", ".join(dict.fromkeys(condition for condition, _, _ in answers if condition))
        reason = Reason("template", f"it depends: {differing}" if differing else "it depends on what is not known")
    return None, reason


def _alternatives(value: Value[Any]) -> Sequence[tuple[str, Known[Any] | Unknown | Open[Any]]]:
    return value.alternatives if isinstance(value, OneOf) else (("", value),)


def _compared(
    operator: str, base: Base, value: Known[Any] | Unknown | Open[Any], operand: Known[Any] | Unknown | Open[Any]
) -> tuple[Truth, Reason | None]:
    if not isinstance(operand, Known):
        return None, operand.reason
    if isinstance(value, Unknown):
        return None, value.reason
    if isinstance(value, Open):
        truth = open_truth(operator, base, value, operand.value)
        return truth, value.reason if truth is None else None
    truth = plain_truth(operator, base, value.value, operand.value)
    if truth is None:
        return None, Reason("invalid", f"{value.value!r} cannot be compared with {operand.value!r}")
    return truth, None


def _exists(condition: Exists, scope: Scope) -> Outcome:
    """Look for a fact of the host. A miss is told by the fact that came nearest."""
    maybe: list[Part] = []
    nearest: Outcome | None = None
    for fact in _looked_at(condition, scope.system):
        if _is_dead(fact) and "serves" not in fields_asked(condition.condition):
            continue
        found = evaluate(condition.condition, Scope(fact, scope.system, scope.fact))
        if found.truth:
            return Outcome(True, found.parts or (Part(condition.kind, True, Known(True), fact.origins),), 1)
        if found.truth is None:
            maybe += found.parts
        elif nearest is None or found.met > nearest.met:
            nearest = found
    missing = dict(scope.system.missing).get(condition.kind)
    if missing is not None:
        maybe.append(Part(condition.kind, None, Unknown(missing), scope.fact.origins, missing))
    if maybe:
        return Outcome(None, tuple(maybe))
    if nearest is not None and nearest.met and nearest.parts:
        return Outcome(False, nearest.parts)
    return Outcome(False, (Part(condition.kind, False, Known(None), scope.fact.origins, added=True),))


def _looked_at(condition: Exists, system: System) -> Sequence[Fact | System]:
    """Return the facts to look at: listeners that no file mentions only where unix sockets are asked about."""
    asks = any(name.startswith("socket.") for name in fields_asked(condition.condition))
    return system.everything(condition.kind) if asks else system.facts(condition.kind)


def _is_dead(fact: Fact | System) -> bool:
    """Tell whether this is a listener known to serve nobody: to a client it is not there."""
    return isinstance(fact, Endpoint) and isinstance(fact.serves, Known) and fact.serves.value is False


def fields_asked(condition: Condition) -> frozenset[str]:
    """Return the fields of the judged fact that a condition asks for."""
    return frozenset(_asked(condition))


def _asked(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Atom):
        if isinstance(condition.subject, FieldOf) and not condition.subject.outer:
            yield condition.subject.name
    elif isinstance(condition, Not):
        yield from _asked(condition.part)
    elif not isinstance(condition, Exists):
        for part in condition.parts:
            yield from _asked(part)
