"""Where Postfix listens, and which clients a network list names."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from msgspec import Struct

from checker.derive import converted
from checker.facts.types import Exposure
from checker.networks import IpNetwork, exposure_of
from checker.postfix import types
from checker.postfix.scope import Scope
from checker.postfix.tables.match_list import patterns_of
from checker.postfix.tables.open import Tables
from checker.postfix.tables.rules import parse_network
from checker.postfix.tables.table import Table
from checker.source import Span
from checker.values import Known, Origin, Reason, Unknown, Value

MAX_DIGITS = 9
"""More digits are no port."""

PORTS = 2**16

WELL_KNOWN_PORTS = {
    "lmtp": 24,
    "smtp": 25,
    "mail": 25,
    "smtps": 465,
    "ssmtp": 465,
    "submissions": 465,
    "submission": 587,
    "qmqp": 628,
}
"""Names that known_tcp_ports (3.6 and later) or the /etc/services of Debian give for mail."""


class Listener(Struct, frozen=True):
    """One address and port that master(8) binds for an entry; ``address`` is ``*`` or ``::`` for a wildcard."""

    address: Value[str | None]
    exposure: Value[Exposure]


def split_service(name: str) -> tuple[str, str]:
    """Return host (empty if none) and port of an inet service name, split at the last colon (util/host_port.c)."""
    host, colon, port = name.rpartition(":")
    if not colon:
        return "", name
    return host.removeprefix("[").removesuffix("]"), port


def port_number(master: Scope, name: str) -> Value[int | None]:
    """Return the number of a port name, by known_tcp_ports and then by what every /etc/services has."""
    if name.isascii() and name.isdigit() and len(name) <= MAX_DIGITS:
        number = int(name) % PORTS  # as getaddrinfo(3) of glibc cuts it
        return Known(number) if number else Unknown(Reason("host-only", "the system chooses a port in the place of 0"))

    def lookup(text: str | None) -> int | Reason | None:
        for rule in types.words((text or "").replace(",", " ")):
            *names, port = rule.split("=")
            if name in names and port.isascii() and port.isdigit() and len(port) <= MAX_DIGITS:
                return int(port)
        known = WELL_KNOWN_PORTS.get(name)
        return known if known is not None else Reason("host-only", f"the port '{name}' is looked up in /etc/services")

    known_ports = master.text("known_tcp_ports")
    if isinstance(known_ports, Unknown) and name in WELL_KNOWN_PORTS:
        return Known(WELL_KNOWN_PORTS[name], known_ports.origins)
    # "smtps = submissions = 465" may be written with blanks.
    return converted(known_ports, lambda text: lookup(text and text.replace(" ", "")))


def listeners(master: Scope, host: str) -> tuple[Listener, ...]:
    """Return what master(8) binds for an inet entry with this host part; its own inet_interfaces count, whatever ``-o``
    says.
    """
    protocols = master.words("inet_protocols")
    if isinstance(protocols, Known) and not protocols.value:
        return ()
    if host:
        return (_named(host, ()),)
    interfaces = master.words("inet_interfaces")
    origins = interfaces.origins
    if not isinstance(interfaces, Known):
        unknown = Unknown(_reason(interfaces), origins)
        return (Listener(unknown, unknown),)
    names = interfaces.value or ()
    if names == ("all",):
        return (Listener(_wildcard(master), Known("public", origins)),)
    if names == ("loopback-only",):
        names = tuple(each for each in ("127.0.0.1", "::1") if speaks(master, each))
    return tuple(_named(name.removeprefix("[").removesuffix("]"), origins) for name in dict.fromkeys(names))


def _reason(value: Value[tuple[str, ...] | None]) -> Reason:
    return value.reason if isinstance(value, Unknown) else Reason("template", "inet_interfaces has several renderings")


def _named(host: str, origins: tuple[Origin, ...]) -> Listener:
    """Return the listener at an address or host name as written."""
    if host == "localhost":
        host = "127.0.0.1"  # RFC 6761 section 6.3
    exposure = exposure_of(host)
    if exposure is None:
        unknown = Unknown(Reason("dns-only", f"the address of '{host}' is looked up when Postfix starts"), origins)
        return Listener(unknown, unknown)
    return Listener(Known(host, origins), Known(exposure, origins))


PROTOCOLS = frozenset({"all", "ipv4", "ipv6"})
"""What inet_protocols may hold; without any, no inet service listens."""


def speaks(master: Scope, address: str) -> bool:
    """Say whether inet_protocols includes the family of an address; unknown and ``all`` count as yes."""
    protocols = master.words("inet_protocols")
    if not isinstance(protocols, Known) or not protocols.value or "all" in protocols.value:
        return True
    return ("ipv6" if ":" in address else "ipv4") in protocols.value


def _wildcard(master: Scope) -> Value[str | None]:
    return Known("*" if speaks(master, "0.0.0.0") else "::", master.text("inet_interfaces").origins)  # noqa: S104 - a family, not a socket


FAMILIES = (4, 6)

EVERYBODY = ("0.0.0.0/0", "::/0")


class Member(Struct, frozen=True):
    """A network of a list, or one that is left out of it; ``place`` is where it stands if not in the parameter."""

    negated: bool
    network: IpNetwork
    place: Span | None = None


class NetworkList(Struct, frozen=True):
    """The networks of a list such as mynetworks, in the order in which smtpd asks for them.

    ``fault`` is the first entry at which the walk ends in an error: smtpd then answers 451 to whoever got that far;
    what a client of its family would find behind it is left out. ``tables`` are the files and tables whose members are
    not known, with the reason.
    """

    entries: tuple[Member, ...]
    tables: tuple[tuple[str, Reason], ...]
    fault: str | None


def network_list(words: tuple[str, ...], tables: Tables) -> NetworkList:
    """Read the words of a parameter such as mynetworks (util/match_ops.c, util/cidr_match.c)."""
    entries: list[Member] = []
    unknown: list[tuple[str, Reason]] = []
    faults: dict[int, str] = {}
    for pattern in patterns_of(words, tables):
        name = pattern.text
        if pattern.table is None:
            family = 6 if ":" in name else 4
            network = parse_network(name)
            found = [(network, pattern.place)] if network is not None else []
            if network is None and ("/" in name or family == 6):
                faults.setdefault(family, name)  # without a slash it is a host name
        elif pattern.table.kind == "fails":
            faults = {family: faults.get(family, name) for family in FAMILIES}
        else:
            found = list(_networks_of(pattern.table))
            if pattern.table.reason is not None or pattern.table.kind not in _LISTED:
                reason = Reason("not-in-set", f"the members of {name} are not read")
                unknown.append((name, pattern.table.reason or reason))
        if len(faults) == len(FAMILIES):
            break
        entries += [
            Member(pattern.negated, network, place or pattern.place)
            for network, place in found
            if network.version not in faults
        ]
    return NetworkList(tuple(entries), tuple(unknown), next(iter(faults.values()), None))


_LISTED = frozenset({"keys", "anything", "networks"})


def _networks_of(table: Table) -> Iterator[tuple[IpNetwork, Span | None]]:
    """Yield the networks that a table matches, whatever it gives for them.

    An address is looked up as it is, so a key of a hash that is a network or a part of an address matches nobody. A
    rule that excludes a network matches all others.
    """
    if table.kind == "anything":
        yield from ((ip_network(each), table.entries[0].place) for each in EVERYBODY)
    for entry in table.entries if table.kind == "keys" else ():
        network = parse_network(entry.key)
        if network is not None and entry.key == str(network.network_address):
            yield network, entry.place
    for rule in table.rules:
        if rule.operation == "match" and rule.network is not None:
            everybody = ip_network(EVERYBODY[FAMILIES.index(rule.network.version)])
            yield everybody if rule.negated else rule.network, rule.entry.place
