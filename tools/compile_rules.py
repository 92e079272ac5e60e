"""Put the rules into the wheel once more: as one JSON, so that a run need not load a YAML reader, and as a module that
makes them, so that a run need not find out what they mean.

Called by the build backend (``pyproject.toml``). In a checkout the YAML files are read.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROJECT = Path(__file__).resolve().parent.parent

HEAD = '''\
"""The rules of the package, as they were read when it was built. Written by tools/compile_rules.py."""

from checker.policy.condition import All, AnyOf, Atom, Constant, Exists, FieldOf, Not
from checker.policy.rule import Clause, Remedy, Rule, Text


def rules(document):
    """Return the rules; ``document`` makes the document of a path below the directory of rules."""
    return '''


def compiled(rules: Path) -> dict[str, Any]:
    """Return the data of all rules and profiles, by their path below the directory."""
    sys.path.insert(0, str(PROJECT))
    from checker.policy.document import read  # noqa: PLC0415 - the package is not installed while it is built

    return {path.relative_to(rules).as_posix(): read(path).data for path in sorted(rules.rglob("*.yaml"))}


def module_of(rules: Path) -> str:
    """Return the text of a module that makes the rules of a directory."""
    sys.path.insert(0, str(PROJECT))
    from checker.policy.load import load_rules  # noqa: PLC0415 - likewise

    return f"{HEAD}{_expression(load_rules([rules], validate=False), rules)}\n"


def _expression(value: Any, rules: Path) -> str:
    """Return the Python expression of a value; raise TypeError for one that has none."""
    from msgspec import Struct  # noqa: PLC0415 - likewise

    if type(value).__name__ == "Document":
        return f"document({Path(value.path).relative_to(rules).as_posix()!r})"
    if isinstance(value, Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return f"{type(value).__name__}({', '.join(f'{name}={_expression(each, rules)}' for name, each in fields)})"
    if isinstance(value, tuple):
        return f"({''.join(f'{_expression(each, rules)}, ' for each in value)})"
    if isinstance(value, list):
        return f"[{', '.join(_expression(each, rules) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_expression(each, rules)}' for key, each in value.items())}}}"
    if value is None or type(value) in (str, int, bool):
        return repr(value)
    raise TypeError(f"a rule holds {value!r}, which cannot be written as an expression")


class CompileRules(BuildHookInterface[Any]):
    """The hook that the build backend looks for."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to a wheel; not to one that only points back to a checkout."""
        if version == "editable":
            return
        made = Path(tempfile.mkdtemp())
        data = json.dumps(compiled(PROJECT / "rules"), ensure_ascii=False, sort_keys=True)
        (made / "rules.json").write_text(data, "utf-8")
        (made / "bundled.py").write_text(module_of(PROJECT / "rules"), "utf-8")
        build_data["force_include"][str(made / "rules.json")] = "checker/_data/rules.json"
        build_data["force_include"][str(made / "bundled.py")] = "checker/policy/bundled.py"
