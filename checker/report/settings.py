"""The effective values of settings, with the chain that made each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.facts.settings import Settings
from checker.report.facts import JSON, plain_text, text, value_data
from checker.report.style import Style, wrapped
from checker.report.trace import path_of
from checker.safe_text import for_terminal, redact
from checker.values import Known, OneOf, Value


def settings_text(scopes: Sequence[tuple[str, Settings]], names: Sequence[str], style: Style) -> str:
    """Return ``name = value`` and its chain, for each scope (a set or a service, by its id)."""
    blocks = []
    for scope, settings in scopes:
        lines = [style.paint(for_terminal(scope), "bold")] if len(scopes) > 1 else []
        for name in names:
            lines += _setting(name, settings.get(name), style)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _setting(name: str, value: Value[Any], style: Style) -> list[str]:
    shown, reason = _shown(name, value)
    head = f"{style.paint(for_terminal(name), 'bold')} = {shown}"
    if value == Known(None):
        head = f"{style.paint(for_terminal(name), 'bold')}: no such parameter in this release"
    lines = [head]
    if reason:
        lines += [f"    {line}" for line in wrapped(reason, style.width - 4, "  ")]
    if value.origins:
        lines += [style.paint(f"    {line}", "dim") for line in wrapped(path_of(value.origins), style.width - 4, "  ")]
    return lines


def _shown(name: str, value: Value[Any]) -> tuple[str, str]:
    if isinstance(value, Known):
        return ("" if value.value is None else for_terminal(redact(name, plain_text(value.value)))), ""
    if isinstance(value, OneOf):
        alternatives = [f"{condition}: {_shown(name, each)[0]}" for condition, each in value.alternatives]
        return "one of", for_terminal("; ".join(alternatives))
    return "?", for_terminal(value_data(value)[1])


def settings_data(scopes: Sequence[tuple[str, Settings]], names: Sequence[str]) -> JSON:
    """Return the same as plain data."""
    return {"settings": [_data(scope, name, settings.get(name)) for scope, settings in scopes for name in names]}


def _data(scope: str, name: str, value: Value[Any]) -> JSON:
    plain, reason = value_data(value)
    if isinstance(plain, str):
        plain = redact(name, plain)
    return {
        "scope": text(scope),
        "name": text(name),
        "value": plain,
        "unknown": redact(name, reason) or None,
        "origins": [
            {
                "note": text(origin.note),
                "value": text(redact(origin.parameter, origin.text)),
                "default": origin.is_default,
                "path": text(origin.place.path) if origin.place else None,
                "line": origin.place.line if origin.place else None,
            }
            for origin in value.origins
        ],
    }
