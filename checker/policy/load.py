"""Read rule files into rules, and refuse what they cannot mean."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from checker.errors import UserError
from checker.facts.fields import KINDS, fields_of
from checker.policy.compile import Context, compiled, field_type
from checker.policy.condition import All, fields_asked
from checker.policy.document import Document, Node, read
from checker.policy.message import placeholders
from checker.policy.names import nearest
from checker.policy.rule import Clause, Remedy, Rule, Text
from checker.policy.schema import schema_error
from checker.resources import rules_directory
from checker.result import LANGUAGES, SEVERITIES, Severity

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


def build(document: Document, params: Mapping[str, Any], *, bundled: bool) -> Rule:
    """Return the rule of a document, which has the shape of the schema, with some parameters set; raise UserError."""
    root, data = document.root, document.data
    if data["id"] != Path(document.path).stem:
        hint = f"the file is named `{Path(document.path).name}`"
        raise root["id"].error(f"the id `{data['id']}` is not the name of the file", hint)
    in_force = {**data.get("params", {}), **params}
    severity = _severity(root)
    return Rule(
        id=data["id"],
        code=data["code"],
        severity=severity,
        title=text_of(root["title"]),
        why=text_of(root["why"]),
        params=in_force,
        clauses=_clauses(root, in_force, severity),
        remedies=_remedies(root),
        controls={name: tuple(map(str, sections)) for name, sections in data.get("controls", {}).items()},
        products=tuple(data.get("products", ())),
        document=document,
        bundled=bundled,
    )


def with_params(rule: Rule, nodes: Mapping[str, Node]) -> Rule:
    """Return a rule with parameters that are set elsewhere; what does not fit is told there."""
    for name, node in nodes.items():
        if name not in rule.params:
            raise node.key_error(f"the rule `{rule.id}` has no parameter `{name}`", nearest(name, rule.params))
        try:
            rule = build(rule.document, {**rule.params, name: node.data}, bundled=rule.bundled)
        except UserError as error:
            raise node.error(error.message, error.hint) from None
    return rule


def _severity(node: Node) -> Severity:
    return severity_of(node["severity"])


def severity_of(node: Node) -> Severity:
    """Return a severity by its name; raise UserError."""
    for severity in SEVERITIES:
        if severity == node.data:
            return severity
    raise node.error(f"there is no severity `{node.data}`", nearest(str(node.data), SEVERITIES))


def text_of(node: Node) -> Text:
    """Return a text that is given in all languages; raise UserError."""
    for language, part in node.items():
        if language not in LANGUAGES:
            raise part.key_error(f"there is no language `{language}`", nearest(language, LANGUAGES))
    for language in LANGUAGES:
        if not node.data.get(language):
            raise node.error(f"the text in `{language}` is missing")
    return Text(node.data["en"].strip(), node.data["es"].strip())


def _clauses(root: Node, params: Mapping[str, Any], severity: Severity) -> tuple[Clause, ...]:
    if not root.data.get("clauses"):
        return (_clause("", root, params, severity),)
    return tuple(
        _clause(name, part, params, _severity(part) if "severity" in part else severity)
        for name, part in root["clauses"].items()
    )


def _clause(name: str, part: Node, params: Mapping[str, Any], severity: Severity) -> Clause:
    root = part.document.root
    kind = _of_clause_or_rule("applies_to", part)
    if kind.data not in KINDS:
        raise kind.error(f"there is no kind of fact `{kind.data}`", nearest(str(kind.data), KINDS))
    context = Context(kind.data, params)
    nodes = (root, part) if name else (root,)
    selecting = tuple(compiled(each["when"], context) for each in nodes if "when" in each)
    when = selecting[0] if len(selecting) == 1 else All(selecting)
    require = compiled(_of_clause_or_rule("require", part), context)
    return Clause(
        name=name,
        severity=severity,
        applies_to=kind.data,
        when=when,
        require=require,
        message=_message(_of_clause_or_rule("message", part), context),
        asks_serves="serves" in fields_asked(when) | fields_asked(require),
    )


def _of_clause_or_rule(key: str, part: Node) -> Node:
    for node in (part, part.document.root):
        if key in node:
            return node[key]
    raise part.error(f"`{key}` is missing", "in the rule or in each clause")


def _message(node: Node, context: Context) -> Text:
    text = text_of(node)
    for language in LANGUAGES:
        for name in placeholders(text.get(language)):
            parameter = name.startswith("params.") and name.removeprefix("params.") in context.params
            if not parameter and field_type(context.kind, name) is None:
                right = [*fields_of(context.kind), *(f"params.{each}" for each in context.params)]
                message = f"a fact of kind {context.kind} has no field `{name}`"
                raise node[language].error(message, nearest(name, right))
    return text


def _remedies(root: Node) -> dict[str, Remedy]:
    if "remedy" not in root:
        return {}
    node = root["remedy"]
    if node.data.keys() <= {*LANGUAGES, "set"}:
        return {"": _remedy(node)}
    return {product: _remedy(part) for product, part in node.items()}


def _remedy(node: Node) -> Remedy:
    texts = {key: value for key, value in node.data.items() if key != "set"}
    return Remedy(
        {name: str(value) for name, value in node.data.get("set", {}).items()},
        text_of(Node(node.document, node.steps, texts)) if texts else None,
    )
