"""What rules need beyond being loadable: tests that fire and do not fire, remedies, known frameworks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checker.policy.document import Node
from checker.policy.frameworks import FRAMEWORKS, framework_name
from checker.policy.names import nearest
from checker.policy.rule import Rule
from checker.policy.schema import schema_error
from checker.policy.selftest import generation_of, product_of

_FACTS = "facts"
_REFERENCE = re.compile(r'"param": "([^"]*)"|\bparams\.([A-Za-z0-9_]+)')


class Problem(Struct, frozen=True):
    """Something that a rule lacks, and where."""

    rule: str
    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


def lint(rules: Iterable[Rule]) -> tuple[Problem, ...]:
    """Return what is wrong with some rules."""
    return tuple(problem for rule in rules for check in _CHECKS for problem in check(rule))


def _problem(rule: Rule, node: Node, message: str, hint: str = "") -> Problem:
    return Problem(rule.id, node.place, message, hint)


def _schema(rule: Rule) -> Iterator[Problem]:
    error = schema_error(rule.document, "rule")
    if error:
        yield Problem(rule.id, error.place, error.message, error.hint)


def generations(rule: Rule) -> tuple[str, ...]:
    """Return the products and generations that a rule speaks of: as its author says or, else, by remedies and tests.

    A product goes without saying where one of its generations is named.
    """
    if rule.products:
        return rule.products
    spoken = dict.fromkeys([*_spoken(rule.remedies), *(each for test in rule.tests for each in _spoken(test.data))])
    return tuple(each for each in spoken if not any(other.startswith(f"{each}-") for other in spoken))


def _spoken(keys: Iterable[str]) -> Iterator[str]:
    """Yield the generations of a test's keys: Postfix has one, Dovecot's differ by the second number."""
    for key in keys:
        named = product_of(key)
        if named:
            yield (named[0] == "dovecot" and generation_of(key)) or named[0]


def _tests(rule: Rule) -> Iterator[Problem]:
    shown: dict[str, set[str]] = {}
    for test in rule.tests:
        expected = test.data["expect"]
        statuses = set(expected.values()) if isinstance(expected, dict) else {expected}
        for generation in (_FACTS,) if _FACTS in test.data else _spoken(test.data):
            shown.setdefault(generation, set()).update(statuses)
    excused = {(excuse.product, excuse.status) for excuse in rule.excuses}
    for generation in generations(rule) or (_FACTS,):
        for status in ("fail", "pass"):
            if status not in shown.get(generation, ()) and (generation, status) not in excused:
                hint = "add one, or `cannot` with the reason"
                node = rule.document.node(("tests",))
                yield _problem(rule, node, f"no test for {generation} expects {status}", hint)


def _remedies(rule: Rule) -> Iterator[Problem]:
    if "" in rule.remedies:
        return
    for generation in generations(rule):
        if generation not in rule.remedies and generation.partition("-")[0] not in rule.remedies:
            yield _problem(rule, rule.document.node(("remedy",)), f"no remedy for {generation}")


def _controls(rule: Rule) -> Iterator[Problem]:
    for key in rule.controls:
        if framework_name(key) is None:
            node = rule.document.root["controls"][key]
            yield _problem(rule, node, f"there is no framework `{key}`", nearest(key, FRAMEWORKS))


def _unused_params(rule: Rule) -> Iterator[Problem]:
    used = {name for pair in _REFERENCE.findall(json.dumps(rule.document.data)) for name in pair}
    for name in rule.params:
        if name not in used:
            yield _problem(rule, rule.document.root["params"][name], f"the parameter `{name}` is not used")


_CHECKS = (_schema, _tests, _remedies, _controls, _unused_params)
