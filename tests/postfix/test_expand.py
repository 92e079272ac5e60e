"""Expansion of $name and ${...}."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.postfix.expand import MAX_DEPTH, MAX_LENGTH, MAX_STEPS, MacroError, expand
from checker.releases.tables import Number

NAMES = {
    "x": "X",
    "y": "Y",
    "empty": "",
    "to_empty": "$empty",
    "nested": "<$x>",
    "dollar": "$$x",
    "loop": "$loop",
    "5": "five",
}


def expanded(text: str, release: Number = (3, 7, 11)) -> str:
    return expand(text, NAMES.get, release)


def error(text: str, release: Number = (3, 7, 11)) -> str:
    with pytest.raises(MacroError) as raised:
        expanded(text, release)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("$x", "X"),
        ("${x}$(x)", "XX"),
        ("${x(}", "attribute name syntax error"),
        ("a$x.b", "aX.b"),
        ("$x$y", "XY"),
        ("$$x", "$x"),
        ("$dollar", "$x"),
        ("$nested", "<X>"),
        ("[$none]", "[]"),
        ("price $5", "price five"),
        ("$1a", ""),
        ("${ x }", "X"),
        ("$x-y", "X-y"),
        ("$\u00e9", "empty macro name"),
    ],
)
def test_references(text: str, result: str) -> None:
    if "name" in result:
        assert result in error(text)
    else:
        assert expanded(text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${x?a}", "a"),
        ("${none?a}", ""),
        ("${x:a}", ""),
        ("${none:a}", "a"),
        ("${empty?a}", ""),
        ("${empty:a}", "a"),
        ("${x?a:b}", "a:b"),
        ("${none?a:b}", ""),
        ("${x?{a}:{b}}", "a"),
        ("${none?{a}:{b}}", "b"),
        ("${x?{a}}", "a"),
        ("${none?{a}}", ""),
        ("${none:{a}}", "a"),
        ("${x ? {a} : {b}}", "a"),
        ("${x?{ a }:{b}}", " a "),
        ("${none ? {a} : { b }}", " b "),
        ("${x?{a}:b}", "a"),
        ("${none?{a}:b}", "b"),
        ("${x?${y}}", "Y"),
        ("${x?{$y}:{$x}}", "Y"),
        ("$(x?a)", "a"),
    ],
)
def test_conditions(text: str, result: str) -> None:
    assert expanded(text) == result


def test_a_condition_looks_once_and_does_not_expand() -> None:
    assert expanded("${to_empty?set}") == "set"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${{a} == {a}}", "true"),
        ("${{a} == {b}}", ""),
        ("${{$x} == {X}?{yes}:{no}}", "yes"),
        ("${{a} != {b} ? {yes} : {no}}", "yes"),
        ("${{09} == {9} ? {yes} : {no}}", "yes"),
        ("${{10} > {9} ? {yes} : {no}}", "yes"),
        ("${{3.6} < {3.10} ? {yes} : {no}}", "no"),
        ("${{a } == {a} ? {yes} : {no}}", "no"),
        ("${{2} >= {2} ? {yes}}", "yes"),
        ("${{2} <= {1} : {no}}", "no"),
        ("${{\u00b2} == {2} ? {yes} : {no}}", "no"),
        ("${{a} < {\u00e9} ? {yes} : {no}}", "yes"),
        ("${{3.6} <level {3.10} ? {yes} : {no}}", "yes"),
        ("${{3} >=level {3.0.0} ? {yes} : {no}}", "yes"),
        ("${{3.5} >level {3.6} ? {yes} : {no}}", "no"),
        ("${{3.6} <=level {3.6} ? {yes} : {no}}", "yes"),
        ("${{3.6.0} ==level {3.6} ? {yes} : {no}}", "yes"),
        ("${{3.6.0} !=level {3.6} ? {yes} : {no}}", "no"),
    ],
)
def test_relations(text: str, result: str) -> None:
    assert expanded(text) == result


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$", "empty macro name"),
        ("$ x", "empty macro name"),
        ("${}", "empty macro name"),
        ("${", "truncated macro reference"),
        ("$(x", "truncated macro reference"),
        ("${x)", "truncated macro reference"),
        ("${x!}", "attribute name syntax error"),
        ("${x y}", "attribute name syntax error"),
        ("${a${x}b}", "attribute name syntax error"),
        ("${-}", "attribute name syntax error"),
        ("${x?{a} b}", '":" expected at'),
        ("${x?{a}:{b} c}", "unexpected input at"),
        ("${x:{a} c}", "unexpected input at"),
        ("$(x?{a)", "unbalanced"),
        ("${{a} ~ {b}}", "relational operator expected"),
        ("${{a} == b}", '"{" expected'),
        ("${{a} == {b} c}", '"?" or ":" expected'),
        ("${{x} <level {1}}", "bad compatibility level"),
        ("${{1.2.3.4} <level {1}}", "bad compatibility level"),
        ("${{ 3.6 } <level {3.7}}", "bad compatibility level"),
        ("${{99999999999999999999} < {1}}", "bad conversion"),
        ("$loop", "nesting"),
        ("${domain_to_ascii{x}}", "attribute name syntax error"),
    ],
)
def test_syntax_errors_are_fatal(text: str, message: str) -> None:
    assert message in error(text)


@pytest.mark.parametrize(
    ("text", "release", "result"),
    [
        ("${x?{a}:{b}}", (2, 11, 11), "{a}:{b}"),
        ("${x?{a}:{b}}", (3, 0, 0), "a"),
        ("${{a} == {a}}", (3, 0, 0), "true"),
        ("${ x }", (3, 3, 0), "X"),
        ("${x ? {a}}", (3, 3, 0), "a"),
        ("${{3.6} <level {3.10}}", (3, 6, 0), "true"),
        ("${domain_to_ascii{b\u00fccher.example}}", (3, 11, 0), "xn--bcher-kva.example"),
        ("${domain_to_utf8{xn--bcher-kva.example}}", (3, 11, 0), "b\u00fccher.example"),
        ("${domain_to_ascii{$x}}", (3, 11, 0), "X"),
    ],
)
def test_forms_come_with_releases(text: str, release: Number, result: str) -> None:
    assert expanded(text, release) == result


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("${{a} == {a}}", (2, 11, 11)),
        ("${ x }", (3, 2, 0)),
        ("${x ?a}", (3, 2, 0)),
        ("${{3.6} <level {3.10}}", (3, 5, 25)),
        ("${domain_to_ascii{x}}", (3, 10, 13)),
        ("${domain_to_ascii{x} y}", (3, 11, 0)),
        ("${domain_to_ascii{" + "a" * 70 + "}}", (3, 11, 0)),
        ("${domain_to_other{x}}", (3, 11, 0)),
    ],
)
def test_forms_of_later_releases_are_fatal(text: str, release: Number) -> None:
    assert error(text, release)


def chain(length: int) -> dict[str, str]:
    return {f"a{at}": f"$a{at + 1}" for at in range(length)} | {f"a{length}": "end"}


def test_a_chain_may_be_as_long_as_in_postfix() -> None:
    names = chain(MAX_DEPTH - 1)
    assert expand("$a0", names.get, (3, 7, 11)) == "end"
    assert expand("$a50$a0", names.get, (3, 7, 11)) == "endend"


@pytest.mark.parametrize("text", ["$a0", "$a1$a0", "${none:{$a1}}"])
def test_a_longer_chain_is_fatal(text: str) -> None:
    with pytest.raises(MacroError, match="nesting"):
        expand(text, chain(MAX_DEPTH).get, (3, 7, 11))


@pytest.mark.parametrize(("opener", "closer"), [("${x?{", "}}"), ("${none:", "}"), ("${{", "} == {}}")])
def test_deep_braces_are_fatal(opener: str, closer: str) -> None:
    assert "nesting" in error(opener * 300 + closer * 300)
    assert expanded("${x?{" * MAX_DEPTH + "end" + "}}" * MAX_DEPTH) == "end"


def test_names_that_double_each_other_end_at_once() -> None:
    names = {f"a{at}": f"$a{at + 1}$a{at + 1}" for at in range(90)}
    assert expand("$a0", names.get, (3, 7, 11)) == ""
    with pytest.raises(MacroError, match="1 MiB"):
        expand("$a0", (names | {"a90": "text"}).get, (3, 7, 11))


def test_a_value_may_be_long_but_not_endless() -> None:
    assert expand("$a", {"a": "x" * MAX_LENGTH}.get, (3, 7, 11))
    with pytest.raises(MacroError, match=str(MAX_STEPS)):
        expand("$a" * (MAX_STEPS + 1), NAMES.get, (3, 7, 11))


@given(st.text(alphabet="$${}()xy?:=<> {}{}"))
def test_any_text_expands_or_is_fatal(text: str) -> None:
    with suppress(MacroError):
        assert "loop" not in expanded(text, (3, 11, 6))


@given(st.text(alphabet="ax.{}?: "))
def test_a_text_without_a_dollar_stays(text: str) -> None:
    assert expanded(text) == text
