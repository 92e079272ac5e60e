"""Logical lines: comments, quotes, continuations, and where each character stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.dovecot.lines import Generation, Joiner, LogicalLine
from checker.source import Source, Span
from tests.dovecot.made import logical


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = b\n", ["a = b"]),
        ("a = b", ["a = b"]),  # the last line needs no LF
        ("a = b\r\nc = d\r\n", ["a = b", "c = d"]),
        ("   a = b\t \n", ["a = b"]),
        ("# comment\n\n  # another\na = b\n", ["a = b"]),
        ("a = b # comment\n", ["a = b"]),
        ("a = required#x\n", ["a = required"]),  # a comment even without a blank before it
        ('a = "x # y" # comment\n', ['a = "x # y"']),
        ("a = it's # x\n", ["a = it's # x"]),  # an open quote hides the rest of the line
        ('a = "x\\" # y"\n', ['a = "x\\" # y"']),
        ("a = b \\\n  c\n", ["a = b c"]),
        ("a = b \\ # comment\n c\n", ["a = b c"]),  # the comment goes first, then the backslash counts
        ("# comment \\\na = b\n", ["a = b"]),  # a comment does not continue
        ("a = b \\\n\\\n c\n", ["a = b c"]),
        ("\ufeffa = b\n", ["\ufeffa = b"]),  # a byte order mark is a part of the name
        ("a = b\0c\n", ["a = b"]),
    ],
)
def test_lines_are_joined_as_dovecot_joins_them(text: str, lines: list[str]) -> None:
    assert [line.text for line in logical(text)] == lines


@pytest.mark.parametrize("lost", ["ssl = required \\\n# oops\n", "ssl = required \\\n\n", "ssl = required \\\n"])
def test_what_a_continuation_swallows_is_told_with_its_place(lost: str) -> None:
    source = Source("f", f"{lost}".encode())
    joiner = Joiner("2.3")
    told = [joiner.feed(source, start, number) for number, start in enumerate(source.line_starts, 1)]
    places = [each for each in [*told, joiner.pending()] if isinstance(each, Span)]
    assert [(place.line, place.column) for place in places] == [(1, 1)]


def test_the_line_number_is_that_of_the_last_physical_line() -> None:
    assert [line.number for line in logical("a = b \\\n c\nd = e\n")] == [2, 3]


def test_a_form_feed_is_white_space_in_2_4_alone() -> None:
    assert [line.text for line in logical("a = b\f\n", "2.3")] == ["a = b\f"]
    assert [line.text for line in logical("a = b\f\n", "2.4")] == ["a = b"]


def test_a_comment_without_a_blank_before_it_is_told() -> None:
    (line,) = logical("a = b#c\n")
    assert line.ambiguous is not None
    assert line.ambiguous.column == 6


@given(st.binary(max_size=200), st.sampled_from(["2.3", "2.4"]))
def test_every_character_maps_back_to_where_it_stands(data: bytes, generation: Generation) -> None:
    source = Source("f", data)
    joiner = Joiner(generation)
    for number, start in enumerate(source.line_starts, 1):
        line = joiner.feed(source, start, number)
        if not isinstance(line, LogicalLine):
            continue
        ends = {piece.at - 1 for piece in line.pieces}  # the blanks that join the pieces stand nowhere
        for at, char in enumerate(line.text):
            if at not in ends:
                span = line.span(at, at + 1)
                assert source.text[source.line_starts[span.line - 1] + span.column - 1] == char
