"""The server endpoints of a Dovecot: one for each network socket and kind of client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from msgspec import Struct
from msgspec.structs import replace

from checker.derive import converted
from checker.dovecot import login
from checker.dovecot.cases import clients
from checker.dovecot.client import Client
from checker.dovecot.filters import Network
from checker.dovecot.internal import Listener, socket_use
from checker.dovecot.server import Server
from checker.dovecot.sockets import KIND, Socket
from checker.facts.endpoint import Auth, Cert, Endpoint, Tls
from checker.facts.endpoint import Socket as UnixSocket
from checker.facts.types import EXPOSURES, Exposure, Role
from checker.networks import network_exposure
from checker.values import Known, Origin, Unknown, Value


def endpoints(server: Server, listening: Sequence[Socket]) -> tuple[Endpoint, ...]:
    """Return the endpoints of the sockets; ids are told apart by an ordinal where two sockets differ in the address
    alone.
    """
    met: dict[tuple[object, ...], Meeting] = {}
    found = [_endpoint(server, case, client, met) for socket in listening for case, client in clients(server, socket)]
    seen: dict[str, int] = {}
    numbered: list[Endpoint] = []
    for each in found:
        seen[each.id] = seen.get(each.id, 0) + 1
        numbered.append(each if seen[each.id] == 1 else replace(each, id=f"{each.id}#{seen[each.id]}"))
    return tuple(numbered)


class Meeting(Struct, frozen=True):
    """What a client of one kind meets at a listener, whichever of its addresses it comes to."""

    tls: Tls
    auth: Auth
    cert: Cert
    fault: Value[str | None]


def _meeting(client: Client, met: dict[tuple[object, ...], Meeting]) -> Meeting:
    """Return what a client meets; most listeners have two addresses, for IPv4 and IPv6."""
    socket = client.socket
    key = (socket.service, socket.listener, client.where.key, client.trusted, client.server_name)
    if key not in met:
        met[key] = Meeting(login.tls(client), login.auth(client), login.cert(client), login.fault(client))
    return met[key]


def _endpoint(server: Server, case: str | None, client: Client, met: dict[tuple[object, ...], Meeting]) -> Endpoint:
    socket = client.socket
    meeting = _meeting(client, met)
    label = f"{socket.service}/{socket.listener}"
    number = socket.port.value if isinstance(socket.port, Known) else None
    parts = ("dovecot", label, str(number) if number else None, case)
    origins = tuple(_anchored(server, socket))
    fault = meeting.fault
    return Endpoint(
        id=":".join(part for part in parts if part),
        origins=origins,
        product=Known("dovecot"),
        source=Known("config"),
        service=Known(label, origins),
        case=Known(case),
        protocol=Known(socket.protocol, origins),
        role=_role(socket),
        address=socket.address,
        port=socket.port,
        exposure=_exposure(socket, client.networks),
        serves=_serves(socket, fault),
        fault=fault,
        proxied=socket.proxied,
        tls=meeting.tls,
        auth=meeting.auth,
        cert=meeting.cert,
        socket=UnixSocket(use=socket_use(Listener(server, socket.service, socket.listener, KIND))),
        settings=client.scope,
    )


def _exposure(socket: Socket, networks: Sequence[Network]) -> Value[Exposure]:
    """Return who can reach a socket from and at the networks that make the case."""
    known = (each for each in networks if each.address is not None)
    within = [network_exposure(ip_network(f"{each.address}/{each.bits}", strict=False)) for each in known]
    return converted(socket.exposure, lambda whole: min((whole, *within), key=EXPOSURES.index))


def _anchored(server: Server, socket: Socket) -> Iterator[Origin]:
    """Yield how a listener came to be, what is written before what is built in."""
    yield from (origin for origin in socket.origins if not origin.is_default)
    yield Origin(server.release.label, server.scope().anchor, "protocols", "", is_default=True)


def _serves(socket: Socket, fault: Value[str | None]) -> Value[bool]:
    """Say whether the client is served: unknown where the socket may not be open."""
    if isinstance(socket.open, Known):
        return converted(fault, lambda text: text is None)
    reason = socket.open.reason if isinstance(socket.open, Unknown) else login.BUILD
    return Unknown(reason, socket.open.origins)


def _role(socket: Socket) -> Value[Role]:
    if socket.protocol in ("imap", "pop3", "sieve"):
        return Known("access", socket.origins)
    return Known("submission" if socket.protocol == "submission" else "internal", socket.origins)
