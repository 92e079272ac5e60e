"""Logical lines, as util/readlline.c reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.postfix.lines import logical_lines
from checker.source import Source

SYNTAX = st.lists(st.sampled_from(["a", "=", " ", "\t", "\n", "\r", "#", "\0", "\v", "\f", "é", "\udcff"])).map("".join)


def read(text: str) -> list[str]:
    return [line.text for line in logical_lines(Source("main.cf", text.encode("utf-8", "surrogateescape")))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a\nb\n", ["a", "b"]),
        ("a\nb", ["a", "b"]),
        ("\n \n\t\v\f\r\n", []),
        ("# c\n  # c\na\n", ["a"]),
        ("a # no comment\n", ["a # no comment"]),
        ("a\\\nb\n", ["a\\", "b"]),
    ],
)
def test_a_line_is_what_stands_between_line_feeds(text: str, lines: list[str]) -> None:
    assert read(text) == lines


@pytest.mark.parametrize("blank", ["\t", "\v", "\f", " ", "\r"])
def test_white_space_of_any_kind_continues_a_line(blank: str) -> None:
    assert read(f"a\n{blank}b\n") == [f"a{blank}b"]


@pytest.mark.parametrize("other", ["\u00a0", "\u2003", "\x85", "\ufeff", "\x1c"])
def test_what_only_unicode_calls_blank_does_not(other: str) -> None:
    assert read(f"a\n{other}b\n") == ["a", f"{other}b"]


def test_joining_removes_the_line_feed_and_nothing_else() -> None:
    assert read("a\n  b\n") == ["a  b"]
    assert read("a\r\n b\r\n") == ["a\r b\r"]


@pytest.mark.parametrize("between", ["\n", "# c\n", "   # c\n", "\n\n# c\n \n#\n"])
def test_comments_and_blank_lines_do_not_end_a_logical_line(between: str) -> None:
    assert read(f"a\n{between} b\n{between}c\n") == ["a b", "c"]


def test_a_file_that_begins_with_white_space_loses_its_first_line() -> None:
    lines = logical_lines(Source("main.cf", b"# c\n  a\n  b\nc\n"))
    assert [(line.text, line.ignored) for line in lines] == [("  a  b", True), ("c", False)]


def test_text_after_a_nul_is_lost_with_its_continuation() -> None:
    (line,) = logical_lines(Source("main.cf", b"a\0b\n c\n"))
    assert (line.text, line.cut) == ("a", True)


def test_a_line_that_begins_with_a_nul_is_empty_but_there() -> None:
    (line,) = logical_lines(Source("main.cf", b"\0a\n"))
    assert (line.text, line.cut, line.ignored) == ("", True, False)
    assert line.place.line == 1


def test_a_byte_order_mark_belongs_to_the_line() -> None:
    assert read("\ufeffa = b\n") == ["\ufeffa = b"]


def test_the_place_of_a_line_leaves_out_what_is_trimmed() -> None:
    (line,) = logical_lines(Source("main.cf", b"\n\nab  \n # c\n  cd  \n"))
    place = line.place
    assert (place.line, place.column, place.end_line, place.end_column) == (3, 1, 5, 5)


def test_a_stretch_over_lines_has_its_place() -> None:
    (line,) = logical_lines(Source("main.cf", b"ab\n# c\n cd\n"))
    place = line.span(1, 4)
    assert (place.line, place.column, place.end_line, place.end_column) == (1, 2, 3, 3)


@given(SYNTAX)
def test_every_character_maps_back_to_its_place(text: str) -> None:
    source = Source("main.cf", text.encode("utf-8", "surrogateescape"))
    for line in logical_lines(source):
        for at, character in enumerate(line.text):
            assert source.text[line.offset(at)] == character
        offsets = [line.offset(at) for at in range(len(line.text))]
        assert offsets == sorted(set(offsets))


@given(st.binary())
def test_any_bytes_have_logical_lines(data: bytes) -> None:
    for line in logical_lines(Source("main.cf", data)):
        assert line.place.path == "main.cf"


def test_a_long_logical_line_is_read_in_one_go() -> None:
    (line,) = logical_lines(Source("main.cf", b"a =\n" + b" b\n" * 20_000))
    assert len(line.text) == 3 + 2 * 20_000
    assert line.span(len(line.text) - 1, len(line.text)).line == 20_001
