"""What the page on the rule language shows is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker.analysis import describe
from checker.policy.lint import lint
from checker.policy.load import load_rules
from checker.policy.operators import OPERATORS
from checker.policy.profile import load_policy
from checker.policy.selftest import run_tests
from checker.resources import schema

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "rule-language.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    for name, text in (("vrfy-disabled", EXAMPLES[0]), ("profiles/ours", EXAMPLES[-1])):
        assert text.startswith(f"id: {name.rpartition('/')[2]} ")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def test_the_worked_example_is_a_complete_rule(directory: Path) -> None:
    rules = load_rules([directory], validate=True)
    assert lint(rules) == ()
    assert [outcome.message for outcome in run_tests(rules, describe)] == [""] * len(rules[0].tests)


def test_the_profile_selects_what_it_says(directory: Path) -> None:
    rules = {rule.id: rule for rule in load_policy([directory], "ours").rules}
    assert {"vrfy-disabled", "smtps-required", "mynetworks-narrow"} <= rules.keys()
    assert "alternate-smtp-ports" not in rules
    assert rules["mynetworks-narrow"].params["own_networks"] == ["10.20.0.0/16"]
    assert rules["smtps-required"].clauses[0].severity == "high"


def test_every_operator_and_key_is_explained() -> None:
    operators = set(OPERATORS) - {"is"} | {"not", "all", "any", "exists", "no_such"}
    assert {name for name in operators if not re.search(rf"[`{{]{name}[:`]", PAGE)} == set()
    keys = set(schema("rule")["properties"]) | set(schema("rule")["$defs"]["test"]["properties"])
    assert {name for name in keys if f"`{name}`" not in PAGE} == set()
