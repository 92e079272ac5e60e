"""Each cipher suite for itself: a real Postfix accepts those that are derived, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.releases.tables import table
from tests import oracles
from tests.conftest import Command
from tests.live.agreement import endpoints_derived
from tests.live.conftest import KeyPair
from tests.live.postfix import observe
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
    oracles.require("openssl")
    ports = {FIRST_PORT + at: options for at, options in enumerate(SERVICES)}
    services = "".join(f"{port} inet n - n - - smtpd {options}\n" for port, options in ports.items())
    main_cf = "".join(line for line in MAIN_CF.splitlines(keepends=True) if not line.startswith("tls_"))
    main_cf += "smtpd_tls_security_level = may\n"
    etc = tmp_path / "etc/postfix"
    etc.mkdir(parents=True)
    (etc / "main.cf").write_text(main_cf)
    (etc / "master.cf").write_text(services + INTERNAL_SERVICES)
    names = standard_names()
    files = {"/etc/ssl/private/mail.pem": key_pair.key + key_pair.certificate}
    (tmp_path / "root").mkdir()
    run = observe(main_cf, services + INTERNAL_SERVICES, list(ports), tmp_path / "root", files, suites=list(names))
    derived = endpoints_derived(mailposture, etc)
    wrong = {
        options: {"too many": sorted(expected - seen), "missing": sorted(seen - expected)}
        for port, options in ports.items()
        if (expected := _derived(derived[port], names)) != (seen := {names[each] for each in run.ports[port]["suites"]})
    }
    assert not wrong, run.log
    accepted = [set(each["suites"]) for each in run.ports.values()]
    assert not all(accepted), "some service has no usable list"
    assert len({frozenset(each) for each in accepted}) > 8, "the services differ"


def _derived(endpoint: dict[str, Any], names: dict[str, str]) -> set[str]:
    return set(endpoint["tls"]["ciphers"] or ()) & set(names.values())
