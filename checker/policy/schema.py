"""Check a document against a JSON schema of the package, and say what is wrong where it stands."""

from __future__ import annotations

import re
from typing import Any

from checker.errors import UserError
from checker.policy.document import Document
from checker.policy.names import nearest
from checker.resources import schema

_CONDITIONS = frozenset({"when", "require"})
_LONG = 120


def schema_error(document: Document, name: str, *, outside_conditions: bool = False) -> UserError | None:
    """Return what a document has against a schema, the worst only; None if nothing.

    ``outside_conditions`` leaves out what stands inside ``when`` and ``require``: the compiler says that better.
    """
    import jsonschema  # noqa: PLC0415 - heavy, and only the rules of users need it
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    validator = jsonschema.Draft202012Validator(schema(name))
    errors = [
        error
        for error in validator.iter_errors(document.data)
        if not (outside_conditions and _CONDITIONS.intersection(map(str, error.absolute_path)))
    ]
    worst = best_match(errors)
    return None if worst is None else _as_user_error(document, worst)


def _as_user_error(document: Document, error: Any) -> UserError:
    node = document.node(error.absolute_path)
    if "propertyNames" in error.schema_path and error.instance in node:
        hint = error.schema.get("description", "") or nearest(error.instance, map(str, error.schema.get("enum", ())))
        return node[error.instance].key_error(f"`{_short(error.instance)}` is not known here", hint)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        patterns = [re.compile(each) for each in error.schema.get("patternProperties", {})]
        strange = (key for key in error.instance if not any(each.search(key) for each in patterns))
        wrong = next(key for key in strange if key not in known)
        return node[wrong].key_error(f"`{wrong}` is not known here", nearest(wrong, known))
    if error.validator == "required":
        lacking = next(key for key in error.validator_value if key not in error.instance)
        return node.error(f"`{lacking}` is missing")
    if error.validator == "enum":
        hint = nearest(str(error.instance), map(str, error.validator_value))
        return node.error(f"`{_short(error.instance)}` is none of the possible values", hint)
    if error.validator == "type":
        kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        return node.error(f"must be of type {' or '.join(kinds)}", error.schema.get("description", ""))
    if error.validator == "pattern":
        return node.error(f"`{_short(error.instance)}` is not written rightly", error.schema.get("description", ""))
    return node.error(_short(error.message), error.schema.get("description", ""))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
