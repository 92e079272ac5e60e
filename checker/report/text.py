"""The report for people: findings with their frames, then what was assumed, not seen, and the sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from checker.report.closing import cause_of, comparison, judged_as, sum_of
from checker.report.findings import findings, waiting_for_one, worst_first
from checker.report.style import Ink, padded, wrapped
from checker.report.summary import TALLIED, Exit, tallied
from checker.report.view import View
from checker.result import Finding, Notice
from checker.safe_text import for_terminal, shown
from checker.values import Reason

_INK: Mapping[str, Ink] = {"error": "critical", "warning": "medium", "note": "info"}


def render(view: View, outcome: Exit) -> str:
    """Return the report; every line in it is safe for a terminal and free of secrets."""
    blocks: list[Iterable[str]] = [*findings(view)]
    if view.show_all:
        blocks.append(_the_rest(view))
    if view.quiet:
        blocks.append(_notices(view, "error"))
    else:
        blocks.append(_waiting(view, "waiting_title", waiting_for_one(view.result)))
        blocks += [_not_seen(view), _notices(view, "error", "warning", "note"), _closing(view, outcome)]
    texts = ["\n".join(block) for block in blocks]
    report = "\n\n".join(text for text in texts if text)
    return f"{report}\n" if report else ""


def _the_rest(view: View) -> list[str]:
    """Return a line a rule for the verdicts that are no findings."""
    style = view.style
    rest = [finding for finding in view.result.findings if tallied(finding) not in ("fail", "unknown")]
    rest.sort(key=lambda finding: (TALLIED.index(tallied(finding)), finding.code, finding.rule))
    lines: list[str] = []
    for (sort, code, rule), group in groupby(rest, lambda each: (tallied(each), each.code, each.rule)):
        subjects = ", ".join(dict.fromkeys(shown(finding.subject) for finding in group))
        head = padded(view.say(sort), 15)
        name = f"{for_terminal(code)} {for_terminal(rule)}"
        rows = wrapped(f"{name}: {subjects}", style.width - 16)
        lines.append(f"{style.paint(head, 'pass' if sort == 'pass' else 'dim')} {rows[0]}")
        lines += [f"{' ' * 18}{row}" for row in rows[1:]]
    return lines


def _not_seen(view: View) -> list[str]:
    """Return what no reading of files can settle: each reason once, with how many verdicts wait for it."""
    waiting: dict[Reason, list[Finding]] = {}
    for finding in view.result.findings:
        if tallied(finding) == "not_seen" and finding.reason is not None:
            waiting.setdefault(finding.reason, []).append(finding)
    return _waiting(view, "not_seen_title", waiting)


def _waiting(view: View, title: str, waiting: Mapping[Reason, Sequence[Finding]]) -> list[str]:
    lines: list[str] = []
    for reason in sorted(waiting, key=lambda each: (each.kind, each.text)):
        codes = ", ".join(sorted({for_terminal(finding.code) for finding in waiting[reason]}))
        text = f"{len(waiting[reason])} x {reason.kind}: {shown(view.reason(reason.text))} ({codes})"
        lines += (f"  {line}" for line in wrapped(text, view.style.width - 2, "  "))
    return [view.style.paint(f"{view.say(title)}:", "bold"), *lines] if lines else []


def _notices(view: View, *levels: str) -> list[str]:
    """Return the notices of these levels, the gravest first."""
    return [line for level in levels for notice in view.result.notices if notice.level == level
            for line in _notice(view, notice)]  # fmt: skip


def _notice(view: View, notice: Notice) -> list[str]:
    style = view.style
    word = f"{view.say(notice.level)}:"
    place = f"{view.place(notice.place)}: " if notice.place else ""
    head = wrapped(f"{word} {place}{shown(notice.text)}", style.width, "  ")
    lines = [style.paint(word, _INK[notice.level]) + head[0][len(word) :], *head[1:]]
    if notice.hint:
        hint = f"{view.say('hint')}: {for_terminal(notice.hint)}"
        lines += [f"  {line}" for line in wrapped(hint, view.style.width - 2, "  ")]
    return lines


def _closing(view: View, outcome: Exit) -> list[str]:
    """Return what each set was judged as, the sum and the reason of the exit status."""
    style, result = view.style, view.result
    sets = [software for system in result.systems for software in system.software]
    lines = [line for software in sets for line in wrapped(judged_as(view, software), style.width, "  ")]
    lines += wrapped(sum_of(view), style.width, "  ")
    lines += wrapped(comparison(view), style.width, "  ") if result.compared else []
    ink: Ink = "pass" if outcome.status == 0 else "high"
    status = view.say("exit", status=outcome.status)
    last = wrapped(f"{status}: {cause_of(view, outcome)}", style.width, "  ")
    lines += [style.paint(status, ink) + last[0][len(status) :], *last[1:]]
    if outcome.cause in ("nothing", "no_verdict"):
        lines += wrapped(f"{view.say('hint')}: {view.say(f'hint.{outcome.cause}')}", style.width, "  ")
    worst = min((finding for finding in result.findings if tallied(finding) == "fail"), key=worst_first, default=None)
    if worst is not None:
        rule = worst.rule.partition("/")[0]
        lines.append(style.paint(view.say("explain", rule=for_terminal(rule)), "dim"))
    return lines
