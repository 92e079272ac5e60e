"""What is new, and what changed, between a revision and now."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from checker.compare import changed_listeners, changed_verdicts, compared
from checker.facts.endpoint import Auth, Cert, Endpoint, Smtp, Tls
from checker.facts.software import System
from checker.result import Finding, Severity, Status
from checker.values import ABSENT, Known, OneOf, Open, Origin, Reason, Unknown, Value
from tests.report.made import HOST_ONLY, MAIN, TEMPLATE, finding, result, span, system


def made(
    name: str = "a", status: Status = "fail", severity: Severity = "high", subject: str = "smtp", rule: str = "rule"
) -> Finding:
    """Return a finding with this identity."""
    reason = TEMPLATE if status == "unknown" else None
    return replace(finding(rule, status=status, severity=severity, subject=subject, reason=reason), identity=(name,))


def known(now: tuple[Finding, ...], then: tuple[Finding, ...]) -> list[bool]:
    return [each.known for each in compared(result(*now), result(*then), "main", "0" * 40).findings]


def gone(now: tuple[Finding, ...], then: tuple[Finding, ...]) -> int:
    told = compared(result(*now), result(*then), "main", "0" * 40).compared
    assert told is not None
    assert (told.revision, told.commit) == ("main", "0" * 40)
    return told.gone


# Findings


def test_a_failure_that_the_revision_has_is_known_and_another_is_new() -> None:
    assert known((made("a"), made("b", subject="imap")), (made("a"),)) == [True, False]


@pytest.mark.parametrize(
    ("then", "now", "is_known"),
    [
        (made(), made(), True),
        (made(severity="critical"), made(severity="high"), True),
        (made(severity="medium"), made(severity="high"), False),
        (made(status="pass"), made(), False),
        (made(status="not_applicable"), made(), False),
        (made(status="unknown"), made(), False),
        (made(status="unknown"), made(status="unknown"), True),
        (made(), made(status="unknown"), True),
        (made(status="pass"), made(status="unknown"), False),
    ],
)
def test_what_got_worse_is_new(then: Finding, now: Finding, is_known: bool) -> None:
    assert known((now,), (then,)) == [is_known]


def test_what_passes_is_neither_new_nor_known() -> None:
    assert known((made(status="pass"), made("b", "not_applicable")), (made(), made("b"))) == [False, False]


def test_that_another_setting_decides_than_before_makes_nothing_new() -> None:
    assert known((made("by another setting"),), (made("by one setting"),)) == [True]
    assert gone((made("by another setting"),), (made("by one setting"),)) == 0


def test_one_failure_then_stands_for_one_now() -> None:
    assert known((made("b"), made("a"), made("c")), (made("a"), made("d"))) == [True, True, False]


@pytest.mark.parametrize("other", [made("b", rule="other"), made("b", subject="imap"), replace(made("b"), system="x")])
def test_another_rule_subject_or_host_is_another_finding(other: Finding) -> None:
    assert known((other,), (made("a"),)) == [False]


def test_another_clause_of_a_rule_is_another_finding() -> None:
    assert known((replace(made("b"), clause="public"),), (replace(made("a"), clause="private"),)) == [False]


def test_what_is_gone_is_counted() -> None:
    assert gone((made("a"), made("b", "pass", subject="x")), (made("a"), made("b", subject="x"))) == 1
    assert gone((), (made("a", "pass"),)) == 0


def test_what_no_reading_can_tell_is_not_compared() -> None:
    unseen = replace(made(status="unknown"), reason=HOST_ONLY)
    assert known((unseen,), (unseen,)) == [False]
    assert gone((), (unseen,)) == 0


def test_verdicts_that_changed_are_told_worst_first_and_what_went_last() -> None:
    then = (made("a"), made("b", severity="low", subject="b"), made("c", severity="low", subject="c"))
    now = (
        made("c", severity="medium", subject="c"),
        made("d", severity="critical", subject="d"),
        made("b", "pass", subject="b"),
        made("a"),
    )
    changes = changed_verdicts(result(*now), result(*then))
    assert [(each.sort, *each.finding.identity) for each in changes] == [
        ("added", "d"),
        ("changed", "c"),
        ("removed", "b"),
    ]
    assert [each.then and each.then.severity for each in changes] == [None, "low", None]


def test_equal_verdicts_are_no_change() -> None:
    one = (made("a"), made("b", "unknown", subject="x"), made("c", "pass", subject="y"))
    moved = tuple(replace(each, place=span(MAIN, 7), message="other words") for each in one)
    assert changed_verdicts(result(*moved), result(*one)) == ()


# Listeners


def host(*endpoints: Endpoint, name: str = "etc/postfix") -> System:
    return replace(system(), id=name, endpoints=endpoints)


SMTP = replace(system().endpoints[0], id="postfix:smtp/inet:25", port=Known(25))
AUTH = replace(system().endpoints[0], id="postfix:submission/inet:587")


def test_listeners_that_came_and_went_are_told_host_by_host() -> None:
    changes = changed_listeners([host(SMTP), host(AUTH, name="b")], [host(AUTH), host(AUTH, name="b")])
    assert [(each.sort, each.system, each.endpoint.id) for each in changes] == [
        ("added", "etc/postfix", SMTP.id),
        ("removed", "etc/postfix", AUTH.id),
    ]


@pytest.mark.parametrize(
    ("name", "then", "now"),
    [
        ("address", SMTP, replace(SMTP, address=Known("192.0.2.1"))),
        ("port", SMTP, replace(SMTP, port=Known(2525))),
        ("exposure", SMTP, replace(SMTP, exposure=Known("loopback"))),
        ("role", SMTP, replace(SMTP, role=Known("mx"))),
        ("serves", SMTP, replace(SMTP, serves=Known(False))),
        ("cert.present", SMTP, replace(SMTP, cert=Cert(present=Known(True)))),
        ("tls.mode", replace(SMTP, tls=Tls()), replace(SMTP, tls=Tls(mode=Known("none")))),
        ("auth.offered", replace(SMTP, auth=Auth()), replace(SMTP, auth=Auth(offered=Unknown(TEMPLATE)))),
        ("smtp.open_relay", SMTP, replace(SMTP, smtp=Smtp(open_relay=Known(True)))),
    ],
)
def test_a_field_that_readers_care_for_is_a_change(name: str, then: Endpoint, now: Endpoint) -> None:
    (change,) = changed_listeners([host(now)], [host(then)])
    assert (change.sort, [field.name for field in change.fields]) == ("changed", [name])
    assert change.endpoint is now


def with_versions(value: Value[Any]) -> Endpoint:
    return replace(SMTP, tls=replace(SMTP.tls, versions=value))


HERE, THERE = (Origin("main.cf", span(MAIN, 1)),), (Origin("main.cf", span(MAIN, 9)),)
OTHER = Reason("template", "for another reason")


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (replace(SMTP, banner=ABSENT), replace(SMTP, banner=Known("hello"))),
        (SMTP, replace(SMTP, origins=THERE)),
        (with_versions(Known(("TLSv1.2",), HERE)), with_versions(Known(("TLSv1.2",), THERE))),
        (with_versions(Known(("TLSv1.2", "TLSv1.3"))), with_versions(Known(("TLSv1.3", "TLSv1.2")))),
        (with_versions(Unknown(TEMPLATE)), with_versions(Unknown(OTHER))),
        (with_versions(Open(("TLSv1.2",), (), TEMPLATE)), with_versions(Open(("TLSv1.2",), (), OTHER))),
        (
            with_versions(OneOf((("here", Known(("TLSv1.2",), HERE)),))),
            with_versions(OneOf((("here", Known(("TLSv1.2",), THERE)),))),
        ),
    ],
)
def test_what_says_the_same_is_no_change(then: Endpoint, now: Endpoint) -> None:
    assert changed_listeners([host(now)], [host(then)]) == ()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (Known(None), Known(())),
        (Known(("TLSv1.2",)), Unknown(TEMPLATE)),
        (Known(("TLSv1.2",)), Open(("TLSv1.2",), (), TEMPLATE)),
        (Open(("TLSv1.2",), (), TEMPLATE), Open(("TLSv1.2",), ("TLSv1",), TEMPLATE)),
        (OneOf((("here", Known(("TLSv1.2",))),)), OneOf((("there", Known(("TLSv1.2",))),))),
        (OneOf((("here", Known(("TLSv1.2",))),)), OneOf((("here", Unknown(TEMPLATE)),))),
    ],
)
def test_what_says_less_or_more_is_a_change(then: Value[Any], now: Value[Any]) -> None:
    assert len(changed_listeners([host(with_versions(now))], [host(with_versions(then))])) == 1
