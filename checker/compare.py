"""What changed between two results of the same configuration sets: listeners, and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

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


class FieldChange(Struct, frozen=True):
    """A field of a listener, and what it was and is."""

    name: str
    then: Value[Any]
    now: Value[Any]


Sort = Literal["added", "removed", "changed"]


class ListenerChange(Struct, frozen=True):
    """A listener that came, went, or offers something else: as it is now, or was if it went."""

    sort: Sort
    system: str
    endpoint: Endpoint
    fields: tuple[FieldChange, ...] = ()


class VerdictChange(Struct, frozen=True):
    """A finding that came, went, or weighs otherwise: as it is now, or was if it went; ``then`` is what a changed one
    was.
    """

    sort: Sort
    finding: Finding
    then: Finding | None = None


def counts(finding: Finding) -> bool:
    """Say whether a verdict is one that a reader has to do something about."""
    unseen = finding.reason is not None and finding.reason.kind in INVISIBLE
    return finding.status == "fail" or (finding.status == "unknown" and not unseen)


def compared(now: Result, then: Result, revision: str, commit: str) -> Result:
    """Return a result whose findings are known where those of a revision are no better."""
    pairs, gone = _paired(now.findings, then.findings)
    known = {id(each) for each, before in pairs if before is not None and not _is_worse(each, before)}
    findings = tuple(replace(each, known=True) if id(each) in known else each for each in now.findings)
    return replace(now, findings=findings, compared=Compared(revision, commit, len(gone)))


def _paired(
    now: Iterable[Finding], then: Iterable[Finding]
) -> tuple[list[tuple[Finding, Finding | None]], list[Finding]]:
    """Return what counts now, each with what it was then, and what counted then and is gone.

    The same is what has the same identity, else what the same rule says of the same subject: that another setting
    decides than before makes nothing new.
    """
    before = {each.identity: each for each in then if counts(each)}
    after = [each for each in now if counts(each)]
    same = {each.identity for each in after}
    left: dict[tuple[str, ...], list[Finding]] = {}
    for name, each in before.items():
        if name not in same:
            left.setdefault(_judged(each), []).append(each)
    pairs: list[tuple[Finding, Finding | None]] = []
    for each in after:
        others = left.get(_judged(each))
        pairs.append((each, before.get(each.identity) or (others.pop(0) if others else None)))
    return pairs, [each for group in left.values() for each in group]


def _is_worse(now: Finding, then: Finding) -> bool:
    """Say whether a finding is more severe than it was, or certain where it was not."""
    if SEVERITIES.index(now.severity) < SEVERITIES.index(then.severity):
        return True
    return now.status == "fail" and then.status == "unknown"


def changed_verdicts(now: Result, then: Result) -> tuple[VerdictChange, ...]:
    """Return the findings that came, went or weigh otherwise, worst first."""
    pairs, gone = _paired(now.findings, then.findings)
    changes = [VerdictChange("removed", each) for each in gone]
    for each, before in pairs:
        if before is None:
            changes.append(VerdictChange("added", each))
        elif _weight(before) != _weight(each):
            changes.append(VerdictChange("changed", each, before))
    return tuple(sorted(changes, key=_worst_first))


def _judged(finding: Finding) -> tuple[str, ...]:
    return finding.question, finding.system, finding.subject


def _weight(finding: Finding) -> tuple[str, str]:
    return finding.status, finding.severity


def _worst_first(change: VerdictChange) -> tuple[object, ...]:
    finding = change.finding
    return change.sort == "removed", SEVERITIES.index(finding.severity), *_judged(finding)


def changed_listeners(now: Sequence[System], then: Sequence[System]) -> tuple[ListenerChange, ...]:
    """Return the listeners that came, went or offer something else, host by host."""
    before, after = _listeners(then), _listeners(now)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if new is None:
            changes.append(ListenerChange("removed", key[0], before[key]))
        elif old is None:
            changes.append(ListenerChange("added", key[0], new))
        elif fields := _changed_fields(old, new):
            changes.append(ListenerChange("changed", key[0], new, fields))
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
