"""What the services behind the login processes do for whoever connects to them: auth, doveadm, stats, dict, lmtp.

None of them looks at ``ssl`` or at the permission of clear-text login: those settings are for login processes.
"""

from __future__ import annotations

import posixpath

from msgspec import Struct

from checker.derive import Take, converted, derive
from checker.dovecot.server import Server
from checker.facts.endpoint import Auth
from checker.facts.types import Protocol, SocketUse
from checker.values import ABSENT, Known, Value

PROGRAMS: dict[str, Protocol] = {
    "imap-login": "imap",
    "pop3-login": "pop3",
    "submission-login": "submission",
    "managesieve-login": "sieve",
    "lmtp": "lmtp",
    "doveadm-server": "doveadm",
    "auth": "auth",
    "dict": "dict",
    "stats": "stats",
    "quota-status": "policy",
}
"""What a program speaks on its sockets."""

SASL_PROTOCOLS: tuple[Protocol, ...] = ("imap", "pop3", "submission", "sieve")
"""What login processes serve."""

WITH_HTTP = ("doveadm", "stats")
"""Protocols whose program speaks HTTP on a listener called so: an interface for administrators, and metrics."""

WITH_TLS = ("lmtp", "doveadm", "http")
"""Protocols behind the login processes for which ``ssl = yes`` of a listener means something. The program ``auth``
goes on in clear, as ``stats`` does where it does not speak HTTP.
"""

USES: dict[str, SocketUse] = {"login": "login", "master": "master", "userdb": "userdb"}
"""What a socket of ``auth`` answers, by its type or, without one, by the end of its name (auth/main.c); others serve
clients.
"""

TOKENS = ("token", "tokenlogin", "token-login")
"""Sockets of ``auth`` that know no password; they are none of the uses."""


def program_of(server: Server, service: str) -> str:
    """Return the name of the program of a service; of one that is not known, that of the service."""
    if service not in server.programs:
        executable = server.scope().service_text(service, "executable")
        server.programs[service] = program_in(executable.value if isinstance(executable, Known) else None, service)
    return server.programs[service]


def program_in(executable: str | None, service: str) -> str:
    """Return the name of the program in a command line; of none, that of the service."""
    words = (executable or "").split()
    return posixpath.basename(words[0]) if words else service


class Listener(Struct, frozen=True):
    """One listener of a service; ``kind`` is ``inet_listener`` or ``unix_listener``."""

    server: Server
    service: str
    name: str
    kind: str

    def text(self, name: str) -> Value[str | None]:
        """Return one of its settings by its short name."""
        return self.server.scope().listener_text(self.service, self.name, name, self.kind)


def protocol_of(listener: Listener) -> Protocol:
    """Return what the program of a service speaks on a listener."""
    found = PROGRAMS.get(program_of(listener.server, listener.service), "other")
    if found in WITH_HTTP and listener.kind == "inet_listener":
        named = listener.text("type")
        if isinstance(named, Known) and (named.value or listener.name) == "http":
            return "http"
    return found


def socket_use(listener: Listener) -> Value[SocketUse | None]:
    """Return what a socket of ``auth`` answers; absent of any other program's."""
    if protocol_of(listener) != "auth":
        return ABSENT

    def changed(named: str | None) -> SocketUse | None:
        word = named or posixpath.basename(listener.name).rpartition("-")[2]
        return None if word in TOKENS else USES.get(word, "client")

    return converted(listener.text("type"), changed)


def auth_of(listener: Listener, *, trusted: Value[bool], in_clear: Value[bool]) -> Auth:
    """Return how clients log in to such a service.

    ``trusted`` is whether its socket is open to its owner alone, whom ``doveadm`` then believes
    (doveadm/client-connection-tcp.c); ``in_clear`` whether it crosses a network without TLS.
    """
    program = PROGRAMS.get(program_of(listener.server, listener.service), "other")
    if program == "doveadm":
        return _of_doveadm(listener, trusted, in_clear)
    if program == "auth" and listener.kind == "inet_listener":
        return _of_network_auth(listener.server, socket_use(listener))
    return NO_LOGIN


NO_LOGIN = Auth(offered=Known(False), required=Known(False), cleartext_allowed=Known(False))


def _of_doveadm(listener: Listener, trusted: Value[bool], in_clear: Value[bool]) -> Auth:
    """Return how administrators log in: by ``doveadm_password`` or, over HTTP, ``doveadm_api_key``; with neither nobody
    does.
    """
    by_http = protocol_of(listener) == "http"
    names = ("doveadm_password", "doveadm_api_key") if by_http else ("doveadm_password",)
    master = listener.server.scope()

    def has_password(take: Take) -> bool:
        return not take(trusted) and any(take(master.text(name)) for name in names)

    return Auth(
        offered=derive(has_password),
        required=converted(trusted, lambda alone: not alone),
        cleartext_allowed=derive(lambda take: take(in_clear) and has_password(take)),
    )


def _of_network_auth(server: Server, use: Value[SocketUse | None]) -> Auth:
    """Return how ``auth`` takes passwords from the network: always in clear, whatever else is set."""
    master = server.scope()

    def takes_passwords(take: Take) -> bool:
        return take(use) in ("client", "login")

    def mechanisms(take: Take) -> tuple[str, ...]:
        words = take(master.words("auth_mechanisms")) or ()
        return tuple(dict.fromkeys(word.upper() for word in words)) if take(use) in ("client", "login") else ()

    return Auth(
        offered=derive(takes_passwords),
        required=derive(takes_passwords),
        mechanisms_before_tls=derive(mechanisms),
        mechanisms_after_tls=Known(()),
        cleartext_allowed=derive(takes_passwords),
    )
