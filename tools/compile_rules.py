"""Put the rules into the wheel once more, as one JSON: a run that only judges need not load a YAML reader.

Called by the build backend (``pyproject.toml``). In a checkout the YAML files are read.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROJECT = Path(__file__).resolve().parent.parent


def compiled(rules: Path) -> dict[str, Any]:
    """Return the data of all rules and profiles, by their path below the directory."""
    sys.path.insert(0, str(PROJECT))
    from checker.policy.document import read  # noqa: PLC0415 - the package is not installed while it is built

    return {path.relative_to(rules).as_posix(): read(path).data for path in sorted(rules.rglob("*.yaml"))}


class CompileRules(BuildHookInterface[Any]):
    """The hook that the build backend looks for."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file to a wheel; not to one that only points back to a checkout."""
        if version == "editable":
            return
        made = Path(tempfile.mkdtemp()) / "rules.json"
        made.write_text(json.dumps(compiled(PROJECT / "rules"), ensure_ascii=False, sort_keys=True), "utf-8")
        build_data["force_include"][str(made)] = "checker/_data/rules.json"
