"""How values are said in messages."""

from __future__ import annotations

from typing import Any

import pytest

from checker.policy.message import MAX_VALUE, filled, shown
from checker.result import Language
from checker.values import ABSENT, Known, OneOf, Open, Unknown, Value
from tests.policy.made import HOST_ONLY, TEMPLATE, endpoint


@pytest.mark.parametrize(
    ("value", "en", "es"),
    [
        (Known("imap"), "imap", "imap"),
        (Known(143), "143", "143"),
        (Known(True), "yes", "sí"),
        (Known(False), "no", "no"),
        (ABSENT, "none", "ninguno"),
        (Known(()), "none", "ninguno"),
        (Known(("a", "b")), "a, b", "a, b"),
        (Unknown(HOST_ONLY), "unknown", "desconocido"),
        (Open(("a",), (), TEMPLATE), "a, …", "a, …"),
        (OneOf((("x", Known(1)), ("y", Known(2)), ("z", Known(1)))), "1 or 2", "1 o 2"),
        (OneOf((("x", Known(1)), ("y", Unknown(TEMPLATE)))), "1 or unknown", "1 o desconocido"),
    ],
)
def test_values_are_said_as_a_reader_says_them(value: Value[Any], en: str, es: str) -> None:
    languages: dict[Language, str] = {"en": en, "es": es}
    assert {language: shown(value, language) for language in languages} == languages


def test_a_long_value_is_cut() -> None:
    assert shown(Known("x" * 300), "en") == "x" * (MAX_VALUE - 1) + "…"


def test_placeholders_are_fields_settings_and_parameters() -> None:
    fact = endpoint(port=Known(143), settings={"ssl": "no"})
    text = "{protocol} {port} {settings.ssl} {params.limit} {tls.mode} {id}"
    assert filled(text, fact, {"limit": [1, 2]}, "en") == "imap 143 no 1, 2 none test:imap/inet:143"


def test_braces_in_a_value_are_left_alone() -> None:
    fact = endpoint(banner=Known("{port}"), port=Known(25))
    assert filled("{banner}", fact, {}, "en") == "{port}"
