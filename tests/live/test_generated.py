"""Services with options at random: what is derived of each is what a real Postfix does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests import oracles
from tests.conftest import Command
from tests.live.agreement import endpoints_derived, offer_derived, offer_seen
from tests.live.conftest import KeyPair
from tests.live.postfix import observe

SERVICES = 40
FIRST_PORT = 20001

MAIN_CF = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_chain_files = /etc/ssl/private/mail.pem
tls_medium_cipherlist = DEFAULT:@SECLEVEL=0
tls_high_cipherlist = DEFAULT:@SECLEVEL=0
level = may
trusted = 192.0.2.0/28
"""

INTERNAL_SERVICES = """\
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
discard unix - - n - - discard
"""

PROTOCOLS = (
    ">=TLSv1.2",
    ">= TLSv1.2",
    "!SSLv2, !SSLv3",
    "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1",
    "TLSv1.2",
    ">=TLSv1, <=TLSv1.2",
    "",
    "!TLSv1.3",
)
SWITCH = ("yes", "no", "YES", "No")
VALUES: dict[str, tuple[str, ...]] = {
    "smtpd_tls_security_level": (
        "none",
        "may",
        "encrypt",
        "",
        "May",
        "$level",
        "$undefined",
        "${level?encrypt}",
        "dane",
    ),
    "smtpd_use_tls": SWITCH,
    "smtpd_enforce_tls": SWITCH,
    "smtpd_tls_wrappermode": ("no", "no", "yes"),
    "smtpd_tls_auth_only": SWITCH,
    "smtpd_sasl_auth_enable": ("yes", "yes", "no"),
    "smtpd_sasl_security_options": ("noanonymous", "noanonymous, noplaintext", "noplaintext"),
    "smtpd_sasl_tls_security_options": ("$smtpd_sasl_security_options", "noanonymous"),
    "smtpd_tls_protocols": PROTOCOLS,
    "smtpd_tls_mandatory_protocols": PROTOCOLS,
    "disable_vrfy_command": SWITCH,
    "smtpd_discard_ehlo_keywords": ("", "starttls", "auth, etrn", "silent-discard, starttls", "vrfy", "STARTTLS"),
    "smtpd_relay_restrictions": (
        "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
        "permit_mynetworks,defer_unauth_destination",
        "permit_auth_destination, reject",
        "permit",
        "$trusted_only",
    ),
    "smtpd_recipient_restrictions": ("", "permit_mynetworks, reject_unauth_destination", "permit", "reject"),
    "mynetworks": ("192.0.2.0/24", "!198.51.100.7, 198.51.100.0/24", "0.0.0.0/0", "$trusted"),
    "smtpd_banner": ("$myhostname ESMTP", "$myhostname ESMTP $mail_name", "${level} here"),
    "level": ("none", "encrypt"),
}
"""The parameters that are set at random, and to what; few names that mean nothing, since they end the service."""


def settings(rnd: random.Random, most: int) -> dict[str, str]:
    names = rnd.sample(sorted(VALUES), rnd.randint(0, most))
    return {name: rnd.choice(VALUES[name]) for name in names}


def option(rnd: random.Random, name: str, value: str) -> str:
    """Write an option of master.cf in one of the ways that there are."""
    if " " in value or rnd.random() < 0.2:
        return f"  -o {{ {name} = {value} }}\n" if value else f"  -o {name}=\n"
    return f"  -o {name}={value}\n"


def generated(seed: int) -> tuple[str, str]:
    """Return a main.cf and a master.cf with many services."""
    rnd = random.Random(seed)  # noqa: S311 - not for secrets
    main_cf = MAIN_CF + "".join(f"{name} = {value}\n" for name, value in settings(rnd, 8).items())
    master_cf = INTERNAL_SERVICES
    for port in range(FIRST_PORT, FIRST_PORT + SERVICES):
        master_cf += f"{port} inet n - n - - smtpd\n"
        master_cf += "".join(option(rnd, name, value) for name, value in settings(rnd, 6).items())
    return main_cf, master_cf


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_every_service_does_what_is_derived(seed: int, tmp_path: Path, key_pair: KeyPair, mailposture: Command) -> None:
    main_cf, master_cf = generated(seed)
    host = oracles.write_configuration(
        tmp_path / "host", {"etc/postfix/main.cf": main_cf, "etc/postfix/master.cf": master_cf}
    )
    working = tmp_path / "root"
    working.mkdir()
    files = {"/etc/ssl/private/mail.pem": key_pair.key + key_pair.certificate}
    ports = range(FIRST_PORT, FIRST_PORT + SERVICES)
    run = observe(main_cf, master_cf, ports, working, files)
    derived = endpoints_derived(mailposture, host)
    assert derived.keys() == set(ports)
    on_the_wire = {port: offer_seen(run.ports[port]) for port in ports}
    assert on_the_wire == {port: offer_derived(derived[port]) for port in ports}, "\n".join(run.log)
