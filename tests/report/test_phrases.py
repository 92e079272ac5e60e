"""Every language has every phrase."""

from __future__ import annotations

from string import Formatter

import pytest

from checker.report.phrases import PHRASES, counted, phrase
from checker.report.summary import TALLIED
from checker.result import LANGUAGES, SEVERITIES


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_languages_have_the_same_phrases() -> None:
    assert set(PHRASES) == set(LANGUAGES)
    assert PHRASES["es"].keys() == PHRASES["en"].keys()


@pytest.mark.parametrize("key", sorted(PHRASES["en"]))
def test_a_phrase_has_the_same_places_in_all_languages(key: str) -> None:
    assert PHRASES["en"][key].strip()
    assert PHRASES["es"][key].strip()
    assert places(PHRASES["en"][key]) == places(PHRASES["es"][key])


@pytest.mark.parametrize("key", [*SEVERITIES, *TALLIED])
def test_what_is_counted_has_a_plural(key: str) -> None:
    assert {key, f"{key}.many"} <= PHRASES["en"].keys()


def test_counting_uses_the_plural() -> None:
    assert counted("en", "host", 1) == "1 host"
    assert counted("en", "host", 0) == "0 hosts"
    assert counted("es", "critical", 2) == "2 críticas"
    assert phrase("es", "exit", status=1) == "código de salida 1"
