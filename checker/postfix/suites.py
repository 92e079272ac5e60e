"""The cipher suites and the key exchange that smtpd(8) and tlsproxy(8) permit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from checker.ciphers import CipherListError, expand
from checker.derive import Take, converted, derive
from checker.facts.types import ClientCertificate, TlsVersion
from checker.postfix.cipher_list import asks_certificate, cipher_list, library_of
from checker.postfix.key_exchange import dh_bits, key_exchange_groups
from checker.postfix.scope import Scope
from checker.postfix.tls_facts import Permitted, SuiteFacts
from checker.suites import Offered, classes, names, offered

R = TypeVar("R")


def facts(scope: Scope, prefix: str, permitted: Permitted) -> SuiteFacts:
    """Return the facts of one program's settings (``prefix``: smtpd_tls or tlsproxy_tls)."""

    def of(take: Take) -> Offered | None:
        versions, enforce = permitted(take)
        return None if versions is None else offered_suites(take, scope, prefix, versions, enforce=enforce)

    def where_tls(take: Take, ask: Callable[[], R]) -> R | None:
        return None if permitted(take)[0] is None else ask()

    def groups(take: Take) -> tuple[str, ...] | None:
        found = of(take)
        return None if found is None else key_exchange_groups(take, scope, prefix, found)

    def bits(take: Take) -> int | None:
        found = of(take)
        return None if found is None else dh_bits(take, scope, prefix, found)

    suites = derive(of)
    return SuiteFacts(
        converted(suites, lambda each: None if each is None else names(each)),
        converted(suites, lambda each: None if each is None else classes(each)),
        derive(groups),
        derive(bits),
        derive(lambda take: where_tls(take, lambda: bool(take.boolean(scope.boolean("tls_preempt_cipherlist"))))),
        derive(
            lambda take: where_tls(take, lambda: _client_certificate(take, scope, prefix, enforce=permitted(take)[1]))
        ),
    )


def _client_certificate(take: Take, scope: Scope, prefix: str, *, enforce: bool) -> ClientCertificate:
    """Return what becomes of a client's certificate: it is demanded only where TLS is (smtpd.c:smtpd_start_tls)."""
    if enforce and take.boolean(scope.boolean(f"{prefix}_req_ccert")):
        return "required"
    return "optional" if asks_certificate(take, scope, prefix, enforce=enforce) else "none"


def offered_suites(take: Take, scope: Scope, prefix: str, versions: Sequence[TlsVersion], *, enforce: bool) -> Offered:
    """Return the suites that the settings permit in the permitted versions.

    Nothing is known of certificates but which settings name one: ``none`` leaves the anonymous suites, and only
    smtpd_tls_dcert_file can bring a DSA one. Postfix sets the security level 0, and 1 where it demands a certificate
    (tls/tls_server.c:tls_server_start); a list may set another.
    """
    if not versions:
        return Offered()
    library = take(library_of(scope.release))
    own = (take(scope.text(f"{prefix}_cert_file")) or "").lower()
    other = take(scope.text(f"{prefix}_dcert_file"))
    demands = enforce and bool(take.boolean(scope.boolean(f"{prefix}_req_ccert")))
    text = cipher_list(take, scope, prefix, enforce=enforce)
    try:
        selected = expand(text or "", library)
    except CipherListError:
        return Offered()
    known = {"None"} if own == "none" else {"None", "RSA", "ECDSA"} | ({"DSS"} if other else set())
    return offered(selected, versions, authentications=known, level=1 if demands else selected.level or 0)
