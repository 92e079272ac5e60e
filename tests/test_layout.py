"""The tree is laid out as the documents say, and no module grows beyond what one can read at a sitting."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "checker"

MOST_LINES = 250
LONGER_FOR_A_REASON = {
    "postfix/expand.py": "one grammar: the macros in parameter values",
    "postfix/master_cf.py": "one grammar: services and their options, and what master(8) refuses",
    "postfix/smtpd.py": "the algorithms of one program, in the order in which it runs them",
    "postfix/scope.py": "one value's way through defaults, main.cf and options; each step needs the others' state",
}
"""Modules above the limit, by their path below ``checker``, with the reason."""


def modules() -> dict[str, int]:
    """Return the line count of every module, by its path below ``checker``."""
    return {
        str(path.relative_to(PACKAGE)): path.read_text().count("\n")
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    }


@pytest.mark.parametrize("name", ["rules", "checker", "schemas", "pyproject.toml", "tests", "examples", "docs"])
def test_what_stands_at_the_top(name: str) -> None:
    assert (PROJECT / name).exists()


def test_modules_are_short() -> None:
    long = {name for name, lines in modules().items() if lines > MOST_LINES}
    assert long <= LONGER_FOR_A_REASON.keys(), "split it, or give the reason why it is one thing"
    assert LONGER_FOR_A_REASON.keys() <= modules().keys()


def test_the_table_of_modules_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, PROJECT / "tools/document_tables.py", "--check"], check=False)
    assert done.returncode == 0, "run `make docs`"


def test_every_package_says_what_it_is_for() -> None:
    silent = [path for path in PACKAGE.rglob("__init__.py") if not path.read_text().startswith('"""')]
    assert not silent


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/pull-requests.md",
        "docs/platforms.md",
        "CHANGELOG.md",
    ],
)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    document = PROJECT / name
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [target for target in targets if not (document.parent / target).exists()] == []
