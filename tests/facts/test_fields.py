"""The names and types of fact fields."""

from __future__ import annotations

import pytest

from checker.facts import fields
from checker.facts.endpoint import Endpoint
from checker.facts.fields import KINDS, FieldType, field_value, fields_of
from checker.facts.settings import NO_SETTINGS
from checker.facts.software import System
from checker.facts.types import EXPOSURES, TLS_VERSIONS
from checker.values import ABSENT, Known, Origin

ORIGIN = Origin("here")
ENDPOINT = Endpoint(
    "postfix:25/inet:25", (ORIGIN,), Known("postfix"), Known("config"), Known("25/inet"), port=Known(25)
)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("endpoint", "port", FieldType("integer")),
        ("endpoint", "serves", FieldType("boolean")),
        ("endpoint", "service", FieldType("text")),
        ("endpoint", "exposure", FieldType("exposure", words=EXPOSURES)),
        ("endpoint", "tls.mode", FieldType("text", words=("none", "starttls", "implicit"))),
        ("endpoint", "tls.min_version", FieldType("tls-version", words=TLS_VERSIONS)),
        ("endpoint", "tls.versions", FieldType("tls-version", is_list=True, words=TLS_VERSIONS)),
        ("endpoint", "smtp.trusted_networks", FieldType("network", is_list=True)),
        ("endpoint", "auth.mechanisms_before_tls", FieldType("text", is_list=True)),
        ("trust", "network", FieldType("network")),
        ("trust", "exposure", FieldType("exposure", words=EXPOSURES)),
        ("software", "release", FieldType("release")),
        ("software", "product", FieldType("text", words=("postfix", "dovecot"))),
    ],
)
def test_a_field_has_the_type_of_its_annotation(kind: str, name: str, expected: FieldType) -> None:
    assert fields_of(kind)[name] == expected


@pytest.mark.parametrize("name", ["id", "origins", "settings", "tls"])
def test_what_holds_no_value_is_no_field(name: str) -> None:
    assert name not in fields_of("endpoint")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_is_read(kind: str) -> None:
    assert all(isinstance(each, FieldType) for each in fields_of(kind).values())


def test_a_type_that_no_rule_could_judge_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="no field type for"):
        fields._field_type(dict)


def test_every_field_of_a_fact_has_a_value() -> None:
    assert {name: field_value(ENDPOINT, name) for name in fields_of("endpoint")}["tls.mode"] == ABSENT


def test_a_value_is_found_by_its_dotted_name() -> None:
    assert field_value(ENDPOINT, "port") == Known(25)
    assert field_value(ENDPOINT, "id") == Known("postfix:25/inet:25", (ORIGIN,))


def test_a_fact_without_settings_has_none() -> None:
    assert ENDPOINT.settings is NO_SETTINGS
    assert field_value(ENDPOINT, "settings.mail_name") == ABSENT


def test_a_system_has_the_facts_of_each_kind() -> None:
    system = System("host", (), endpoints=(ENDPOINT,))
    assert system.facts("endpoint") == (ENDPOINT,)
    assert system.facts("trust") == ()
    assert system.facts("system") == (system,)
