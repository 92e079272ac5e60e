"""Make a rule of a document, and refuse what it cannot mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.errors import UserError
from checker.facts.fields import KINDS, fields_of
from checker.policy.compile import Context, compiled, field_type
from checker.policy.condition import All, fields_asked
from checker.policy.document import Document, Node
from checker.policy.message import placeholders
from checker.policy.names import nearest
from checker.policy.rule import Clause, Remedy, Rule, Text, severity_of, text_of
from checker.result import LANGUAGES, Severity


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
