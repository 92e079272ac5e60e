"""Restriction lists, as smtpd walks them for a stranger."""

from __future__ import annotations

import pytest

from checker.derive import Take, derive
from checker.postfix.domains import domain_lists
from checker.postfix.outcome import outcome
from checker.postfix.restriction_entries import entries
from checker.postfix.restrictions import MAX_CLASS_DEPTH, has_required, lists_of, permits_before_refusal
from checker.postfix.strangers import strangers
from checker.postfix.types import words
from checker.values import Value
from tests.postfix.made import plain, reason, scope_of

RECIPIENT = "smtpd_recipient_restrictions"


def result(text: str, main: str = "", *, foreign: bool = True) -> Value[str]:
    """Return what becomes of the recipient of an inconspicuous stranger."""
    scope, domains = scope_of(main), scope_of(main, program="trivial-rewrite")

    def compute(take: Take) -> str:
        lists = lists_of(take, scope)
        lists.held[RECIPIENT] = words(text)
        first = next(strangers(lists, domain_lists(take, domains), foreign=foreign))
        return outcome(lists, RECIPIENT, words(text), first).known

    return derive(compute)


def required(text: str, main: str = "") -> Value[bool]:
    scope = scope_of(main)
    return derive(lambda take: has_required(lists_of(take, scope), words(text)))


def permits(text: str, main: str = "") -> object:
    scope = scope_of(main)
    return plain(derive(lambda take: permits_before_refusal(lists_of(take, scope), RECIPIENT, words(text))))


def classes(**members: str) -> str:
    """Return the settings of restriction classes."""
    return f"smtpd_restriction_classes = {' '.join(members)}\n" + "".join(
        f"{name} = {text}\n" for name, text in members.items()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, b c", [("a", ""), ("b", ""), ("c", "")]),
        ("check_client_access hash:/x, permit", [("check_client_access", "hash:/x"), ("permit", "")]),
        ("hash:/x permit", [("hash:/x", ""), ("permit", "")]),
        (
            "check_policy_service {inet:h:1, timeout=5s} reject",
            [("check_policy_service", "{inet:h:1, timeout=5s}"), ("reject", "")],
        ),
        ("reject_rbl_client z.example permit", [("reject_rbl_client", "z.example"), ("permit", "")]),
        ("sleep 1 permit", [("sleep", "1"), ("permit", "")]),
        ("check_helo_access", [("check_helo_access", "")]),
    ],
)
def test_some_entries_take_an_argument(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(entries(words(text))) == expected


@pytest.mark.parametrize(
    ("text", "foreign", "expected"),
    [
        ("", True, "next"),
        ("permit", True, "permit"),
        ("PERMIT", True, "permit"),
        ("reject, permit", True, "reject"),
        ("permit, reject", True, "permit"),
        ("defer", True, "reject"),
        ("defer_if_permit, permit", True, "reject"),
        ("defer_if_reject", True, "next"),
        ("reject_unauth_destination", True, "reject"),
        ("reject_unauth_destination", False, "next"),
        ("defer_unauth_destination", True, "reject"),
        ("permit_auth_destination, reject", True, "reject"),
        ("permit_auth_destination, reject", False, "permit"),
        ("permit_sasl_authenticated, reject", False, "reject"),
        ("permit_tls_clientcerts", True, "next"),
        ("reject_unknown_client_hostname, reject_rbl_client z", True, "next"),
        ("warn_if_reject reject", True, "next"),
        ("warn_if_reject, reject, reject", True, "reject"),
        ("warn_if_reject warn_if_reject reject", True, "next"),
        ("warn_if_reject warn_if_reject reject, reject", True, "reject"),
        ("warn_if_reject permit, reject", True, "permit"),
        ("warn_if_reject no_such_restriction, permit", True, "reject"),
        ("static:ok", True, "permit"),
        ("check_client_access static:OK", True, "permit"),
        ("check_sender_access hash:/x", True, "unknown"),
        ("hash:/x", True, "unknown"),
        ("hash:/x, reject", True, "unknown"),
        ("check_policy_service inet:h:1, permit", True, "unknown"),
        ("reject, hash:/x", True, "reject"),
        ("permit_mx_backup", True, "unknown"),
        ("check_sasl_access hash:/x, reject", True, "reject"),
        ("check_ccert_access hash:/x", True, "next"),
        ("permit_sasl_authentication, permit", True, "reject"),
        ("check_policy_servce inet:h:1, permit", True, "reject"),
        ("no_such_restriction, permit", True, "reject"),
        ("reject_unauth_destination#x, permit", True, "reject"),
        ("reject_unauth_destinations", False, "reject"),
    ],
)
def test_what_becomes_of_a_recipient(text: str, foreign: bool, expected: str) -> None:
    assert plain(result(text, foreign=foreign)) == expected


@pytest.mark.parametrize(
    ("mynetworks", "expected"),
    [
        ("10.0.0.0/8", "next"),
        ("0.0.0.0/0", "permit"),
        ("static:all", "permit"),
        ("10.0.0.1/8, 0.0.0.0/0", "reject"),
        ("hash:/x", "unknown"),
        ("hash:/x, 0.0.0.0/0", "permit"),
        ("2001:db8::/32", "reject"),
        ("localhost", "next"),
        ("", "next"),
    ],
)
def test_permit_mynetworks(mynetworks: str, expected: str) -> None:
    assert plain(result("permit_mynetworks", f"mynetworks = {mynetworks}\n")) == expected


def test_networks_of_the_machine_hold_no_stranger() -> None:
    assert plain(result("permit_mynetworks, reject_unauth_destination")) == "reject"


def test_networks_of_a_template_are_not_known() -> None:
    assert reason(result("permit_mynetworks", "mynetworks = {{ networks }}\n")) == "template"


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("relay_domains = static:x\n", "next"),
        ("virtual_alias_maps = static:x\n", "next"),
        ("mydestination = example.org $myhostname\nvirtual_mailbox_domains = static:x\n", "next"),
        ("relay_domains = example.org\n", "reject"),
        ("relay_domains = hash:/x\n", "reject"),
    ],
)
def test_a_catch_all_domain_is_no_foreign_one(main: str, expected: str) -> None:
    assert plain(result("reject_unauth_destination", main)) == expected


def test_a_class_is_expanded() -> None:
    assert plain(result("strict, permit", classes(strict="permit_mynetworks, reject"))) == "reject"
    assert plain(result("lax, reject", classes(lax="permit"))) == "permit"
    assert plain(result("lax, lax, reject", classes(lax="hash:/x"))) == "unknown"


def test_the_name_of_a_class_is_case_sensitive() -> None:
    assert plain(result("STRICT, permit", classes(STRICT="permit"))) == "permit"
    assert plain(result("strict", classes(STRICT="permit"))) == "reject"


def test_a_class_may_hold_others() -> None:
    assert plain(result("a", classes(a="b", b="c", c="permit"))) == "permit"


def test_a_class_that_calls_itself_ends() -> None:
    main = classes(a="b, permit", b="a")
    assert plain(result("a", main)) == "reject"
    assert reason(required("a", main)) == "invalid"
    assert permits("a", main) == ("permit",)


def chained(length: int, end: str) -> str:
    return classes(**{f"c{at}": f"c{at + 1} c{at + 1}" for at in range(length)}, **{f"c{length}": end})


def test_classes_that_double_each_other_end_at_once() -> None:
    main = chained(60, "hash:/x")
    assert plain(result("c0", main)) == "unknown"
    assert plain(required("c0", main)) is False
    assert permits("c0", main) == ("hash:/x",)


def test_classes_nest_no_deeper_than_in_postfix() -> None:
    main = chained(MAX_CLASS_DEPTH + 1, "permit")
    assert plain(result("c0", main)) == "reject"
    assert plain(result("c1", main)) == "reject"
    assert plain(result("c2", main)) == "permit"
    assert reason(required("c0", main)) == "invalid"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("permit_mynetworks", False),
        ("permit_mynetworks, reject_unauth_destination", True),
        ("Defer_Unauth_Destination", True),
        ("reject", True),
        ("defer_if_permit", True),
        ("permit, reject", False),
        ("warn_if_reject, reject", False),
        ("cls, reject", True),
        ("cls", False),
        ("inner", True),
        ("INNER", False),
        ("inner, inner", True),
        ("cls, cls", False),
    ],
)
def test_smtpd_demands_an_entry_that_refuses(text: str, expected: bool) -> None:
    assert plain(required(text, classes(cls="permit_mynetworks, permit", inner="reject"))) is expected


def test_what_lets_a_client_pass_before_the_refusal() -> None:
    text = "permit_mynetworks, CHECK_client_access hash:/x, own, reject_unauth_destination, permit_sasl_authenticated"
    main = classes(own="permit_sasl_authenticated, permit_mynetworks")
    assert permits(text, main) == ("permit_mynetworks", "check_client_access", "permit_sasl_authenticated")
