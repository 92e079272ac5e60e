"""Debian's own configuration offers on the wire exactly what ``mailposture show endpoints`` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import oracles
from tests.conftest import Command, Postconf
from tests.live.agreement import Offer, endpoints_derived, offer_derived, offer_seen, open_ports
from tests.live.conftest import KeyPair
from tests.live.postfix import observe

PORTS = (25, 465, 587, 2525)

# What the maintainer script of the package sets for an "Internet Site" after it has put main.cf together.
INTERNET_SITE = (
    "smtpd_relay_restrictions=permit_mynetworks permit_sasl_authenticated defer_unauth_destination",
    "myhostname=debian.example.org",
    "alias_maps=hash:/etc/aliases",
    "alias_database=hash:/etc/aliases",
    "myorigin=/etc/mailname",
    "mydestination=$myhostname, debian.example.org, localhost.example.org, localhost",
    "relayhost=",
    "mynetworks=127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128",
    "mailbox_size_limit=0",
    "recipient_delimiter=+",
    "inet_interfaces=all",
    "inet_protocols=all",
)


@pytest.fixture
def internet_site(tmp_path: Path, postconf: Postconf) -> Path:
    """Make /etc/postfix as the installation of the package does."""
    parts = oracles.ROOT / "usr/share/postfix"
    files = {
        "main.cf": (parts / "main.cf.debian").read_bytes() + (parts / "main.cf.tls").read_bytes(),
        "master.cf": (parts / "master.cf.dist").read_bytes(),
    }
    directory = oracles.write_configuration(tmp_path / "host/etc/postfix", files)
    for setting in INTERNET_SITE:
        done = postconf(directory, "-e", setting)
        assert done.returncode == 0, done.stderr
    return directory


@pytest.mark.slow
def test_what_is_derived_is_what_is_offered(
    internet_site: Path, tmp_path: Path, key_pair: KeyPair, mailposture: Command
) -> None:
    main_cf, master_cf = ((internet_site / name).read_text() for name in ("main.cf", "master.cf"))
    working = tmp_path / "root"
    working.mkdir()
    snake_oil = {
        "/etc/ssl/certs/ssl-cert-snakeoil.pem": key_pair.certificate,
        "/etc/ssl/private/ssl-cert-snakeoil.key": key_pair.key,
        "/etc/mailname": "debian.example.org\n",
    }
    run = observe(main_cf, master_cf, PORTS, working, snake_oil)
    derived = endpoints_derived(mailposture, internet_site)
    assert open_ports(run) == derived.keys() == {25}
    assert isinstance(offer_seen(run.ports[25]), Offer)
    assert offer_seen(run.ports[25]) == offer_derived(derived[25])
