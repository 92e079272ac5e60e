"""Which network sockets Dovecot's master process opens (master/master-settings.c, master/service.c)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from msgspec import Struct

from checker.derive import Take, converted, derive
from checker.dovecot.internal import SASL_PROTOCOLS, WITH_TLS, Listener, protocol_of
from checker.dovecot.server import Server, listed
from checker.facts.types import Exposure, Protocol
from checker.networks import exposure_of
from checker.values import Known, Origin, Reason, Unknown, Value

KIND = "inet_listener"
LOCALHOST = "localhost"
NAME = re.compile(r"[\w.-]+")
"""What a name may consist of that the resolver is asked for."""

YES = frozenset({"yes", "y", "1"})
MAX_DIGITS = 5


class Socket(Struct, frozen=True):
    """One address and port of a listener; ``address`` is ``*`` or ``::`` for a wildcard. ``implicit_tls`` is what the
    program makes of the listener's ``ssl``.
    """

    service: str
    listener: str
    protocol: Protocol
    origins: tuple[Origin, ...]
    address: Value[str | None]
    exposure: Value[Exposure]
    port: Value[int | None]
    implicit_tls: Value[bool]
    proxied: Value[bool]
    open: Value[bool]


def is_yes(text: str | None) -> bool:
    """Say whether a boolean setting is on."""
    return (text or "").lower() in YES


def sockets(server: Server) -> Iterator[Socket]:
    """Yield the network sockets that are open, or may be open."""
    master = server.scope()
    for service in master.services():
        running = runs(server, service)
        if isinstance(running, Known) and not running.value:
            continue
        for listener in master.listeners(service):
            yield from _sockets_of(server, service, listener, running)


def runs(server: Server, service: str) -> Value[bool]:
    """Say whether there is such a service: it has a program, and its protocol, if it has one, is enabled."""
    master = server.scope()
    executable, protocol = master.service_text(service, "executable"), master.service_text(service, "protocol")
    if isinstance(executable, Known) and not executable.value:
        return Known(False, executable.origins)
    protocols = server.protocols()

    def compute(take: Take) -> bool:
        wanted = take(protocol)
        return not wanted or wanted in (take(protocols) or ())

    return derive(compute)


def _sockets_of(server: Server, service: str, listener: str, enabled: Value[bool]) -> Iterator[Socket]:
    master = server.scope()
    port = _port(master.listener_text(service, listener, "port"))
    if isinstance(port, Known) and not port.value:
        return
    implicit = _switch(master.listener_text(service, listener, "ssl"))
    ssl = master.text("ssl")
    is_open = derive(lambda take: take(enabled) and not (take(implicit) and take(ssl) == "no"))
    if isinstance(is_open, Known) and not is_open.value:
        return  # with ssl = no the listeners for TLS vanish, though doveconf shows them
    proxied = _switch(master.listener_text(service, listener, "haproxy"))
    protocol = protocol_of(Listener(server, service, listener, KIND))
    if protocol not in (*SASL_PROTOCOLS, *WITH_TLS):
        implicit = converted(implicit, lambda _: False)
    addresses = _addresses(server, service, listener)
    for address, exposure in _places(addresses):
        origins = (*port.origins, *addresses.origins)
        yield Socket(service, listener, protocol, origins, address, exposure, port, implicit, proxied, is_open)


def _switch(text: Value[str | None]) -> Value[bool]:
    return converted(text, is_yes)


def _port(text: Value[str | None]) -> Value[int | None]:
    def changed(word: str | None) -> int | Reason | None:
        if not word:
            return None
        if not (word.isascii() and word.isdigit() and len(word) <= MAX_DIGITS):
            return Reason("invalid", f"'{word}' is no port")
        return int(word) or None

    return converted(text, changed)


def _addresses(server: Server, service: str, listener: str) -> Value[str | None]:
    """Return the addresses of a listener; without any of its own they are those of the global ``listen``."""
    master = server.scope()
    name = "listen" if server.release.generation == "2.4" else "address"
    own = master.listener_text(service, listener, name)
    return master.text("listen") if isinstance(own, Known) and not own.value else own


def _places(addresses: Value[str | None]) -> list[tuple[Value[str | None], Value[Exposure]]]:
    if isinstance(addresses, Known):
        return [_place(word, addresses.origins) for word in dict.fromkeys(listed(addresses.value))]
    reason = addresses.reason if isinstance(addresses, Unknown) else Reason("template", "listen has several renderings")
    unknown = Unknown(reason, addresses.origins)
    return [(unknown, unknown)]


def _place(word: str, origins: tuple[Origin, ...]) -> tuple[Value[str | None], Value[Exposure]]:
    bare = word.removeprefix("[").removesuffix("]")
    if bare in ("*", "::", "0.0.0.0"):  # noqa: S104 - what is written, not a socket
        return Known("::" if bare == "::" else "*", origins), Known("public", origins)
    exposure = exposure_of(bare)
    if exposure is None and bare.lower() == LOCALHOST:
        return Known(bare, origins), Known("loopback", origins)
    if exposure is None and not NAME.fullmatch(bare):
        wrong = Unknown(Reason("invalid", f"'{word}' is no address, and cannot be the name of a host"), origins)
        return wrong, wrong
    if exposure is None:
        unknown = Unknown(Reason("dns-only", f"the address of '{bare}' is looked up when Dovecot starts"), origins)
        return unknown, unknown
    return Known(str(ip_address(bare)), origins), Known(exposure, origins)
