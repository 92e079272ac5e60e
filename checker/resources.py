"""Where the rules and schemas of the package itself are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

_PACKAGE = Path(__file__).parent


def _directory(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


@cache
def _compiled_rules() -> dict[str, Any]:
    """Return the rules and profiles as plain data by their path, as the wheel has them; nothing in a checkout."""
    try:
        compiled: dict[str, Any] = msgspec.json.decode((_PACKAGE / "_data" / "rules.json").read_bytes())
    except FileNotFoundError:
        return {}
    return compiled


def compiled_rule(path: Path) -> Any | None:
    """Return the data of a rule or profile of the installed package, None for any other file."""
    compiled = _compiled_rules()
    if not compiled or not path.is_relative_to(rules_directory()):
        return None
    return compiled.get(path.relative_to(rules_directory()).as_posix())


def rules_directory() -> Path:
    """Return the directory of the rules and profiles that the package brings."""
    return _directory("rules")


def schema(name: str) -> dict[str, Any]:
    """Return a JSON schema of the package by its short name (``rule``, ``profile``)."""
    data: dict[str, Any] = msgspec.json.decode((_directory("schemas") / f"{name}.schema.json").read_text("utf-8"))
    return data
