"""What a client meets where postscreen(8) answers first, as postscreen/postscreen_smtpd.c and tlsproxy(8) decide.

postscreen decides whether STARTTLS is announced in its own scope; certificate and protocols are those of tlsproxy's
entry. A client that passes is handed to the ``smtpd pass`` service, whose settings hold for the session in which it
sends mail.
"""

from __future__ import annotations

from msgspec.structs import replace

from checker.derive import Take, converted, derive
from checker.facts.endpoint import Tls
from checker.facts.types import TLS_VERSIONS, TlsMode, TlsVersion
from checker.postfix import smtpd
from checker.postfix.scope import Scope
from checker.postfix.smtpd import TlsState, level_switches, yes


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

    def versions(take: Take) -> tuple[TlsVersion, ...] | None:
        direct = take(behind.versions)
        found: set[TlsVersion] = set(direct or ())
        if tlsproxy is not None:
            state = tls_state(take, tlsproxy, "tlsproxy")
            found |= set(smtpd.tls_versions(take, tlsproxy, state, "tlsproxy_tls") or ())
        return tuple(version for version in TLS_VERSIONS if version in found)

    permitted = derive(versions)
    return replace(
        behind,
        mode=derive(mode),
        versions=permitted,
        min_version=converted(permitted, lambda each: each[0] if each else None),
        max_version=converted(permitted, lambda each: each[-1] if each else None),
    )
