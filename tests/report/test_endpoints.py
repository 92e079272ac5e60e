"""The table of what listens."""

from __future__ import annotations

import re

from msgspec.structs import replace

from checker.facts.endpoint import Auth, Endpoint, Tls
from checker.facts.software import System
from checker.report.endpoints import COLUMNS, table
from checker.report.style import Style
from checker.values import Known, Origin, Unknown
from tests.report.made import HOST_ONLY, MASTER, TEMPLATE, span, system

SUBMISSION = system().endpoints[0]
SMTPS = replace(
    SUBMISSION,
    id="postfix:submissions/inet:465",
    service=Known("submissions/inet"),
    port=Known(465),
    address=Known("2001:db8::1"),
    tls=Tls(mode=Known("implicit"), required=Known(True), versions=Known(("TLSv1", "TLSv1.2"))),
    auth=Auth(
        mechanisms_before_tls=Known(()),
        mechanisms_after_tls=Known(("PLAIN", "LOGIN")),
        cleartext_allowed=Known(False),
    ),
)


def shown(*endpoints: Endpoint) -> list[str]:
    return table([replace(system(), endpoints=endpoints)], Style()).splitlines()


def test_columns_are_aligned_and_a_gap_is_a_dash() -> None:
    header, row = shown(SMTPS)
    assert re.split(" {2,}", header) == list(COLUMNS)
    assert re.split(" {2,}", row) == [
        "submissions/inet",
        "[2001:db8::1]:465",
        "implicit",
        "-",
        "PLAIN, LOGIN",
        "no",
        "TLSv1, TLSv1.2",
        "submission",
        "public",
    ]
    assert header.index("exposure") == row.index("public")


def test_what_is_not_known_is_a_question_mark_with_its_reason_below() -> None:
    lines = shown(SUBMISSION)
    assert lines[1].split("  ")[0] == "submission/inet"
    assert "PLAIN, ?" in lines[1]
    assert lines[2:] == [
        "",
        "? tls.mode: on debian-12: starttls; else: none (submission/inet)",
        "? tls.required: template: smtpd_tls_security_level is filled in by a template (submission/inet)",
        "? auth.mechanisms_before_tls: not-in-set: dovecot.conf is not read (submission/inet)",
    ]


def test_one_reason_for_several_listeners_is_told_once() -> None:
    unknown = Unknown(HOST_ONLY)
    lines = shown(replace(SMTPS, port=unknown), replace(SMTPS, port=unknown, service=Known("smtps/inet")))
    assert lines[-1].endswith("(submissions/inet, smtps/inet)")
    assert len([line for line in lines if line.startswith("?")]) == 1


def test_starttls_says_whether_it_is_required() -> None:
    starttls = Tls(mode=Known("starttls"), required=Known(True, (Origin("main.cf"),)))
    assert "  starttls, required  " in shown(replace(SMTPS, tls=starttls))[1]
    assert "  starttls  " in shown(replace(SMTPS, tls=replace(starttls, required=Known(False))))[1]
    assert "  starttls, required?  " in shown(replace(SMTPS, tls=replace(starttls, required=Unknown(TEMPLATE))))[1]


def test_a_run_of_versions_is_told_by_its_ends_and_a_client_case_with_its_service() -> None:
    line = shown(replace(SUBMISSION, case=Known("local 10.0.0.0/8")))[1]
    assert "TLSv1.2..TLSv1.3" in line
    assert line.startswith("submission/inet [local 10.0.0.0/8]  ")


def test_a_listener_that_serves_nobody_is_told() -> None:
    dead = replace(SMTPS, serves=Known(False, (Origin("", span(MASTER, 7)),)))
    assert f"! submissions/inet serves no client: see {MASTER}:7:1" in shown(dead)


def test_hosts_have_headings_where_there_are_several() -> None:
    other = replace(system(), id="other\x1b", endpoints=(SMTPS,))
    told = table([system(), other, System("empty", ())], Style())
    assert told.startswith("etc/postfix\n")
    assert "\n\nother\\x1b\nservice" in told
    assert "empty" not in told


def test_nothing_gives_nothing() -> None:
    assert table([], Style()) == ""
