"""Which kinds of client a listener tells apart: by the networks of filters and of login_trusted_networks, and by the
server name that they ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from msgspec.structs import replace

from checker.dovecot.client import OF_NAME, Client
from checker.dovecot.filters import Filter, FilterError, Network, network
from checker.dovecot.internal import SASL_PROTOCOLS
from checker.dovecot.server import Server
from checker.dovecot.sockets import LOCALHOST, Socket
from checker.values import Known

MAX_CASES = 64
"""Kinds of client of one listener; more are not told apart."""


def clients(server: Server, socket: Socket) -> Iterator[tuple[str | None, Client]]:
    """Yield the kinds of client of a socket with their names; None is a client in no special network.

    A connection has both a server's and a client's address, so each network of the one kind is met in each of the
    other.
    """
    base = Filter(protocol=socket.protocol if socket.protocol in SASL_PROTOCOLS else None)
    if base.protocol is None:
        yield None, Client(server, socket, base)
        return
    at = _address(socket)
    limits = [each for each in server.filters() if each.protocol is None or each.matches_protocol(base)]
    locals_ = () if at is not None else tuple(_unique(each.local for each in limits if _may_be_at(socket, each.local)))
    remotes = tuple(each for each in _unique(each.remote for each in limits) if _may_come(socket, each))
    count = 0
    for local in (None, *locals_):
        place = replace(base, local=at or (_outside(local, locals_) if local is not None else None))
        if local is not None and place.local is None:
            continue  # narrower networks leave nothing of this one
        for name, client in _at(server, socket, place, remotes):
            words = [f"local {local}"] if local is not None else []
            words += [name] if name is not None else []
            count += 1
            if count > MAX_CASES:
                return
            yield " ".join(words) or None, replace(client, networks=(*_unique([local]), *client.networks))


def _at(
    server: Server, socket: Socket, place: Filter, remotes: tuple[Network, ...]
) -> Iterator[tuple[str | None, Client]]:
    """Yield the kinds of client of one place of a server, named by their own networks."""
    yield None, Client(server, socket, place)
    if place.local is None or _address(socket) is not None:
        for name in server.names(OF_NAME):
            word = name.split()[0].replace("*", "x") if name.strip() else name
            yield f"local_name {name}", Client(server, socket, place, server_name=word)
    of_filters = {each.key: each for each in remotes}
    trusted = (each for remote in (None, *remotes) for each in _trusted(server, socket, place, remote))
    networks = of_filters | {each.key: each for each in trusted if _may_come(socket, each)}
    for key, each in networks.items():
        inside = _outside(each, tuple(networks.values()))
        if inside is None:
            continue
        is_trusted = any(_covers(wide, inside) for wide in _trusted(server, socket, place, inside))
        if is_trusted or key in of_filters:
            word = "remote" if key in of_filters else "trusted"
            where = replace(place, remote=inside)
            yield f"{word} {each}", Client(server, socket, where, trusted=is_trusted, networks=(each,))


def _trusted(server: Server, socket: Socket, place: Filter, remote: Network | None) -> tuple[Network, ...]:
    """Return login_trusted_networks as Dovecot reads it for a client: a filter may set it as any other setting."""
    return trusted_networks(Client(server, socket, replace(place, remote=remote)))


def _unique(networks: Iterable[Network | None]) -> Iterator[Network]:
    """Yield the networks that single out some connections, once each; some hold nobody (``Network.holds``)."""
    seen: set[object] = set()
    for each in networks:
        if each is not None and each.bits > 0 and each.holds(each) and each.key not in seen:
            seen.add(each.key)
            yield each


def _outside(wide: Network, others: tuple[Network, ...]) -> Network | None:
    """Return an address of a network that is in no narrower one; None if they cover it."""
    if wide.address is None:
        return wide
    length = wide.address.max_prefixlen
    candidate, last = _bounds(wide)
    inner = (each for each in others if each.bits > wide.bits and _covers(wide, each))
    for start, end in sorted(map(_bounds, inner)):
        if start <= candidate <= end:
            candidate = end + 1
    if candidate > last:
        return None
    address = type(wide.address)(candidate)
    return Network(address, length, str(address))


def _covers(wide: Network, narrow: Network) -> bool:
    """Say whether a network holds another; unlike a filter's, one without bits holds its own address family alone."""
    if wide.address is None or narrow.address is None or wide.address.version != narrow.address.version:
        return False
    return wide.holds(narrow)


def _bounds(each: Network) -> tuple[int, int]:
    """Return the first and the last address."""
    if each.address is None:
        return 0, -1
    size = 1 << (each.address.max_prefixlen - each.bits)
    first = int(each.address) // size * size
    return first, first + size - 1


def _address(socket: Socket) -> Network | None:
    """Return the one address that clients of a socket connect to, None of a wildcard or where it is not known."""
    text = socket.address.value if isinstance(socket.address, Known) else None
    if text is None or text in ("*", "::"):
        return None
    address = ip_address("127.0.0.1" if text == LOCALHOST else text)
    return Network(address, address.max_prefixlen, text)


def _may_be_at(socket: Socket, local: Network | None) -> bool:
    """Say whether a wildcard's socket can have an address of a network."""
    return local is not None and _is_of_family(socket, local)


def _may_come(socket: Socket, remote: Network) -> bool:
    """Say whether clients of a network can reach a socket; a proxy tells addresses of any family."""
    return socket.proxied != Known(False, socket.proxied.origins) or _is_of_family(socket, remote)


def _is_of_family(socket: Socket, each: Network) -> bool:
    text = socket.address.value if isinstance(socket.address, Known) else None
    return text is None or each.address is None or (each.address.version == 6) == (":" in text)


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
