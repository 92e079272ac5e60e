"""Annotations of a GitHub workflow: one command a line, which the runner shows beside the changed lines.

GitHub shows ten of each level in a step and drops the rest, so the worst come first and the last says how many more
there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

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


def render(view: View, outcome: Exit) -> str:
    """Return the annotations: parts of the job that could not be done, then findings, the worst first."""
    del outcome
    lines: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for notice in view.result.notices:
        lines[_NOTICES[notice.level]].append(_of_notice(view, notice))
    failed = sorted((each for each in view.result.findings if tallied(each) == "fail"), key=worst_first)
    for _, same in groupby(failed, key=lambda each: (each.question, each.severity, each.place or each.subject)):
        findings = list(same)
        lines[_COMMANDS[findings[0].severity]].append(_of_finding(view, findings))
    return "".join(f"::{level} {line}\n" for level, told in lines.items() for line in _bounded(view, told))


def _bounded(view: View, lines: list[str]) -> Iterator[str]:
    if len(lines) <= MOST:
        yield from lines
        return
    yield from lines[: MOST - 1]
    yield f"title=mailposture::{for_command(view.say('more_steps', count=len(lines) - MOST + 1))}"


def _of_finding(view: View, findings: list[Finding]) -> str:
    """Return the annotation of one finding, or of several that differ in their subjects alone."""
    first = findings[0]
    more = f" ({view.say('more_steps', count=len(findings) - 1)})" if len(findings) > 1 else ""
    return _command(view, first.place, f"{first.code} {first.question}", f"{first.message}{more}")


def _of_notice(view: View, notice: Notice) -> str:
    return _command(view, notice.place, "mailposture", f"{notice.text} ({notice.hint})" if notice.hint else notice.text)


def _command(view: View, place: Span | None, title: str, text: str) -> str:
    properties: dict[str, str | int] = {}
    if place is not None:
        path = path_in(base_of(view), place.path, view)
        properties = {"file": path, "line": place.line, "endLine": place.end_line}
        if place.line == place.end_line:
            properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = title
    told = ",".join(f"{name}={for_property(str(value))}" for name, value in properties.items())
    return f"{told}::{for_command(text)}"
