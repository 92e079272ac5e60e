"""What a session shows of ETRN, sizes and recipients: a real smtpd does what is derived."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.postfix.written import written
from tests.live.conftest import KeyPair
from tests.live.postfix import observe
from tests.live.test_generated import INTERNAL_SERVICES
from tests.postfix.made import configuration, facts, plain
from tests.postfix.traps import MAIN_CF

PORT = 20001
OPTIONS = (
    "",
    "-o fast_flush_domains=example.net",
    "-o relay_domains=example.net",
    "-o fast_flush_domains=example.net -o smtpd_etrn_restrictions=reject",
    "-o fast_flush_domains=example.net -o smtpd_etrn_restrictions=permit_mynetworks,reject",
    "-o fast_flush_domains=example.net -o smtpd_discard_ehlo_keywords=etrn",
    "-o message_size_limit=0",
    "-o message_size_limit=50000000",
    "-o mydestination= -o smtpd_relay_restrictions=permit_auth_destination,reject",
)
SERVED = ("250", "458")
"""458: there is no flush service in these tests, or it has nothing to send."""


@pytest.mark.slow
def test_sessions_show_what_is_derived(tmp_path: Path, key_pair: KeyPair) -> None:
    ports = range(PORT, PORT + len(OPTIONS))
    services = "".join(f"{port} inet n - n - - smtpd {each}\n" for port, each in zip(ports, OPTIONS, strict=True))
    files = {"/etc/ssl/private/mail.pem": key_pair.key + key_pair.certificate}
    working = tmp_path / "root"
    working.mkdir()
    run = observe(MAIN_CF, INTERNAL_SERVICES + services, ports, working, files)
    derived = {plain(each.port): each.smtp for each in facts(MAIN_CF, services).endpoints}
    for port, options in zip(ports, OPTIONS, strict=True):
        seen, smtp = run.ports[port], derived[port]
        assert (seen["replies"]["ETRN"][:3] in SERVED) is plain(smtp.etrn), (options, seen["replies"])
        size = next(line for line in seen["ehlo"] if line.startswith("SIZE")).removeprefix("SIZE").strip()
        assert int(size or "0") == plain(smtp.size_limit), options


@pytest.mark.slow
def test_no_tls_is_to_be_had_with_values_that_are_invalid(tmp_path: Path, key_pair: KeyPair) -> None:
    options = (
        "-o smtpd_tls_protocols=TLS1.2",
        "-o smtpd_tls_ciphers=strong",
        "-o smtpd_tls_ciphers=High",
        "-o smtpd_tls_protocols=>=TLSv1.2",
    )
    ports = range(PORT, PORT + len(options))
    services = "".join(f"{port} inet n - n - - smtpd {each}\n" for port, each in zip(ports, options, strict=True))
    files = {"/etc/ssl/private/mail.pem": key_pair.key + key_pair.certificate}
    working = tmp_path / "root"
    working.mkdir()
    run = observe(MAIN_CF, INTERNAL_SERVICES + services, ports, working, files)
    problems = [
        plain(each.problems) for each in written(configuration(MAIN_CF, services)) if plain(each.scope) != "global"
    ]
    assert all("STARTTLS" in run.ports[port]["ehlo"] for port in ports)
    assert ["ehlo_tls" not in run.ports[port] for port in ports] == ["disables-tls" in each for each in problems]
