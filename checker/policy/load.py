"""Read rule files into rules, and refuse what they cannot mean."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from checker.errors import UserError
from checker.policy.document import Document, read
from checker.policy.rule import Rule
from checker.policy.schema import schema_error
from checker.resources import rules_directory

PROFILES = "profiles"
"""The directory, inside one of rules, that holds profiles."""


def load_rules(directories: Sequence[Path], *, validate: bool) -> tuple[Rule, ...]:
    """Return the rules below some directories, by id.

    ``validate`` checks each file against the schema first: rules from elsewhere need it, those of the package were
    checked when it was built. Raises UserError, with file, line and column, for whatever a rule cannot mean.
    """
    rules = tuple(load_rule(read(path), validate=validate) for path in _rule_files(directories))
    return unique(rules)


def bundled_rules() -> tuple[Rule, ...]:
    """Return the package's rules as they were compiled when it was built; nothing in a checkout."""
    try:
        compiled = import_module("checker.policy.bundled")
    except ModuleNotFoundError:
        return ()
    rules: tuple[Rule, ...] = compiled.rules(lambda path: Document(str(rules_directory() / path)))
    return rules


def _rule_files(directories: Sequence[Path]) -> Iterator[Path]:
    for directory in directories:
        if not directory.is_dir():
            raise UserError("is not a directory of rules", place=str(directory))
        found = list(_below(directory))
        if not found and not (directory / PROFILES).is_dir():
            raise UserError(
                "there is no rule here, and no profile", place=str(directory), hint="rules are files NAME.yaml"
            )
        yield from found


def _below(directory: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(directory, onerror=_refuse):
        folders[:] = sorted(each for each in folders if each != PROFILES and not each.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if is_yaml(name))


def _refuse(error: OSError) -> None:
    raise UserError(f"cannot be listed: {error.strerror}", place=str(error.filename))


def is_yaml(name: str) -> bool:
    """Tell whether a file is one to read, by its name."""
    return name.endswith((".yaml", ".yml")) and not name.startswith(".")


def unique(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules by id; raise UserError where two have one id or code."""
    ids: dict[str, Rule] = {}
    codes: dict[str, Rule] = {}
    for rule in rules:
        for key, value, seen in (("id", rule.id, ids), ("code", rule.code, codes)):
            other = seen.setdefault(value, rule)
            if other is not rule:
                hint = f"at {other.document.root[key].place}"
                raise rule.document.root[key].error(f"another rule has the {key} `{value}`", hint)
    return tuple(ids[each] for each in sorted(ids))


def load_rule(document: Document, *, validate: bool) -> Rule:
    """Return the rule of one document; raise UserError."""
    from checker.policy.build import build  # noqa: PLC0415 - rules that come ready made need none of this

    if validate:
        problem = schema_error(document, "rule", outside_conditions=True)
        if problem:
            raise problem
    rule = build(document, {}, bundled=not validate)
    if validate:
        problem = schema_error(document, "rule")
        if problem:
            raise problem
    return rule
