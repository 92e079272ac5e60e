"""Annotations: bounded, in order, and nothing in them is a command of its own."""

from __future__ import annotations

from pathlib import Path

from checker.report.github import MOST, render
from checker.report.style import Style
from checker.report.summary import Gate, exit_of
from checker.report.view import View
from checker.result import Notice, Result, Severity
from tests.report.made import MAIN, finding, result, span


def lines(made: Result) -> list[str]:
    gate = Gate()
    return render(View(made, Style(), gate, Path("/nowhere")), exit_of(made, gate)).splitlines()


def test_a_finding_stands_at_its_place() -> None:
    (line,) = lines(result(finding(place=span(MAIN, 4, 1, 9))))
    assert line == (
        "::error file=etc/postfix/main.cf,line=4,endLine=4,col=1,endColumn=9,"
        "title=SUB-005 no-cleartext-smtp-auth::submission on *:587 accepts passwords without TLS"
    )


def test_severities_have_levels() -> None:
    severities: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
    made = result(*(finding(severity=each, place=span(MAIN, 1), subject=each) for each in severities))
    assert [line.split(" ")[0] for line in lines(made)] == ["::error", "::error", "::warning", "::notice", "::notice"]


def test_only_what_fails_is_told() -> None:
    assert lines(result(finding(status="pass"), finding(status="unknown"))) == []


def test_findings_that_differ_in_their_subjects_alone_are_told_once() -> None:
    (line,) = lines(result(*(finding(place=span(MAIN, 4), subject=f"port {number}") for number in range(3))))
    assert line.endswith("accepts passwords without TLS (and 2 more)")


def test_of_too_many_the_last_says_how_many_more() -> None:
    told = lines(result(*(finding(place=span(MAIN, number)) for number in range(1, 31))))
    assert len(told) == MOST
    assert told[-1] == "::error title=mailposture::and 21 more"


def test_what_could_not_be_done_comes_first() -> None:
    made = result(finding(place=span(MAIN, 1)), notices=(Notice("error", "broken", span(MAIN, 2), "mend it"),))
    assert lines(made)[0].endswith("title=mailposture::broken (mend it)")


def test_nothing_in_a_file_is_a_command() -> None:
    evil = "x\n::error::y\r%0A::set-output name=z::"
    made = result(finding(message=evil, place=span(f"a,b:{evil}", 1)), notices=(Notice("warning", evil),))
    told = lines(made)
    assert len(told) == 2
    assert told[0].startswith(
        "::error file=a%2Cb%3Ax\\n%3A%3Aerror%3A%3Ay\\r%250A%3A%3Aset-output name=z%3A%3A,line=1,"
    )
    assert told[1] == "::warning title=mailposture::x\\n::error::y\\r%250A::set-output name=z::"
