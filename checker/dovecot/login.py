"""What a client may do before it is logged in: src/login-common, by connection.

``ssl`` and the permission of clear-text login are looked up for the protocol, the server's and the client's address. A
connection from the server's own address always counts as secured; it is no case here, since facts speak of clients on
other hosts.
"""

from __future__ import annotations

from checker.derive import Take, converted, derive
from checker.dovecot.cipher_list import tls_fails
from checker.dovecot.client import Client
from checker.dovecot.internal import SASL_PROTOCOLS, Listener, auth_of
from checker.dovecot.sockets import is_yes
from checker.facts.endpoint import Auth, Cert, Tls
from checker.facts.types import TLS_VERSIONS, TlsMode, TlsVersion
from checker.tls.put_off import SuiteFacts, with_suites
from checker.values import ABSENT, Known, Reason, Value

CLEARTEXT = ("PLAIN", "LOGIN")
"""Mechanisms that hand over the password itself, as do the commands LOGIN of IMAP and USER of POP3."""


def _ssl(take: Take, client: Client) -> str:
    return take(client.setting("ssl")) or ""


def _has_tls(take: Take, client: Client) -> bool:
    """Say whether TLS can be had: it is made ready when the process starts, or never."""
    return take(client.at_start("ssl")) != "no" and _ssl(take, client) != "no"


def _cleartext_setting(take: Take, client: Client) -> bool:
    """Return whether clear-text login is permitted: the setting of 2.3 says the reverse of 2.4's."""
    if client.generation == "2.3":
        return not is_yes(take(client.setting("disable_plaintext_auth")))
    return is_yes(take(client.setting("auth_allow_cleartext")))


def _counts_as_secured(take: Take, client: Client) -> bool:
    """Say whether a connection without TLS counts as secured (client-common.c:client_alloc)."""
    if client.generation == "2.3":
        return client.trusted
    if take.boolean(client.socket.proxied):
        return _ssl(take, client) != "required"
    return client.trusted and _ssl(take, client) != "required"


def _takes_cleartext(take: Take, client: Client) -> bool:
    """Say whether a password is taken without TLS (client-common-auth.c:client_check_plaintext_auth)."""
    if take(client.socket.implicit_tls):
        return False
    if _counts_as_secured(take, client):
        return True
    if _ssl(take, client) == "required":
        return False
    return _cleartext_setting(take, client)


def tls(client: Client) -> Tls:
    """Return how a client's connection is encrypted."""
    mode: Value[TlsMode | None] = derive(lambda take: _mode(take, client))
    versions = derive(lambda take: _versions(take, client))
    facts = Tls(
        mode=mode,
        required=derive(lambda take: _required(take, client)),
        versions=versions,
        min_version=converted(versions, lambda each: each[0] if each else None),
        max_version=converted(versions, lambda each: each[-1] if each else None),
    )
    return with_suites(facts, lambda: _suites(client))


def _suites(client: Client) -> SuiteFacts:
    from checker.dovecot import suites  # noqa: PLC0415 - slow to load, and few rules ask for it

    return suites.facts(client, lambda take: _versions(take, client))


def _mode(take: Take, client: Client) -> TlsMode:
    """Return what is offered. With ``ssl = no`` managesieve-login announces STARTTLS all the same, but refuses it."""
    if take(client.socket.implicit_tls):
        return "implicit"
    if client.socket.protocol == "lmtp" and not _has_certificate(take, client):
        return "none"
    if client.socket.protocol not in (*SASL_PROTOCOLS, "lmtp"):
        return "none"
    return "starttls" if _has_tls(take, client) else "none"


def _required(take: Take, client: Client) -> bool:
    if take(client.socket.implicit_tls):
        return True
    if client.socket.protocol not in SASL_PROTOCOLS:
        return False  # lmtp and the internal protocols take what comes, whatever ssl says
    return _ssl(take, client) == "required" and not _counts_as_secured(take, client)


def _versions(take: Take, client: Client) -> tuple[TlsVersion, ...] | None:
    if _mode(take, client) == "none":
        return None
    if not _has_tls(take, client):
        return ()  # the listener accepts the connection and closes it
    if tls_fails(take, client):
        return ()
    return permitted(take(client.setting("ssl_min_protocol")) or "", client.server.release.number)


def permitted(text: str, release: tuple[int, ...]) -> tuple[TlsVersion, ...]:
    """Return the versions from ``ssl_min_protocol`` on; none where every handshake fails, since the name is unknown.

    The names differ: before 2.3.15 case counts and there is neither TLSv1.3 nor ANY; ``LATEST`` of 2.4 sets no minimum.
    """
    known: tuple[TlsVersion, ...] = TLS_VERSIONS[1:]
    if release < (2, 3, 15):
        return known[known.index(text) :] if text in known[:-1] else ()
    names = {version.lower(): version for version in (known[1:] if release >= (2, 4) else known)}
    word = text.lower()
    if word == "any" or (release >= (2, 4) and word in ("latest", "")):
        return known
    if word == "latest":
        return known[-1:]
    return known[known.index(names[word]) :] if word in names else ()


def auth(client: Client) -> Auth:
    """Return how a client logs in."""
    socket = client.socket
    if socket.protocol not in SASL_PROTOCOLS:
        in_clear = converted(socket.implicit_tls, lambda implicit: not implicit)
        listener = Listener(client.server, socket.service, socket.listener, "inet_listener")
        return auth_of(listener, trusted=Known(False), in_clear=in_clear)
    return Auth(
        offered=Known(True),
        required=Known(True),
        mechanisms_before_tls=derive(lambda take: _before_tls(take, client)),
        mechanisms_after_tls=derive(lambda take: _after_tls(take, client)),
        cleartext_allowed=derive(lambda take: _takes_cleartext(take, client)),
    )


def _mechanisms(take: Take, client: Client) -> tuple[str, ...]:
    """Return the mechanisms of the setting and the command that needs none: LOGIN of IMAP, USER of POP3."""
    words = (take(client.setting("auth_mechanisms")) or "").replace(",", " ").upper().split()
    command = ("LOGIN",) if client.socket.protocol in ("imap", "pop3") else ()
    return tuple(dict.fromkeys((*words, *command)))


def _before_tls(take: Take, client: Client) -> tuple[str, ...]:
    if take(client.socket.implicit_tls):
        return ()
    if _ssl(take, client) == "required" and not _counts_as_secured(take, client):
        return ()
    found = _mechanisms(take, client)
    if _takes_cleartext(take, client):
        return found
    return tuple(name for name in found if name not in CLEARTEXT)


def _after_tls(take: Take, client: Client) -> tuple[str, ...]:
    return () if _mode(take, client) == "none" else _mechanisms(take, client)


def cert(client: Client) -> Cert:
    """Return whether a certificate is configured."""
    return Cert(derive(lambda take: _has_certificate(take, client)))


def _has_certificate(take: Take, client: Client) -> bool:
    names = ("ssl_cert", "ssl_key") if client.generation == "2.3" else ("ssl_server_cert_file", "ssl_server_key_file")
    return all(bool(take(client.setting(name))) for name in names)


def fault(client: Client) -> Value[str | None]:
    """Return why the login process refuses the client, absent if it does not."""
    if client.scope.conflict is not None:
        text, origin = client.scope.conflict
        return Known(text, (origin,))
    if client.generation == "2.4" and client.socket.protocol in SASL_PROTOCOLS:
        return derive(lambda take: _contradiction(take, client))
    if client.generation == "2.3" and client.socket.protocol == "http" and client.program == "stats":
        return converted(client.socket.implicit_tls, lambda tls: "stats dies of a client with TLS" if tls else None)
    return ABSENT


def _contradiction(take: Take, client: Client) -> str | None:
    """Return the contradiction that 2.4 refuses to serve with, when it starts or when the client comes
    (login-settings.c:login_settings_check).
    """
    for asked in (client.at_start, client.login_setting):
        if take(asked("ssl")) == "required" and is_yes(take(asked("auth_allow_cleartext"))):
            return "ssl = required and auth_allow_cleartext = yes contradict each other"
    return None


BUILD = Reason("host-only", "whether the protocol is enabled by default depends on the build")
