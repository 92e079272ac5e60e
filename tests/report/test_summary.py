"""The sum adds up, and the exit status follows from it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checker.report.summary import Exit, Gate, Threshold, at_least, exit_of, tally
from checker.result import SEVERITIES, Notice, Result, Severity
from tests.report.made import HOST_ONLY, TEMPLATE, finding, result

FAIL = finding(severity="medium")
KNOWN = replace(FAIL, known=True)
PASS = finding(status="pass")
UNKNOWN = finding(status="unknown", severity="high", reason=TEMPLATE)
NOT_SEEN = finding(status="unknown", severity="high", reason=HOST_ONLY)
NOT_APPLICABLE = finding(status="not_applicable")
BROKEN = Notice("error", "cannot be read")
DOUBTFUL = Notice("warning", "odd")


def test_every_finding_is_counted_once() -> None:
    made = result(FAIL, FAIL, KNOWN, PASS, UNKNOWN, NOT_SEEN, NOT_APPLICABLE, finding(status="waived"))
    assert tally(made) == {
        "fail": 2, "unknown": 1, "not_seen": 1, "known": 1, "pass": 1, "not_applicable": 1, "waived": 1,
    }  # fmt: skip
    assert sum(tally(made).values()) == len(made.findings)


@pytest.mark.parametrize(
    ("made", "gate", "expected"),
    [
        (result(PASS), Gate(), Exit(0, "clean")),
        (result(PASS, FAIL), Gate(), Exit(1, "findings")),
        (result(PASS, KNOWN), Gate(), Exit(0, "clean")),
        (result(KNOWN), Gate(), Exit(0, "clean")),
        (result(PASS, KNOWN, FAIL), Gate(), Exit(1, "findings")),
        (result(PASS, FAIL), Gate("high"), Exit(0, "clean")),
        (result(PASS, FAIL), Gate("low"), Exit(1, "findings")),
        (result(PASS, FAIL), Gate("never"), Exit(0, "never")),
        (result(PASS, UNKNOWN), Gate(), Exit(0, "clean")),
        (result(PASS, UNKNOWN), Gate(fail_on_unknown=True), Exit(1, "findings")),
        (result(PASS, UNKNOWN), Gate("critical", fail_on_unknown=True), Exit(0, "clean")),
        (result(PASS, NOT_SEEN), Gate(fail_on_unknown=True), Exit(0, "clean")),
        (result(PASS, finding(status="waived")), Gate(), Exit(0, "clean")),
        (result(FAIL, notices=(BROKEN,)), Gate("never"), Exit(2, "broken")),
        (result(PASS, notices=(DOUBTFUL,)), Gate(), Exit(0, "clean")),
        (result(systems=()), Gate(), Exit(3, "nothing")),
        (result(systems=(), notices=(BROKEN,)), Gate(), Exit(2, "broken")),
        (result(UNKNOWN, NOT_APPLICABLE), Gate(), Exit(3, "no_verdict")),
        (result(), Gate("never"), Exit(3, "no_verdict")),
    ],
)
def test_the_exit_status_has_a_cause(made: Result, gate: Gate, expected: Exit) -> None:
    assert exit_of(made, gate) == expected


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("threshold", ["critical", "high", "medium", "low"])
def test_a_threshold_includes_all_that_is_worse(severity: Severity, threshold: Threshold) -> None:
    expected = list(SEVERITIES)[: SEVERITIES.index(threshold) + 1]
    assert at_least(severity, threshold) is (severity in expected)


def test_never_is_never_reached() -> None:
    assert not at_least("critical", "never")
