"""`mailposture rules` and `mailposture explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.policy.profile import load_all_rules
from checker.result import LANGUAGES, Language
from tests.commands.conftest import Run

RULE = """\
id: own
code: OWN-001
severity: low
applies_to: endpoint
title: {en: Port 25 is used, es: Se usa el puerto 25}
why: {en: To show., es: Para mostrar.}
require: {port: 25}
message: {en: "port {port}", es: "puerto {port}"}
remedy: {postfix: {en: "Use it.", es: "Úselo."}}
tests:
  - {name: another port, postfix: "compatibility_level = 3.6", master: "26 inet n - y - - smtpd\\n", expect: EXPECT}
  - {name: the port, postfix: "compatibility_level = 3.6", expect: pass}
"""


def own(directory: Path, expect: str = "fail") -> Path:
    """Write a rule into a directory of its own."""
    (directory / "own").mkdir()
    (directory / "own" / "own.yaml").write_text(RULE.replace("EXPECT", expect))
    return directory / "own"


def test_rules_are_listed_by_code(run: Run) -> None:
    lines = [line for line in run("rules", "list").stdout.splitlines() if not line.startswith(" ")]
    codes = [line.split()[0] for line in lines]
    assert codes == sorted(rule.code for rule in load_all_rules([]))


def test_a_profile_narrows_the_list_and_a_directory_widens_it(run: Run, here: Path) -> None:
    assert "SUB-002" in run("rules", "list", "--profile", "strict").stdout
    assert "SUB-002" not in run("rules", "list", "--profile", "recommended").stdout
    assert "OWN-001  own" in run("rules", "list", "--rules", own(here)).stdout


def test_the_list_is_data_on_request(run: Run) -> None:
    rules = json.loads(run("rules", "list", "--format", "json", "--lang", "es").stdout)["rules"]
    found = next(rule for rule in rules if rule["code"] == "SUB-002")
    assert found["id"] == "smtps-required"
    assert found["applies_to"] == ["system"]
    assert "SMTPS" in found["title"]


def test_show_prints_the_file_itself(run: Run, here: Path) -> None:
    rules = own(here)
    assert run("rules", "show", "OWN-001", "--rules", rules).stdout == (rules / "own.yaml").read_text()


def test_the_tests_inside_rules_are_run(run: Run, here: Path) -> None:
    done = run("rules", "test", own(here))
    assert (done.status, done.stdout) == (0, "1 rule: 2 tests passed, 0 failed\n")


def test_a_failed_test_is_told_with_its_place_and_exits_1(run: Run, here: Path) -> None:
    done = run("rules", "test", own(here, expect="pass"))
    assert done.status == 1
    assert "own.yaml:11:5 own: another port\n" in done.stdout
    assert "expected pass, is fail (postfix:26/inet:26: port 26)" in done.stdout


def test_lint_tells_what_a_rule_lacks(run: Run, here: Path) -> None:
    rules = own(here)
    assert run("rules", "lint", rules).status == 0
    (rules / "own.yaml").write_text(RULE.replace("EXPECT", "pass"))
    done = run("rules", "lint", rules)
    assert done.status == 1
    assert "no test for postfix expects fail" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["rules", "show"], "`rules show` wants one rule", "see `mailposture rules list`"),
        (["rules", "show", "smtp-required"], "there is no rule `smtp-required`", "did you mean `smtps-required`?"),
        (["rules", "list", "x"], "`rules list` wants no names", "`mailposture rules show RULE` shows one"),
        (["rules", "test", "nowhere"], "nowhere: is not a directory of rules", None),
        (["explain", "SUB-02"], "there is no rule `SUB-02`", "did you mean `SUB-0"),
        (["explain"], "the following arguments are required: RULE", "see `mailposture explain --help`"),
    ],
)
def test_a_wrong_name_has_the_nearest_right_one(
    run: Run, here: Path, arguments: list[str], message: str, hint: str | None
) -> None:
    assert here.is_dir()
    done = run(*arguments)
    assert (done.status, done.stdout) == (2, "")
    assert message in done.stderr
    assert hint is None or f"hint: {hint}" in done.stderr


def test_a_directory_without_rules_has_nothing_to_test(run: Run, here: Path) -> None:
    (here / "profiles").mkdir()
    (here / "profiles" / "one.yaml").write_text("id: one\ntitle: {en: One, es: Una}\nextends: strict\n")
    done = run("rules", "test", here)
    assert done.status == 2
    assert "there is no rule here" in done.stderr


def test_a_rule_is_explained(run: Run, here: Path) -> None:
    assert run("explain", "own", "--rules", own(here)).stdout == (
        "OWN-001 own (low)\n"
        "\n"
        "  Port 25 is used\n"
        "\n"
        "Why\n"
        "  To show.\n"
        "\n"
        "What it judges\n"
        "  each endpoint\n"
        "  it must hold that:\n"
        "    port: 25\n"
        "\n"
        "How to mend it\n"
        "  postfix:\n"
        "    Use it.\n"
        "\n"
        "An example that fails\n"
        "  # another port\n"
        "  # main.cf\n"
        "  compatibility_level = 3.6\n"
        "  # master.cf\n"
        "  26 inet n - y - - smtpd\n"
        "\n"
        "An example that passes\n"
        "  # the port\n"
        "  # main.cf\n"
        "  compatibility_level = 3.6\n"
    )


FACTS_ALONE = """\
id: own
code: OWN-001
severity: low
applies_to: endpoint
title: {en: Long-lived, es: Duradero}
why: {en: To show., es: Para mostrar.}
params: {ports: [25, 465]}
clauses:
  open: {when: {exposure: public}, severity: high, require: {port: {in: {param: ports}}}}
  closed: {require: {any: [{port: 25}, {tls.mode: implicit}]}}
message: {en: "port {port}", es: "puerto {port}"}
remedy: {set: {smtpd_tls_auth_only: "yes"}}
tests:
  - {name: seen, facts: {endpoint: {port: 26, exposure: public}}, expect: fail}
"""


def test_clauses_parameters_and_facts_are_explained(run: Run, here: Path) -> None:
    (own(here) / "own.yaml").write_text(FACTS_ALONE)
    told = run("explain", "own", "--rules", "own").stdout
    assert "  - open (high)\n    where:\n      exposure: public\n" in told
    assert "  - closed\n    it must hold that:\n      any: [{port: 25}, {tls.mode: implicit}]\n" in told
    assert "Parameters\n  ports = [25, 465]\n" in told
    assert "How to mend it\n  smtpd_tls_auth_only = yes\n" in told
    assert "An example that fails\n  # seen\n  endpoint: {port: 26, exposure: public}\n" in told
    assert "An example that passes" not in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", [rule.id for rule in load_all_rules([])])
def test_every_rule_can_be_explained(run: Run, rule: str, language: Language) -> None:
    done = run("explain", rule, "--lang", language)
    assert (done.status, done.stderr) == (0, "")
    headings = {"en": ("Why", "Controls", "An example that fails"), "es": ("Por qué", "Controles", "Un ejemplo que")}
    assert all(f"\n{heading}" in done.stdout for heading in headings[language])


def test_a_clause_is_explained_with_its_rule(run: Run) -> None:
    assert run("explain", "min-tls12-users/oldest").stdout == run("explain", "TLS-002").stdout
