"""What changed since a revision, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from msgspec import Struct

from checker import __version__
from checker.compare import FieldChange, ListenerChange, Sort, VerdictChange
from checker.facts.endpoint import Endpoint
from checker.report.endpoints import address, cell, tls
from checker.report.facts import JSON, location, text, value_data
from checker.report.style import Ink, padded, text_width, wrapped
from checker.report.view import View
from checker.result import Finding
from checker.safe_text import for_terminal, shown
from checker.values import Value

SCHEMA_VERSION = 1

SIGNS: dict[Sort, str] = {"added": "+", "removed": "-", "changed": "~"}


class Changes(Struct, frozen=True):
    """What changed since a revision: its name as the user gave it, and its commit."""

    revision: str
    commit: str
    listeners: tuple[ListenerChange, ...]
    verdicts: tuple[VerdictChange, ...]


def render_text(changes: Changes, view: View) -> str:
    """Return the changes for people; every line is safe for a terminal and free of secrets."""
    blocks = [
        _block(view, "diff.listeners", list(_listeners(changes.listeners, view))),
        _block(view, "diff.verdicts", [line for each in changes.verdicts for line in _verdict(each, view)]),
        wrapped(_sum(changes, view), view.style.width, "  "),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _block(view: View, title: str, lines: list[str]) -> list[str]:
    return [view.style.paint(view.say(title), "bold"), *lines] if lines else []


def _listeners(changes: Sequence[ListenerChange], view: View) -> Iterator[str]:
    width = max((text_width(_name(change)) for change in changes), default=0)
    for host, group in groupby(changes, key=lambda change: change.system):
        yield f"  {view.style.paint(for_terminal(host), 'bold')}"
        for change in group:
            offer = _offer(change.endpoint) if change.sort != "changed" else ""
            yield f"  {SIGNS[change.sort]} {padded(_name(change), width)}  {offer}".rstrip()
            yield from _fields(change.fields)


def _name(change: ListenerChange) -> str:
    return for_terminal(change.endpoint.id)


def _offer(endpoint: Endpoint) -> str:
    return f"{address(endpoint)}  TLS: {tls(endpoint)}  {cell(endpoint.role)}, {cell(endpoint.exposure)}"


def _fields(fields: Sequence[FieldChange]) -> Iterator[str]:
    width = max((text_width(field.name) for field in fields), default=0)
    for field in fields:
        yield f"      {padded(field.name, width)}  {_value(field.then)} -> {_value(field.now)}"


def _value(value: Value[Any]) -> str:
    """Return a value; why it is not known matters only where it may be one of several."""
    _, reason = value_data(value)
    return f"({for_terminal(reason, 100)})" if reason and cell(value) == "?" else cell(value)


def _verdict(change: VerdictChange, view: View) -> Iterator[str]:
    finding = change.finding
    then = f"{_weight(change.then, view)} -> " if change.then else ""
    where = f"{view.place(finding.place)}: " if change.sort != "removed" and finding.place else ""
    head = f"{SIGNS[change.sort]} {then}{_weight(finding, view)}[{for_terminal(finding.code)}]"
    lines = wrapped(f"{head} {where}{shown(finding.message)}", view.style.width - 2, "    ")
    yield "  " + view.style.paint(head, _ink(change)) + lines[0][len(head) :]
    yield from (f"  {line}" for line in lines[1:])


def _weight(finding: Finding, view: View) -> str:
    return view.say(finding.severity if finding.status == "fail" else "unknown")


def _ink(change: VerdictChange) -> Ink:
    if change.sort == "removed":
        return "pass"
    return change.finding.severity if change.finding.status == "fail" else "unknown"


def _sum(changes: Changes, view: View) -> str:
    if not changes.listeners and not changes.verdicts:
        told = view.say("diff.none")
    else:
        listeners, verdicts = _counts(changes.listeners), _counts(changes.verdicts)
        told = "; ".join((view.say("diff.listeners_sum", **listeners), view.say("diff.verdicts_sum", **verdicts)))
    return view.say("diff.sum", revision=for_terminal(changes.revision), commit=changes.commit[:12], told=told)


def _counts(changes: Sequence[ListenerChange | VerdictChange]) -> dict[str, int]:
    found = Counter(change.sort for change in changes)
    return {sort: found[sort] for sort in SIGNS}


def changes_data(changes: Changes, view: View, status: int) -> dict[str, JSON]:
    """Return the changes as plain data, in the form of ``schemas/diff.schema.json``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "mailposture", "version": __version__},
        "profile": view.result.profile,
        "language": view.result.language,
        "since": {"revision": text(changes.revision), "commit": changes.commit},
        "listeners": [_listener_data(each) for each in changes.listeners],
        "verdicts": [_verdict_data(each) for each in changes.verdicts],
        "summary": {
            "listeners": _counts(changes.listeners),
            "verdicts": _counts(changes.verdicts),
            "exit_status": status,
        },
    }


def _listener_data(change: ListenerChange) -> dict[str, JSON]:
    origins = change.endpoint.origins
    place = origins[0].place if origins and change.sort != "removed" else None
    return {
        "change": change.sort,
        "system": text(change.system),
        "id": text(change.endpoint.id),
        "location": location(place) if place else None,
        "fields": [
            {"name": field.name, "then": _value_data(field.then), "now": _value_data(field.now)}
            for field in change.fields
        ],
    }


def _value_data(value: Value[Any]) -> dict[str, JSON]:
    plain, reason = value_data(value)
    return {"value": plain, "unknown": reason or None}


def _verdict_data(change: VerdictChange) -> dict[str, JSON]:
    finding = change.finding
    then = finding if change.sort == "removed" else change.then
    return {
        "change": change.sort,
        "rule": finding.rule,
        "code": finding.code,
        "system": text(finding.system),
        "subject": text(finding.subject),
        "message": text(finding.message),
        "location": location(finding.place) if finding.place and change.sort != "removed" else None,
        "fingerprint": finding.fingerprint,
        "then": _weight_data(then) if then else None,
        "now": _weight_data(finding) if change.sort != "removed" else None,
    }


def _weight_data(finding: Finding) -> dict[str, JSON]:
    return {"status": finding.status, "severity": finding.severity}
