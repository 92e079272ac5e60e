"""Changes as people and programs read them."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator
from msgspec.structs import replace

from checker import resources
from checker.compare import FieldChange, ListenerChange, VerdictChange
from checker.report.changes import Changes, changes_data, render_text
from checker.report.json import dumped
from checker.report.style import Style
from checker.report.summary import Gate
from checker.report.view import View
from checker.values import ABSENT, Known, OneOf, Open, Unknown
from tests.report.made import MAIN, TEMPLATE, finding, result, span, system

SCHEMA = resources.schema("diff")
ENDPOINT = system().endpoints[0]
VIEW = View(result(), Style(), Gate(), Path("/nowhere"))

FIELDS = (
    FieldChange("tls.required", Known(False), Known(True)),
    FieldChange("tls.mode", Unknown(TEMPLATE), Known("starttls")),
    FieldChange("tls.versions", Known(("TLSv1.2", "TLSv1.3")), Open(("TLSv1.2",), (), TEMPLATE)),
    FieldChange("role", OneOf((("here", Known("mx")), ("else", Known("access")))), ABSENT),
)
FAILED = finding(message="accepts \x1b[31m everything", place=span(MAIN, 4))


def changes(
    *, listeners: tuple[ListenerChange, ...] = (), verdicts: tuple[VerdictChange, ...] = (), revision: str = "main"
) -> Changes:
    return Changes(revision, "0123456789abcdef" + "0" * 24, listeners, verdicts)


def text(made: Changes) -> list[str]:
    return render_text(made, VIEW).splitlines()


def test_fields_stand_below_their_listener_in_columns() -> None:
    made = changes(listeners=(ListenerChange("changed", "mail", ENDPOINT, FIELDS),))
    assert text(made)[:7] == [
        "Listeners",
        "  mail",
        "  ~ postfix:submission/inet:587",
        "      tls.required  no -> yes",
        "      tls.mode      (template: smtpd_tls_security_level is filled in by a template) -> starttls",
        "      tls.versions  TLSv1.2, TLSv1.3 -> TLSv1.2, ?",
        "      role          (here: mx; else: access) -> -",
    ]


def test_a_verdict_that_weighs_otherwise_tells_both() -> None:
    made = changes(verdicts=(VerdictChange("changed", FAILED, replace(FAILED, severity="low")),))
    assert text(made)[:2] == ["Verdicts", f"  ~ low -> high[SUB-005] {MAIN}:4:1: accepts \\x1b[31m everything"]


def test_a_verdict_that_went_has_no_place_any_more() -> None:
    unknown = finding(status="unknown", reason=TEMPLATE, message="may be anything", place=span(MAIN, 4))
    assert text(changes(verdicts=(VerdictChange("removed", unknown),)))[1] == "  - unknown[SUB-005] may be anything"


def test_the_name_of_the_revision_is_not_trusted() -> None:
    assert text(changes(revision="a\nb\x1b"))[0].startswith("since a\\nb\\x1b (0123456789ab): ")


def test_the_schema_forbids_what_it_does_not_name() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    objects = [each for each in SCHEMA["$defs"].values() if "properties" in each]
    assert all(each["additionalProperties"] is False for each in (SCHEMA, *objects))
    assert all(set(each["required"]) == set(each["properties"]) for each in (SCHEMA, *objects))


def test_data_keep_the_schema_and_hide_secrets() -> None:
    secret = replace(FAILED, message="password=hunter2")
    made = changes(
        listeners=tuple(ListenerChange(sort, "mail", ENDPOINT, FIELDS) for sort in ("added", "removed", "changed")),
        verdicts=(VerdictChange("changed", secret, FAILED), VerdictChange("added", FAILED)),
    )
    told = json.loads(dumped(changes_data(made, VIEW, 1)))
    Draft202012Validator(SCHEMA).validate(told)
    assert "hunter2" not in json.dumps(told)
    assert "hunter2" not in render_text(made, VIEW)
    assert told["summary"] == {
        "listeners": {"added": 1, "removed": 1, "changed": 1},
        "verdicts": {"added": 1, "removed": 0, "changed": 1},
        "exit_status": 1,
    }
    assert [each["location"] is None for each in told["listeners"]] == [False, True, False]
    assert told["listeners"][0]["fields"][1]["then"]["unknown"].startswith("template: ")
