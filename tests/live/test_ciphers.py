"""Each cipher suite for itself: a real Postfix accepts those that are derived, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.releases.tables import table
from tests.conftest import Command
from tests.live.agreement import endpoints_derived
from tests.live.conftest import KeyPair
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
    """Return the IANA name of each suite of Debian 12's OpenSSL that needs nothing but an RSA key."""
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
