"""IP networks, and who can reach an address."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from checker.facts.types import Exposure

IpNetwork = IPv4Network | IPv6Network

_LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))
_PRIVATE = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"),
    )
)
"""RFC 1918, 6598, 3927, 4193, 4291. Python's is_private also counts documentation addresses and, in part, 0.0.0.0/0."""


def exposure_of(address: str) -> Exposure | None:
    """Return who can reach an address, None if the text is no address."""
    try:
        return network_exposure(ip_network(ip_address(address)))
    except ValueError:
        return None


def network_exposure(network: IpNetwork) -> Exposure:
    """Return the widest exposure of a network's addresses."""
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped and network.prefixlen >= 96:
        network = ip_network((network.network_address.ipv4_mapped, network.prefixlen - 96))
    for exposure, known in (("loopback", _LOOPBACK), ("private", _PRIVATE)):
        if any(network.version == each.version and network.subnet_of(each) for each in known):  # type: ignore[arg-type]  # of one version
            return exposure  # type: ignore[return-value]  # a word of Exposure
    return "public"
