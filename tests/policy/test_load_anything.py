"""Whatever a rule file of a user holds, it loads and judges, or there is a message with a place."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.errors import UserError
from checker.policy.document import parse
from checker.policy.judge import judge
from checker.policy.load import load_rule, load_rules
from checker.policy.rule import Rule
from checker.resources import rules_directory
from checker.values import Unknown
from tests.policy.made import TEMPLATE, endpoint, policy, system

BASES = [rule.document for rule in load_rules([rules_directory()], validate=False)]
WORDS = st.sampled_from(
    [
        "port",
        "protocol",
        "imap",
        "0640",
        "TLSv1.2",
        "param",
        "field",
        "outer.port",
        "settings.x",
        "all",
        "any",
        "not",
        "exists",
        "no_such",
        "endpoint",
        "trust",
        "is_not",
        "in",
        "ge",
        "matches",
        "contains",
        "within",
        "{port}",
        "en",
    ]
)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**40) | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def replaced(data: Any, choose: Any, value: Any) -> Any:
    """Put a value in the place of some part of the data."""
    if isinstance(data, dict) and data and choose(st.integers(0, 3)):
        key = choose(st.sampled_from(sorted(data)))
        return {**data, key: replaced(data[key], choose, value)}
    if isinstance(data, list) and data and choose(st.integers(0, 3)):
        index = choose(st.integers(0, len(data) - 1))
        return [*data[:index], replaced(data[index], choose, value), *data[index + 1 :]]
    return value


@settings(deadline=None)  # the first example loads jsonschema
@given(st.data())
def test_a_mutated_rule_loads_or_is_refused(draw: st.DataObject) -> None:
    base = draw.draw(st.sampled_from(BASES))
    mutated = replaced(base.data, draw.draw, draw.draw(DATA))
    check(json.dumps(mutated), base.path)


@settings(deadline=None)
@given(st.text(max_size=200))
@example("a: *a")
@example("[" * 300)
@example("? ?\n")
def test_any_text_is_refused_with_a_message(text: str) -> None:
    check(text, "rules/a-rule.yaml")


def check(text: str, path: str) -> None:
    rule = loaded(text, path)
    if isinstance(rule, UserError):
        assert rule.message
        assert rule.place.startswith(path)
        return
    facts = endpoint(), endpoint(port=Unknown(TEMPLATE), protocol=Unknown(TEMPLATE))
    judge((system(*facts),), policy(rule), "es")


def loaded(text: str, path: str) -> Rule | UserError:
    try:
        return load_rule(parse(text, path), validate=True)
    except UserError as error:
        return error
