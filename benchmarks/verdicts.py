"""Configurations that other ways of looking call clean or broken, and what is said of them here.

usage: python benchmarks/verdicts.py

Three ways are compared: a search for the setting in the files, as compliance suites do it; the product's own checker,
postconf(1) or doveconf(1), of Debian 12 and 13 (unpacked by `make oracles`); and `mailposture check`. What the server
does stands beside it: the tests in tests/live hold that against real servers. The table goes into README.md as it is
printed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests import oracles  # noqa: E402 - the checkout is on the path only now

SMTP = "smtp inet n - n - - smtpd\n"
LOCAL = "compatibility_level = 3.6\nmyhostname = mail.example.org\nsmtpd_tls_chain_files = /etc/ssl/mail.pem\n"
DOVECOT_24 = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\nprotocols = imap\n"
DOVECOT_24 += "ssl_server_cert_file = /etc/ssl/mail.pem\nssl_server_key_file = /etc/ssl/mail.key\n"


@dataclass(frozen=True, slots=True)
class Case:
    """One configuration. ``search`` finds the line that a search takes for good; ``rules`` are the codes that fail."""

    name: str
    truth: str
    search: str
    rules: frozenset[str]
    files: Mapping[str, str]
    target: tuple[str, str]


POSTFIX = ("--postfix-version", "3.7.11")


def postfix(main: str, master: str = SMTP) -> dict[str, str]:
    """Return the files of a Postfix."""
    return {"main.cf": LOCAL + main, "master.cf": master}


CASES = (
    Case(
        "`-o` of the service takes back what main.cf demands",
        "submission without TLS",
        r"^smtpd_tls_security_level *= *encrypt",
        frozenset({"SUB-001"}),
        postfix(
            "smtpd_tls_security_level = encrypt\n",
            "submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=may\n",
        ),
        POSTFIX,
    ),
    Case(
        "the floor is set for mandatory TLS, the level is `may`",
        "TLS 1.0 accepted",
        r"^smtpd_tls_mandatory_protocols *= *>=TLSv1\.2",
        frozenset({"TLS-002"}),
        postfix(
            "smtpd_tls_security_level = may\nsmtpd_tls_mandatory_protocols = >=TLSv1.2\n",
            "submission inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes\n",
        ),
        POSTFIX,
    ),
    Case(
        "a comment behind the value",
        "smtpd dies at every connection",
        r"^message_size_limit *= *\d+",
        frozenset({"CFG-012"}),
        postfix("message_size_limit = 52428800 # 50 MiB\n"),
        POSTFIX,
    ),
    Case(
        "no compatibility level, and no list that refuses",
        "smtpd dies at every connection",
        r"^smtpd_recipient_restrictions *= *permit_mynetworks",
        frozenset({"CFG-012"}),
        {
            "main.cf": "myhostname = mail.example.org\nsmtpd_recipient_restrictions = permit_mynetworks\n",
            "master.cf": SMTP,
        },
        POSTFIX,
    ),
    Case(
        "everybody is in mynetworks",
        "open relay",
        r"^smtpd_relay_restrictions *= *permit_mynetworks, *reject_unauth_destination",
        frozenset({"REL-001"}),
        postfix(
            "mynetworks = 127.0.0.0/8, 0.0.0.0/0\n"
            "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
        ),
        POSTFIX,
    ),
    Case(
        "a comment swallows the continued line (Dovecot 2.3)",
        "passwords accepted in clear",
        r"^ssl *= *required",
        frozenset({"ACC-001"}),
        {
            "dovecot.conf": "protocols = imap\ndisable_plaintext_auth = no\nssl_cert = </etc/ssl/mail.pem\n"
            "ssl_key = </etc/ssl/mail.key\nssl = required \\\n# until all clients can\n"
        },
        ("--dovecot-version", "2.3.19.1"),
    ),
    Case(
        "the service permits what the top level forbids (Dovecot 2.4)",
        "passwords accepted in clear",
        r"^auth_allow_cleartext *= *no",
        frozenset({"ACC-001"}),
        {
            "dovecot.conf": f"{DOVECOT_24}auth_allow_cleartext = no\n"
            "service imap-login {\n  auth_allow_cleartext = yes\n}\n"
        },
        ("--dovecot-version", "2.4.1"),
    ),
    Case(
        "TLS is demanded by the service alone",
        "sound",
        r"^smtpd_tls_security_level *= *encrypt",
        frozenset(),
        postfix(
            "smtpd_forbid_bare_newline = normalize\nsmtp_tls_security_level = may\n",
            "submissions inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n  -o smtpd_sasl_auth_enable=yes\n"
            "  -o smtpd_tls_mandatory_protocols=>=TLSv1.2\n"
            "  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n",
        ),
        POSTFIX,
    ),
)


def searched(case: Case) -> str:
    """Return what a search for the good line says."""
    found = any(re.search(case.search, text, re.MULTILINE) for text in case.files.values())
    return "clean" if found else "broken"


def own_checker(case: Case, directory: Path) -> str:
    """Return what postconf or doveconf says: the exit status and whether it warns."""
    if "main.cf" in case.files:
        done = oracles.run_postconf(directory, "-n")
        return "clean" if done.returncode == 0 and not done.stderr else "broken"
    root = oracles.DEBIAN_13 if case.target[1].startswith("2.4") else oracles.ROOT
    command = oracles.unpacked("doveconf", root)
    if command is None:
        return "not at hand"
    run = subprocess.run([*command, "-c", directory / "dovecot.conf", "-n"], capture_output=True, check=False)
    return "clean" if run.returncode == 0 else "broken"


def judged(case: Case, directory: Path) -> str:
    """Return the rules that fail here; exit if they are not those expected."""
    command = [sys.executable, "-c", "from checker.cli import entry; entry()", "check", "--format", "json"]
    done = subprocess.run([*command, *case.target, directory], capture_output=True, check=False, cwd=PROJECT)
    findings = json.loads(done.stdout)["findings"]
    failed = {finding["code"] for finding in findings if finding["status"] == "fail"}
    if not case.rules <= failed or (not case.rules and failed):
        raise SystemExit(f"{case.name}: {sorted(failed)} instead of {sorted(case.rules)}")
    return ", ".join(sorted(case.rules)) or "clean"


def table() -> str:
    """Return the table in Markdown."""
    lines = [
        "| configuration | the server | a search | `postconf -n`, `doveconf -n` | `mailposture` |",
        "|---|---|---|---|---|",
    ]
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            directory = oracles.write_configuration(Path(name), case.files)
            cells = (case.name, case.truth, searched(case), own_checker(case, directory), judged(case, directory))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
