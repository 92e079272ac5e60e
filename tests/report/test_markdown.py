"""The page for pull requests and job summaries: short, bounded, and only text."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.report import markdown
from checker.report.markdown import render
from checker.report.style import Style
from checker.report.summary import Gate, exit_of
from checker.report.view import View
from checker.result import Notice, Result
from tests.report.made import MAIN, TEMPLATE, finding, result, span


def page(made: Result) -> str:
    gate = Gate()
    return render(View(made, Style(), gate, Path("/nowhere")), exit_of(made, gate))


def test_it_says_how_it_ended_what_fails_and_the_sum() -> None:
    made = result(finding(place=span(MAIN, 4)), finding(status="unknown", reason=TEMPLATE), finding(status="pass"))
    assert page(made) == (
        "### mailposture: findings at or above medium\n"
        "\n| Severity | Rule | Place | Finding |\n|---|---|---|---|\n"
        "| high | SUB-005 no-cleartext-smtp-auth | etc/postfix/main.cf:4 | "
        "submission on \\*:587 accepts passwords without TLS |\n"
        "| unknown | SUB-005 no-cleartext-smtp-auth |  | "
        "Passwords travel encrypted (smtpd\\_tls\\_security\\_level is filled in by a template) |\n"
        "\n15 rules on 1 host, 1 listener: 1 fail (1 high), 1 unknown, 1 pass\n"
    )


def test_where_all_is_well_there_is_no_table() -> None:
    assert page(result(finding(status="pass"), language="es")) == (
        "### mailposture: nada de gravedad media o superior\n"
        "\n15 reglas en 1 servidor, 1 punto de escucha: 0 incumplidas, 1 cumplida\n"
    )


def test_errors_and_warnings_are_told() -> None:
    told = page(result(notices=(Notice("error", "a|b", span(MAIN, 2), "mend"), Notice("note", "assumed"))))
    assert "**error**: etc/postfix/main.cf:2: a\\|b (mend)\n" in told
    assert "assumed" not in told


@pytest.mark.parametrize(("limit", "value", "left"), [("MOST_ROWS", 2, 3), ("MOST_BYTES", 300, 3)])
def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, left: int) -> None:
    monkeypatch.setattr(markdown, limit, value)
    told = page(result(*(finding(place=span(MAIN, number)) for number in range(1, 6))))
    assert told.count("| high |") == 5 - left
    assert f"\nand {left} more\n" in told


def test_notices_are_bounded_and_errors_come_first() -> None:
    warnings = tuple(Notice("warning", str(number)) for number in range(30))
    told = page(result(notices=(*warnings, Notice("error", "broken"))))
    assert told.count("**warning**") == 19
    assert told.index("broken") < told.index("**warning**")
    assert "\nand 11 more\n" in told


def test_nothing_in_a_file_is_markup() -> None:
    told = page(result(finding(message="<script> | [x](y)\n# z", place=span("a|`b`", 1))))
    assert r"| a\|\`b\`:1 | &lt;script\> \| \[x\](y)\\n\# z |" in told
