"""What a client meets where postscreen(8) answers first, as postscreen/postscreen_smtpd.c and tlsproxy(8) decide.

postscreen decides whether STARTTLS is announced in its own scope; certificate and protocols are those of tlsproxy's
entry. A client that passes is handed to the ``smtpd pass`` service, whose settings hold for the session in which it
sends mail.
"""

from __future__ import annotations

from msgspec.structs import replace

from checker.derive import Take, converted, derive
from checker.facts.endpoint import Tls
from checker.facts.types import CIPHER_CLASSES, TLS_VERSIONS, TlsMode, TlsVersion
from checker.postfix import smtpd
from checker.postfix.scope import Scope
from checker.postfix.smtpd import TlsState, level_switches, yes
from checker.tls.put_off import SuiteFacts, with_suites
from checker.tls.whichever import either_list
from checker.values import settled


def tls_state(take: Take, scope: Scope, program: str) -> TlsState:
    """Return the switches of postscreen or tlsproxy: like smtpd's, without wrapper mode."""
    prefix = "postscreen" if program == "postscreen" else "tlsproxy"
    level = take(scope.text(f"{prefix}_tls_security_level")) or ""
    if level:
        use, enforce = level_switches(take, level)
        return TlsState(wrapper=False, use=use, enforce=enforce)
    enforce = yes(take, scope, f"{prefix}_enforce_tls")
    return TlsState(wrapper=False, use=enforce or yes(take, scope, f"{prefix}_use_tls"), enforce=enforce)


def tls(postscreen: Scope, tlsproxy: Scope | None, session: Scope) -> Tls:
    """Return how postscreen and the smtpd behind it encrypt: what both announce, the versions that either permits."""
    behind = smtpd.tls(session)

    def mode(take: Take) -> TlsMode:
        words = (word.lower() for word in take(postscreen.words("postscreen_discard_ehlo_keywords")) or ())
        if "starttls" in words or not tls_state(take, postscreen, "postscreen").use:
            return "none"
        return take(behind.mode) or "none"

    def in_tlsproxy(take: Take) -> tuple[tuple[TlsVersion, ...] | None, bool]:
        if tlsproxy is None:
            return None, False
        state = tls_state(take, tlsproxy, "tlsproxy")
        return smtpd.tls_versions(take, tlsproxy, state, "tlsproxy_tls"), state.enforce

    def versions(take: Take) -> tuple[TlsVersion, ...] | None:
        found = {*(take(behind.versions) or ()), *(in_tlsproxy(take)[0] or ())}
        return tuple(version for version in TLS_VERSIONS if version in found)

    permitted = derive(versions)
    facts = replace(
        behind,
        mode=derive(mode),
        versions=permitted,
        min_version=converted(permitted, lambda each: each[0] if each else None),
        max_version=converted(permitted, lambda each: each[-1] if each else None),
    )
    if tlsproxy is None:
        return facts

    def of_either() -> SuiteFacts:
        from checker.postfix import suites  # noqa: PLC0415 - slow to load, and few rules ask for it

        return either(behind, suites.facts(tlsproxy, "tlsproxy_tls", in_tlsproxy))

    return with_suites(facts, of_either)


def either(behind: Tls, before: SuiteFacts) -> SuiteFacts:
    """Return what a client can get of the smtpd behind or of tlsproxy; the certificate counts where mail is taken."""

    def weakest(take: Take) -> int | None:
        sizes = (take(settled(behind.dh_bits)), take(before.dh_bits))
        return min((size for size in sizes if size is not None), default=None)

    return SuiteFacts(
        either_list(before.ciphers, settled(behind.ciphers)),
        either_list(before.cipher_classes, settled(behind.cipher_classes), CIPHER_CLASSES),
        either_list(before.groups, settled(behind.groups)),
        derive(weakest),
        derive(lambda take: bool(take(settled(behind.server_order))) and bool(take(before.server_order))),
        settled(behind.client_certificate),
    )
