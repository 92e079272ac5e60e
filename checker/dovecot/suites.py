"""The cipher suites and the key exchange that Dovecot permits (lib-ssl-iostream/iostream-openssl-context.c)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from checker.derive import Take, converted, derive
from checker.dovecot.cipher_list import cipher_list, curve_list
from checker.dovecot.client import Client
from checker.dovecot.internal import SASL_PROTOCOLS
from checker.dovecot.sockets import is_yes
from checker.facts.types import CIPHER_CLASSES, ClientCertificate, TlsVersion
from checker.tls import groups
from checker.tls.ciphers import CipherListError, expand
from checker.tls.libraries import libraries_of
from checker.tls.put_off import SuiteFacts
from checker.tls.suites import Offered, classes, every_suite, names, offered, tls13_suites
from checker.tls.whichever import whichever, whichever_list
from checker.values import Reason

R = TypeVar("R")

Versions = Callable[[Take], tuple[TlsVersion, ...] | None]
"""Gives the versions of a listener, None where it has no TLS."""

IN_FILE = Reason("host-only", "the Diffie-Hellman parameters are in a file")


def facts(client: Client, versions: Versions) -> SuiteFacts:
    """Return the facts of one kind of client at one socket."""
    release = client.server.release
    linked = libraries_of("dovecot", release.number, release.platform)
    each = [_with_library(client, versions, library) for library in linked.names]
    known = linked.all_known
    return SuiteFacts(
        whichever_list([one.ciphers for one in each], every_suite(), all_known=known),
        whichever_list([one.cipher_classes for one in each], CIPHER_CLASSES, all_known=known),
        whichever_list([one.groups for one in each], groups.every_group(), all_known=known),
        whichever([one.dh_bits for one in each], all_known=True),
        each[0].server_order,
        each[0].client_certificate,
    )


def _with_library(client: Client, versions: Versions, library: str) -> SuiteFacts:
    def of(take: Take) -> Offered | None:
        permitted = versions(take)
        return None if permitted is None else _offered(take, client, permitted, library)

    def where_tls(ask: Callable[[Take], R]) -> Callable[[Take], R | None]:
        return lambda take: None if versions(take) is None else ask(take)

    def usable_groups(take: Take) -> tuple[str, ...] | None:
        found = of(take)
        if found is None:
            return None
        words = curve_list(take, client)
        enabled = groups.listed(words, library) if words else groups.default_groups(library)
        below_13 = any(suite.kx == "ECDH" for suite in found.suites)
        return groups.usable(enabled, below_13=below_13, tls13=bool(found.tls13))

    def dh_bits(take: Take) -> int | None:
        found = of(take)
        if found is not None and any(suite.kx == "DH" for suite in found.suites):
            raise take.unknown(IN_FILE)
        return None

    suites = derive(of)
    return SuiteFacts(
        converted(suites, lambda each: None if each is None else names(each)),
        converted(suites, lambda each: None if each is None else classes(each)),
        derive(usable_groups),
        derive(dh_bits),
        derive(where_tls(lambda take: _server_order(take, client))),
        derive(where_tls(lambda take: _client_certificate(take, client))),
    )


def _offered(take: Take, client: Client, versions: Sequence[TlsVersion], library: str) -> Offered:
    """Return the suites that the settings permit in the permitted versions; DHE has no parameters but those given."""
    if not versions:
        return Offered()
    parameters = take(client.setting("ssl_dh" if client.generation == "2.3" else "ssl_server_dh_file"))
    own = (take(client.setting("ssl_cipher_suites")) or "") if "TLSv1.3" in versions else ""
    try:
        selected = expand(cipher_list(take, client), library)
    except CipherListError:
        return Offered()
    found = offered(
        selected,
        versions,
        authentications=("None", "RSA", "ECDSA"),
        level=selected.level or 0,
        tls13=tls13_suites(own),
    )
    if parameters:
        return found
    return Offered(tuple(suite for suite in found.suites if suite.kx != "DH"), found.tls13)


def _server_order(take: Take, client: Client) -> bool:
    if client.generation == "2.3":
        return is_yes(take(client.setting("ssl_prefer_server_ciphers")))
    return take(client.setting("ssl_server_prefer_ciphers")) == "server"


def _client_certificate(take: Take, client: Client) -> ClientCertificate:
    """Return what becomes of a client's certificate: it is the login that needs one, where it does."""
    if client.socket.protocol in SASL_PROTOCOLS and is_yes(take(client.setting("auth_ssl_require_client_cert"))):
        return "required"
    name = "ssl_verify_client_cert" if client.generation == "2.3" else "ssl_server_request_client_cert"
    return "none" if (take(client.setting(name)) or "no") in ("no", "0", "n", "") else "optional"
