"""The report for code hosts: SARIF 2.1.0 in the form that GitHub's code scanning takes.

Only what fails is in it, since GitHub makes an alert of every result whatever its kind; and each result has a region in
a file, since GitHub refuses a log in which one has none. A rule whose clauses have severities of their own is several
here (``rule/clause``), since for GitHub a severity belongs to a rule.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from checker import __version__
from checker.report import sarif_om
from checker.report.findings import worst_first
from checker.report.line_hash import line_hashes
from checker.report.markup import for_link, for_message, inert
from checker.report.repository import base_of, path_in, uri
from checker.report.sarif_om import Node
from checker.report.sarif_rules import LEVELS, described, rank_of
from checker.report.summary import Exit
from checker.report.trace import chain
from checker.report.view import View
from checker.result import Finding, Question, Result
from checker.safe_text import shown
from checker.source import Span

MOST_RESULTS = 25_000
"""GitHub refuses a log with more results in a run."""

MOST_PLACES = 100
"""GitHub shows no more related places of a result."""


class _Log(Struct, frozen=True):
    """What the parts of a log refer to: files by path, the hashes of their lines, rules by id with their index."""

    view: View
    addresses: Mapping[str, Node]
    hashes: Mapping[str, Sequence[str]]
    rules: Mapping[str, int]

    def place(self, span: Span, text: str = "", number: int | None = None, subject: str = "") -> Node:
        return sarif_om.location(self.addresses[span.path], span, text=text, number=number, subject=subject)


def render(view: View, outcome: Exit) -> str:
    """Return the log as text in plain ASCII, on one line."""
    return json.dumps(sarif_data(view, outcome), separators=(",", ":")).replace("\x7f", "\\u007f") + "\n"


def sarif_data(view: View, outcome: Exit, most: int = MOST_RESULTS) -> dict[str, object]:
    """Return the log as plain data, with no more than ``most`` results: of more than that the worst."""
    result = view.result
    failed = sorted(_failed(result), key=worst_first)
    told = [finding for finding in failed if finding.place][:most]
    questions = _questions(result.questions, told)
    addresses, artifacts = _files(view, told)
    written = {finding.place.path for finding in told if finding.place and not finding.missing}
    log = _Log(
        view,
        addresses,
        {path: line_hashes(result.sources[path].data) for path in sorted(written & result.sources.keys())},
        {question.id: index for index, question in enumerate(questions)},
    )
    return sarif_om.log(
        version=__version__,
        language=result.language,
        rules=[described(question, result.language) for question in questions],
        results=[_result(log, finding, finding.place) for finding in told if finding.place],
        artifacts=artifacts,
        notifications=_notifications(log, failed, most),
        exit_status=outcome.status,
        exit_cause=outcome.cause,
        category=view.category,
        properties={"profile": shown(result.profile)},
    )


def _failed(result: Result) -> Iterator[Finding]:
    """Yield what fails. What stands in no file is shown at the entry file of its host, where that has one."""
    entries = {system.id: origin.place for system in result.systems for origin in system.origins[:1]}
    for finding in result.findings:
        if finding.status == "fail":
            at_entry = finding.place is None and entries.get(finding.system) is not None
            yield replace(finding, place=entries[finding.system], missing=True) if at_entry else finding


def _questions(asked: Sequence[Question], findings: Sequence[Finding]) -> list[Question]:
    """Return all that was asked, by id; where the result does not list it, what the findings tell of it."""
    known = {question.id: question for question in asked}
    for each in findings:
        if each.question not in known:
            known[each.question] = Question(
                each.question, each.code, each.severity, each.title, each.why, controls=each.controls
            )
    return [known[name] for name in sorted(known)]


def _files(view: View, findings: Sequence[Finding]) -> tuple[dict[str, Node], list[Node]]:
    """Return how each file is addressed, by path, and the files read as artifacts."""
    sources, base = view.result.sources, base_of(view)
    named = {span.path for finding in findings for span in _spans(finding)}
    named |= {notice.place.path for notice in view.result.notices if notice.place}
    addresses: dict[str, Node] = {}
    artifacts: dict[str, Node] = {}
    indices: dict[str, int] = {}
    for path in (*sorted(sources), *sorted(named - sources.keys())):
        where = uri(path_in(base, path, view))
        source = sources.get(path)
        if source and where not in artifacts:
            indices[where] = len(artifacts)
            artifacts[where] = sarif_om.artifact(sarif_om.address(where), len(source.data), source.sha256)
        addresses[path] = sarif_om.address(where, indices.get(where, -1))
    return addresses, list(artifacts.values())


def _spans(finding: Finding) -> Iterator[Span]:
    if finding.place:
        yield finding.place
    yield from (related.span for related in finding.related)
    yield from (origin.place for origin in finding.trace if origin.place)


def _result(log: _Log, finding: Finding, place: Span) -> Node:
    related = finding.related[:MOST_PLACES]
    message = for_message(finding.message)
    if related:
        links = (f"[{for_link(each.note or each.span.path)}]({number})" for number, each in enumerate(related, 1))
        message = f"{message.rstrip('.')}. {log.view.say('see').capitalize()}: {', '.join(links)}"
    return sarif_om.result(
        finding.question,
        log.rules[finding.question],
        level=LEVELS[finding.severity],
        rank=rank_of(finding.severity),
        message=message,
        place=log.place(place, subject=shown(finding.subject)),
        related=[
            log.place(each.span, for_message(each.note or each.span.path), number)
            for number, each in enumerate(related, 1)
        ],
        flow=_flow(log, finding),
        fingerprints=_fingerprints(log, finding, place),
        since=None if log.view.result.compared is None else "unchanged" if finding.known else "new",
        properties={
            "code": finding.code,
            "severity": finding.severity,
            "system": shown(finding.system),
            "subject": shown(finding.subject),
            "remedy": "\n".join(map(shown, finding.remedy.splitlines())),
        },
    )


def _flow(log: _Log, finding: Finding) -> Node | None:
    """Return the way from the default to what decided; None if it has only one step.

    A default is a step only of the decisive setting; of the others those that are written tell enough.
    """
    decisive = finding.trace[0].parameter if finding.trace else ""
    told = (each for each in finding.trace if each.parameter == decisive or not each.is_default)
    steps = [origin for origin in told if origin.place][:MOST_PLACES]
    if len(steps) < 2:
        return None
    word = log.view.say("default")
    return sarif_om.code_flow(
        [log.place(each.place, inert(chain([each], word))) for each in reversed(steps) if each.place]
    )


def _fingerprints(log: _Log, finding: Finding, place: Span) -> dict[str, str]:
    """Return our fingerprint, and the one that GitHub goes by: of the line, or of the finding where the line is only
    where a setting would be added, since that says nothing of what is missing.
    """
    hashes = log.hashes.get(place.path, ())
    if finding.missing or place.line > len(hashes):
        key = f"{finding.question}\0{finding.fingerprint}".encode("utf-8", "surrogateescape")
        line_hash = f"{hashlib.sha256(key).hexdigest()[:16]}:1"
    else:
        line_hash = hashes[place.line - 1]
    return {"mailposture/v1": finding.fingerprint, "primaryLocationLineHash": line_hash}


def _notifications(log: _Log, failed: Sequence[Finding], most: int) -> list[Node]:
    """Return the notices of the run, and what this log does not show."""
    view = log.view
    told = [
        sarif_om.notification(
            notice.level,
            for_message(f"{notice.text} ({notice.hint})" if notice.hint else notice.text),
            log.place(notice.place) if notice.place else None,
        )
        for notice in view.result.notices
    ]
    nowhere = sorted({finding.question for finding in failed if not finding.place})
    placed = len(failed) - sum(not finding.place for finding in failed)
    if placed > most:
        told.append(sarif_om.notification("warning", view.say("left_out", count=placed - most, most=most), None))
    if nowhere:
        text = view.say("no_anchor", count=len(failed) - placed, rules=for_message(", ".join(nowhere)))
        told.append(sarif_om.notification("warning", text, None))
    if unknown := view.result.count("unknown"):
        told.append(sarif_om.notification("note", view.say("not_told", count=unknown), None))
    return told
