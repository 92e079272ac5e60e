"""What changed between two descriptions of the same configuration sets: listeners, and verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checker.facts.endpoint import Endpoint
from checker.facts.fields import field_value, fields_of
from checker.facts.software import System
from checker.result import SEVERITIES, Compared, Finding, Result
from checker.values import INVISIBLE, Known, OneOf, Open, Value

COMPARED_FIELDS = tuple(
    name
    for name in fields_of("endpoint")
    if name in ("address", "port", "exposure", "role", "cert.present", "serves")
    or name.startswith(("tls.", "auth.", "smtp."))
)
"""The fields of a listener that a reader of changes cares for."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a listener, and what it was and is."""

    name: str
    then: Value[Any]
    now: Value[Any]


@dataclass(frozen=True, slots=True)
class ListenerChange:
    """A listener that came (``then`` is None), went (``now`` is None), or offers something else."""

    system: str
    then: Endpoint | None
    now: Endpoint | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A finding that came (``then`` is None), went (``now`` is None), or weighs otherwise."""

    then: Finding | None
    now: Finding | None


def counts(finding: Finding) -> bool:
    """Say whether a verdict is one that a reader has to do something about."""
    unseen = finding.reason is not None and finding.reason.kind in INVISIBLE
    return finding.status == "fail" or (finding.status == "unknown" and not unseen)


def compared(now: Result, then: Result, revision: str, commit: str) -> Result:
    """Return a result whose findings are known where those of a revision are no better."""
    before = {each.fingerprint: each for each in then.findings if counts(each)}
    findings = tuple(
        replace(each, known=True)
        if counts(each) and each.fingerprint in before and not _is_worse(each, before[each.fingerprint])
        else each
        for each in now.findings
    )
    gone = before.keys() - {each.fingerprint for each in now.findings if counts(each)}
    return replace(now, findings=findings, compared=Compared(revision, commit, len(gone)))


def _is_worse(now: Finding, then: Finding) -> bool:
    """Say whether a finding is more severe than it was, or certain where it was not."""
    if SEVERITIES.index(now.severity) < SEVERITIES.index(then.severity):
        return True
    return now.status == "fail" and then.status == "unknown"


def changed_verdicts(now: Result, then: Result) -> tuple[VerdictChange, ...]:
    """Return the findings that came, went or weigh otherwise, worst first.

    One that is decided by another setting than before neither came nor went.
    """
    before = {each.fingerprint: each for each in then.findings if counts(each)}
    after = {each.fingerprint: each for each in now.findings if counts(each)}
    gone: dict[tuple[str, ...], list[Finding]] = {}
    for name, each in before.items():
        if name not in after:
            gone.setdefault(_judged(each), []).append(each)
    changes = []
    for name, each in after.items():
        others = gone.get(_judged(each))
        other = before.get(name) or (others.pop(0) if others else None)
        if other is None or _weight(other) != _weight(each):
            changes.append(VerdictChange(other, each))
    changes += [VerdictChange(each, None) for group in gone.values() for each in group]
    return tuple(sorted(changes, key=_worst_first))


def _judged(finding: Finding) -> tuple[str, ...]:
    return finding.question, finding.system, finding.subject


def _weight(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.severity


def _worst_first(change: VerdictChange) -> tuple[object, ...]:
    finding = change.now or change.then
    severity = SEVERITIES.index(finding.severity) if finding else 0
    return change.now is None, severity, *(_judged(finding) if finding else ())


def changed_listeners(now: Sequence[System], then: Sequence[System]) -> tuple[ListenerChange, ...]:
    """Return the listeners that came, went or offer something else, host by host."""
    before, after = _listeners(then), _listeners(now)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        fields = _changed_fields(old, new) if old and new else ()
        if old is None or new is None or fields:
            changes.append(ListenerChange(key[0], old, new, fields))
    return tuple(changes)


def _listeners(systems: Iterable[System]) -> dict[tuple[str, str], Endpoint]:
    return {(system.id, each.id): each for system in systems for each in system.endpoints}


def _changed_fields(then: Endpoint, now: Endpoint) -> tuple[FieldChange, ...]:
    pairs = ((name, field_value(then, name), field_value(now, name)) for name in COMPARED_FIELDS)
    return tuple(FieldChange(name, old, new) for name, old, new in pairs if _bare(old) != _bare(new))


def _bare(value: Value[Any]) -> object:
    """Return what a value says, without how it came to be; the order of a list says nothing."""
    if isinstance(value, Known):
        return sorted(map(str, value.value)) if isinstance(value.value, tuple) else (value.value,)
    if isinstance(value, Open):
        return "open", sorted(map(str, value.members)), sorted(map(str, value.excluded))
    if isinstance(value, OneOf):
        return [(condition, _bare(each)) for condition, each in value.alternatives]
    return "unknown"


ALIKE = 0.5
"""The share of lines in common from which a host that is gone and one that came are the same, moved."""

MAX_PAIRS = 10_000
"""Beyond so many pairs of hosts only those that have moved unchanged are recognised."""


def at_their_new_places(then: Sequence[System], now: Sequence[System]) -> tuple[System, ...]:
    """Return the hosts of a revision, those that have moved since under the id that they have now.

    A host whose id is gone has moved to an id that is new if the files have at least half of their lines in common, the
    most alike first, as git finds renames. Blank lines and comments do not count.
    """
    kept = {each.id for each in then} & {each.id for each in now}
    left = {each.id: _lines(each) for each in then if each.id not in kept}
    came = {each.id: _lines(each) for each in now if each.id not in kept}
    moved = dict(_unchanged(left, came))
    left = {name: lines for name, lines in left.items() if name not in moved}
    came = {name: lines for name, lines in came.items() if name not in moved.values()}
    if len(left) * len(came) <= MAX_PAIRS:
        alike = [(-_likeness(left[old], came[new]), old, new) for old in left for new in came]
        for unlikeness, old, new in sorted(alike):
            if -unlikeness >= ALIKE and old not in moved and new not in moved.values():
                moved[old] = new
    hosts = {each.id: each for each in now}
    return tuple(_moved(each, hosts[moved[each.id]]) if each.id in moved else each for each in then)


def _lines(system: System) -> Counter[str]:
    """Return the lines of a host's files that say something."""
    lines = (line.strip() for software in system.software for file in software.files for line in file.text.split("\n"))
    return Counter(line for line in lines if line and not line.startswith("#"))


def _unchanged(left: Mapping[str, Counter[str]], came: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    """Yield the hosts that have moved and are the same otherwise."""
    places: dict[frozenset[tuple[str, int]], list[str]] = {}
    for name in sorted(came, reverse=True):
        places.setdefault(frozenset(came[name].items()), []).append(name)
    for name in sorted(left):
        alike = places.get(frozenset(left[name].items()))
        if alike:
            yield name, alike.pop()


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return (one & other).total() / max(one.total(), other.total(), 1)


def _moved(then: System, now: System) -> System:
    names = {_bare_text(each.product): each.id for each in now.software}
    software = tuple(replace(each, id=names.get(_bare_text(each.product), each.id)) for each in then.software)
    return replace(then, id=now.id, software=software)


def _bare_text(value: Value[Any]) -> str:
    return str(_bare(value))
