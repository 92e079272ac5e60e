"""Imports run one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "checker"

GROUND = {"source", "tree", "errors", "values", "derive", "resources"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "source": set(),
    "values": {"source"},
    "tree": {"source", "errors"},
    "derive": {"values"},
    "resources": set(),
    "safe_text": set(),
    "facts": {"values", "source"},
    "releases": {"values", "errors", "resources"},
    "result": {"facts", "values", "source"},
    "locate": {"tree", "source", "errors", "releases", "result"},
    "git_objects": {"errors"},
    "git_tree": GROUND | {"git_objects"},
    "compare": GROUND | {"facts", "result"},
    "moves": GROUND | {"facts"},
    "networks": {"facts"},
    "installed": {"tree", "releases"},
    "named_files": {"tree", "source", "values"},
    "tls": {"facts", "values", "derive", "releases"},
    "postfix": GROUND | {"facts", "releases", "result", "networks", "tls", "safe_text", "named_files"},
    "dovecot": GROUND | {"facts", "releases", "result", "networks", "tls", "named_files"},
    "overlay": GROUND,
    "probe": GROUND | {"facts"},
    "policy": GROUND | {"facts", "result", "safe_text"},
    "report": GROUND | {"facts", "result", "safe_text", "compare"},
    "analysis": GROUND
    | {"facts", "result", "locate", "overlay", "postfix", "dovecot", "probe", "policy", "releases"}
    | {"installed", "named_files"},
    "commands": GROUND
    | {"facts", "result", "analysis", "locate", "report", "policy", "options", "safe_text"}
    | {"compare", "git_objects", "git_tree", "moves", "releases"},
    "options": GROUND | {"result", "facts"},
    "cli": {"commands", "errors", "options", "safe_text"},
}
"""Which rooms (modules and packages directly below ``checker``) a room may import, besides itself."""

EXCEPTIONS = {
    "commands/postconf.py": {"postfix"},  # it is Postfix's own program that it stands in for
    "commands/doveconf.py": {"dovecot"},  # and this one is Dovecot's
}
"""Modules that may import more than their room."""


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(source: str) -> set[str]:
    """Return the rooms of ``checker`` that a module's text imports, anywhere in it."""
    rooms = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        rooms |= {name.split(".")[1] for name in names if name.startswith("checker.")}
    return rooms - {"__version__"}


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_stands_below_it(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert imported_rooms(path.read_text()) == set()
        return
    assert room in MAY_IMPORT, f"{room} is a new room: say in MAY_IMPORT what it may import"
    more = EXCEPTIONS.get(str(path.relative_to(PACKAGE)), set())
    assert imported_rooms(path.read_text()) <= MAY_IMPORT[room] | {room} | more


def test_no_two_rooms_may_import_each_other() -> None:
    mutual = [(one, other) for one in MAY_IMPORT for other in MAY_IMPORT[one] if one in MAY_IMPORT.get(other, set())]
    assert not mutual


def test_imports_are_found_wherever_they_stand() -> None:
    text = "def f():\n    from checker.report import text\nimport checker.policy.load\nfrom checker import values\n"
    assert imported_rooms(text) == {"report", "policy", "values"}
