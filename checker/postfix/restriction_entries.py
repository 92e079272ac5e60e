"""The names in restriction lists, and which of them take an argument (smtpd/smtpd_check.c:generic_checks)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

REQUIRED = frozenset(
    {
        "reject_unauth_destination",
        "defer_unauth_destination",
        "reject",
        "defer",
        "defer_if_permit",
        "check_relay_domains",
    }
)
"""smtpd dies unless the recipient or the relay list has one of these (smtpd_check.c:fail_required)."""

REJECTS = frozenset({"reject", "defer", "defer_if_permit", "check_relay_domains"})
"""What no client gets past; ``defer_if_permit`` defers whom a later entry permits."""

UNAUTHORIZED = frozenset({"reject_unauth_destination", "defer_unauth_destination"})

WITH_ARGUMENT = frozenset(
    {
        "check_policy_service",
        "reject_rbl_client",
        "reject_rhsbl_client",
        "reject_rhsbl_reverse_client",
        "reject_rhsbl_helo",
        "reject_rhsbl_sender",
        "reject_rhsbl_recipient",
        "permit_dnswl_client",
        "permit_rhswl_client",
        "sleep",
    }
)
"""What takes an argument, besides the lookups in access tables."""

NEVER_FOR_STRANGERS = frozenset({"permit_sasl_authenticated", "permit_tls_clientcerts", "permit_inet_interfaces"})
"""What passes over a client that shows nothing: no login, no certificate, no address of this host."""

DECIDED_ELSEWHERE = frozenset(
    {
        "check_policy_service",
        "permit_dnswl_client",
        "permit_mx_backup",
        "permit_naked_ip_address",
        "permit_rhswl_client",
        "permit_tls_all_clientcerts",
    }
)
"""What a service, DNS or a certificate authority decides."""

SENDER_TESTS = frozenset(
    {
        "reject_known_sender_login_mismatch",
        "reject_sender_login_mismatch",
        "reject_unauthenticated_sender_login_mismatch",
        "reject_unlisted_sender",
        "reject_unverified_sender",
    }
)
"""Tests that a sender of the stranger's own passes, but that one whom a table names may fail."""

# fmt: off
TESTS = SENDER_TESTS | frozenset({
    "check_recipient_maps", "defer_if_reject", "sleep",
    "reject_authenticated_sender_login_mismatch", "reject_invalid_helo_hostname",
    "reject_invalid_hostname", "reject_maps_rbl",
    "reject_multi_recipient_bounce", "reject_non_fqdn_helo_hostname", "reject_non_fqdn_hostname",
    "reject_non_fqdn_recipient", "reject_non_fqdn_sender", "reject_plaintext_session", "reject_rbl",
    "reject_rbl_client", "reject_rhsbl_client", "reject_rhsbl_helo", "reject_rhsbl_recipient",
    "reject_rhsbl_reverse_client", "reject_rhsbl_sender", "reject_unauth_pipelining",
    "reject_unknown_address", "reject_unknown_client",
    "reject_unknown_client_hostname", "reject_unknown_forward_client_hostname", "reject_unknown_helo_hostname",
    "reject_unknown_hostname", "reject_unknown_recipient_domain", "reject_unknown_reverse_client_hostname",
    "reject_unknown_sender_domain", "reject_unlisted_recipient", "reject_unverified_address",
    "reject_unverified_recipient",
})
# fmt: on
"""Tests of behaviour, which a well-behaved stranger passes."""

Subject = Literal["client", "reverse", "helo", "sender", "recipient", "server", "etrn", "nothing"]
"""What is looked up in an access table.

``server``: a name or address that DNS gives for the subject. ``etrn``: the domain of an ETRN, which there is none of at
RCPT. ``nothing``: what a stranger does not show (a login, a certificate).
"""

ACCESS: Mapping[str, Subject] = {
    "check_client_access": "client",
    "check_reverse_client_hostname_access": "reverse",
    "check_helo_access": "helo",
    "check_sender_access": "sender",
    "check_recipient_access": "recipient",
    "check_etrn_access": "etrn",
    "check_ccert_access": "nothing",
    "check_sasl_access": "nothing",
    **{
        f"check_{subject}_{kind}_access": "server"
        for subject in ("client", "reverse_client_hostname", "helo", "sender", "recipient")
        for kind in ("ns", "mx", "a")
    },
}
"""The lookups in access tables, each with a table as its argument."""

NEVER_PERMIT: frozenset[Subject] = frozenset({"reverse", "server"})
"""Whose OK is an error, 451, since whoever has a DNS zone can make it up (smtpd_check.c:forbid_allowlist)."""

STAGES: Mapping[str, str] = {
    "smtpd_client_restrictions": "check_client_access",
    "smtpd_helo_restrictions": "check_helo_access",
    "smtpd_sender_restrictions": "check_sender_access",
    "smtpd_recipient_restrictions": "check_recipient_access",
    "smtpd_relay_restrictions": "check_recipient_access",
}
"""The lists that a recipient passes, each with what a table without a name before it stands for there."""


def entries(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the entries of a list with their arguments; ``type:table`` alone is an entry without one."""
    at = 0
    while at < len(words):
        word, name = words[at], words[at].lower()
        at += 1
        takes = name in ACCESS or name in WITH_ARGUMENT
        if takes and at < len(words):
            yield word, words[at]
            at += 1
        else:
            yield word, ""


def effective_entries(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the entries but those after ``warn_if_reject``, as smtpd skips them when it looks for what it demands."""
    skip = False
    for word, argument in entries(words):
        is_warning = word.lower() == "warn_if_reject"
        if not skip and not is_warning:
            yield word, argument
        skip = is_warning and not skip


def warned_entries(words: tuple[str, ...]) -> Iterator[tuple[str, str, bool]]:
    """Yield the entries with their arguments, and whether a refusal is only logged: after ``warn_if_reject``."""
    warns = False
    for word, argument in entries(words):
        if word.lower() == "warn_if_reject":
            warns = True
            continue
        yield word, argument, warns
        warns = False


def is_heard_of(name: str) -> bool:
    """Say whether an entry in small letters means something, classes apart."""
    sets = (REJECTS, UNAUTHORIZED, WITH_ARGUMENT, NEVER_FOR_STRANGERS, DECIDED_ELSEWHERE, TESTS, ACCESS)
    plain = ("permit", "permit_mynetworks", "permit_auth_destination", "warn_if_reject")
    return name in plain or any(name in each for each in sets) or ":" in name
