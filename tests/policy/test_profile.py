"""Profiles: what they select, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from checker.errors import UserError
from checker.policy.document import parse
from checker.policy.profile import Policy, Profile, load_all_profiles, load_policy, load_profiles, select
from checker.policy.rule import Rule, Text
from tests.policy.made import RULE, rule, rule_file

CLAUSES = "clauses:\n  public: {when: {exposure: public}}\n  private: {when: {exposure: private}}\n"
LIMITED = "require: {port: {le: {param: limit}}}"


def bundled(name: str, code: str, text: str = RULE, **replaced: str) -> Rule:
    return replace(rule(text, name=name, id=f"id: {name}", code=f"code: {code}", **replaced), bundled=True)


RULES = (
    bundled("one-a", "ONE-001"),
    bundled("one-b", "ONE-002", RULE + CLAUSES),
    bundled("two", "TWO-001", params="params: {limit: 5}", require=LIMITED),
)


def profile(text: str, name: str = "test", *, own: bool = False) -> Profile:
    document = parse(f"id: {name}\ntitle: {{en: A, es: B}}\n{text}", f"{name}.yaml")
    return Profile(name, Text("A", "B"), document.data.get("extends"), document, bundled=not own)


def selected(text: str, *others: Profile, own: bool = False, rules: tuple[Rule, ...] = RULES) -> Policy:
    profiles = {each.id: each for each in (profile(text, own=own), *others)}
    return select(rules, profiles, "test")


def names(policy: Policy) -> list[str]:
    return [f"{each.id}/{clause.name}" if clause.name else each.id for each in policy.rules for clause in each.clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules: [one-a]", ["one-a"]),
        ("rules: [TWO-001]", ["two"]),
        ("rules: ['one-*']", ["one-a", "one-b/public", "one-b/private"]),
        ("rules: [one-b/private]", ["one-b/private"]),
        ("rules: ['*']\nexclude: [one-a, one-b/public]", ["one-b/private", "two"]),
        ("rules: []", []),
        ("", []),
    ],
)
def test_rules_are_named_by_id_code_glob_or_clause(text: str, expected: list[str]) -> None:
    assert names(selected(text)) == expected


def test_a_profile_extends_another() -> None:
    parent = profile("rules: ['one-*']\nseverities: {one-a: low}", "parent")
    policy = selected("extends: parent\nrules: [two]\nexclude: [one-b]\nseverities: {one-a: info}", parent)
    assert names(policy) == ["one-a", "two"]
    assert policy.rules[0].clauses[0].severity == "info"
    assert (policy.profile, policy.title) == ("test", Text("A", "B"))


def test_severities_are_set_for_rules_or_clauses() -> None:
    policy = selected("rules: ['*']\nseverities: {one-b: low, one-b/private: info}")
    severities = {(each.id, clause.name): clause.severity for each in policy.rules for clause in each.clauses}
    assert severities == {
        ("one-a", ""): "high",
        ("one-b", "public"): "low",
        ("one-b", "private"): "info",
        ("two", ""): "high",
    }


def test_parameters_are_set() -> None:
    policy = selected("rules: [two]\nparams: {two: {limit: 9}}")
    assert policy.rules[0].params == {"limit": 9}
    assert policy.rules[0].clauses[0].require != RULES[2].clauses[0].require


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("rules: [one-c]", "3:9", "there is no rule `one-c`", "did you mean `one-"),
        ("exclude: [ONE-003]", "3:11", "there is no rule `ONE-003`", "did you mean `ONE-00"),
        ("rules: ['x*']", "3:9", "there is no rule `x*`", "one of: one-a, one-b, two"),
        ("rules: [one-b/publc]", "3:9", "the rule `one-b` has no clause `publc`", "did you mean `one-b/public`?"),
        ("severities: {one-c: low}", "3:14", "there is no rule `one-c`", "did you mean `one-"),
        ("severities: {one-a: lw}\nrules: [one-a]", "3:21", "there is no severity `lw`", "did you mean `low`?"),
        ("params: {tow: {limit: 1}}", "3:10", "there is no rule `tow`", "did you mean `two`?"),
        ("params: {two: {limt: 1}}", "3:16", "the rule `two` has no parameter `limt`", "did you mean `limit`?"),
        ("params: {two: {limit: high}}", "3:23", "`limit`: `high` does not fit this field", "it holds a number"),
        ("extends: recomended", "3:10", "there is no profile `recomended`", "one of: test"),
        ("extends: test", "3:10", "`test` extends itself", ""),
    ],
)
def test_names_that_are_nowhere_are_refused(text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        selected(text)
    assert caught.value.message == message
    assert caught.value.place == f"test.yaml:{place}"
    assert hint in caught.value.hint


def test_a_profile_that_there_is_not() -> None:
    with pytest.raises(UserError, match="there is no profile `strikt`") as caught:
        load_policy([], "strikt")
    assert caught.value.hint == "did you mean `strict`?"


OWN = rule(name="mine", id="id: mine", code="code: OWN-001")


def test_a_profile_of_the_package_takes_rules_of_ones_own_along() -> None:
    assert names(selected("rules: [two]", rules=(*RULES, OWN))) == ["two", "mine"]
    assert names(selected("rules: [two]\nexclude: [mine]", rules=(*RULES, OWN))) == ["two"]


def test_a_profile_of_ones_own_names_what_it_wants() -> None:
    assert names(selected("rules: [two]", own=True, rules=(*RULES, OWN))) == ["two"]


def test_the_profiles_of_the_package() -> None:
    everything = {each.id for each in load_policy([], "all").rules}
    strict = {each.id for each in load_policy([], "strict").rules}
    recommended = {each.id for each in load_policy([], "recommended").rules}
    assert recommended < strict <= everything
    assert "smtps-required" in strict - recommended


def test_a_directory_of_ones_own_may_hold_rules_and_profiles(tmp_path: Path) -> None:
    rule_file(tmp_path)
    rule_file(tmp_path / "profiles", "id: mine\ntitle: {en: A, es: B}\nextends: strict\nrules: [a-rule]\n", name="mine")
    assert "a-rule" in {each.id for each in load_policy([tmp_path], "mine").rules}
    assert "a-rule" in {each.id for each in load_policy([tmp_path], "recommended").rules}


def test_a_rule_of_ones_own_cannot_take_the_name_of_another(tmp_path: Path) -> None:
    rule_file(tmp_path, name="smtps-required", id="id: smtps-required")
    with pytest.raises(UserError, match="another rule has the id `smtps-required`"):
        load_policy([tmp_path], "all")


def test_a_profile_may_end_in_yml(tmp_path: Path) -> None:
    path = rule_file(tmp_path / "profiles", "id: mine\ntitle: {en: A, es: B}\n", name="mine")
    path.rename(path.with_suffix(".yml"))
    assert list(load_profiles([tmp_path], validate=True)) == ["mine"]


def test_two_profiles_cannot_have_one_id(tmp_path: Path) -> None:
    for name in ("a", "b"):
        rule_file(tmp_path / name / "profiles", "id: mine\ntitle: {en: A, es: B}\n", name="mine")
    with pytest.raises(UserError, match="another profile has the id `mine`"):
        load_profiles([tmp_path / "a", tmp_path / "b"], validate=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: other\ntitle: {en: A, es: B}", "the id `other` is not the name of the file"),
        ("id: mine\ntitle: {en: A}", "`es` is missing"),
        ("id: mine\ntitle: {en: A, es: B}\nrule: [x]", "`rule` is not known here"),
        ("id: mine\ntitle: {en: A, es: B}\nseverities: {x: hihg}", "`hihg` is none of the possible values"),
    ],
)
def test_profiles_of_ones_own_are_checked(tmp_path: Path, text: str, message: str) -> None:
    rule_file(tmp_path / "profiles", text, name="mine")
    with pytest.raises(UserError, match=message):
        load_profiles([tmp_path], validate=True)


def test_a_profile_of_ones_own_may_take_the_place_of_the_packages(tmp_path: Path) -> None:
    rule_file(tmp_path / "profiles", "id: strict\ntitle: {en: A, es: B}\n", name="strict")
    assert not load_all_profiles([tmp_path])["strict"].bundled
