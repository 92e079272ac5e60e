"""Texts of rules with ``{field}`` in them, filled from a fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from checker.facts.fields import field_value
from checker.facts.software import Fact, System
from checker.policy.rule import Text
from checker.result import Language
from checker.values import Known, OneOf, Open, Unknown, Value

MAX_VALUE = 200
"""Longer values are cut: a message is one sentence."""

_PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")
_UNKNOWN = Text("unknown", "desconocido")
_ABSENT = Text("none", "ninguno")
_OR = Text(" or ", " o ")
_TRUTH = {True: Text("yes", "sí"), False: Text("no", "no")}


def placeholders(text: str) -> Iterator[str]:
    """Yield the names in braces."""
    yield from _PLACEHOLDER.findall(text)


def filled(text: str, fact: Fact | System, params: Mapping[str, Any], language: Language) -> str:
    """Return a text with its placeholders filled; names were checked when the rule was loaded."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("params."):
            return shown(Known(params[name.removeprefix("params.")]), language)
        return shown(field_value(fact, name), language)

    return _PLACEHOLDER.sub(value, text)


def shown(value: Value[Any], language: Language) -> str:
    """Return a value as a reader says it."""
    if isinstance(value, Unknown):
        return _UNKNOWN.get(language)
    if isinstance(value, OneOf):
        each = dict.fromkeys(shown(alternative, language) for _, alternative in value.alternatives)
        return _cut(_OR.get(language).join(each))
    if isinstance(value, Open):
        return _cut(", ".join([*map(str, value.members), "…"]))
    return _cut(_plain(value.value, language))


def _plain(value: Any, language: Language) -> str:
    if value is None or value in ((), []):
        return _ABSENT.get(language)
    if isinstance(value, bool):
        return _TRUTH[value].get(language)
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"
