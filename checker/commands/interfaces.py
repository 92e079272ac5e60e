"""The networks of this machine, as Postfix computes the default of mynetworks from them (global/mynetworks.c)."""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from pathlib import Path

IF_INET6 = Path("/proc/net/if_inet6")
GET_ADDRESS, GET_MASK = 0x8915, 0x891B
"""SIOCGIFADDR and SIOCGIFNETMASK of netdevice(7)."""

Interface = IPv4Interface | IPv6Interface


def interfaces() -> tuple[Interface, ...]:
    """Return the addresses of this machine with their networks; empty where it does not tell (only Linux does)."""
    try:
        return (*_ipv4(), *_ipv6())
    except OSError:
        return ()


def _ipv4() -> Iterator[IPv4Interface]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                address, mask = (
                    socket.inet_ntoa(fcntl.ioctl(asked, what, request)[20:24]) for what in (GET_ADDRESS, GET_MASK)
                )
            except OSError:
                continue  # without an address
            yield IPv4Interface(f"{address}/{mask}")


def _ipv6() -> Iterator[IPv6Interface]:
    lines = IF_INET6.read_text().splitlines() if IF_INET6.exists() else []
    # getifaddrs(3) goes by the index of the interface, the file does not.
    for digits, _, length, *_ in sorted((line.split() for line in lines), key=lambda fields: int(fields[1], 16)):
        address = ":".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        yield IPv6Interface(f"{address}/{int(length, 16)}")


def networks(style: str, listening: str, protocols: str) -> str | None:
    """Return what mynetworks is by default, None if it depends on more than addresses (names, classes)."""
    families = {"ipv4": 4, "ipv6": 6}
    spoken = {families.get(word, 0) for word in protocols.replace(",", " ").split()}
    own = [each for each in interfaces() if "all" in protocols or each.version in spoken]
    if listening == "loopback-only":
        own = [each for each in own if each.ip.is_loopback]
    elif listening != "all":
        return None
    if style not in ("host", "subnet") or not own:
        return None
    found = [ip_interface(each.ip).network if style == "host" else each.network for each in own]
    texts = (f"[{each.network_address}]" if each.version == 6 else str(each.network_address) for each in found)
    return " ".join(dict.fromkeys(f"{text}/{each.prefixlen}" for text, each in zip(texts, found, strict=True)))
