"""The report for programs: always complete, in the form of ``schemas/report.schema.json``."""

from __future__ import annotations

import json

from checker import __version__
from checker.report.facts import (
    JSON,
    facts_of,
    files_data,
    location,
    reason_text,
    software_data,
    system_data,
    text,
)
from checker.report.summary import Exit, tallied, tally
from checker.report.view import View
from checker.result import SEVERITIES, Compared, Finding, Notice, Result
from checker.safe_text import redact
from checker.values import Origin

SCHEMA_VERSION = 1

MAX_VALUE = 1000
"""Characters of a value in a trace."""


def render(view: View, outcome: Exit) -> str:
    """Return the report as JSON text."""
    return dumped(report_data(view.result, outcome))


def dumped(data: JSON) -> str:
    """Return data as JSON in plain ASCII, which no terminal, locale or pipe can spoil."""
    return json.dumps(data, indent=2, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def report_data(result: Result, outcome: Exit) -> dict[str, JSON]:
    """Return the report as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "mailposture", "version": __version__},
        "profile": result.profile,
        "language": result.language,
        "software": [software_data(each, system.id) for system in result.systems for each in system.software],
        "systems": [system_data(each) for each in result.systems],
        "files": files_data(result.sources),
        "findings": [_finding(each, result) for each in result.findings],
        "endpoints": facts_of("endpoint", result.systems),
        "outbound": facts_of("outbound", result.systems),
        "notices": [_notice(each) for each in result.notices],
        "summary": _summary(result, outcome),
    }


def _finding(finding: Finding, result: Result) -> dict[str, JSON]:
    primary = [] if finding.place is None else [{"role": "primary", **location(finding.place), "note": ""}]
    related = [{"role": "related", **location(each.span), "note": text(each.note)} for each in finding.related]
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity,
        "status": finding.status,
        "system": text(finding.system),
        "subject": text(finding.subject),
        "title": text(finding.title),
        "message": text(finding.message),
        "why": text(finding.why),
        "remedy": text(finding.remedy),
        "missing": finding.missing,
        "locations": primary + related,
        "trace": [_step(each) for each in finding.trace],
        "reason": reason_text(finding.reason) if finding.reason else None,
        "controls": {name: list(sections) for name, sections in sorted(finding.controls.items())},
        "fingerprint": finding.fingerprint,
        "new": None if result.compared is None else tallied(finding) in ("fail", "unknown"),
        "waiver": None,
    }


def _step(origin: Origin) -> dict[str, JSON]:
    return {
        "note": text(origin.note),
        "parameter": text(origin.parameter) or None,
        "value": _value(origin) if origin.parameter else None,
        "default": origin.is_default,
        "location": location(origin.place) if origin.place else None,
    }


def _value(origin: Origin) -> str:
    """Return a value without its secrets. A long one is cut: it stands in the file, and all findings that it decides
    would repeat it, so that a report would grow with its square.
    """
    value = redact(origin.parameter, origin.text)
    return text(value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}...")


def _notice(notice: Notice) -> dict[str, JSON]:
    return {
        "level": notice.level,
        "text": text(notice.text),
        "hint": text(notice.hint),
        "location": location(notice.place) if notice.place else None,
    }


def _summary(result: Result, outcome: Exit) -> dict[str, JSON]:
    return {
        "rules": result.rules,
        "hosts": len(result.systems),
        "listeners": sum(len(system.endpoints) for system in result.systems),
        "findings": len(result.findings),
        **{str(sort): count for sort, count in tally(result).items()},
        "fail_by_severity": {severity: result.count("fail", severity) for severity in SEVERITIES},
        "compared": _compared(result.compared) if result.compared else None,
        "exit_status": outcome.status,
        "exit_cause": outcome.cause,
    }


def _compared(compared: Compared) -> dict[str, JSON]:
    return {"revision": text(compared.revision), "commit": compared.commit, "gone": compared.gone}
