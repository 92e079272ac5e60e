"""A file as it was read."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.source import Source


@given(st.binary())
def test_every_byte_comes_back(data: bytes) -> None:
    assert Source("f", data).text.encode("utf-8", "surrogateescape") == data


@given(st.binary())
def test_lines_are_cut_at_lf_alone(data: bytes) -> None:
    source = Source("f", data)
    lines = [source.line(number + 1) for number in range(len(source.line_starts))]
    expected = source.text.removesuffix("\n").split("\n") if source.text else [""]
    assert lines == [line.rstrip("\r") for line in expected]


@given(st.text(alphabet="a\n\r\u2028é"))
def test_a_position_leads_back_to_its_offset(text: str) -> None:
    source = Source("f", text.encode())
    for offset in range(len(text)):
        line, column = source.position(offset)
        assert source.line_starts[line - 1] + column - 1 == offset


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_there_is_nothing_beyond_the_lines(number: int) -> None:
    assert Source("f", b"a\nb\n").line(number) == ""


def test_columns_count_code_points() -> None:
    assert Source("f", "é = ü".encode()).position(4) == (1, 5)


def test_a_span_ends_after_its_last_character() -> None:
    span = Source("f", b"ab\ncd").span(1, 4)
    assert (span.line, span.column, span.end_line, span.end_column) == (1, 2, 2, 2)
    assert str(span) == "f:1:2"


@pytest.mark.parametrize(
    ("data", "line", "end_column"), [(b"", 1, 1), (b"\n", 1, 1), (b"a\nbc", 2, 3), (b"a\nbc\r\n", 2, 3)]
)
def test_a_setting_would_be_added_at_the_last_line(data: bytes, line: int, end_column: int) -> None:
    end = Source("f", data).end()
    assert (end.line, end.column, end.end_line, end.end_column) == (line, 1, line, end_column)


def test_the_hash_is_that_of_the_bytes() -> None:
    data = b"\xff\r\n"
    assert Source("f", data).sha256 == hashlib.sha256(data).hexdigest()
