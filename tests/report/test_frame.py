"""A frame shows the line, and its caret stands under the very columns."""

from __future__ import annotations

import pytest

from checker.report.frame import frame
from checker.report.style import Style, text_width
from checker.source import Source, Span

WORD = "fault"


def framed(text: str, *, line: int = 1, word: str = WORD, width: int = 80, added: str = "") -> list[str]:
    """Return the frame of a word in a line."""
    source = Source("main.cf", text.encode("utf-8", "surrogateescape"))
    at = source.line(line).index(word)
    span = Span("main.cf", line, at + 1, line, at + 1 + len(word))
    return frame({"main.cf": source}, span, Style(width=width), "high", added)


def under_the_caret(lines: list[str]) -> str:
    """Return what stands above the carets, by columns of a terminal."""
    row, carets = lines[-2], lines[-1]
    start, length = carets.index("^"), carets.count("^")
    before = next(at for at in range(len(row) + 1) if text_width(row[:at]) == start)
    return next(row[before:end] for end in range(before, len(row) + 1) if text_width(row[before:end]) == length)


def test_a_frame_has_the_number_the_line_and_the_caret() -> None:
    assert framed("# first\nname = fault\n", line=2) == [
        "    |",
        "  2 | name = fault",
        "    |        ^^^^^",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "fault",
        "\tname\t= fault",
        "名前 = fault # 値",
        "e\u0301t\u00e9 = fault",
        "a\x1b[31m\u202e = fault",
        "\udcff\udcfe = fault",
        "password = x fault"[11:],
        "x" * 500 + " fault " + "y" * 500,
        "\t" * 300 + "fault",
        "漢" * 300 + "fault" + "漢" * 300,
    ],
)
def test_the_caret_stands_under_the_word_whatever_stands_before_it(line: str) -> None:
    assert under_the_caret(framed(line)) == WORD


@pytest.mark.parametrize("line", ["x" * 5000 + "fault" + "y" * 5000, "漢" * 5000 + "fault", "fault" + "y" * 100_000])
def test_a_long_line_is_cut_around_the_caret(line: str) -> None:
    lines = framed(line, width=80)
    assert max(map(text_width, lines)) <= 80
    assert "..." in lines[-2]
    assert under_the_caret(lines) == WORD


def test_a_fault_longer_than_the_screen_is_cut_at_its_end() -> None:
    lines = framed("name = " + "z" * 1000, word="z" * 1000, width=80)
    assert max(map(text_width, lines)) <= 80
    assert set(under_the_caret(lines)) == {"z"}


def test_controls_are_visible_and_do_nothing() -> None:
    lines = framed("a\x1b[31m\x07 fault")
    assert lines[1] == r"  1 | a\x1b[31m\x07 fault"


def test_a_secret_is_hidden_and_the_caret_still_fits() -> None:
    lines = framed("smtp_sasl_password_maps = static:user:pass", word="static:user:pass")
    assert lines[1:] == [
        "  1 | smtp_sasl_password_maps = static:<secret>",
        "    |                           ^^^^^^^^^^^^^^^",
    ]


def test_a_secret_in_a_continuation_line_is_hidden_as_well() -> None:
    lines = framed("smtp_sasl_password_maps =\n  inline:{\n  { fault = user:pass } }\n", line=3, word="{ fault")
    assert "pass }" not in "".join(lines)
    lines = framed("doveadm_password =\n  hunter2 fault\n", line=2, word="hunter2")
    assert "hunter2" not in "".join(lines)


def test_the_inside_of_a_private_key_is_hidden() -> None:
    lines = framed("ssl_key = -----BEGIN PRIVATE KEY-----\nMIIEfault\n-----END PRIVATE KEY-----\n", line=2)
    assert "MIIE" not in "".join(lines)


def test_a_continuation_line_is_shown_with_the_line_that_it_continues() -> None:
    text = "smtp inet n - y - - smtpd\n  # a comment\n  -o first=1\n\t-o fault=yes\n"
    assert framed(text, line=4, word="fault=yes") == [
        "    |",
        "  1 | smtp inet n - y - - smtpd",
        "...",
        "  4 |     -o fault=yes",
        "    |        ^^^^^^^^^",
    ]


def test_a_missing_setting_is_told_instead_of_pointed_at() -> None:
    assert framed("# the end: fault\n", added="mynetworks is not set") == [
        "    |",
        "  1 | # the end: fault",
        "    + mynetworks is not set",
    ]


def test_a_place_that_ends_on_a_later_line_is_marked_to_the_end_of_its_first() -> None:
    source = Source("main.cf", b"a = b,\n c\n")
    lines = frame({"main.cf": source}, Span("main.cf", 1, 5, 2, 3), Style(), "high")
    assert lines[-1] == "    |     ^^"


def test_a_file_that_was_not_kept_has_no_frame() -> None:
    assert frame({}, Span("main.cf", 1, 1, 1, 2), Style(), "high") == []


@pytest.mark.parametrize(("line", "column"), [(99, 1), (1, 99)])
def test_a_place_beyond_the_file_is_no_error(line: int, column: int) -> None:
    source = Source("main.cf", b"a = b\n")
    assert frame({"main.cf": source}, Span("main.cf", line, column, line, column + 1), Style(), "high")[-1].endswith(
        "^"
    )
