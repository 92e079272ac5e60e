"""A rule as it was read: what it judges, what it asks, and what it tells the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.policy.condition import Condition
from checker.policy.document import Document
from checker.result import Language, Severity


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the languages of the program."""

    en: str
    es: str

    def get(self, language: Language) -> str:
        """Return the text in one language."""
        return self.es if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to change: settings, an explanation, or both."""

    settings: Mapping[str, str]
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One question of a rule to each fact of a kind; ``name`` is empty where the rule has no ``clauses``.

    ``asks_serves``: the clause speaks of ``serves`` itself, so listeners that serve nobody are judged too.
    """

    name: str
    severity: Severity
    applies_to: str
    when: Condition
    require: Condition
    message: Text
    asks_serves: bool


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A test inside a rule: its data as written, and its index in the list."""

    name: str
    index: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Excuse:
    """A test that cannot be written: for this product no configuration has this status."""

    product: str
    status: str
    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its parameters filled in.

    ``remedies`` are by product or product-generation, the empty key meaning any. ``products`` is what the author says
    the rule speaks of, empty if nothing. ``bundled`` tells the package's own rules from those of a user's directory.
    """

    id: str
    code: str
    severity: Severity
    title: Text
    why: Text
    params: Mapping[str, Any]
    clauses: tuple[Clause, ...]
    remedies: Mapping[str, Remedy]
    controls: Mapping[str, tuple[str, ...]]
    products: tuple[str, ...]
    tests: tuple[RuleTest, ...]
    excuses: tuple[Excuse, ...]
    document: Document = field(repr=False, compare=False)
    bundled: bool = True
