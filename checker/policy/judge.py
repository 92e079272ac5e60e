"""Judge facts by rules: one finding for each clause and each fact of its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from checker.facts.endpoint import Endpoint
from checker.facts.software import Fact, System
from checker.policy.condition import Outcome, Part, Scope, decide
from checker.policy.message import filled, shown
from checker.policy.profile import Policy
from checker.policy.remedy import remedy_for
from checker.policy.rule import Clause, Rule, Text
from checker.result import SEVERITIES, Finding, Language, Related, Status
from checker.source import Span
from checker.values import INVISIBLE, Known, Origin, Reason

_IS = Text("is", "es")
_NOT_TOLD = Reason("invalid", "it cannot be told")


def judge(systems: Sequence[System], policy: Policy, language: Language) -> tuple[Finding, ...]:
    """Return the verdicts on all facts of some hosts, worst severity first, then by place."""
    found = [
        (clause.name, _verdict(rule, clause, Scope(fact, system), language))
        for system in systems
        for rule in policy.rules
        for clause in rule.clauses
        for fact in system.facts(clause.applies_to)
    ]
    return tuple(_identified(sorted(found, key=_order)))


def _verdict(rule: Rule, clause: Clause, scope: Scope, language: Language) -> Finding:
    """Return the verdict of one clause on one fact, without its identity."""
    fact = scope.fact
    when, require = _NOTHING, _NOTHING
    status: Status = "not_applicable"
    if clause.asks_serves or not _serves_nobody(fact):
        when = decide(clause.when, scope)
        if when.truth is not False:
            require = decide(clause.require, scope)
            status = _status(when, require)
    parts = require.parts or when.parts
    primary = parts[0] if parts else None
    trace = primary.origins if primary else fact.origins
    origin = _placed(trace)
    title = rule.title.get(language)
    return Finding(
        rule=rule.id,
        code=rule.code,
        severity=clause.severity,
        status=status,
        system=scope.system.id,
        subject=fact.id,
        title=title,
        message=filled(clause.message.get(language), fact, rule.params, language) if status == "fail" else title,
        why=rule.why.get(language),
        remedy=remedy_for(rule, fact, scope.system, language) if status in ("fail", "unknown") else "",
        place=origin.place if origin else None,
        missing=bool(origin and (origin.is_default or (primary and primary.added))),
        related=_related(when.parts, origin.place if origin else None, language) if status != "not_applicable" else (),
        trace=trace,
        reason=_reason((*when.parts, *require.parts)) if status == "unknown" else None,
        controls=rule.controls,
        clause=clause.name,
    )


_NOTHING = Outcome(None)


def _status(when: Outcome, require: Outcome) -> Status:
    """Return the status of `when` implies `require`, where `when` is not false."""
    if require.truth:
        return "pass"
    return "fail" if when.truth and require.truth is False else "unknown"


def _serves_nobody(fact: Fact | System) -> bool:
    return isinstance(fact, Endpoint) and isinstance(fact.serves, Known) and fact.serves.value is False


def _placed(origins: Iterable[Origin]) -> Origin | None:
    """Return the most decisive origin that stands in a file."""
    for origin in origins:  # called for every verdict: a generator would take twice as long
        if origin.place:
            return origin
    return None


def _reason(parts: Iterable[Part]) -> Reason:
    """Return why a verdict is unknown: of several reasons one that could be mended, if there is one."""
    reasons = [part.reason for part in parts if part.truth is None and part.reason]
    return next((reason for reason in reasons if reason.kind not in INVISIBLE), reasons[0] if reasons else _NOT_TOLD)


def _related(parts: Iterable[Part], primary: Span | None, language: Language) -> tuple[Related, ...]:
    """Return the places of what selected the fact; a default has none to show."""
    found: dict[Span, Related] = {}
    for part in parts:
        origin = _placed(part.value.origins)
        if origin and origin.place and not origin.is_default and origin.place != primary:
            note = f"{part.field} {_IS.get(language)} {shown(part.value, language)}"
            found.setdefault(origin.place, Related(origin.place, note))
    return tuple(found.values())


def _order(named: tuple[str, Finding]) -> tuple[object, ...]:
    clause, finding = named
    place = finding.place
    where = (0, place.path, place.line, place.column) if place else (1, "", 0, 0)
    return (SEVERITIES.index(finding.severity), *where, finding.rule, clause, finding.system, finding.subject)


def _identified(found: Iterable[tuple[str, Finding]]) -> Iterator[Finding]:
    """Give each finding its identity; findings that would have the same are told apart by their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    for clause, finding in found:
        parameter = finding.trace[0].parameter if finding.trace else ""
        key = (finding.rule, clause, finding.system, finding.subject, parameter)
        yield replace(finding, identity=(*key, str(seen[key])))
        seen[key] += 1
