"""The cipher suites and the key exchange that smtpd(8) and tlsproxy(8) permit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from checker.derive import Take, converted, derive
from checker.facts.types import CIPHER_CLASSES, ClientCertificate, TlsVersion
from checker.postfix.cipher_list import asks_certificate, cipher_list, text_of
from checker.postfix.key_exchange import Linked, dh_bits, key_exchange_groups
from checker.postfix.scope import Scope
from checker.tls.ciphers import CipherListError, expand
from checker.tls.groups import every_group
from checker.tls.libraries import libraries_of
from checker.tls.put_off import SuiteFacts
from checker.tls.suites import Offered, classes, every_suite, names, offered
from checker.tls.whichever import whichever, whichever_list

R = TypeVar("R")

Permitted = Callable[[Take], tuple[tuple[TlsVersion, ...] | None, bool]]
"""Gives the versions of a server, None where it has no TLS, and whether TLS is enforced."""


def facts(scope: Scope, prefix: str, permitted: Permitted) -> SuiteFacts:
    """Return the facts of one program's settings (``prefix``: smtpd_tls or tlsproxy_tls)."""
    libraries = libraries_of("postfix", scope.release.number, scope.release.platform)
    each = [_with_library(Linked(scope, prefix, library), permitted) for library in libraries.names]
    known = libraries.all_known
    return SuiteFacts(
        whichever_list([one.ciphers for one in each], every_suite(), all_known=known),
        whichever_list([one.cipher_classes for one in each], CIPHER_CLASSES, all_known=known),
        whichever_list([one.groups for one in each], every_group(), all_known=known),
        whichever([one.dh_bits for one in each], all_known=True),  # every OpenSSL has DHE
        each[0].server_order,
        each[0].client_certificate,
    )


def _with_library(program: Linked, permitted: Permitted) -> SuiteFacts:
    def of(take: Take) -> Offered | None:
        versions, enforce = permitted(take)
        return None if versions is None else _offered(take, program, versions, enforce=enforce)

    def where_tls(ask: Callable[[Take, bool], R]) -> Callable[[Take], R | None]:
        def answer(take: Take) -> R | None:
            versions, enforce = permitted(take)
            return None if versions is None else ask(take, enforce)

        return answer

    def groups(take: Take) -> tuple[str, ...] | None:
        found = of(take)
        return None if found is None else key_exchange_groups(take, program, found)

    def bits(take: Take) -> int | None:
        found = of(take)
        return None if found is None else dh_bits(take, program, found)

    suites = derive(of)
    return SuiteFacts(
        converted(suites, lambda each: None if each is None else names(each)),
        converted(suites, lambda each: None if each is None else classes(each)),
        derive(groups),
        derive(bits),
        derive(where_tls(lambda take, _: bool(take.boolean(program.scope.boolean("tls_preempt_cipherlist"))))),
        derive(where_tls(lambda take, enforce: _client_certificate(take, program, enforce=enforce))),
    )


def _client_certificate(take: Take, program: Linked, *, enforce: bool) -> ClientCertificate:
    """Return what becomes of a client's certificate: it is demanded only where TLS is (smtpd.c:smtpd_start_tls)."""
    scope, prefix = program.scope, program.prefix
    if enforce and take.boolean(scope.boolean(f"{prefix}_req_ccert")):
        return "required"
    return "optional" if asks_certificate(take, scope, prefix, enforce=enforce) else "none"


def _offered(take: Take, program: Linked, versions: Sequence[TlsVersion], *, enforce: bool) -> Offered:
    """Return the suites that the settings permit in the permitted versions.

    Nothing is known of certificates but which settings name one: ``none`` leaves the anonymous suites, and only
    smtpd_tls_dcert_file can bring a DSA one. Postfix sets the security level 0, and 1 where it demands a certificate
    (tls/tls_server.c:tls_server_start); a list may set another.
    """
    if not versions:
        return Offered()
    scope, prefix = program.scope, program.prefix
    own = (take(scope.text(f"{prefix}_cert_file")) or "").lower()
    other = take(scope.text(f"{prefix}_dcert_file"))
    demands = enforce and bool(take.boolean(scope.boolean(f"{prefix}_req_ccert")))
    ciphers = cipher_list(take, scope, prefix, enforce=enforce)
    try:
        selected = expand(text_of(ciphers or ("",)), program.library)
    except CipherListError:
        return Offered()
    known = {"None"} if own == "none" else {"None", "RSA", "ECDSA"} | ({"DSS"} if other else set())
    return offered(selected, versions, authentications=known, level=1 if demands else selected.level or 0)
