"""Debian's own configuration of Dovecot, of both generations, offers what ``mailposture show endpoints`` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import oracles
from tests.conftest import Command
from tests.live.conftest import KeyPair
from tests.live.dovecot import Client, observe
from tests.live.dovecot_agreement import Offer, offer_derived, offer_seen, show_endpoints

PACKAGES = {
    "imapd": "imap",
    "pop3d": "pop3",
    "lmtpd": "lmtp",
    "submissiond": "submission",
    "managesieved": "sieve",
}
"""What each package enables when it is installed."""

ENABLES = {"debian-12": "protocols = $protocols {}\n", "debian-13": "protocols {{\n  {} = yes\n}}\n"}
NOBODY = "auth required pam_deny.so\naccount required pam_deny.so\n"
COMMON = {110: "pop3", 143: "imap", 587: "submission", 993: "imap", 995: "pop3", 4190: "sieve"}
PORTS = {"debian-12": COMMON, "debian-13": COMMON | {465: "submission", 2000: "sieve"}}
"""Port 465 is declared in 2.3 too, but left out; 2000 is in the file of the package."""


def installed(platform: str, key_pair: KeyPair) -> dict[str, str]:
    """Return the files that the installation of all packages leaves: copies, and what the maintainer scripts make."""
    root = oracles.require_root({"debian-12": oracles.ROOT, "debian-13": oracles.DEBIAN_13}[platform])
    parts = root / "usr/share/dovecot"
    copied = [*parts.glob("*.conf"), *parts.glob("*.conf.ext"), *parts.glob("conf.d/*")]
    return {
        **{f"/etc/dovecot/{path.relative_to(parts)}": path.read_text() for path in copied},
        **{
            f"/usr/share/dovecot/protocols.d/{package}.protocol": ENABLES[platform].format(protocol)
            for package, protocol in PACKAGES.items()
        },
        "/etc/dovecot/private/dovecot.pem": key_pair.certificate,
        "/etc/dovecot/private/dovecot.key": key_pair.key,
        "/etc/pam.d/dovecot": NOBODY,
        "/etc/pam.d/other": NOBODY,
    }


@pytest.mark.slow
@pytest.mark.parametrize("platform", PORTS)
def test_what_is_derived_is_what_is_offered(
    platform: str, tmp_path: Path, key_pair: KeyPair, mailposture: Command
) -> None:
    files = installed(platform, key_pair)
    host = oracles.write_configuration(tmp_path / "host", {name[1:]: text for name, text in files.items()})
    clients = [Client(protocol, port) for port, protocol in PORTS[platform].items()]
    run = observe(platform, files, clients, tmp_path / "root")
    assert run.started, run.log
    shown = show_endpoints(mailposture, platform, "--root", host, host / "etc/dovecot")
    derived = [each for each in shown if each["port"]]
    addresses = {"*": "0.0.0.0", "::": "::"}  # noqa: S104 - what is seen, not a socket
    assert run.listening == {(addresses[each["address"]], each["port"]) for each in derived}
    assert {port for _, port in run.listening} == PORTS[platform].keys()
    by_port = {each["port"]: each for each in derived}
    for client, seen in run.clients.items():
        assert isinstance(offer_seen(client, seen), Offer), seen
        assert offer_seen(client, seen) == offer_derived(by_port[client.port]), (seen, run.log)


@pytest.mark.slow
@pytest.mark.parametrize("platform", PORTS)
def test_without_the_directory_of_the_packages_their_files_in_conf_d_tell_the_same(
    platform: str, tmp_path: Path, key_pair: KeyPair, mailposture: Command
) -> None:
    files = {name: text for name, text in installed(platform, key_pair).items() if name.startswith("/etc/dovecot/")}
    alone = oracles.write_configuration(tmp_path, {f"roles{name[4:]}": text for name, text in files.items()})
    derived = show_endpoints(mailposture, platform, alone)
    assert {each["port"] for each in derived if each["port"]} == PORTS[platform].keys()
    assert all(each["serves"] for each in derived)
