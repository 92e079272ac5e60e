"""Colour only where it is seen; wrapping by what a terminal shows."""

from __future__ import annotations

import io

import pytest

from checker.report.style import WIDTH_OF_A_PIPE, Style, padded, style_for, text_width, wrapped


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "72")


def test_a_terminal_has_colour_and_its_own_width() -> None:
    assert style_for(Terminal()) == Style(colour=True, width=72)


def test_a_pipe_has_neither() -> None:
    assert style_for(io.StringIO()) == Style(colour=False, width=WIDTH_OF_A_PIPE)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_the_environment_can_forbid_colour(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert not style_for(Terminal()).colour


def test_an_empty_no_color_forbids_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert style_for(Terminal()).colour


def test_the_command_line_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert style_for(io.StringIO(), "always").colour
    monkeypatch.delenv("NO_COLOR")
    assert not style_for(Terminal(), "never").colour


def test_without_colour_paint_leaves_text_alone() -> None:
    assert Style().paint("text", "high") == "text"
    assert Style(colour=True).paint("text", "bold") == "\x1b[1mtext\x1b[0m"


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("ñ", 1), ("", 0)])
def test_width_is_counted_in_columns(text: str, width: int) -> None:
    assert text_width(text) == width
    assert text_width(padded(text, 9)) == 9


def test_lines_break_between_words_and_a_long_word_stays_whole() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("one two three", 8, "  ") == ["one two", "  three"]
    assert wrapped("/a/path/that/is/long is", 8) == ["/a/path/that/is/long", "is"]
    assert wrapped("漢字 漢字", 6) == ["漢字", "漢字"]
    assert wrapped("", 8) == [""]
