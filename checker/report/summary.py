"""What a result adds up to, and the exit status that follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from checker.result import SEVERITIES, Finding, Result, Severity
from checker.values import INVISIBLE

Threshold = Literal["critical", "high", "medium", "low", "never"]
THRESHOLDS: tuple[Threshold, ...] = ("critical", "high", "medium", "low", "never")

Tallied = Literal["fail", "unknown", "not_seen", "known", "pass", "not_applicable", "waived"]
TALLIED: tuple[Tallied, ...] = ("fail", "unknown", "not_seen", "known", "pass", "not_applicable", "waived")
"""Every finding is counted under one of these. ``not_seen`` is an unknown that no reading of files can settle;
``known`` is what the revision that the run compares with has as well.
"""

Cause = Literal["clean", "never", "findings", "broken", "nothing", "no_verdict"]


class Gate(Struct, frozen=True):
    """What makes a run fail: verdicts at or above a severity, whether unknown ones count too, and whether there may be
    nothing to check.
    """

    fail_on: Threshold = "medium"
    fail_on_unknown: bool = False
    allow_nothing: bool = False


class Exit(Struct, frozen=True):
    """An exit status, and why."""

    status: int
    cause: Cause


def tallied(finding: Finding) -> Tallied:
    """Return under what a finding is counted."""
    if finding.status == "unknown" and finding.reason is not None and finding.reason.kind in INVISIBLE:
        return "not_seen"
    return "known" if finding.known else finding.status


def tally(result: Result) -> Mapping[Tallied, int]:
    """Return how many findings there are of each sort; they add up to all findings."""
    counts: dict[Tallied, int] = dict.fromkeys(TALLIED, 0)
    for finding in result.findings:
        counts[tallied(finding)] += 1
    return counts


def exit_of(result: Result, gate: Gate) -> Exit:
    """Return the exit status of a check: a part that could not be done outweighs all, then the lack of any verdict."""
    if any(notice.level == "error" for notice in result.notices):
        return Exit(2, "broken")
    if not result.systems:
        return Exit(0 if gate.allow_nothing else 3, "nothing")
    if not any(finding.status in ("fail", "pass", "waived") for finding in result.findings):
        return Exit(3, "no_verdict")
    if gate.fail_on == "never":
        return Exit(0, "never")
    if any(_counts(finding, gate) for finding in result.findings):
        return Exit(1, "findings")
    return Exit(0, "clean")


def _counts(finding: Finding, gate: Gate) -> bool:
    sort = tallied(finding)
    if sort == "fail" or (sort == "unknown" and gate.fail_on_unknown):
        return at_least(finding.severity, gate.fail_on)
    return False


def at_least(severity: Severity, threshold: Threshold) -> bool:
    """Say whether a severity reaches a threshold."""
    return threshold != "never" and SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
