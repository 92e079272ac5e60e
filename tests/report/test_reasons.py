"""Reasons in other languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.report.reasons import SPANISH, in_language

PACKAGE = Path(__file__).resolve().parents[2] / "checker"


def template(node: ast.AST) -> str | None:
    """Return the text of a literal, with ``{}`` for what is filled in; None for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text()))


def reasons(path: Path) -> Iterator[str]:
    """Yield the templates of the reasons that a module makes, without those that quote what Postfix says."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
            kind, text = map(template, node.args)
            if text is not None and kind != "invalid":
                yield text


def test_every_entry_is_of_a_text_that_the_program_makes() -> None:
    made = {text for path in PACKAGE.rglob("*.py") if path.name != "reasons.py" for text in map(template, nodes(path))}
    assert SPANISH.keys() <= made


@pytest.mark.parametrize(
    "name",
    [
        *("derive.py", "tls/whichever.py"),
        *(str(path.relative_to(PACKAGE)) for path in (PACKAGE / "postfix").rglob("*.py")),
    ],
)
def test_every_reason_has_its_spanish(name: str) -> None:
    assert set(reasons(PACKAGE / name)) <= SPANISH.keys()


@pytest.mark.parametrize("english", sorted(SPANISH))
def test_the_spanish_has_as_many_places(english: str) -> None:
    assert SPANISH[english].count("{}") == english.count("{}")


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("it cannot be told", "no se puede saber"),
        ("the members of hash:/x are not read", "los miembros de hash:/x no se leen"),
        (
            "mynetworks comes from the network interfaces of the machine",
            "mynetworks procede de las interfaces de red del equipo",
        ),
        ("the port '{0}\\' is looked up in /etc/services", "el puerto '{0}\\' se busca en /etc/services"),
        ("a text of nobody's", "a text of nobody's"),
    ],
)
def test_what_is_filled_in_stays_as_it_is(english: str, spanish: str) -> None:
    assert in_language("es", english) == spanish
    assert in_language("en", english) == english
