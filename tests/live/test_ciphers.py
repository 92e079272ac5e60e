"""Each cipher suite for itself: a real Postfix or Dovecot accepts those that are derived, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.releases.tables import table
from tests import oracles
from tests.conftest import Command
from tests.live.agreement import endpoints_derived
from tests.live.conftest import KeyPair
from tests.live.dovecot import Client
from tests.live.dovecot import observe as observe_dovecot
from tests.live.dovecot_agreement import show_endpoints
from tests.live.postfix import Seen, observe
from tests.live.test_generated import INTERNAL_SERVICES, MAIN_CF

FIRST_PORT = 20001
RSA = "-o smtpd_tls_chain_files=/etc/ssl/private/mail.pem"
ENFORCED = f"{RSA} -o smtpd_tls_security_level=encrypt"

SERVICES = (
    RSA,
    f"{ENFORCED} -o smtpd_tls_mandatory_ciphers=high",
    f"{ENFORCED} -o smtpd_tls_exclude_ciphers=aNULL -o smtpd_tls_mandatory_exclude_ciphers=kRSA:SHA1",
    f"{RSA} -o smtpd_tls_mandatory_exclude_ciphers=kRSA",
    f"{RSA} -o smtpd_tls_exclude_ciphers=aNULL:kDHE+AESGCM:CAMELLIA",
    f"{RSA} -o smtpd_tls_ciphers=null",
    f"{RSA} -o smtpd_tls_ciphers=low -o smtpd_tls_exclude_ciphers=CHACHA20",
    f"{RSA} -o smtpd_tls_ciphers=bogus",
    f"{ENFORCED} -o smtpd_tls_mandatory_ciphers=invalid",
    f"{RSA} -o smtpd_tls_ciphers=high -o smtpd_tls_exclude_ciphers=+SHA1",
    f"{RSA} -o smtpd_tls_exclude_ciphers=ALL",
    f"{RSA} -o smtpd_tls_exclude_ciphers=no_such_word",
    f"{RSA} -o smtpd_tls_exclude_ciphers=AES128/x",
    f"{RSA} -o smtpd_tls_ask_ccert=yes",
    f"{RSA} -o smtpd_tls_req_ccert=yes",
    f"{RSA} -o tls_medium_cipherlist=ALL:eNULL:@SECLEVEL=2",
    f"{RSA} -o tls_medium_cipherlist=ALL:COMPLEMENTOFALL",
    f"{RSA} -o tls_medium_cipherlist=ALL:@FOO",
    f"{RSA} -o smtpd_tls_protocols=!TLSv1.2 -o smtpd_tls_exclude_ciphers=aNULL",
    "-o smtpd_tls_chain_files= -o smtpd_tls_cert_file=none",
    "-o smtpd_tls_chain_files= -o smtpd_tls_cert_file=none -o smtpd_tls_ask_ccert=yes",
    "-o smtpd_tls_chain_files= -o smtpd_tls_cert_file=none -o smtpd_tls_ciphers=high -o smtpd_tls_exclude_ciphers=kDHE",
    f"{RSA} -o smtpd_tls_wrappermode=yes -o smtpd_tls_mandatory_ciphers=high",
    f"{RSA} -o smtpd_tls_dh1024_param_file=auto -o smtpd_tls_eecdh_grade=bogus",
)


CURVES = {
    "prime256v1": "secp256r1",
    **{name: name for name in ("secp384r1", "secp521r1", "secp224r1", "brainpoolP256r1", "X25519", "X448")},
}
CURVE_SETTINGS = (
    "",
    "-o smtpd_tls_eecdh_grade=ultra",
    "-o tls_eecdh_auto_curves=P-384",
    "-o tls_eecdh_auto_curves=secp256r1,secp384r1",
    "-o tls_eecdh_auto_curves=nope",
    "-o tls_eecdh_auto_curves=prime256v1,P-256",
    "-o tls_eecdh_auto_curves=X448,brainpoolP256r1,secp224r1",
    "-o tls_eecdh_auto_curves=X25519:P-256",
)


def standard_names() -> dict[str, str]:
    """Return the IANA name of each suite of Debian 12's OpenSSL, the client's, that needs nothing but an RSA key."""
    data = table("tls/ciphers")
    rows = {name: data["suites"][name] for name in data["libraries"]["3.0"]["order"].split()}
    return {
        name: iana
        for name, (iana, _, kx, auth, *_) in rows.items()
        if auth in ("RSA", "None") and kx in ("RSA", "DH", "ECDH")
    }


@pytest.mark.slow
def test_every_suite_of_every_service(mailposture: Command, key_pair: KeyPair, tmp_path: Path) -> None:
    ports = {FIRST_PORT + at: options for at, options in enumerate(SERVICES)}
    names = standard_names()
    derived, run = _both(mailposture, key_pair, tmp_path, ports, list(names))
    wrong = {
        options: {"too many": sorted(expected - seen), "missing": sorted(seen - expected)}
        for port, options in ports.items()
        if (expected := _derived(derived[port], names)) != (seen := {names[each] for each in run.ports[port]["suites"]})
    }
    assert not wrong, run.log
    accepted = [set(each["suites"]) for each in run.ports.values()]
    assert not all(accepted), "some service has no usable list"
    assert len({frozenset(each) for each in accepted}) > 8, "the services differ"


@pytest.mark.slow
def test_every_curve_of_every_list(mailposture: Command, key_pair: KeyPair, tmp_path: Path) -> None:
    ports = {FIRST_PORT + at: f"{RSA} {options}" for at, options in enumerate(CURVE_SETTINGS)}
    offers = {f"ECDHE-RSA-AES128-SHA {curve}": name for curve, name in CURVES.items()}
    derived, run = _both(mailposture, key_pair, tmp_path, ports, list(offers))
    groups = {
        port: set(derived[port]["tls"]["groups"]) & set(CURVES.values()) if derived[port]["serves"] else set()
        for port in ports
    }
    seen = {port: {offers[each] for each in run.ports[port]["suites"]} for port in ports}
    assert {options: groups[port] for port, options in ports.items()} == {
        options: seen[port] for port, options in ports.items()
    }
    assert len({frozenset(each) for each in seen.values()}) > 2, "the lists differ"


DOVECOT = (
    "ssl_cipher_list = ALL:!eNULL:@SECLEVEL=0\n",
    "ssl_cipher_list = EECDH+AESGCM:EDH+AESGCM:RSA+AES:@SECLEVEL=0\nDH",
    "ssl_cipher_list = ALL:COMPLEMENTOFALL:@SECLEVEL=1\n",
    "ssl_cipher_list = no_such_suite\n",
    "ssl_cipher_list = HIGH:@SECLEVEL=0\nssl_curve_list = nope\n",
    "ssl_cipher_list =\n",
)
CERTIFICATES = {
    "debian-12": "ssl_cert = </etc/dovecot/c.pem\nssl_key = </etc/dovecot/k.pem\nDHssl_dh = </etc/dovecot/dh.pem\n",
    "debian-13": "ssl_server_cert_file = /etc/dovecot/c.pem\nssl_server_key_file = /etc/dovecot/k.pem\n"
    "DHssl_server_dh_file = /etc/dovecot/dh.pem\n",
}
DOVECOT_HEAD = {"debian-12": "", "debian-13": "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.1\n"}
DH_PARAMETERS = """\
-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""
"""ffdhe2048 (RFC 7919)."""


@pytest.mark.slow
@pytest.mark.parametrize("platform", CERTIFICATES)
@pytest.mark.parametrize("settings", DOVECOT)
def test_every_suite_of_a_dovecot(
    platform: str, settings: str, mailposture: Command, key_pair: KeyPair, tmp_path: Path
) -> None:
    certificate, _, dh = CERTIFICATES[platform].partition("DH")
    text = f"{DOVECOT_HEAD[platform]}protocols = imap\n{certificate}{settings.removesuffix('DH')}"
    text += dh if settings.endswith("DH") else ""
    names = standard_names()
    files = {
        "/etc/dovecot/dovecot.conf": text,
        "/etc/dovecot/c.pem": key_pair.certificate,
        "/etc/dovecot/k.pem": key_pair.key,
        "/etc/dovecot/dh.pem": DH_PARAMETERS,
    }
    host = oracles.write_configuration(tmp_path / "host", {name[1:]: body for name, body in files.items()})
    client = Client("imap", 993, suites=tuple(names))
    run = observe_dovecot(platform, files, [client], tmp_path / "root")
    assert run.started, run.log
    shown = show_endpoints(mailposture, platform, "--root", host, host / "etc/dovecot")
    (endpoint,) = (each for each in shown if each["port"] == 993 and each["address"] == "*" and each["case"] is None)
    seen = {names[each] for each in run.clients[client]["suites"]}
    expected = _derived(endpoint, names)
    assert (sorted(expected - seen), sorted(seen - expected)) == ([], []), run.log[-20:]
    refused = "no_such_suite" in settings or "nope" in settings or (settings.endswith("=\n") and "12" in platform)
    assert bool(seen) is not refused


NAMED = """\
ssl_cipher_list = ALL:!eNULL:@SECLEVEL=0
local_name mail.example.org {
  ssl_cipher_list = ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0
  ssl_min_protocol = TLSv1.3
}
local_name *.example.net {
  ssl_cipher_list = no_such_suite
}
"""


@pytest.mark.slow
@pytest.mark.parametrize("platform", CERTIFICATES)
def test_the_suites_of_a_server_name(platform: str, mailposture: Command, key_pair: KeyPair, tmp_path: Path) -> None:
    certificate, _, _ = CERTIFICATES[platform].partition("DH")
    names = standard_names()
    files = {
        "/etc/dovecot/dovecot.conf": f"{DOVECOT_HEAD[platform]}protocols = imap\nlisten = *\n{certificate}{NAMED}",
        "/etc/dovecot/c.pem": key_pair.certificate,
        "/etc/dovecot/k.pem": key_pair.key,
    }
    host = oracles.write_configuration(tmp_path / "host", {name[1:]: body for name, body in files.items()})
    asked = {
        None: None,
        "mail.example.org": "local_name mail.example.org",
        "other.example.org": None,
        "a.example.net": "local_name *.example.net",
        "a.b.example.net": None,
    }
    clients = {name: Client("imap", 993, suites=tuple(names), name=name) for name in asked}
    run = observe_dovecot(platform, files, list(clients.values()), tmp_path / "root")
    assert run.started, run.log
    shown = show_endpoints(mailposture, platform, "--root", host, host / "etc/dovecot")
    derived = {each["case"]: _derived(each, names) for each in shown if each["port"] == 993}
    seen = {name: {names[each] for each in run.clients[client]["suites"]} for name, client in clients.items()}
    assert seen == {name: derived[case] for name, case in asked.items()}
    assert {len(each) for each in seen.values()} >= {0, 1}


def _derived(endpoint: dict[str, Any], names: dict[str, str]) -> set[str]:
    return set(endpoint["tls"]["ciphers"] or ()) & set(names.values())


def _both(
    mailposture: Command, key_pair: KeyPair, directory: Path, ports: dict[int, str], suites: list[str]
) -> tuple[dict[int, dict[str, Any]], Seen]:
    """Return what is derived of services with these options, and what was seen of them."""
    services = "".join(f"{port} inet n - n - - smtpd {options}\n" for port, options in ports.items())
    main_cf = "".join(line for line in MAIN_CF.splitlines(keepends=True) if not line.startswith("tls_"))
    main_cf += "smtpd_tls_security_level = may\n"
    etc, root = directory / "etc/postfix", directory / "root"
    etc.mkdir(parents=True)
    root.mkdir()
    (etc / "main.cf").write_text(main_cf)
    (etc / "master.cf").write_text(services + INTERNAL_SERVICES)
    files = {"/etc/ssl/private/mail.pem": key_pair.key + key_pair.certificate}
    run = observe(main_cf, services + INTERNAL_SERVICES, list(ports), root, files, suites=suites)
    return endpoints_derived(mailposture, etc), run
