"""Small tables."""

from __future__ import annotations

from collections.abc import Mapping

from checker.named_files import Files
from checker.postfix.tables.lookup import Failure, Hit, find
from checker.postfix.tables.open import Tables
from checker.tree import MemoryTree
from checker.values import Reason

RELEASE = (3, 7, 11)


def tables(
    files: Mapping[str, str] | None = None, *, directory: str = "etc/postfix", release: tuple[int, ...] = RELEASE
) -> Tables:
    """Return what opens tables beside a main.cf, of files by their names in its directory."""
    held = {f"{directory}/{name}": text.encode("utf-8", "surrogateescape") for name, text in (files or {}).items()}
    return Tables(Files(MemoryTree(held), directory), release)


def found(text: str, key: str, files: Mapping[str, str] | None = None) -> str | None:
    """Return what a key gives: ``error`` and ``unknown`` are not what any of the tables of the tests holds."""
    answer = find(tables(files).open(text), key)
    if isinstance(answer, Hit):
        return answer.value
    if isinstance(answer, Failure):
        return "error"
    return "unknown" if isinstance(answer, Reason) else None
