"""main.cf: name = value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.postfix.main_cf import MainCf, parse_main_cf
from checker.source import Source


def parse(text: str) -> MainCf:
    return parse_main_cf(Source("main.cf", text.encode()))


def settings(text: str) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in parse(text).assignments]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("a=b", "a", "b"),
        ("a = b", "a", "b"),
        ("a\t=\v b \f\r\n", "a", "b"),
        ("a =", "a", ""),
        ("a = b = c", "a", "b = c"),
        ("a = b  c", "a", "b  c"),
        ('a = "b"', "a", '"b"'),
        ("a = b # c", "a", "b # c"),
        ("a+= b", "a+", "b"),
        ("[x].y/z = b", "[x].y/z", "b"),
        ("A = b", "A", "b"),
        ("\ufeffmyhostname = b", "\ufeffmyhostname", "b"),
        ("a = \u00a0b\u00a0", "a", "\u00a0b\u00a0"),
        ("a =\n\n# c\n  b,\n  c\n", "a", "b,  c"),
        ("a = b\r\n", "a", "b"),
        ("a = b\0c", "a", "b"),
    ],
)
def test_the_first_equals_sign_splits(text: str, name: str, value: str) -> None:
    assert settings(text) == [(name, value)]


def test_the_last_of_a_name_counts() -> None:
    main = parse("a = 1\nb = 2\na = 3\n")
    assert len(main.assignments) == 3
    assert main.effective()["a"].value == "3"
    assert main.effective()["a"].place.line == 3


def test_a_value_has_its_place() -> None:
    (each,) = parse("  # c\nname =\n   one\n   two\n").assignments
    assert (each.place.line, each.place.column, each.place.end_line, each.place.end_column) == (2, 1, 4, 7)
    assert (each.value_place.line, each.value_place.column) == (3, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mynetworks += 127.0.0.1", "missing '=' after attribute name"),
        ("myhostname", "missing '=' after attribute name"),
        ("a b = c", "missing '=' after attribute name"),
        ("= b", "missing attribute name"),
        ("\0a = b", "missing attribute name"),
    ],
)
def test_a_line_that_is_no_assignment_is_fatal_and_the_rest_is_read(text: str, message: str) -> None:
    main = parse(f"a = 1\n{text}\nb = 2\n")
    assert [each.name for each in main.assignments] == ["a", "b"]
    (problem,) = [each for each in main.problems if each.kind == "fatal"]
    assert message in problem.text
    assert problem.place.line == 2


@pytest.mark.parametrize(
    "line", ["{% if tls %}", "<% if tls %>", "{{ include_this }}", "%%SETTINGS%%", "  {{- more -}}"[2:]]
)
def test_a_line_of_a_template_engine_says_so(line: str) -> None:
    (problem,) = parse(f"{line}\n").problems
    assert problem.kind == "template"
    assert "render" in problem.hint


def test_postfix_own_double_braces_are_no_template() -> None:
    (problem,) = parse("a ${{x} == {y}}\n").problems
    assert problem.kind == "fatal"


def test_a_first_line_that_begins_with_white_space_is_ignored() -> None:
    main = parse("  a = 1\nb = 2\n")
    assert [each.name for each in main.assignments] == ["b"]
    assert [each.kind for each in main.problems] == ["ignored"]


def test_text_behind_a_nul_is_told() -> None:
    (problem,) = parse("a = b\0c\n").problems
    assert (problem.kind, problem.place.line) == ("nul", 1)


@given(st.binary())
def test_any_bytes_are_assignments_or_problems(data: bytes) -> None:
    main = parse_main_cf(Source("main.cf", data))
    for each in main.assignments:
        assert each.name
        assert not set(each.name) & set("= \t\n\v\f\r")


@given(st.text(alphabet="ab=\n \t#\0"))
def test_a_value_stands_where_its_place_says(text: str) -> None:
    source = Source("main.cf", text.encode())
    for each in parse_main_cf(source).assignments:
        start = source.line_starts[each.value_place.line - 1] + each.value_place.column - 1
        assert source.text[start:].startswith(each.value[:1])


def test_twenty_thousand_continuation_lines_are_one_value() -> None:
    (each,) = parse("mynetworks =\n" + "  10.0.0.0/8,\n# c\n" * 20_000).assignments
    assert each.value.count("10.0.0.0/8") == 20_000
    assert each.place.end_line == 2 * 20_000
