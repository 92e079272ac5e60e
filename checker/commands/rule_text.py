"""A rule as text for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from checker.policy.frameworks import framework_name
from checker.policy.rule import Rule, RuleTest
from checker.policy.selftest import product_of
from checker.report.phrases import phrase
from checker.report.style import Style, to_paste, wrapped
from checker.result import Language, Status
from checker.safe_text import for_terminal

LABELS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "why": "Why",
        "judges": "What it judges",
        "of": "each {kind}",
        "parameters": "Parameters",
        "remedy": "How to mend it",
        "controls": "Controls",
        "fail": "An example that fails",
        "pass": "An example that passes",
        "when": "where",
        "require": "it must hold that",
    },
    "es": {
        "why": "Por qué",
        "judges": "Qué evalúa",
        "of": "cada {kind}",
        "parameters": "Parámetros",
        "remedy": "Cómo corregirlo",
        "controls": "Controles",
        "fail": "Un ejemplo que incumple",
        "pass": "Un ejemplo que cumple",
        "when": "donde",
        "require": "debe cumplirse que",
    },
}
"""The headings in each language."""


def explanation(rule: Rule, language: Language, style: Style) -> str:
    """Return all that a reader wants to know of a rule."""
    labels = LABELS[language]
    severity = style.paint(phrase(language, rule.severity), rule.severity)
    head = f"{style.paint(for_terminal(rule.code), 'bold')} {for_terminal(rule.id)} ({severity})"
    sections = [
        ("", wrapped(for_terminal(rule.title.get(language)), style.width - 2)),
        (labels["why"], wrapped(for_terminal(rule.why.get(language)), style.width - 2)),
        (labels["judges"], list(_judged(rule, language))),
        (labels["parameters"], [f"{name} = {_shown(value)}" for name, value in rule.params.items()]),
        (labels["remedy"], list(_remedies(rule, language, style))),
        (labels["controls"], [f"{framework_name(key) or key}: {', '.join(refs)}" for key, refs in _controls(rule)]),
        (labels["fail"], _example(rule, "fail")),
        (labels["pass"], _example(rule, "pass")),
    ]
    lines = [head]
    for heading, rows in sections:
        if rows:
            lines += ["", *([style.paint(heading, "bold")] if heading else []), *(f"  {row}".rstrip() for row in rows)]
    return "".join(f"{line}\n" for line in lines)


def _controls(rule: Rule) -> list[tuple[str, tuple[str, ...]]]:
    return sorted(rule.controls.items())


def _judged(rule: Rule, language: Language) -> Iterator[str]:
    """Yield the conditions as the rule's author wrote them."""
    labels, data = LABELS[language], rule.document.data
    yield from _condition(labels, data, data.get("applies_to", ""))
    for name, clause in data.get("clauses", {}).items():
        severity = f" ({phrase(language, clause['severity'])})" if "severity" in clause else ""
        yield f"- {for_terminal(name)}{severity}"
        for line in _condition(labels, clause, clause.get("applies_to", "")):
            yield f"  {line}"


def _condition(labels: Mapping[str, str], data: Mapping[str, Any], kind: str) -> Iterator[str]:
    if kind:
        yield labels["of"].format(kind=for_terminal(kind))
    for key in ("when", "require"):
        if key in data:
            yield f"{labels[key]}:"
            yield from (f"  {line}" for line in _yaml(data[key]))


def _yaml(data: Any) -> Iterator[str]:
    """Yield a condition one field a line."""
    if not isinstance(data, dict):
        yield _shown(data)
        return
    for name, value in data.items():
        yield f"{for_terminal(str(name))}: {_shown(value)}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return for_terminal(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{for_terminal(str(key))}: {_shown(each)}' for key, each in value.items())}}}"
    return json.dumps(value)


def _remedies(rule: Rule, language: Language, style: Style) -> Iterator[str]:
    for product, remedy in rule.remedies.items():
        indent = ""
        if product:
            yield f"{for_terminal(product)}:"
            indent = "  "
        for line in remedy.text.get(language).splitlines() if remedy.text else ():
            yield from (f"{indent}{row}" for row in to_paste(for_terminal(line), style.width - 4))
        for name, value in remedy.settings.items():
            yield f"{indent}{for_terminal(name)} = {for_terminal(value)}"


def _example(rule: Rule, status: Status) -> list[str]:
    """Return the files of the first test that expects a status, with the test's name."""
    for wanted in (True, False):  # configuration tells more than facts
        for test in rule.tests:
            if test.data.get("expect") == status and ("facts" not in test.data) is wanted:
                return [f"# {for_terminal(test.name)}", *_files(test)]
    return []


def _files(test: RuleTest) -> Iterator[str]:
    for key, value in test.data.items():
        texts = value if key == "files" else {}
        if product_of(key) or key == "master":
            texts = {{"postfix": "main.cf", "master": "master.cf"}.get(key, key): value}
        for name, text in texts.items():
            yield f"# {for_terminal(name)}"
            yield from (for_terminal(line) for line in str(text).splitlines())
        if key == "facts":
            yield from _yaml(value)
