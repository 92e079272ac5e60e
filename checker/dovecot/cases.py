"""Which kinds of client a listener tells apart: by the networks of filters and of login_trusted_networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.dovecot.filters import Filter, FilterError, Network, network
from checker.dovecot.login import SASL_PROTOCOLS, Client
from checker.dovecot.server import Server
from checker.dovecot.sockets import Socket
from checker.values import Known

MAX_CASES = 64
"""Kinds of client of one listener; more are not told apart."""


def clients(server: Server, socket: Socket) -> Iterator[tuple[str | None, Client]]:
    """Yield the kinds of client of a socket with their names; None is a client in no special network."""
    base = Filter(protocol=socket.protocol if socket.protocol in SASL_PROTOCOLS else None)
    if base.protocol is None:
        yield None, Client(server, socket, base)
        return
    seen: set[str] = set()
    everybody = Client(server, socket, base)
    trusted = trusted_networks(everybody)
    yield None, everybody
    for connection in _connections(server, socket, base):
        name = str(replace(connection, protocol=None))
        if name not in seen and len(seen) < MAX_CASES:
            seen.add(name)
            inside = connection.remote is not None and any(each.holds(connection.remote) for each in trusted)
            yield name, Client(server, socket, connection, trusted=inside)
    for each in trusted:
        name = f"trusted {each}"
        if name not in seen and len(seen) < MAX_CASES:
            seen.add(name)
            yield name, Client(server, socket, replace(base, remote=each), trusted=True)


def _connections(server: Server, socket: Socket, base: Filter) -> Iterator[Filter]:
    """Yield the connections that filters with networks single out, as far as the socket can have them."""
    for limits in server.filters():
        local, remote = _given(limits.local), _given(limits.remote)
        if local is None and remote is None:
            continue
        if limits.protocol is not None and not limits.matches_protocol(base):
            continue
        if local is not None and not _may_be_at(socket, local):
            continue
        yield replace(base, local=local, remote=remote)


def _given(limits: Network | None) -> Network | None:
    return limits if limits is not None and limits.bits > 0 else None


def _may_be_at(socket: Socket, local: Network) -> bool:
    if not isinstance(socket.address, Known) or socket.address.value in ("*", "::", None):
        wildcard = socket.address.value if isinstance(socket.address, Known) else None
        version = local.address.version if local.address is not None else None
        return wildcard is None or version is None or (version == 6) == (wildcard == "::")
    try:
        return local.holds(network(socket.address.value))
    except FilterError:
        return True


def trusted_networks(client: Client) -> tuple[Network, ...]:
    """Return the networks of login_trusted_networks that Dovecot gets as far as: a bad entry ends the list."""
    value = client.setting("login_trusted_networks")
    found: list[Network] = []
    for word in (value.value or "").replace(",", " ").split() if isinstance(value, Known) else ():
        try:
            each = network(word)
        except FilterError:
            break
        if each.address is None:
            break
        found.append(each)
    return tuple(found)
