"""Rule files: what they become, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.errors import UserError
from checker.policy.build import build
from checker.policy.document import parse
from checker.policy.load import load_rule, load_rules
from checker.policy.rule import Excuse, Remedy, Text
from tests.policy.made import RULE, rule, rule_file, with_lines


def refused(lines: dict[str, str], *, validate: bool) -> UserError:
    with pytest.raises(UserError) as caught:
        load_rule(parse(with_lines(RULE, **lines), "a-rule.yaml"), validate=validate)
    return caught.value


def test_a_rule_is_what_its_file_says() -> None:
    loaded = rule(
        severity="severity: low",
        params="params: {limit: 5}",
        require="require: {port: {le: {param: limit}}}",
        controls='controls: {rfc8314: ["4.1", 5]}',
        products="products: [dovecot-2.4]",
        remedy='remedy: {dovecot-2.4: {set: {a: "no", b: 5}, en: Change, es: Cambie}}',
    )
    assert (loaded.id, loaded.code, loaded.severity) == ("a-rule", "TST-001", "low")
    assert loaded.title == Text("A title", "Un título")
    assert loaded.params == {"limit": 5}
    assert loaded.controls == {"rfc8314": ("4.1", "5")}
    assert loaded.products == ("dovecot-2.4",)
    assert loaded.remedies == {"dovecot-2.4": Remedy({"a": "no", "b": "5"}, Text("Change", "Cambie"))}
    assert [test.name for test in loaded.tests] == ["it fails", "it passes"]
    assert not loaded.bundled


def test_one_remedy_may_do_for_all_products() -> None:
    assert rule(remedy="remedy: {en: Change, es: Cambie}").remedies == {"": Remedy({}, Text("Change", "Cambie"))}


CLAUSES = """\
clauses:
  public: {when: {exposure: public}}
  private:
    severity: low
    when: {exposure: private}
    require: {tls.mode: {is_not: none}}
    message: {en: "{service}", es: "{service}"}
"""


def test_a_clause_adds_to_when_and_may_replace_the_rest() -> None:
    public, private = rule(RULE + CLAUSES).clauses
    assert (public.name, public.severity) == ("public", "high")
    assert (private.name, private.severity) == ("private", "low")
    assert public.when != private.when
    assert public.require == rule().clauses[0].require != private.require
    assert private.message == Text("{service}", "{service}")


def test_a_clause_may_judge_another_kind() -> None:
    text = RULE.replace("when: {protocol: imap}\n", "").replace("{protocol} on {port}", "text")
    text = text.replace("{protocol} en {port}", "texto")
    clause = "clauses: {nets: {applies_to: trust, require: {bits: {ge: 24}}}}\n"
    assert rule(text + clause).clauses[0].applies_to == "trust"


def test_a_clause_knows_whether_it_asks_for_serves() -> None:
    assert not rule().clauses[0].asks_serves
    assert rule(require="require: {serves: true}").clauses[0].asks_serves
    assert rule(when="when: {not: {serves: true}}").clauses[0].asks_serves
    assert not rule(require="require: {exists: {endpoint: {serves: true}}}").clauses[0].asks_serves


def test_an_excuse_is_no_test() -> None:
    text = RULE + "  - cannot: {postfix: fail, dovecot-2.4: pass, because: it is fixed there}\n"
    assert len(rule(text).tests) == 2
    assert rule(text).excuses == (
        Excuse("postfix", "fail", "it is fixed there"),
        Excuse("dovecot-2.4", "pass", "it is fixed there"),
    )


@pytest.mark.parametrize("validate", [True, False])
@pytest.mark.parametrize(
    ("key", "line", "place", "message", "hint"),
    [
        ("id", "id: another", "1:5", "the id `another` is not the name of the file", "the file is named `a-rule.yaml`"),
        ("require", "require: {tls.mode: implict}", "8:21", "`implict` is no value", "did you mean `implicit`?"),
        ("when", "when: {protcol: imap}", "7:8", "has no field `protcol`", "did you mean `protocol`?"),
        ("message", "message: {en: '{prt}', es: x}", "9:15", "has no field `prt`", "did you mean `port`?"),
        ("message", "message: {en: x, es: '{params.x}'}", "9:22", "has no field `params.x`", ""),
        ("clauses", "clauses: {a: {require: {prt: 1}}}", "13:25", "has no field `prt`", "did you mean `port`?"),
    ],
)
def test_what_a_rule_cannot_mean(  # noqa: PLR0917 - one table
    key: str, line: str, place: str, message: str, hint: str, validate: bool
) -> None:
    error = refused({key: line}, validate=validate)
    assert message in error.message
    assert error.place == f"a-rule.yaml:{place}"
    assert error.hint == hint


@pytest.mark.parametrize(
    ("key", "line", "place", "message", "hint"),
    [
        ("severity", "severity: hihg", "3:11", "there is no severity `hihg`", "did you mean `high`?"),
        ("applies_to", "applies_to: endpoints", "4:13", "there is no kind of fact", "did you mean `endpoint`?"),
        ("title", "title: {en: A, fr: B}", "5:16", "there is no language `fr`", "one of: en, es"),
        ("title", "title: {en: A}", "5:8", "the text in `es` is missing", ""),
        ("require", "# none", "1:1", "`require` is missing", "in the rule or in each clause"),
        ("message", "# none", "1:1", "`message` is missing", "in the rule or in each clause"),
    ],
)
def test_what_is_refused_without_the_schema_too(key: str, line: str, place: str, message: str, hint: str) -> None:
    error = refused({key: line}, validate=False)
    assert message in error.message
    assert (error.place, error.hint) == (f"a-rule.yaml:{place}", hint)


def test_a_directory_is_searched_for_rules_but_not_for_profiles(tmp_path: Path) -> None:
    rule_file(tmp_path / "b" / "deep")
    rule_file(tmp_path / "a", name="other", id="id: other", code="code: TST-002")
    rule_file(tmp_path / "profiles", "not a rule")
    rule_file(tmp_path / ".hidden", "not a rule")
    (tmp_path / "README.md").write_text("not a rule")
    assert [each.id for each in load_rules([tmp_path], validate=True)] == ["a-rule", "other"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a directory of rules"):
        load_rules([tmp_path / "rules"], validate=True)


def test_a_directory_without_rules_is_refused_so_that_none_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "rule.yaml.txt").write_text("not a rule")
    with pytest.raises(UserError, match="there is no rule here, and no profile"):
        load_rules([tmp_path], validate=True)
    (tmp_path / "profiles").mkdir()
    assert load_rules([tmp_path], validate=True) == ()


def test_a_directory_that_cannot_be_listed_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", refused)
    with pytest.raises(UserError, match="cannot be listed: Permission denied"):
        load_rules([tmp_path], validate=True)


def test_ids_and_codes_are_unique(tmp_path: Path) -> None:
    first = rule_file(tmp_path / "a")
    rule_file(tmp_path / "b", code="code: TST-002")
    with pytest.raises(UserError, match="another rule has the id `a-rule`") as caught:
        load_rules([tmp_path], validate=True)
    assert caught.value.hint == f"at {first}:1:5"
    rule_file(tmp_path / "c", name="other", id="id: other")
    with pytest.raises(UserError, match="another rule has the code `TST-001`"):
        load_rules([tmp_path / "a", tmp_path / "c"], validate=True)


def test_parameters_can_be_set_when_a_rule_is_built() -> None:
    loaded = rule(params="params: {port: 1}", require="require: {port: {param: port}}")
    again = build(loaded.document, {"port": 2}, bundled=True)
    assert (again.params, again.bundled) == ({"port": 2}, True)
    assert again.clauses[0].require != loaded.clauses[0].require
