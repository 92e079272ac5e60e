"""Where Postfix listens, and which clients a network list names."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_network

from msgspec import Struct

from checker.derive import converted
from checker.facts.types import Exposure
from checker.networks import IpNetwork, exposure_of
from checker.postfix import types
from checker.postfix.scope import Scope
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


# fmt: off
TABLE_TYPES = frozenset({
    "btree", "cdb", "cidr", "dbm", "environ", "fail", "hash", "inline", "internal", "ldap", "lmdb", "memcache",
    "mongodb", "mysql", "netinfo", "nis", "nisplus", "pcre", "pgsql", "pipemap", "proxy", "randmap", "regexp", "sdbm",
    "socketmap", "sqlite", "static", "tcp", "texthash", "unionmap", "unix",
})
# fmt: on
"""All dictionary types that any build of Postfix knows."""

FAMILIES = (4, 6)


class NetworkList(Struct, frozen=True):
    """A network list as smtpd walks it: the first entry that matches decides.

    ``entries`` are (negated, network) pairs in order. ``fault`` is the first entry at which the walk ends in an error:
    smtpd then answers 451 to whoever got that far; what a client of its family would find behind it is left out.
    ``tables`` are the entries whose members stand elsewhere.
    """

    entries: tuple[tuple[bool, IpNetwork], ...]
    tables: tuple[str, ...]
    fault: str | None

    def includes_strangers(self) -> bool:
        """Say whether an arbitrary client of the Internet is in the list: an entry as wide as half of it."""
        for family in FAMILIES:
            wide = (negated for negated, network in self.entries if network.version == family and network.prefixlen < 2)
            if not next(wide, True):
                return True
        return False


@lru_cache(maxsize=16)  # all services of a host share most lists
def network_list(words: tuple[str, ...]) -> NetworkList:
    """Read the words of a parameter such as mynetworks (util/match_list.c, util/match_ops.c, util/cidr_match.c)."""
    entries: list[tuple[bool, IpNetwork]] = []
    tables: list[str] = []
    faults: dict[int, str] = {}
    for word in words:
        name = word.lstrip("!")
        negated = (len(word) - len(name)) % 2 == 1
        if name == "static:all":
            entries += [(negated, ip_network(each)) for each in EVERYBODY if ip_network(each).version not in faults]
        elif is_table(name):
            if name.startswith("/") or name.partition(":")[0] in TABLE_TYPES:
                tables.append(name)
            else:  # "unsupported dictionary type": an error to everybody
                faults = {family: faults.get(family, word) for family in FAMILIES}
        else:
            family = 6 if ":" in name else 4
            network = _network(name)
            if network is not None and network.version not in faults:
                entries.append((negated, network))
            elif network is None and ("/" in name or family == 6):
                faults.setdefault(family, word)  # without a slash it is a host name, and matches nobody
        if len(faults) == len(FAMILIES):
            break
    return NetworkList(tuple(entries), tuple(tables), next(iter(faults.values()), None))


EVERYBODY = ("0.0.0.0/0", "::/0")


def is_table(name: str) -> bool:
    """Say whether Postfix takes an entry for a file or ``type:name``, as it does with an IPv6 address without
    brackets.
    """
    return name.startswith("/") or ":" in name.partition("[")[0]


def _network(text: str) -> IpNetwork | None:
    """Return a network as Postfix takes it: whole addresses, a prefix length, no host bits, IPv6 in brackets."""
    address, slash, prefix = text.partition("/")
    if address.startswith("["):
        address = address[1:].removesuffix("]")
    if slash and not (prefix.isascii() and prefix.isdigit()):
        return None
    try:
        return ip_network(f"{address}{slash}{prefix}")
    except ValueError:
        return None
