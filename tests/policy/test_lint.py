"""What rules need beyond being loadable."""

from __future__ import annotations

import pytest

from checker.policy.lint import generations, lint
from tests.policy.made import RULE, rule

FAILS = "{name: f, postfix: x, expect: fail}"
PASSES = "{name: p, postfix: x, expect: pass}"
NONE_FAILS = "no test for postfix expects fail"
NONE_PASSES = "no test for postfix expects pass"
REMEDY = "remedy: {postfix: {set: {a: b}}}"


def problems(**lines: str) -> list[str]:
    return [str(problem) for problem in lint([rule(**lines)])]


def test_a_rule_with_all_it_needs() -> None:
    assert problems() == []
    assert problems(tests=f"tests: [{FAILS}, {PASSES}]", remedy=REMEDY) == []


@pytest.mark.parametrize(
    ("tests", "lacking"),
    [
        (FAILS, [NONE_PASSES]),
        (PASSES, [NONE_FAILS]),
        (
            "{name: u, postfix: x, expect: unknown}",
            ["no test for postfix expects fail", "no test for postfix expects pass"],
        ),
        ("{name: m, postfix: x, expect: {a: fail, b: pass}}", []),
        (f"{FAILS}, {{cannot: {{postfix: pass, because: of that}}}}", []),
        (f"{FAILS}, {{cannot: {{dovecot-2.4: pass, because: of that}}}}", [NONE_PASSES]),
        (f"{FAILS}, {{name: p, postfix-3.5.25: x, expect: pass}}", []),
        (
            f"{FAILS}, {{name: p, facts: {{}}, expect: pass}}".replace("{}", "{endpoint: {}}"),
            [NONE_PASSES],
        ),
    ],
)
def test_it_fires_and_does_not_fire_for_each_product(tests: str, lacking: list[str]) -> None:
    found = problems(tests=f"tests: [{tests}]", remedy=REMEDY)
    assert found == [f"a-rule.yaml:10:8: {each} (add one, or `cannot` with the reason)" for each in lacking]


def test_each_generation_needs_its_own() -> None:
    tests = "tests: [{name: f, dovecot-2.3.19: x, expect: fail}, {name: p, dovecot-2.4: x, expect: pass}]"
    lines = {"products": "products: [dovecot-2.3, dovecot-2.4]", "remedy": "remedy: {dovecot: {set: {a: b}}}"}
    assert [each.message for each in lint([rule(tests=tests, **lines)])] == [
        "no test for dovecot-2.3 expects pass",
        "no test for dovecot-2.4 expects fail",
    ]


def test_a_rule_speaks_of_what_its_author_says_or_else_of_remedies_and_tests() -> None:
    tests = f"tests: [{FAILS}, {{name: d, dovecot-2.3.19.1: x, expect: pass}}]"
    assert generations(rule(tests=tests, remedy=REMEDY)) == ("postfix", "dovecot-2.3")
    assert generations(rule(tests=tests, products="products: [postfix]")) == ("postfix",)
    assert generations(rule()) == ()


def test_a_product_goes_without_saying_where_a_generation_is_named() -> None:
    tests = "tests: [{name: d, dovecot-2.3.19.1: x, expect: pass}]"
    assert generations(rule(tests=tests, remedy="remedy: {dovecot: {set: {a: b}}}")) == ("dovecot-2.3",)
    assert generations(rule(remedy="remedy: {dovecot: {set: {a: b}}}")) == ("dovecot",)
    assert generations(rule(remedy="remedy: {postfix-3.9: {set: {a: b}}}")) == ("postfix",)


def test_a_rule_about_facts_alone_needs_both_too() -> None:
    tests = "tests: [{name: f, facts: {endpoint: {}}, expect: fail}]"
    assert [each.message for each in lint([rule(tests=tests)])] == ["no test for facts expects pass"]


def test_each_product_needs_a_remedy() -> None:
    assert problems(tests=f"tests: [{FAILS}, {PASSES}]") == ["a-rule.yaml:1:1: no remedy for postfix"]
    assert problems(tests=f"tests: [{FAILS}, {PASSES}]", remedy="remedy: {en: a, es: b}") == []


def test_frameworks_are_known() -> None:
    controls = "controls: {rfc8314: ['4'], cve-2023-51764: [a], ens-2021: [x]}"
    assert problems(controls=controls) == [
        "a-rule.yaml:13:59: there is no framework `ens-2021` (did you mean `ens-2022`?)"
    ]


def test_parameters_are_used() -> None:
    lines = {"params": "params: {used: imap, asked: true, told: 1, idle: 2}"}
    lines["when"] = "when: {protocol: {param: used}, params.asked: true}"
    lines["message"] = "message: {en: '{params.told}', es: x}"
    assert problems(**lines) == ["a-rule.yaml:13:50: the parameter `idle` is not used"]


def test_the_schema_is_part_of_it() -> None:
    from checker.policy.document import parse  # noqa: PLC0415 - this test alone loads without the schema
    from checker.policy.load import load_rule  # noqa: PLC0415

    loaded = load_rule(parse(RULE + "titel: x\n", "a-rule.yaml"), validate=False)
    assert [str(problem) for problem in lint([loaded])] == [
        "a-rule.yaml:13:1: `titel` is not known here (did you mean `title`?)"
    ]
