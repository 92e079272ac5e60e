"""Restriction lists: what becomes of a recipient that a given client sends, as smtpd/smtpd_check.c walks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from checker.derive import Take
from checker.postfix import types
from checker.postfix.network import NetworkList, network_list
from checker.postfix.scope import Scope
from checker.values import Known, OneOf, Reason, Unknown

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

MAX_CLASS_DEPTH = 100
"""Deeper nesting of restriction classes answers 451 (smtpd_check.c:generic_checks)."""

Outcome = Literal["permit", "reject", "next", "unknown"]

_REJECTS = frozenset({"reject", "defer", "defer_if_permit", "check_relay_domains"})
"""What no client gets past; ``defer_if_permit`` defers whom a later entry permits."""

_UNAUTHORIZED = frozenset({"reject_unauth_destination", "defer_unauth_destination"})
_WITH_ARGUMENT = frozenset(
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
_NEVER_FOR_STRANGERS = frozenset(
    {
        "permit_sasl_authenticated",
        "permit_tls_clientcerts",
        "permit_inet_interfaces",
        "check_sasl_access",
        "check_ccert_access",
    }
)
"""What passes over a client that shows nothing: no login, no certificate, no address of this host."""

_DECIDED_ELSEWHERE = frozenset(
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

# fmt: off
_TESTS = frozenset({
    "defer_if_reject", "sleep", "reject_authenticated_sender_login_mismatch", "reject_invalid_helo_hostname",
    "reject_invalid_hostname", "reject_known_sender_login_mismatch", "reject_maps_rbl",
    "reject_multi_recipient_bounce", "reject_non_fqdn_helo_hostname", "reject_non_fqdn_hostname",
    "reject_non_fqdn_recipient", "reject_non_fqdn_sender", "reject_plaintext_session", "reject_rbl",
    "reject_rbl_client", "reject_rhsbl_client", "reject_rhsbl_helo", "reject_rhsbl_recipient",
    "reject_rhsbl_reverse_client", "reject_rhsbl_sender", "reject_sender_login_mismatch", "reject_unauth_pipelining",
    "reject_unauthenticated_sender_login_mismatch", "reject_unknown_address", "reject_unknown_client",
    "reject_unknown_client_hostname", "reject_unknown_forward_client_hostname", "reject_unknown_helo_hostname",
    "reject_unknown_hostname", "reject_unknown_recipient_domain", "reject_unknown_reverse_client_hostname",
    "reject_unknown_sender_domain", "reject_unlisted_recipient", "reject_unlisted_sender",
    "reject_unverified_address", "reject_unverified_recipient", "reject_unverified_sender",
})
# fmt: on
"""Tests of behaviour, which a well-behaved stranger passes."""


class Client(Struct, frozen=True):
    """Whose recipient is judged: a stranger, who is in no trusted network unless everybody is, and proves nothing.

    ``foreign``: the recipient is in a domain that this host neither serves nor relays for.
    """

    foreign: bool
    networks: NetworkList | None
    all_domains_served: bool = False


class Lists(Struct, frozen=True):
    """The restriction lists of one scope, in one computation, with the names of the classes that the user made up."""

    take: Take
    scope: Scope
    classes: frozenset[str]

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a restriction list."""
        return words_of(self.take, self.scope, name)

    def class_words(self, name: str) -> tuple[str, ...]:
        """Return the words of a restriction class."""
        return types.words(self.take(self.scope.defined(name)) or "")


def words_of(take: Take, scope: Scope, name: str) -> tuple[str, ...]:
    """Return the words of a restriction list."""
    return take(scope.words(name)) or ()


def lists_of(take: Take, scope: Scope) -> Lists:
    """Return the restriction lists of a scope."""
    return Lists(take, scope, frozenset(words_of(take, scope, "smtpd_restriction_classes")))


def stranger(take: Take, scope: Scope, domains: Scope, *, foreign: bool) -> Client:
    """Return a client of the Internet that proves nothing.

    ``domains`` is the scope of trivial-rewrite(8), which says what is an authorised destination.
    """
    return Client(foreign, _networks(take, scope), foreign and _serves_all_domains(take, domains))


def _networks(take: Take, scope: Scope) -> NetworkList | None:
    """Return mynetworks; None where the machine computes it from its own interfaces, which hold no stranger."""
    value = scope.words("mynetworks")
    if isinstance(value, Unknown) and value.reason.kind == "host-only" and not scope.is_set("mynetworks"):
        return None
    words = take(value)
    return network_list(words or ())


def _serves_all_domains(take: Take, domains: Scope) -> bool:
    names = ("mydestination", "relay_domains", "virtual_alias_domains", "virtual_mailbox_domains")
    return any(word.startswith("static:") for name in names for word in _readable(take, domains, name))


def _readable(take: Take, scope: Scope, name: str) -> tuple[str, ...]:
    """Return the words of a list of domains; one that holds the host's own name is not known, but names no others."""
    value = scope.words(name)
    if isinstance(value, (Known, OneOf)):
        return take(value) or ()
    return ()


def outcome(lists: Lists, words: tuple[str, ...], client: Client) -> Outcome:
    """Return what a list does with the recipient: ``next`` if its end is reached, ``unknown`` if a table decides."""
    return _outcome(lists, words, client, {}, 0)


def _outcome(lists: Lists, words: tuple[str, ...], client: Client, seen: dict[str, Outcome], depth: int) -> Outcome:
    doubtful = False
    for word, argument in effective_entries(words):
        if word in lists.classes:
            if word not in seen:
                seen[word] = "reject"  # until it is known, so that a class which calls itself ends here
                inner = lists.class_words(word)
                if depth < MAX_CLASS_DEPTH:
                    seen[word] = _outcome(lists, inner, client, seen, depth + 1)
            result = seen[word]
        else:
            result = _entry_outcome(word.lower(), argument, client)
        if result in ("permit", "reject"):
            return "unknown" if doubtful else result
        doubtful = doubtful or result == "unknown"
    return "unknown" if doubtful else "next"


def _entry_outcome(name: str, argument: str, client: Client) -> Outcome:
    if name in _REJECTS:
        return "reject"
    if name in _UNAUTHORIZED:
        return "reject" if client.foreign and not client.all_domains_served else "next"
    if name == "permit_auth_destination":
        return "permit" if not client.foreign or client.all_domains_served else "next"
    if name == "permit":
        return "permit"
    if name == "permit_mynetworks":
        return _in_networks(client.networks)
    if name in _NEVER_FOR_STRANGERS or name in _TESTS:
        return "next"
    if name == "static:ok" or (name == "check_client_access" and argument.lower() == "static:ok"):
        return "permit"
    if name in _DECIDED_ELSEWHERE or _is_access_table(name) or ":" in name:
        return "unknown"
    return "reject"  # an unknown name answers 451 when it is reached


def is_heard_of(name: str) -> bool:
    """Say whether an entry in small letters means something, classes apart."""
    sets = (_REJECTS, _UNAUTHORIZED, _WITH_ARGUMENT, _NEVER_FOR_STRANGERS, _DECIDED_ELSEWHERE, _TESTS)
    plain = ("permit", "permit_mynetworks", "permit_auth_destination", "warn_if_reject", "check_recipient_maps")
    return name in plain or any(name in each for each in sets) or _is_access_table(name) or ":" in name


def _is_access_table(name: str) -> bool:
    return name.startswith("check_") and name.endswith("_access")


def _in_networks(networks: NetworkList | None) -> Outcome:
    if networks is None:
        return "next"
    if networks.includes_strangers():
        return "permit"
    if networks.fault is not None:
        return "reject"  # 451 to whoever is in no entry before it
    return "unknown" if networks.tables else "next"


def entries(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the entries of a list with their arguments; ``type:table`` alone is an entry without one."""
    at = 0
    while at < len(words):
        word, name = words[at], words[at].lower()
        at += 1
        takes = _is_access_table(name) or name in _WITH_ARGUMENT
        if takes and at < len(words):
            yield word, words[at]
            at += 1
        else:
            yield word, ""


def effective_entries(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the entries that do something: what follows ``warn_if_reject`` is only logged."""
    skip = False
    for word, argument in entries(words):
        is_warning = word.lower() == "warn_if_reject"
        if not skip and not is_warning:
            yield word, argument
        skip = is_warning and not skip


def has_required(lists: Lists, words: tuple[str, ...]) -> bool:
    """Say whether a list has an entry that smtpd demands; the search stops at ``permit``, but not at one in a class.

    A class that calls itself ends the computation as refused: smtpd searches until its stack is used up.
    """
    return _has_required(lists, words, {}, 0)


def _has_required(lists: Lists, words: tuple[str, ...], seen: dict[str, bool | None], depth: int) -> bool:
    for word, _ in effective_entries(words):
        name = word.lower()
        if name in REQUIRED:
            return True
        if name == "permit":
            return False
        if word in lists.classes:
            if word not in seen and depth < MAX_CLASS_DEPTH:
                seen[word] = None
                seen[word] = _has_required(lists, lists.class_words(word), seen, depth + 1)
            if seen.get(word) is None:
                raise lists.take.unknown(types.refused(f"the restriction class '{word}' has no end"))
            if seen[word]:
                return True
    return False


def permits_before_refusal(lists: Lists, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that can let a client pass before unauthorised destinations are refused, classes expanded."""
    return tuple(dict.fromkeys(_permits(lists, words, set(), 0)))


def _permits(lists: Lists, words: tuple[str, ...], seen: set[str], depth: int) -> Iterator[str]:
    for word, _ in entries(words):
        name = word.lower()
        if name in _UNAUTHORIZED | _REJECTS:
            return
        if name.startswith(("permit", "check_")) or ":" in name:
            yield name
        elif word in lists.classes and word not in seen and depth < MAX_CLASS_DEPTH:
            seen.add(word)
            yield from _permits(lists, lists.class_words(word), seen, depth + 1)


UNREAD = Reason("not-in-set", "a table, a policy service or DNS decides, and it is not read")
