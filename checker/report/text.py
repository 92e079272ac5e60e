"""The report for people: findings with their frames, then what was assumed, not seen, and the sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from checker.facts.software import Software
from checker.report.findings import findings, waiting_for_one, worst_first
from checker.report.phrases import counted
from checker.report.style import Ink, padded, wrapped
from checker.report.summary import TALLIED, Exit, tallied, tally
from checker.report.view import View
from checker.result import SEVERITIES, Finding, Notice
from checker.safe_text import for_terminal, shown
from checker.values import Known, Reason, Unknown

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
        subjects = ", ".join(dict.fromkeys(for_terminal(finding.subject) for finding in group))
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
        text = f"{len(waiting[reason])} x {reason.kind}: {shown(reason.text)} ({codes})"
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
    lines = [line for software in sets for line in wrapped(_judged_as(view, software), style.width, "  ")]
    lines += wrapped(_sum(view), style.width, "  ")
    lines += _compared(view)
    threshold = view.gate.fail_on
    since = ".new" if result.compared and outcome.cause in ("clean", "findings") else ""
    cause = view.say(f"exit.{outcome.cause}{since}", threshold="" if threshold == "never" else view.say(threshold))
    ink: Ink = "pass" if outcome.status == 0 else "high"
    status = view.say("exit", status=outcome.status)
    last = wrapped(f"{status}: {cause}", style.width, "  ")
    lines += [style.paint(status, ink) + last[0][len(status) :], *last[1:]]
    if outcome.cause in ("nothing", "no_verdict"):
        lines += wrapped(f"{view.say('hint')}: {view.say(f'hint.{outcome.cause}')}", style.width, "  ")
    worst = min((finding for finding in result.findings if tallied(finding) == "fail"), key=worst_first, default=None)
    if worst is not None:
        rule = worst.rule.partition("/")[0]
        lines.append(style.paint(view.say("explain", rule=for_terminal(rule)), "dim"))
    return lines


def _judged_as(view: View, software: Software) -> str:
    """Return ``etc/postfix judged as Postfix 3.7.11 (debian-12; assumed: ...)``."""
    product = _plain(software.product).capitalize()
    release = _plain(software.release) or view.say("release_unknown")
    assumed = _plain(software.assumed)
    notes = [_plain(software.platform), view.say("assumed", why=assumed) if assumed else ""]
    told = f" ({'; '.join(note for note in notes if note)})" if any(notes) else ""
    place = software.origins[0].place if software.origins else None
    where = view.path(place.path.rpartition("/")[0] or ".") if place else for_terminal(software.id)
    return f"{where} {view.say('judged_as')} {product} {release}{told}"


def _sum(view: View) -> str:
    """Return ``15 rules on 1 host, 4 listeners: 3 fail (1 critical, 2 high), 20 pass``."""
    result, language = view.result, view.result.language
    counts = tally(result)
    told = []
    for sort in TALLIED:
        if not counts[sort] and sort not in ("fail", "pass"):
            continue
        text = counted(language, sort, counts[sort])
        if sort == "fail" and counts[sort]:
            severities = [(name, result.count("fail", name)) for name in SEVERITIES]
            text += f" ({', '.join(counted(language, name, count) for name, count in severities if count)})"
        told.append(text)
    listeners = sum(len(system.endpoints) for system in result.systems)
    return view.say(
        "on",
        rules=counted(language, "rule", result.rules),
        where=f"{counted(language, 'host', len(result.systems))}, {counted(language, 'listener', listeners)}",
        counts=", ".join(told),
    )


def _compared(view: View) -> list[str]:
    """Return ``compared with main (1a2b3c4d5e6f): 1 new, 3 known, 0 gone``."""
    compared, counts = view.result.compared, tally(view.result)
    if compared is None:
        return []
    told = view.say(
        "compared",
        revision=for_terminal(compared.revision),
        commit=compared.commit[:12],
        new=counts["fail"] + counts["unknown"],
        known=counts["known"],
        gone=compared.gone,
    )
    return wrapped(told, view.style.width, "  ")


def _plain(value: object) -> str:
    """Return a known value as text; empty where it is absent, the reason where it is unknown."""
    if isinstance(value, Known):
        return "" if value.value is None else for_terminal(str(value.value))
    return f"? ({for_terminal(value.reason.text)})" if isinstance(value, Unknown) else "?"
