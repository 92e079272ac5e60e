"""ETRN, HELO, pipelining, sizes and unknown recipients."""

from __future__ import annotations

import pytest

from tests.postfix.made import endpoint, facts, plain

LIVES = "compatibility_level = 3.6\n"


@pytest.mark.parametrize(
    ("main", "served"),
    [
        ("relay_domains = example.net\n", True),
        ("fast_flush_domains = example.net\n", True),
        ("", False),
        ("relay_domains = example.net\nfast_flush_domains =\n", False),
        ("relay_domains = example.net\nsmtpd_etrn_restrictions = reject\n", False),
        ("relay_domains = example.net\nsmtpd_etrn_restrictions = permit_mynetworks, reject\n", False),
    ],
)
def test_etrn_is_served_for_domains_that_are_flushed(main: str, served: bool) -> None:
    assert plain(endpoint(LIVES + main).smtp.etrn) is served


def test_a_table_decides_about_etrn() -> None:
    main = "relay_domains = example.net\nsmtpd_etrn_restrictions = check_etrn_access hash:/e\n"
    assert plain(endpoint(LIVES + main).smtp.etrn).kind == "not-in-set"


@pytest.mark.parametrize(
    ("main", "version", "checked"),
    [
        ("", "3.7.11", False),
        ("", "3.9.0", True),
        ("smtpd_forbid_unauth_pipelining = yes\n", "3.7.11", True),
        ("smtpd_forbid_unauth_pipelining = yes\n", "3.7.5", False),
        ("smtpd_data_restrictions = reject_unauth_pipelining\n", "3.5.0", True),
        ("smtpd_data_restrictions = permit_mynetworks, REJECT_UNAUTH_PIPELINING\n", "3.5.0", True),
        ("smtpd_data_restrictions = permit, reject_unauth_pipelining\n", "3.5.0", False),
        ("smtpd_data_restrictions = warn_if_reject reject_unauth_pipelining\n", "3.5.0", False),
        ("smtpd_recipient_restrictions = reject_unauth_pipelining, reject\n", "3.5.0", False),
    ],
)
def test_pipelining_is_checked_always_or_before_the_message(main: str, version: str, checked: bool) -> None:
    level = "compatibility_level = 2\n"
    assert plain(endpoint(level + main, version=version).smtp.pipelining_checked) is checked


def test_helo_and_size() -> None:
    smtp = endpoint(f"{LIVES}message_size_limit = 0\n", "-o smtpd_helo_required=yes").smtp
    assert (plain(smtp.helo_required), plain(smtp.size_limit)) == (True, 0)
    smtp = endpoint(LIVES).smtp
    assert (plain(smtp.helo_required), plain(smtp.size_limit)) == (False, 10240000)


@pytest.mark.parametrize(
    ("main", "options", "rejected"),
    [
        ("", "", True),
        ("local_recipient_maps =\n", "", False),
        ("local_recipient_maps =\nmydestination =\n", "", True),
        ("local_recipient_maps = static:all\n", "", False),
        ("", "-o smtpd_reject_unlisted_recipient=no", False),
        ("", "-o smtpd_reject_unlisted_recipient=no -o smtpd_sender_restrictions=reject_unlisted_recipient", True),
        (
            "",
            "-o smtpd_reject_unlisted_recipient=no -o smtpd_sender_restrictions=permit,reject_unlisted_recipient",
            False,
        ),
        ("", "-o receive_override_options=no_unknown_recipient_checks", False),
        ("relay_domains = example.net\n", "", False),
        ("relay_domains = example.net\nrelay_recipient_maps = hash:/r\n", "", True),
        ("virtual_mailbox_domains = example.net\n", "", False),
        ("virtual_mailbox_domains = example.net\nvirtual_mailbox_maps = hash:/v\n", "", True),
        ("virtual_alias_domains = example.net\n", "", True),
    ],
)
def test_unknown_recipients_are_refused_where_each_class_has_a_table(main: str, options: str, rejected: bool) -> None:
    assert plain(endpoint(LIVES + main, options).smtp.unknown_recipients_rejected) is rejected


def test_whose_domains_they_are_trivial_rewrite_says() -> None:
    found = endpoint(f"{LIVES}relay_domains = example.net\n", "-o relay_domains=")
    assert plain(found.smtp.unknown_recipients_rejected) is False


def test_a_proxy_in_front() -> None:
    assert plain(endpoint(LIVES).proxied) is False
    assert plain(endpoint(LIVES, "-o smtpd_upstream_proxy_protocol=haproxy").proxied) is True
    master = (
        "smtp inet n - n - 1 postscreen -o postscreen_upstream_proxy_protocol=haproxy\nsmtpd pass - - n - - smtpd\n"
    )
    assert plain(facts(LIVES, master).endpoints[0].proxied) is True
