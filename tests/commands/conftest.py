"""A command run in the process, and small configurations to run it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker.cli import main

SMTP = "smtp inet n - y - - smtpd\n"

GOOD_MAIN = """\
compatibility_level = 3.6
myhostname = mail.example.org
inet_interfaces = all
mynetworks = 127.0.0.0/8 [::1]/128
smtpd_tls_chain_files = /etc/ssl/private/mail.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtp_tls_security_level = dane
smtp_dns_support_level = dnssec
"""

BAD_MAIN = GOOD_MAIN.replace("127.0.0.0/8", "0.0.0.0/0")
"""An open relay: critical."""


@dataclass(frozen=True)
class Done:
    """What a command did."""

    status: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program in this process, in English and without colour."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "MAILPOSTURE_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path) -> Done:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(status, captured.out, captured.err)

    return call


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(directory: Path, main_cf: str = GOOD_MAIN, master_cf: str = SMTP) -> Path:
    """Write a Postfix configuration, and return its directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "main.cf").write_text(main_cf)
    (directory / "master.cf").write_text(master_cf)
    return directory
