"""Annotations of a GitHub workflow: one command a line, which the runner shows beside the changed lines.

GitHub shows ten of each level in a step and drops the rest, so the worst come first and the last says how many more
there are.
"""

from __future__ import annotations

from itertools import groupby

from msgspec import Struct

from checker.report.findings import worst_first
from checker.report.markup import for_command, for_property
from checker.report.repository import base_of, path_in
from checker.report.summary import Exit, tallied
from checker.report.view import View
from checker.result import Finding, Notice, Severity
from checker.source import Span

MOST = 10
"""GitHub shows no more annotations of one level in a step."""

_COMMANDS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "notice",
    "info": "notice",
}
_NOTICES = {"error": "error", "warning": "warning", "note": "notice"}


class _Annotation(Struct, frozen=True):
    place: Span | None
    title: str
    text: str


def render(view: View, outcome: Exit) -> str:
    """Return the annotations: parts of the job that could not be done, then findings, the worst first."""
    del outcome
    told: dict[str, list[_Annotation]] = {"error": [], "warning": [], "notice": []}
    for notice in view.result.notices:
        told[_NOTICES[notice.level]].append(_of_notice(notice))
    failed = sorted((each for each in view.result.findings if tallied(each) == "fail"), key=worst_first)
    for _, same in groupby(failed, key=lambda each: (each.question, each.severity, each.place or each.subject)):
        findings = list(same)
        told[_COMMANDS[findings[0].severity]].append(_of_findings(view, findings))
    base = base_of(view)
    lines = (f"::{level} {_line(view, base, each)}\n" for level, found in told.items() for each in _few(view, found))
    return "".join(lines)


def _few(view: View, found: list[_Annotation]) -> list[_Annotation]:
    """Return as many as GitHub shows; of more, the last says how many are left out."""
    if len(found) <= MOST:
        return found
    left = view.say("more_steps", count=len(found) - MOST + 1)
    return [*found[: MOST - 1], _Annotation(None, "mailposture", left)]


def _of_findings(view: View, findings: list[Finding]) -> _Annotation:
    """Return the annotation of one finding, or of several that differ in their subjects alone."""
    first = findings[0]
    more = f" ({view.say('more_steps', count=len(findings) - 1)})" if len(findings) > 1 else ""
    return _Annotation(first.place, f"{first.code} {first.question}", f"{first.message}{more}")


def _of_notice(notice: Notice) -> _Annotation:
    return _Annotation(notice.place, "mailposture", f"{notice.text} ({notice.hint})" if notice.hint else notice.text)


def _line(view: View, base: str, annotation: _Annotation) -> str:
    properties: dict[str, str | int] = {}
    place = annotation.place
    if place is not None:
        properties = {"file": path_in(base, place.path, view), "line": place.line, "endLine": place.end_line}
        if place.line == place.end_line:
            properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = annotation.title
    told = ",".join(f"{name}={for_property(str(value))}" for name, value in properties.items())
    return f"{told}::{for_command(annotation.text)}"
