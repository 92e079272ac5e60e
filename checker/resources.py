"""Where the rules and schemas of the package itself are: inside the wheel, or beside the package in a checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


def _directory(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def rules_directory() -> Path:
    """Return the directory of the rules and profiles that the package brings."""
    return _directory("rules")


def schema(name: str) -> dict[str, Any]:
    """Return a JSON schema of the package by its short name (``rule``, ``profile``)."""
    data: dict[str, Any] = json.loads((_directory("schemas") / f"{name}.schema.json").read_text("utf-8"))
    return data
