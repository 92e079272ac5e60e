"""Who can reach an address."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from checker.networks import exposure_of, network_exposure


@pytest.mark.parametrize(
    ("address", "exposure"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.0.9", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.0.0.1", "private"),
        ("100.64.0.1", "private"),
        ("169.254.1.1", "private"),
        ("fd00::1", "private"),
        ("fe80::1", "private"),
        ("::ffff:192.168.1.1", "private"),
        ("192.0.2.1", "public"),  # for documentation: nobody's, so no promise
        ("198.51.100.7", "public"),
        ("2001:db8::1", "public"),
        ("0.0.0.0", "public"),  # noqa: S104 - no socket is bound
        ("mail.example.org", None),
        ("10.0.0.0/8", None),
        ("", None),
    ],
)
def test_an_address(address: str, exposure: str | None) -> None:
    assert exposure_of(address) == exposure


@pytest.mark.parametrize(
    ("network", "exposure"),
    [
        ("127.0.0.0/8", "loopback"),
        ("127.0.0.0/7", "public"),
        ("10.0.0.0/8", "private"),
        ("10.0.0.0/7", "public"),
        ("0.0.0.0/0", "public"),
        ("::/0", "public"),
        ("::ffff:10.0.0.0/104", "private"),
        ("::ffff:0:0/90", "public"),
    ],
)
def test_a_network_has_the_widest_of_its_addresses(network: str, exposure: str) -> None:
    assert network_exposure(ip_network(network, strict=False)) == exposure
