"""The networks of this machine."""

from __future__ import annotations

from ipaddress import ip_interface
from pathlib import Path

import pytest

from checker.commands import interfaces
from tests.oracles import run_postconf, write_configuration

OWN = tuple(map(ip_interface, ["127.0.0.1/8", "192.0.2.2/24", "192.0.2.3/24", "::1/128", "fd00::2/64"]))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a machine with some addresses."""
    monkeypatch.setattr(interfaces, "interfaces", lambda: OWN)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("asked", "networks"),
    [
        (("subnet", "all", "all"), "127.0.0.0/8 192.0.2.0/24 [::1]/128 [fd00::]/64"),
        (("host", "all", "all"), "127.0.0.1/32 192.0.2.2/32 192.0.2.3/32 [::1]/128 [fd00::2]/128"),
        (("host", "loopback-only", "ipv4, ipv6"), "127.0.0.1/32 [::1]/128"),
        (("subnet", "all", "ipv4"), "127.0.0.0/8 192.0.2.0/24"),
        (("class", "all", "all"), None),
        (("host", "mail.example.org", "all"), None),
        (("host", "all", "ipx"), None),
    ],
)
def test_mynetworks_by_style(asked: tuple[str, str, str], networks: str | None) -> None:
    assert interfaces.networks(*asked) == networks


@pytest.mark.parametrize("style", ["host", "subnet"])
def test_they_are_those_of_the_real_one(style: str, tmp_path: Path) -> None:
    write_configuration(tmp_path, {"main.cf": f"mynetworks_style = {style}\n", "master.cf": ""})
    real = run_postconf(tmp_path, "-xh", "mynetworks").stdout.strip()
    assert (interfaces.networks(style, "all", "all") or "") == real
