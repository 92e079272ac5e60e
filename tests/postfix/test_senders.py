"""How clients prove who they are, and what that binds them to."""

from __future__ import annotations

import pytest

from tests.postfix.made import endpoint, plain

LOGIN = "compatibility_level = 3.6\nsmtpd_sasl_auth_enable = yes\nsmtpd_sender_login_maps = hash:/owners\n"
CERTIFICATES = "compatibility_level = 3.6\nsmtpd_tls_security_level = may\nrelay_clientcerts = hash:/certs\n"


@pytest.mark.parametrize(
    ("main", "backend"),
    [
        ("", None),
        ("smtpd_sasl_auth_enable = yes\n", "cyrus"),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\n", "dovecot"),
    ],
)
def test_who_checks_passwords(main: str, backend: str | None) -> None:
    assert plain(endpoint(f"compatibility_level = 3.6\n{main}").auth.backend) == backend


@pytest.mark.parametrize(
    ("line", "bound"),
    [
        ("", False),
        ("smtpd_sender_restrictions = reject_sender_login_mismatch", True),
        ("smtpd_sender_restrictions = permit_mynetworks, reject_authenticated_sender_login_mismatch", True),
        ("smtpd_sender_restrictions = reject_unauthenticated_sender_login_mismatch", False),
        ("smtpd_sender_restrictions = permit_sasl_authenticated, reject_sender_login_mismatch", False),
        ("smtpd_sender_restrictions = warn_if_reject reject_sender_login_mismatch", False),
        (
            "smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit_sasl_authenticated, reject",
            True,
        ),
        (
            "smtpd_restriction_classes = ours\nours = reject_sender_login_mismatch\nsmtpd_client_restrictions = ours",
            True,
        ),
        ("smtpd_delay_reject = no\nsmtpd_client_restrictions = reject_sender_login_mismatch", False),
        ("smtpd_sender_login_maps =\nsmtpd_sender_restrictions = reject_sender_login_mismatch", False),
    ],
)
def test_a_login_binds_the_sender_if_a_list_asks_first(line: str, bound: bool) -> None:
    assert plain(endpoint(f"{LOGIN}{line}\n").auth.sender_bound) is bound


def test_a_table_in_front_may_let_users_pass() -> None:
    line = "smtpd_sender_restrictions = check_sender_access hash:/s, reject_sender_login_mismatch\n"
    assert plain(endpoint(LOGIN + line).auth.sender_bound).kind == "not-in-set"


def test_where_nobody_logs_in_nobody_is_bound() -> None:
    line = "smtpd_sender_restrictions = reject_sender_login_mismatch\n"
    assert plain(endpoint(f"compatibility_level = 3.6\n{line}").auth.sender_bound) is None


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        ("", False),
        ("smtpd_tls_ask_ccert = yes\n", False),
        ("smtpd_tls_ask_ccert = yes\nsmtpd_relay_restrictions = permit_tls_clientcerts, reject\n", True),
        ("smtpd_relay_restrictions = permit_tls_clientcerts, reject\n", False),
        ("smtpd_tls_req_ccert = yes\nsmtpd_relay_restrictions = permit_tls_clientcerts, reject\n", False),
        (
            (
                "smtpd_tls_req_ccert = yes\nsmtpd_tls_security_level = encrypt\n"
                "smtpd_client_restrictions = check_ccert_access hash:/c\n"
            ),
            True,
        ),
        (
            "smtpd_tls_ask_ccert = yes\nrelay_clientcerts =\nsmtpd_client_restrictions = permit_tls_clientcerts\n",
            False,
        ),
        ("smtpd_tls_ask_ccert = yes\nsmtpd_relay_restrictions = permit_tls_all_clientcerts, reject\n", True),
        ("smtpd_tls_ask_ccert = yes\nsmtpd_relay_restrictions = reject, permit_tls_all_clientcerts\n", False),
        (
            (
                "smtpd_tls_ask_ccert = yes\nsmtpd_restriction_classes = ours\nours = permit_tls_all_clientcerts\n"
                "smtpd_client_restrictions = ours\n"
            ),
            True,
        ),
        (
            (
                "smtpd_tls_ask_ccert = yes\nsmtpd_tls_security_level = none\n"
                "smtpd_relay_restrictions = permit_tls_all_clientcerts, reject\n"
            ),
            False,
        ),
    ],
)
def test_a_certificate_counts_if_it_is_asked_for_and_looked_at(lines: str, known: bool) -> None:
    assert plain(endpoint(CERTIFICATES + lines).auth.by_certificate) is known
