"""The report for programs is complete, keeps its schema, and is the same every time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from checker import resources
from checker.facts.fields import FieldType, fields_of
from checker.report import json as report_json
from checker.report.json import MAX_VALUE, report_data
from checker.report.style import Style
from checker.report.summary import Gate, exit_of
from checker.report.view import View
from checker.result import Notice, Related, Result
from checker.values import Origin
from tests.report.made import HOST_ONLY, MAIN, MASTER, TEMPLATE, finding, result, span, system

SCHEMA = resources.schema("report")

SECRET = Origin("main.cf", span(MAIN, 1), "smtp_sasl_password_maps", "static:user:pass")

FULL = result(
    replace(
        finding(place=span(MASTER, 2, 3, 9), trace=(SECRET,)), related=(Related(span(MAIN, 1), "exposure is public"),)
    ),
    finding(status="unknown", reason=TEMPLATE),
    finding(status="unknown", reason=HOST_ONLY),
    finding(status="pass"),
    finding(status="not_applicable"),
    files={MASTER: b"b", MAIN: b"a\n"},
    notices=(Notice("warning", "odd", span(MAIN, 1), "mend it"), Notice("note", "assumed")),
)


def told(made: Result) -> Any:
    return json.loads(rendered(made))


def rendered(made: Result) -> str:
    gate = Gate()
    return report_json.render(View(made, Style(), gate, Path("/nowhere")), exit_of(made, gate))


def test_the_schema_is_one_and_forbids_what_it_does_not_name() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["additionalProperties"] is False
    objects = [each for each in SCHEMA["$defs"].values() if "properties" in each]
    assert all(each["additionalProperties"] is False for each in objects)
    assert all(set(each["required"]) == set(each["properties"]) for each in objects)


@pytest.mark.parametrize("made", [FULL, result(), result(systems=()), result(finding(), language="es")])
def test_every_report_keeps_the_schema(made: Result) -> None:
    Draft202012Validator(SCHEMA).validate(told(made))


def test_what_the_schema_does_not_know_is_refused() -> None:
    data = told(FULL)
    data["findings"][0]["colour"] = "red"
    assert not Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.parametrize("kind", ["endpoint", "outbound", "software"])
def test_the_schema_has_the_fields_of_the_facts(kind: str) -> None:
    properties = SCHEMA["$defs"][kind]["properties"]
    for name, field in fields_of(kind).items():
        group, _, last = name.rpartition(".")
        held = properties[group] if group else {"properties": properties}
        if "$ref" in held:
            held = SCHEMA["$defs"]["endpoint"]["properties"][held["$ref"].rpartition("/")[2]]
        allowed = held["properties"][last]
        assert allowed == expected(field), name


def expected(field: FieldType) -> dict[str, Any]:
    """Return the schema of a field that may be null."""
    base = {"boolean": "boolean", "integer": "integer"}.get(field.base, "string")
    if field.is_list:
        return {"type": ["array", "null"], "items": {"enum": list(field.words)} if field.words else {"type": base}}
    return {"enum": [*field.words, None]} if field.words else {"type": [base, "null"]}


def test_a_finding_has_its_places_and_its_trace() -> None:
    first = told(FULL)["findings"][0]
    assert first["status"] == "fail"
    assert first["locations"] == [
        {"role": "primary", "path": MASTER, "line": 2, "column": 3, "end_line": 2, "end_column": 9, "note": ""},
        {"role": "related", "path": MAIN, "line": 1, "column": 1, "end_line": 1, "end_column": 2,
         "note": "exposure is public"},
    ]  # fmt: skip
    assert first["trace"][0]["value"] == "static:<secret>"
    assert first["controls"] == {"rfc8314": ["4.1"]}


def test_the_summary_counts_what_is_listed() -> None:
    data = told(FULL)
    summary = data["summary"]
    assert summary["findings"] == len(data["findings"]) == 5
    assert {key: summary[key] for key in ("fail", "unknown", "not_seen", "pass", "not_applicable", "waived")} == {
        "fail": 1, "unknown": 1, "not_seen": 1, "pass": 1, "not_applicable": 1, "waived": 0,
    }  # fmt: skip
    assert summary["fail_by_severity"] == {"critical": 0, "high": 1, "medium": 0, "low": 0, "info": 0}
    assert (summary["exit_status"], summary["exit_cause"]) == (1, "findings")


def test_files_are_named_with_their_hashes_in_order() -> None:
    hashes = {each["path"]: each["sha256"] for each in told(FULL)["files"]}
    assert list(hashes) == [MAIN, MASTER]
    assert hashes[MAIN] == "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"


def test_an_endpoint_says_why_a_field_is_not_known() -> None:
    endpoint = told(FULL)["endpoints"][0]
    assert endpoint["tls"]["versions"] == ["TLSv1.2", "TLSv1.3"]
    assert endpoint["tls"]["mode"] is endpoint["tls"]["required"] is endpoint["smtp"]["vrfy"] is None
    assert endpoint["auth"]["mechanisms_before_tls"] == ["PLAIN"]
    assert endpoint["unknown"] == {
        "tls.mode": "on debian-12: starttls; else: none",
        "tls.required": "template: smtpd_tls_security_level is filled in by a template",
        "auth.mechanisms_before_tls": "not-in-set: dovecot.conf is not read",
    }
    assert endpoint["location"]["line"] == 2
    assert "settings" not in endpoint


def test_it_is_the_same_every_time_and_plain_ascii() -> None:
    made = result(finding(message="contraseña \x7f\x1b\u202e \udcff"), systems=(system(),))
    assert rendered(made) == rendered(made)
    assert rendered(made).isascii()
    assert not set(rendered(made)) & {"\x7f", "\x1b"}
    assert told(made)["findings"][0]["message"] == "contraseña \x7f\x1b\u202e \\xff"


def test_secrets_stay_out() -> None:
    made = result(
        finding(message="connect = host=db password=hunter2"), notices=(Notice("warning", "x://u:hunter2@h"),)
    )
    assert "hunter2" not in json.dumps(report_data(made, exit_of(made, Gate())))


def test_a_long_value_is_cut_in_the_trace_since_every_finding_repeats_it() -> None:
    long = finding(trace=(Origin("main.cf", span(MAIN, 1), "mynetworks", "10.0.0.0/8 " * 500),))
    value = told(result(long))["findings"][0]["trace"][0]["value"]
    assert len(value) == MAX_VALUE + len("...")
    assert value.startswith("10.0.0.0/8 10.")
