"""How mail leaves a real Postfix is what is derived of its settings: in clear, in TLS or not at all, and with which
login.
"""

from __future__ import annotations

import json
import random
import ssl
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests import oracles
from tests.conftest import Command
from tests.live.conftest import KeyPair
from tests.live.sending import SERVERS, send

MAIN_CF = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydestination =
inet_protocols = ipv4
alias_maps =
mynetworks = 192.0.2.25
smtpd_peername_lookup = no
smtp_host_lookup = native
smtp_helo_timeout = 5s
smtp_sasl_password_maps = static:user:secret
smtp_sasl_tls_security_options = noanonymous
smtp_tls_fingerprint_digest = sha256
transport_maps = texthash:/etc/postfix/transport
level = none
"""

INTERNAL_SERVICES = """\
smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
retry unix - - n - - error
error unix - - n - - error
"""

AUTH = "smtp_sasl_auth_enable=yes"
OPEN = "smtp_sasl_security_options=noanonymous"
TRUST = "smtp_tls_CAfile=/etc/ssl/server.pem"
NAME = "mail.example.org"
"""What the certificate says."""


def level(name: str) -> str:
    return f"smtp_tls_security_level={name}"


def policy(text: str) -> str:
    """Return a policy table with one answer for all servers of these tests, by the next hop as written."""
    entries = " ".join(f"{{[server.example]:{port}={text}}}" for port in SERVERS)
    return f"smtp_tls_policy_maps=inline:{{{entries}}}"


CASES: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "none": (level("none"),),
    "may": (level("may"),),
    "capitals": (level("May"),),
    "encrypt": (level("encrypt"),),
    "bogus": (level("bogus"),),
    "server-word": (level("halfdane"),),
    "secure": (level("secure"),),
    "secure-ca": (level("secure"), TRUST, f"smtp_tls_secure_cert_match={NAME}"),
    "verify-ca": (level("verify"), TRUST, f"smtp_tls_verify_cert_match={NAME}"),
    "default-ca": (level("secure"), "tls_append_default_CA=yes"),
    "secure-other": (level("secure"), TRUST),
    "fingerprint": (level("fingerprint"),),
    "fingerprint-right": (level("fingerprint"), "smtp_tls_fingerprint_cert_match=@FINGERPRINT@"),
    "fingerprint-wrong": (level("fingerprint"), f"smtp_tls_fingerprint_cert_match={'00:' * 31}00"),
    "dane": (level("dane"),),
    "dane-only": (level("dane-only"),),
    "dane-native": (level("dane"), "smtp_dns_support_level=dnssec"),
    "dane-only-native": (level("dane-only"), "smtp_dns_support_level=dnssec"),
    "support-bogus": (level("may"), "smtp_dns_support_level=maybe"),
    "use": ("smtp_use_tls=yes",),
    "enforce": ("smtp_enforce_tls=yes",),
    "enforce-any": ("smtp_enforce_tls=yes", "smtp_tls_enforce_peername=no"),
    "level-beats-use": (level("none"), "smtp_enforce_tls=yes"),
    "may-deaf": (level("may"), "smtp_discard_ehlo_keywords=starttls"),
    "encrypt-deaf": (level("encrypt"), "smtp_discard_ehlo_keywords=STARTTLS"),
    "wrapper": (level("encrypt"), "smtp_tls_wrappermode=yes"),
    "wrapper-may": (level("may"), "smtp_tls_wrappermode=yes"),
    "wrapper-login": (level("encrypt"), "smtp_tls_wrappermode=yes", AUTH),
    "no-protocols": (level("encrypt"), "smtp_tls_mandatory_protocols=TLS1.2"),
    "few-protocols": (level("encrypt"), "smtp_tls_mandatory_protocols=>=TLSv1.2"),
    "login-none": (level("none"), AUTH, OPEN),
    "login-may": (level("may"), AUTH, OPEN),
    "login-encrypt": (level("encrypt"), AUTH, OPEN),
    "login-careful": (level("may"), AUTH),
    "login-careful-none": (level("none"), AUTH),
    "login-filter": (level("may"), AUTH, OPEN, "smtp_sasl_mechanism_filter=cram-md5"),
    "login-deaf": (level("may"), AUTH, OPEN, "smtp_discard_ehlo_keywords=auth"),
    "login-without-table": (level("may"), AUTH, OPEN, "smtp_sasl_password_maps="),
    "login-here": (level("may"), AUTH, OPEN, "smtp_sasl_password_maps=inline:{server.example=user:secret}"),
    "login-elsewhere": (level("may"), AUTH, OPEN, "smtp_sasl_password_maps=inline:{other.example=user:secret}"),
    "policy-up": (level("may"), policy("encrypt")),
    "policy-down": (level("encrypt"), policy("none")),
    "policy-may": (level("encrypt"), policy("may")),
    "policy-from-nothing": (policy("encrypt"),),
    "policy-secure": (level("may"), TRUST, policy(f"secure match={NAME}")),
    "policy-fingerprint": (level("may"), policy("fingerprint match=@FINGERPRINT@")),
    "policy-other-name": (level("may"), TRUST, policy("secure match=other.example")),
    "policy-without-ca": (level("may"), policy("verify")),
    "policy-bogus": (level("may"), policy("encrypted")),
    "policy-attribute": (level("may"), policy("may match=server.example")),
    "policy-unheard-of": (level("may"), policy("encrypt colour=red")),
    "policy-malformed": (level("may"), policy("encrypt strong")),
    "policy-none-ignores": (level("may"), policy("none colour=red")),
    "policy-twice": (level("may"), policy("encrypt ciphers=high ciphers=high")),
    "policy-protocols": (level("may"), policy("encrypt protocols=TLS1.2")),
    "policy-by-host": (level("may"), "smtp_tls_policy_maps=inline:{[server.example]=encrypt}"),
    "policy-by-name": (level("may"), "smtp_tls_policy_maps=inline:{server.example=encrypt}"),
    "policy-for-all": (level("none"), "smtp_tls_policy_maps=static:encrypt"),
    "policy-in-a-file": (level("may"), "smtp_tls_policy_maps=texthash:/etc/postfix/tls_policy"),
    "policy-lost": (level("may"), "smtp_tls_policy_maps=fail:me"),
    "policy-first-table": (level("may"), "smtp_tls_policy_maps=static:encrypt static:none"),
    "policy-over-broken": (level("may"), policy("dane")),
    "policy-dane-only": (level("may"), policy("dane-only")),
    "policy-login": (level("encrypt"), AUTH, OPEN, policy("may")),
    "policy-login-up": (level("none"), AUTH, OPEN, policy("encrypt")),
}
"""The options of one service each."""

WITHOUT_MECHANISM = {"login-filter"}
"""Where the client takes none of the mechanisms that the servers have."""

TRUSTED = {"secure-ca", "verify-ca", "fingerprint-right", "policy-secure", "policy-fingerprint"}
"""Where the servers' certificate is what was asked for, which no setting of the client tells."""

VALUES = {
    "smtp_tls_security_level": ("none", "may", "encrypt", "", "dane", "secure", "$level"),
    "smtp_use_tls": ("yes", "no"),
    "smtp_enforce_tls": ("yes", "no"),
    "smtp_tls_enforce_peername": ("yes", "no"),
    "smtp_discard_ehlo_keywords": ("", "", "starttls", "silent-discard, auth"),
    "smtp_sasl_auth_enable": ("yes", "yes", "no"),
    "smtp_sasl_security_options": ("noanonymous", "noplaintext", ""),
    "smtp_sasl_mechanism_filter": ("", "plain", "!plain, login"),
    "smtp_sasl_password_maps": ("static:user:secret", "inline:{server.example=u:p}"),
    "smtp_tls_policy_maps": ("", policy("may"), policy("encrypt"), policy("none"), policy("dane"), "static:encrypt"),
    "smtp_tls_mandatory_protocols": ("!SSLv2, !SSLv3", ">=TLSv1.2", "TLSv1.3"),
    "level": ("may", "encrypt"),
}


def generated(seed: int) -> dict[str, tuple[str, ...]]:
    rnd = random.Random(seed)  # noqa: S311 - not for secrets
    cases = {}
    for number in range(30):
        names = rnd.sample(sorted(VALUES), rnd.randint(2, 7))
        cases[f"made-{number}"] = tuple(f"{name}={rnd.choice(VALUES[name])}" for name in names)
    return cases


def expected(fact: dict[str, Any], name: str, port: int) -> dict[str, Any]:
    """Return what becomes of mail to one server, by what is derived."""
    waits = {"status": "waits", "tls": None, "login": "none"}
    mode, tls = fact["tls"]["mode"], "starttls" in SERVERS[port]
    if fact["fault"] is not None or (mode == "implicit") != ("wrapper" in SERVERS[port]):
        return waits
    encrypted = mode == "implicit" or (mode == "starttls" and tls)
    if (fact["tls"]["required"] and not encrypted) or (encrypted and fact["verified"] and name not in TRUSTED):
        return waits
    if not fact["credentials"]:
        return {"status": "sent", "tls": encrypted, "login": "none"}
    if name in WITHOUT_MECHANISM or (not encrypted and not fact["cleartext_allowed"]):
        return waits
    return {"status": "sent", "tls": encrypted, "login": "tls" if encrypted else "clear"}


def written(options: tuple[str, ...], fingerprint: str) -> str:
    pairs = (option.replace("@FINGERPRINT@", fingerprint).partition("=") for option in options)
    return "".join(f"  -o {{ {name} = {value} }}\n" for name, _, value in pairs)


@pytest.mark.slow
@pytest.mark.parametrize("cases", [CASES, generated(1), generated(2)], ids=["chosen", "made-1", "made-2"])
def test_mail_leaves_as_is_derived(
    cases: dict[str, tuple[str, ...]], tmp_path: Path, key_pair: KeyPair, mailposture: Command
) -> None:
    digest = sha256(ssl.PEM_cert_to_DER_cert(key_pair.certificate)).hexdigest()
    ways = [(name, port) for name in cases for port in SERVERS if port != 2503 or "wrapper" in name]
    transports = "".join(f"x@{name}.{port}.example {name}:[server.example]:{port}\n" for name, port in ways)
    files = {
        "/etc/postfix/transport": transports,
        "/etc/postfix/tls_policy": "".join(f"[server.example]:{port} encrypt\n" for port in SERVERS),
        "/etc/ssl/server.pem": key_pair.certificate,
    }
    master_cf = INTERNAL_SERVICES + "".join(
        f"{name} unix - - n - - smtp\n{written(options, digest)}" for name, options in cases.items()
    )
    host = oracles.write_configuration(
        tmp_path / "host",
        {
            "etc/postfix/main.cf": MAIN_CF,
            "etc/postfix/master.cf": master_cf,
            **{path.lstrip("/"): text for path, text in files.items() if "postfix" in path},
        },
    )
    derived = {each["service"]: each for each in reversed(outbound_derived(mailposture, host))}
    run = send(
        (MAIN_CF, master_cf),
        [f"x@{name}.{port}.example" for name, port in ways],
        tmp_path,
        files,
        key_pair.key + key_pair.certificate,
    )
    seen = {
        (name, port): {field: run.mails[f"x@{name}.{port}.example"][field] for field in ("status", "tls", "login")}
        for name, port in ways
    }
    told = {(name, port): expected(derived[f"{name}/unix"], name, port) for name, port in ways}
    differing = {way: (run.mails[f"x@{way[0]}.{way[1]}.example"], told[way]) for way in ways if seen[way] != told[way]}
    assert not differing, "\n".join([*map(str, differing.items()), *run.log])


def outbound_derived(mailposture: Command, host: Path) -> list[dict[str, Any]]:
    """Return the ways that mail takes, by the program."""
    done = mailposture("show", "endpoints", "--format", "json", "--postfix-version", "3.7.11", str(host))
    data = json.loads(done.stdout)
    return [each for each in data["outbound"] if ":policy:" not in each["id"] and ":login:" not in each["id"]]
