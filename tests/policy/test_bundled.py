"""The module that makes the rules of an installed package."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from checker.policy.document import Document
from checker.policy.load import load_rules
from checker.resources import rules_directory

PROJECT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Give what the module holds that is written when the package is built."""
    module_of = runpy.run_path(str(PROJECT / "tools" / "compile_rules.py"))["module_of"]
    found: dict[str, Any] = {}
    exec(compile(module_of(PROJECT / "rules"), "bundled.py", "exec"), found)  # noqa: S102 - our own text
    return found


def test_it_makes_the_rules_that_are_read(made: dict[str, Any]) -> None:
    rules = load_rules([rules_directory()], validate=False)
    assert len(rules) > 30
    assert made["rules"](lambda path: path) == tuple(
        replace(rule, document=Path(rule.document.path).relative_to(rules_directory()).as_posix()) for rule in rules
    )


def test_its_documents_are_read_when_they_are_asked(made: dict[str, Any]) -> None:
    rule = made["rules"](lambda path: Document(str(rules_directory() / path)))[0]
    assert rule.document.given is None
    assert rule.tests
    assert rule.document.root["id"].data == rule.id
    assert rule.document.root["id"].line > 0
