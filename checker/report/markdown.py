"""The report for pull requests and job summaries: a short page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from checker.report.closing import cause_of, comparison, sum_of
from checker.report.findings import worst_first
from checker.report.markup import for_markdown
from checker.report.repository import base_of, path_in
from checker.report.summary import Exit, tallied
from checker.report.view import View
from checker.result import Finding, Notice
from checker.source import Span

MOST_NOTICES = 20
MOST_ROWS = 500
MOST_BYTES = 512 * 1024
"""GitHub drops a job summary beyond 1 MiB altogether."""


def render(view: View, outcome: Exit) -> str:
    """Return the page: how it ended, what could not be done, what fails and what cannot be told."""
    told = [finding for finding in view.result.findings if tallied(finding) in ("fail", "unknown")]
    told.sort(key=worst_first)
    blocks = [f"### mailposture: {cause_of(view, outcome)}\n"]
    notices = [each for level in ("error", "warning") for each in view.result.notices if each.level == level]
    blocks += [_notice(view, each) for each in notices[:MOST_NOTICES]]
    if len(notices) > MOST_NOTICES:
        blocks.append(f"\n{view.say('more_steps', count=len(notices) - MOST_NOTICES)}\n")
    blocks += _table(view, told)
    blocks += [f"\n{for_markdown(line)}\n" for line in (sum_of(view), comparison(view)) if line]
    return "".join(blocks)


def _notice(view: View, notice: Notice) -> str:
    where = f"{_place(view, notice.place)}: " if notice.place else ""
    hint = f" ({for_markdown(notice.hint)})" if notice.hint else ""
    return f"\n**{view.say(notice.level)}**: {where}{for_markdown(notice.text)}{hint}\n"


def _table(view: View, findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    columns = ("severity", "rule", "place", "finding")
    yield "\n| " + " | ".join(view.say(f"column.{name}") for name in columns) + " |\n|---|---|---|---|\n"
    room = MOST_BYTES
    for count, finding in enumerate(findings):
        row = _row(view, finding)
        room -= len(row.encode("utf-8", "replace"))
        if count == MOST_ROWS or room < 0:
            yield f"\n{view.say('more_steps', count=len(findings) - count)}\n"
            return
        yield row


def _row(view: View, finding: Finding) -> str:
    word = view.say(finding.severity if finding.status == "fail" else "unknown")
    text = finding.message
    if finding.status != "fail" and finding.reason is not None:
        text = f"{finding.title} ({view.reason(finding.reason.text)})"
    cells = (
        word,
        f"{for_markdown(finding.code)} {for_markdown(finding.question)}",
        _place(view, finding.place) if finding.place else "",
        for_markdown(text),
    )
    return f"| {' | '.join(cells)} |\n"


def _place(view: View, place: Span) -> str:
    return for_markdown(f"{path_in(base_of(view), place.path, view)}:{place.line}")
