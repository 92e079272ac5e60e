"""Dovecots with filters at random: what is derived for each kind of client is what a real one offers such a client."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from tests import oracles
from tests.conftest import Command
from tests.live.conftest import KeyPair
from tests.live.dovecot import Client, observe
from tests.live.dovecot_agreement import offer_derived, offer_seen

PORTS = {
    110: "pop3",
    143: "imap",
    587: "submission",
    993: "imap",
    995: "pop3",
    4190: "sieve",
    20143: "imap",
    20993: "imap",
    20110: "pop3",
    20443: "imap",
}
SERVERS = ("192.0.2.1", "192.0.2.9", "192.0.2.25")
SOURCES = ("198.51.100.7", "10.0.0.1", "10.1.0.1", "172.16.0.1")
LOCALS = ("192.0.2.0/29", "192.0.2.0/28", "192.0.2.25")
REMOTES = ("10.0.0.0/8", "10.1.0.0/16", "172.16.0.1")
ADDRESSES = ("*", "192.0.2.25", "192.0.2.9 192.0.2.25", "192.0.2.1, *")
TRUSTED = ("10.1.0.0/16", "10.0.0.0/8 172.16.0.0/12", "172.16.0.1, 10.1.0.1", "198.51.100.0/24", "10.1.0.1/33 10.0.0.1")

COMMON = """\
protocols = imap pop3 sieve submission
listen = *
auth_mechanisms = plain cram-md5
auth_failure_delay = 0
"""
HEAD = {
    "2.3": f"""\
{COMMON}ssl_cert = </etc/dovecot/private/dovecot.pem
ssl_key = </etc/dovecot/private/dovecot.key
ssl_cipher_list = ALL:@SECLEVEL=0
passdb {{
  driver = static
  args = password=secret
}}
""",
    "2.4": f"""\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
{COMMON}ssl_server_cert_file = /etc/dovecot/private/dovecot.pem
ssl_server_key_file = /etc/dovecot/private/dovecot.key
ssl_cipher_list = ALL:@SECLEVEL=0
passdb static {{
  password = secret
}}
""",
}
MASTERS_OWN = "/run/dovecot/master"
"""The master's socket for its own tools: no setting speaks of it."""

NO_PENALTY = "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n"
"""Else the server answers ever more slowly to wrong passwords."""

VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "2.3": {
        "ssl": ("yes", "no", "required", "required"),
        "disable_plaintext_auth": ("yes", "no", "NO"),
        "ssl_min_protocol": ("TLSv1.2", "TLSv1.3", "TLSv1", "tlsv1.1", "ANY", "LATEST", "TLS1.2"),
        "login_trusted_networks": TRUSTED[:-1],
    },
    "2.4": {
        "ssl": ("yes", "no", "required", "required"),
        "auth_allow_cleartext": ("yes", "no"),
        "ssl_min_protocol": ("TLSv1.2", "TLSv1.3", "TLSv1", "tlsv1.1", "ANY", "LATEST", "TLS1.2"),
        "login_trusted_networks": TRUSTED,
    },
}
PLATFORMS = {"2.3": "debian-12", "2.4": "debian-13"}


def settings(rnd: random.Random, generation: str, indent: str, most: int) -> Iterator[str]:
    """Yield some settings; ssl and the permission of clear-text login not both, which 2.4 may refuse as a whole."""
    names = rnd.sample(sorted(VALUES[generation]), rnd.randint(1, most))
    if "ssl" in names and "auth_allow_cleartext" in names:
        names.remove(rnd.choice(("ssl", "auth_allow_cleartext")))
    for name in names:
        yield f"{indent}{name} = {rnd.choice(VALUES[generation][name])}\n"


def block(rnd: random.Random, generation: str) -> str:
    """Return a filter with some settings, perhaps inside another."""
    kinds = {
        "local": LOCALS,
        "remote": REMOTES,
        "protocol": ("imap", "pop3", "!imap", "sieve", "submission"),
    }
    chosen = [kind for kind in kinds if rnd.random() < 0.4] or [rnd.choice(list(kinds))]
    text = "".join(f"{kind} {rnd.choice(kinds[kind])} {{\n" for kind in chosen)
    return text + "".join(settings(rnd, generation, "  ", 2)) + "}\n" * len(chosen)


def unix_listener(rnd: random.Random, path: str) -> str:
    """Return a unix socket of any kind."""
    modes = ("mode = 0600", "mode = 0666", "mode = 666", "mode = 0660", "mode = 0", "mode = 01777", "")
    lines = [rnd.choice(modes), rnd.choice(("", "user = postfix")), rnd.choice(("", "group = mail"))]
    return f"  unix_listener {path} {{\n" + "".join(f"    {line}\n" for line in lines if line) + "  }\n"


def service(rnd: random.Random, generation: str, name: str, listeners: Mapping[int, bool], **more: str) -> str:
    """Return a service with listeners; in 2.4 it may have settings of its own."""
    own_address = "listen" if generation == "2.4" else "address"
    text = f"service {name} {{\n" + "".join(f"  {key} = {value}\n" for key, value in more.items())
    if generation == "2.4" and rnd.random() < 0.5:
        text += "".join(settings(rnd, generation, "  ", 1))
    for port, implicit in listeners.items():
        text += f"  inet_listener port{port} {{\n    port = {port}\n    ssl = {'yes' if implicit else 'no'}\n"
        text += f"    {own_address} = {rnd.choice(ADDRESSES)}\n" if rnd.random() < 0.3 else ""
        text += "  }\n"
    return f"{text}}}\n"


def generated(seed: int, generation: str) -> str:
    """Return a dovecot.conf."""
    rnd = random.Random(seed)  # noqa: S311 - not for secrets
    option = rnd.choice(list(settings(rnd, generation, "", 1))).strip().replace(" = ", "=").split()[0]
    parts = [
        "".join(settings(rnd, generation, "", 3)),
        *(block(rnd, generation) for _ in range(rnd.randint(2, 6))),
        service(rnd, generation, "imap-login", {20143: False, 20993: True}),
        service(rnd, generation, "pop3-login", {20110: rnd.random() < 0.5}),
        service(
            rnd,
            generation,
            "own",
            {20443: rnd.random() < 0.5},
            executable=f"imap-login -o {option}",
            type="login",
            chroot="login",
            user="dovenull",
        ),
        "service auth {\n"
        + unix_listener(rnd, "/var/spool/postfix/private/auth")
        + unix_listener(rnd, "auth-userdb")
        + "}\n",
        f"service {rnd.choice(('dict', 'stats', 'lmtp', 'anvil'))} {{\n" + unix_listener(rnd, "made") + "}\n",
    ]
    rnd.shuffle(parts)
    return HEAD[generation] + NO_PENALTY + "".join(parts)


def of_client(endpoints: list[dict[str, Any]], client: Client) -> dict[str, Any] | None:
    """Return the endpoint that speaks of a client: of the narrowest case that it belongs to; or None."""
    found: list[tuple[tuple[int, ...], dict[str, Any]]] = []
    for each in endpoints:
        words = (each["case"] or "").split()
        networks = {kind: ip_network(text, strict=False) for kind, text in zip(words[::2], words[1::2], strict=True)}
        theirs = {"local": client.server, "remote": client.source, "trusted": client.source}
        at = each["address"] in ("*", client.server) and each["port"] == client.port
        if at and all(ip_address(theirs[kind]) in net for kind, net in networks.items()):
            bits = {kind.replace("trusted", "remote"): net.prefixlen for kind, net in networks.items()}
            found.append(((bits.get("local", 0), bits.get("remote", 0)), each))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def sockets_of(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the unix sockets that are derived."""
    return [each["socket"] for each in shown["endpoints"] if each["socket"]["path"]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("generation", PLATFORMS)
def test_every_client_is_offered_what_is_derived(
    generation: str, seed: int, tmp_path: Path, key_pair: KeyPair, mailposture: Command
) -> None:
    text = generated(seed, generation)
    keys = {
        "/etc/dovecot/private/dovecot.pem": key_pair.certificate,
        "/etc/dovecot/private/dovecot.key": key_pair.key,
    }
    host = oracles.write_configuration(tmp_path / "host", {"etc/dovecot/dovecot.conf": text})
    done = mailposture("show", "endpoints", "--format", "json", "--platform", PLATFORMS[generation], host)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    network = [each for each in shown["endpoints"] if each["port"]]
    pairs = itertools.product(PORTS.items(), SOURCES, SERVERS)
    all_clients = [Client(protocol, port, source, server) for (port, protocol), source, server in pairs]
    met = {client: endpoint for client in all_clients if (endpoint := of_client(network, client)) is not None}
    derived = {client: offer_derived(endpoint) for client, endpoint in met.items()}
    served = [client for client, offer in derived.items() if offer is not None]
    refused = [client for client, offer in derived.items() if offer is None]
    files = {"/etc/dovecot/dovecot.conf": text, **keys}
    run = observe(PLATFORMS[generation], files, served, tmp_path / "root", refused)
    assert run.started == shown["software"][0]["starts"], run.log
    if not run.started:
        return
    assert run.listening == {(each["address"].replace("*", "0.0.0.0"), each["port"]) for each in network}  # noqa: S104 - what the kernel says
    unix = {each["path"]: (each["mode"], each["owner"], each["group"]) for each in sockets_of(shown)}
    assert {path: seen for path, seen in run.unix.items() if path != MASTERS_OWN} == unix
    wrong = [
        (client, offer_seen(client, seen), derived[client], seen)
        for client, seen in run.clients.items()
        if offer_seen(client, seen) != derived[client]
    ]
    assert not wrong, f"{text}\n" + "\n".join(map(str, wrong[:3]))
