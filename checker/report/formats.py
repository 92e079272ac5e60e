"""The formats of reports by name: one module each, imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from checker.report.summary import Exit
from checker.report.view import View

FORMATS = ("text", "json", "sarif", "github", "markdown")


class _Format(Protocol):
    def render(self, view: View, outcome: Exit) -> str: ...


def rendered(name: str, view: View, outcome: Exit) -> str:
    """Return the report in one of FORMATS."""
    module = cast("_Format", importlib.import_module(f"checker.report.{name}"))
    return module.render(view, outcome)
