"""The findings of the text report: by file, each with its frame, trace and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from checker.report.frame import GUTTER, frame
from checker.report.style import Ink, to_paste, wrapped
from checker.report.summary import tallied
from checker.report.trace import chain
from checker.report.view import View
from checker.result import SEVERITIES, STATUSES, Finding, Result
from checker.safe_text import for_terminal, shown
from checker.values import Origin, Reason

MAX_STEPS = 6
"""More settings than this in a trace only tire; JSON has them all."""

MAX_SUBJECTS = 12

CROWD = 4
"""So many findings that wait for the same thing are told once."""


def findings(view: View) -> Iterator[list[str]]:
    """Yield a block for each file's heading and for each finding, the worst file first.

    Unknown ones that all wait for one thing are not told here, but once (``waiting_for_one``).
    """
    apart = {id(finding) for group in waiting_for_one(view.result).values() for finding in group}
    visible = [
        finding
        for finding in view.result.findings
        if tallied(finding) in ("fail", "unknown") and id(finding) not in apart
    ]
    by_file: dict[str | None, list[Finding]] = {}
    for finding in sorted(visible, key=worst_first):
        by_file.setdefault(finding.place.path if finding.place else None, []).append(finding)
    for path, findings in by_file.items():
        alike = [list(same) for _, same in groupby(findings, key=_told_together)]
        heading = view.path(path) if path is not None else view.say("no_file")
        yield [view.style.paint(heading, "bold"), "", *_finding(view, alike[0])]
        for same in alike[1:]:
            yield _finding(view, same)


def waiting_for_one(result: Result) -> dict[Reason, list[Finding]]:
    """Return the unknown findings by what they wait for, where that is the same for many: a file not in the set."""
    waiting: dict[Reason, list[Finding]] = {}
    for finding in result.findings:
        if tallied(finding) == "unknown" and finding.reason is not None and finding.reason.kind == "not-in-set":
            waiting.setdefault(finding.reason, []).append(finding)
    return {reason: group for reason, group in waiting.items() if len(group) >= CROWD}


def _finding(view: View, same: Sequence[Finding]) -> list[str]:
    """Return one finding; several that differ in their subjects alone are told once."""
    first, style = same[0], view.style
    ink: Ink = first.severity if first.status == "fail" else "unknown"
    word = view.say(first.severity if first.status == "fail" else "unknown")
    tag = f"{word}[{for_terminal(first.code)}]"
    head = wrapped(f"{tag}: {shown(first.message)}", style.width, "  ")
    lines = [style.paint(tag, ink) + style.paint(head[0][len(tag) :], "bold")]
    lines += [style.paint(line, "bold") for line in head[1:]]
    if first.place is not None:
        lines.append(f"{style.paint(' ' * GUTTER + '-->', 'frame')} {view.place(first.place)}")
        lines += frame(view.result.sources, first.place, style, ink, _added(view, first))
    return lines + _remarks(view, same)


def _added(view: View, finding: Finding) -> str:
    """Return what a frame says where the setting is missing."""
    if not finding.missing:
        return ""
    parameter = finding.trace[0].parameter if finding.trace else ""
    return view.say("added", parameter=for_terminal(parameter)) if parameter else view.say("added_nameless")


def _remarks(view: View, same: Sequence[Finding]) -> list[str]:
    """Return what follows the frame: subjects, reason, trace, related places, remedy, rule."""
    first = same[0]
    subjects = list(dict.fromkeys(shown(finding.subject) for finding in same))
    more = len(subjects) - MAX_SUBJECTS
    tail = f", {view.say('more_steps', count=more)}" if more > 0 else ""
    lines = _remark(
        view, "subject" if len(subjects) == 1 else "subject.many", ", ".join(subjects[:MAX_SUBJECTS]) + tail
    )
    if first.reason is not None:
        lines += _remark(view, "reason", shown(view.reason(first.reason.text)))
    for step in _trace(view, first):
        lines += _remark(view, "because", step)
    for related in first.related:
        lines += _remark(view, "see", f"{view.place(related.span)} {shown(related.note)}".rstrip())
    if first.remedy and first.status == "fail":
        lines += _remark(view, "fix", *(for_terminal(line) for line in first.remedy.splitlines()))
    return lines + _remark(view, "rule_name", for_terminal(first.rule))


def _remark(view: View, key: str, *texts: str) -> list[str]:
    """Return ``= label: text``, further rows below the text."""
    style = view.style
    label = view.say(key)
    indent = " " * (GUTTER + len(label) + 5)
    lay_out = to_paste if key == "fix" else wrapped
    rows = [row for text in texts for row in lay_out(text, style.width - len(indent))]
    marker = style.paint(" " * GUTTER + " = ", "frame") + style.paint(f"{label}: ", "bold")
    return [f"{marker if at == 0 else indent}{row}".rstrip() for at, row in enumerate(rows)]


def _trace(view: View, finding: Finding) -> Iterator[str]:
    """Yield how each setting of the trace came by its value, where the frame does not show that already.

    A default is a step only of the decisive setting; of the others those that are written tell enough.
    """
    settings: dict[str, list[Origin]] = {}
    for origin in finding.trace:
        settings.setdefault(origin.parameter or origin.note, []).append(origin)
    steps: list[str] = []
    for at, origins in enumerate(settings.values()):
        written = [origin for origin in origins if not origin.is_default]
        shown_in_frame = at == 0 and len(written) == 1 and written[0].place == finding.place
        if at == 0 and not shown_in_frame:
            steps.append(chain(origins, view.say("default")))
        elif at > 0 and written:
            steps.append(chain(written))
    yield from steps[:MAX_STEPS]
    if len(steps) > MAX_STEPS:
        yield view.say("more_steps", count=len(steps) - MAX_STEPS)


def worst_first(finding: Finding) -> tuple[int, int, str, int, int, str, str, str]:
    """Return what findings are sorted by."""
    place = finding.place
    line, column = (place.line, place.column) if place else (0, 0)
    status, severity = STATUSES.index(finding.status), SEVERITIES.index(finding.severity)
    return status, severity, place.path if place else "", line, column, finding.code, finding.rule, finding.system


def _told_together(finding: Finding) -> tuple[object, ...]:
    where = finding.place or finding.system
    return finding.rule, finding.status, finding.severity, where, finding.missing, finding.remedy
