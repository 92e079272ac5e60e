"""A rule as it was read: what it judges, what it asks, and what it tells the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from checker.policy.condition import Condition
from checker.policy.document import Document, Node
from checker.policy.names import nearest
from checker.result import LANGUAGES, SEVERITIES, Language, Severity


class Text(Struct, frozen=True):
    """A text in the languages of the program."""

    en: str
    es: str

    def get(self, language: Language) -> str:
        """Return the text in one language."""
        return self.es if language == "es" else self.en


class Remedy(Struct, frozen=True):
    """What to change: settings, an explanation, or both."""

    settings: Mapping[str, str]
    text: Text | None = None


class Clause(Struct, frozen=True):
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


class RuleTest(Struct, frozen=True):
    """A test inside a rule: its data as written, and its index in the list."""

    name: str
    index: int
    data: Mapping[str, Any]


class Excuse(Struct, frozen=True):
    """A test that cannot be written: for this product no configuration has this status."""

    product: str
    status: str
    because: str


class Rule(Struct, frozen=True):
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
    document: Document
    bundled: bool = True

    @property
    def tests(self) -> tuple[RuleTest, ...]:
        """Return the tests that the rule carries."""
        tests = self.document.data.get("tests", ())
        return tuple(RuleTest(test["name"], index, test) for index, test in enumerate(tests) if "name" in test)

    @property
    def excuses(self) -> tuple[Excuse, ...]:
        """Return the tests that cannot be written, with the reasons."""
        return tuple(
            Excuse(product, status, test["cannot"]["because"])
            for test in self.document.data.get("tests", ())
            if "cannot" in test
            for product, status in test["cannot"].items()
            if product != "because"
        )


def severity_of(node: Node) -> Severity:
    """Return a severity by its name; raise UserError."""
    for severity in SEVERITIES:
        if severity == node.data:
            return severity
    raise node.error(f"there is no severity `{node.data}`", nearest(str(node.data), SEVERITIES))


def text_of(node: Node) -> Text:
    """Return a text that is given in all languages; raise UserError."""
    for language, part in node.items():
        if language not in LANGUAGES:
            raise part.key_error(f"there is no language `{language}`", nearest(language, LANGUAGES))
    for language in LANGUAGES:
        if not node.data.get(language):
            raise node.error(f"the text in `{language}` is missing")
    return Text(node.data["en"].strip(), node.data["es"].strip())
