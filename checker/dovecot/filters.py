"""Filters: which connections a block of settings is for."""

from __future__ import annotations

import ipaddress
import re

from msgspec import Struct

from checker.dovecot.types import Refused

FILTERS = ("protocol", "local", "local_name", "remote")
"""The sections that are filters."""

_NUMBER = "0[xX][0-9a-fA-F]{1,8}|[0-9]{1,12}"
_HOST_NAME = r"(?!(?:[0-9]+|0[xX][0-9a-fA-F]+)(?:\.(?:[0-9]+|0[xX][0-9a-fA-F]+))*\Z)[A-Za-z0-9_.-]+"
"""What may be the name of a host: no list of numbers, which would be an address."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def counted_as(address: Address) -> Address:
    """Return the address as which one counts that is looked for in a network."""
    return getattr(address, "ipv4_mapped", None) or address


class FilterError(Refused):
    """A filter that Dovecot refuses; the message is Dovecot's."""


class Network(Struct, frozen=True):
    """An address and how many of its bits count. ``address`` is None for a host name, which only the host resolves.

    No bits at all match every connection, whatever the address family.
    """

    address: Address | None
    bits: int
    text: str

    def holds(self, other: Network) -> bool:
        """Say whether an address lies inside; a host name holds itself alone, as far as is known.

        An address that is IPv4 mapped into IPv6 counts as IPv4, a network does not, so such a network holds nothing
        (lib/net.c:net_is_in_network).
        """
        if self.bits == 0:
            return True
        if self.address is None or other.address is None:
            return self.key == other.key
        address = counted_as(other.address)
        if self.address.version != address.version:
            return False
        shift = self.address.max_prefixlen - self.bits
        return int(self.address) >> shift == int(address) >> shift

    @property
    def key(self) -> tuple[str, int]:
        """Return what makes two networks the same filter."""
        return (str(self.address) if self.address is not None else self.text, self.bits)

    def __str__(self) -> str:
        if self.address is None:
            return self.text
        mapped = self.address.ipv4_mapped if isinstance(self.address, ipaddress.IPv6Address) else None
        shown = f"::ffff:{mapped}" if mapped is not None else str(self.address)
        return shown if self.bits == self.address.max_prefixlen else f"{shown}/{self.bits}"


def network(text: str) -> Network:
    """Return the network that a text names; raise FilterError. A name is not looked up."""
    host, slash, mask = text.partition("/")
    address = _address(host)
    if address is None:
        if not re.fullmatch(_HOST_NAME, host):
            raise FilterError(f"gethostbyname({host}) failed: Name or service not known")
        return Network(None, 128, text)
    if not slash:
        return Network(address, address.max_prefixlen, text)
    if not mask.isascii() or not mask.isdigit() or int(mask[-40:]) > address.max_prefixlen:
        raise FilterError(f"Invalid network mask: {mask}")
    return Network(address, int(mask), text)


def _address(host: str) -> Address | None:
    """Return an address as getaddrinfo(3) reads one: of IPv4 also the short and the octal forms of inet_aton(3)."""
    bracketed = host.startswith("[") and host.endswith("]")
    try:
        address = ipaddress.ip_address(host[1:-1] if bracketed else host)
    except ValueError:
        return None if bracketed else _short_address(host)
    if isinstance(address, ipaddress.IPv6Address):
        return ipaddress.IPv6Address(int(address))  # without the scope
    return None if bracketed else address


def _short_address(host: str) -> ipaddress.IPv4Address | None:
    parts = host.split(".")
    if len(parts) > 4 or not all(re.fullmatch(_NUMBER, part) for part in parts):
        return None
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        numbers = [int(part) for part in parts]  # Dovecot itself reads these, without regard to zeros
        return ipaddress.IPv4Address(bytes(numbers)) if max(numbers) < 256 else None
    try:
        numbers = [int(part, 16 if part[:2] in ("0x", "0X") else 8 if part[0] == "0" else 10) for part in parts]
    except ValueError:
        return None  # 08 is no octal number
    *first, last = numbers
    if any(each > 255 for each in first) or last >= 256 ** (4 - len(first)):
        return None
    return ipaddress.IPv4Address(sum(each << (24 - 8 * at) for at, each in enumerate(first)) + last)


class Filter(Struct, frozen=True):
    """What a connection must be for a block to count. In a query it is what the connection is."""

    protocol: str | None = None
    local: Network | None = None
    local_name: str | None = None
    remote: Network | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two blocks one."""
        return (
            self.protocol,
            self.local.key if self.local else None,
            self.local_name.lower() if self.local_name is not None else None,
            self.remote.key if self.remote else None,
        )

    @property
    def local_bits(self) -> int:
        """Return how specific the local network is."""
        return self.local.bits if self.local else 0

    @property
    def remote_bits(self) -> int:
        """Return how specific the remote network is."""
        return self.remote.bits if self.remote else 0

    @property
    def is_limited(self) -> bool:
        """Say whether only some clients or server addresses are meant."""
        return self.local_name is not None or self.local_bits > 0 or self.remote_bits > 0

    def inside(self, parent: Filter) -> Filter:
        """Return this filter within another; what both say is as this one has it."""
        return Filter(
            self.protocol if self.protocol is not None else parent.protocol,
            self.local or parent.local,
            self.local_name if self.local_name is not None else parent.local_name,
            self.remote or parent.remote,
        )

    def matches(self, query: Filter) -> bool:
        """Say whether the block counts for a connection. What a query does not say matches no criterion of a block."""
        return self.matches_protocol(query) and self.matches_rest(query)

    def matches_protocol(self, query: Filter) -> bool:
        """Say whether the protocol fits; ``!imap`` is any other."""
        if self.protocol is None:
            return True
        if query.protocol is None:
            return False
        if self.protocol.startswith("!"):
            return self.protocol[1:] != query.protocol
        return self.protocol == query.protocol

    def matches_rest(self, query: Filter) -> bool:
        """Say whether names and networks fit."""
        if self.local_name is not None:
            if query.local_name is None:
                return False
            if not any(_matches_name(query.local_name, mask) for mask in self.local_name.split(" ")):
                return False
        return _within(query.remote, self.remote) and _within(query.local, self.local)

    def __str__(self) -> str:
        parts = [f"local {self.local}"] if self.local else []
        parts += [f"local_name {self.local_name}"] if self.local_name is not None else []
        parts += [f"remote {self.remote}"] if self.remote else []
        parts += [f"protocol {self.protocol}"] if self.protocol is not None else []
        return " ".join(parts)


def _within(value: Network | None, mask: Network | None) -> bool:
    if mask is None or mask.bits == 0:
        return True
    return value is not None and value.bits > 0 and mask.holds(value)


def _matches_name(name: str, mask: str) -> bool:
    """Say whether a server name fits: ``*`` stands for exactly one label."""
    labels, masks = name.lower().split("."), mask.lower().split(".")
    return len(labels) == len(masks) and all(
        wanted in ("*", label) for label, wanted in zip(labels, masks, strict=True)
    )


def criterion(kind: str, name: str, parent: Filter) -> Filter:
    """Return what a section adds to the filter around it; raise FilterError where Dovecot does not allow it there."""
    _check_order(kind, parent)
    if kind == "protocol":
        return Filter(protocol=name)
    if kind == "local_name":
        return Filter(local_name=name)
    inner = network(name)
    outer = parent.local if kind == "local" else parent.remote
    known = outer is not None and outer.address is not None and inner.address is not None
    if outer is not None and known and outer.bits > 0 and (outer.bits > inner.bits or not outer.holds(inner)):
        raise FilterError(f"{kind} net1 {{ {kind} net2 {{ .. }} }} requires net2 to be inside net1")
    return Filter(local=inner) if kind == "local" else Filter(remote=inner)


def _check_order(kind: str, parent: Filter) -> None:
    """Raise FilterError unless filters stand in the order local, local_name, remote, protocol."""
    if kind == "protocol":
        if parent.protocol is not None:
            raise FilterError("Nested protocol { protocol { .. } } block not allowed")
        return
    around = {
        "remote": parent.remote_bits > 0 and kind != "remote",
        "protocol": parent.protocol is not None,
        "local_name": parent.local_name is not None and kind == "local",
    }
    for outer, is_wrong in around.items():
        if is_wrong:
            raise FilterError(f"{outer} {{ {kind} {{ .. }} }} not allowed (use {kind} {{ {outer} {{ .. }} }} instead)")
