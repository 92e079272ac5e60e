"""The table of ports that the project started from, row by row: what is right there, what is wrong, and who says so.

POP3 begins in clear on 110 and with TLS on 995, IMAP on 143 and 993; SMTP begins in clear on 25, and on 2525 as another
port, and with TLS on 465. To begin in clear never means that passwords are taken so.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from checker.analysis import describe
from checker.facts.endpoint import Endpoint
from checker.policy.judge import judge
from checker.policy.profile import load_policy
from checker.result import Target
from checker.tree import MemoryTree
from tests.dovecot.made import HEAD

POLICY = load_policy([], "recommended")
GRAVE = ("critical", "high")

CERTIFICATE_23 = "ssl_cert = </etc/ssl/certs/mail.pem\nssl_key = </etc/ssl/private/mail.key\n"
CERTIFICATE_24 = "ssl_server_cert_file = /etc/ssl/certs/mail.pem\nssl_server_key_file = /etc/ssl/private/mail.key\n"
POSTFIX = """\
compatibility_level = 3.6
myhostname = mx.example.org
smtpd_tls_chain_files = /etc/ssl/private/mail.pem
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_security_level = may
smtpd_forbid_bare_newline = normalize
smtp_tls_security_level = may
"""
USERS = "  -o smtpd_sasl_auth_enable=yes\n  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n"
MX = "smtp inet n - y - - smtpd\n"


@dataclass(frozen=True)
class Judged:
    """What listens on one port, and the grave rules that it breaks."""

    endpoints: tuple[Endpoint, ...]
    broken: set[str]

    @property
    def modes(self) -> set[str | None]:
        """Return how its listeners are encrypted."""
        return {each.tls.mode.value for each in self.endpoints}  # type: ignore[union-attr]  # known, of such texts


def judged(port: int, files: dict[str, str]) -> Judged:
    tree = MemoryTree({name: text.encode() for name, text in files.items()})
    systems = describe(tree, ("",), Target()).systems
    here = tuple(each for each in systems[0].endpoints if each.port.value == port)  # type: ignore[union-attr]  # likewise
    ids = {each.id for each in here}
    return Judged(
        here,
        {
            each.rule
            for each in judge(systems, POLICY, "en")
            if each.status == "fail" and each.severity in GRAVE and each.subject in ids
        },
    )


def dovecot(port: int, generation: str, protocol: str, text: str = "") -> Judged:
    """Judge a port of a Dovecot with a certificate that serves one protocol."""
    head = HEAD + CERTIFICATE_24 if generation == "2.4" else CERTIFICATE_23
    return judged(port, {"etc/dovecot/dovecot.conf": f"{head}protocols = {protocol}\n{text}"})


def postfix(port: int, master: str, main: str = "") -> Judged:
    """Judge a port of a Postfix with a certificate."""
    return judged(port, {"etc/postfix/main.cf": POSTFIX + main, "etc/postfix/master.cf": master})


def listener(protocol: str, name: str, *lines: str) -> str:
    inner = "".join(f"    {line}\n" for line in lines)
    return f"service {protocol}-login {{\n  inet_listener {name} {{\n{inner}  }}\n}}\n"


GENERATIONS = pytest.mark.parametrize("generation", ["2.3", "2.4"])
CLEAR_ROWS = pytest.mark.parametrize(("protocol", "port"), [("pop3", 110), ("imap", 143)])
TLS_ROWS = pytest.mark.parametrize(("protocol", "port"), [("pop3", 995), ("imap", 993)])
PLAINTEXT = {"pop3": "pop3-no-plaintext", "imap": "access-no-cleartext-login"}
ALLOWED = {"2.3": "disable_plaintext_auth = no\n", "2.4": "auth_allow_cleartext = yes\n"}


@GENERATIONS
@CLEAR_ROWS
class TestPop3On110AndImapOn143:
    def test_right_a_password_waits_for_starttls(self, generation: str, protocol: str, port: int) -> None:
        found = dovecot(port, generation, protocol, "listen = *\n")
        assert (found.modes, found.broken) == ({"starttls"}, set())

    def test_wrong_a_password_does_not(self, generation: str, protocol: str, port: int) -> None:
        assert dovecot(port, generation, protocol, ALLOWED[generation]).broken == {PLAINTEXT[protocol]}

    def test_wrong_there_is_no_tls(self, generation: str, protocol: str, port: int) -> None:
        found = dovecot(port, generation, protocol, "ssl = no\n")
        assert (found.modes, found.broken) == ({"none"}, {"access-tls-disabled"})

    def test_wrong_neither(self, generation: str, protocol: str, port: int) -> None:
        found = dovecot(port, generation, protocol, f"ssl = no\n{ALLOWED[generation]}")
        assert found.broken == {PLAINTEXT[protocol], "access-tls-disabled"}

    def test_wrong_it_begins_with_tls(self, generation: str, protocol: str, port: int) -> None:
        found = dovecot(port, generation, protocol, listener(protocol, protocol, "ssl = yes"))
        assert (found.modes, found.broken) == ({"implicit"}, {"port-tls-mode-mismatch"})


@GENERATIONS
@TLS_ROWS
class TestPop3On995AndImapOn993:
    def test_right_it_begins_with_tls(self, generation: str, protocol: str, port: int) -> None:
        found = dovecot(port, generation, protocol)
        assert (found.modes, found.broken) == ({"implicit"}, set())

    def test_right_clear_text_elsewhere_is_not_its_fault(self, generation: str, protocol: str, port: int) -> None:
        assert dovecot(port, generation, protocol, ALLOWED[generation]).broken == set()

    def test_wrong_it_begins_in_clear(self, generation: str, protocol: str, port: int) -> None:
        found = dovecot(port, generation, protocol, listener(protocol, f"{protocol}s", "ssl = no"))
        assert (found.modes, found.broken) == ({"starttls"}, {"port-tls-mode-mismatch"})

    def test_wrong_it_speaks_old_versions(self, generation: str, protocol: str, port: int) -> None:
        assert dovecot(port, generation, protocol, "ssl_min_protocol = TLSv1\n").broken == {"min-tls12-users"}

    def test_wrong_it_has_no_certificate(self, generation: str, protocol: str, port: int) -> None:
        name = "ssl_server_key_file" if generation == "2.4" else "ssl_key"
        assert dovecot(port, generation, protocol, f"{name} =\n").broken == {"certificate-configured"}

    def test_nothing_listens_where_tls_is_off(self, generation: str, protocol: str, port: int) -> None:
        assert dovecot(port, generation, protocol, "ssl = no\n").endpoints == ()


class TestSmtpOn25:
    def test_right_it_begins_in_clear_and_offers_starttls(self) -> None:
        found = postfix(25, MX)
        assert (found.modes, found.broken) == ({"starttls"}, set())

    def test_wrong_it_begins_with_tls(self) -> None:
        found = postfix(25, f"{MX}  -o smtpd_tls_wrappermode=yes\n")
        assert found.modes == {"implicit"}
        assert found.broken == {"port-tls-mode-mismatch", "mx-starttls-offered"}

    def test_wrong_it_offers_no_tls(self) -> None:
        assert postfix(25, MX, "smtpd_tls_security_level = none\n").broken == {"mx-starttls-offered"}

    def test_wrong_it_takes_passwords_in_clear(self) -> None:
        assert postfix(25, MX, "smtpd_sasl_auth_enable = yes\n").broken == {"no-cleartext-smtp-auth"}


class TestSmtpOn2525:
    def test_right_it_is_guarded_as_submission_is(self) -> None:
        found = postfix(2525, f"{MX}2525 inet n - y - - smtpd\n  -o smtpd_tls_security_level=encrypt\n{USERS}")
        assert (found.modes, found.broken) == ({"starttls"}, set())

    def test_wrong_it_is_a_second_door(self) -> None:
        assert postfix(2525, f"{MX}2525 inet n - y - - smtpd\n").broken == {"alternate-smtp-ports"}

    def test_wrong_it_takes_passwords_in_clear(self) -> None:
        found = postfix(2525, f"{MX}2525 inet n - y - - smtpd\n{USERS}")
        assert found.broken == {"alternate-smtp-ports", "no-cleartext-smtp-auth"}

    def test_wrong_it_begins_with_tls(self) -> None:
        found = postfix(2525, f"{MX}2525 inet n - y - - smtpd\n  -o smtpd_tls_wrappermode=yes\n{USERS}")
        assert found.broken == {"port-tls-mode-mismatch"}


class TestSmtpOn465:
    SERVICE = "465 inet n - y - - smtpd\n"

    def test_right_it_begins_with_tls(self) -> None:
        found = postfix(465, f"{MX}{self.SERVICE}  -o smtpd_tls_wrappermode=yes\n{USERS}")
        assert (found.modes, found.broken) == ({"implicit"}, set())

    def test_right_dovecot_2_4_has_it_of_its_own(self) -> None:
        found = dovecot(465, "2.4", "submission")
        assert (found.modes, found.broken) == ({"implicit"}, set())

    def test_right_dovecot_2_3_can_be_told_to(self) -> None:
        found = dovecot(465, "2.3", "submission", listener("submission", "submissions", "port = 465", "ssl = yes"))
        assert (found.modes, found.broken) == ({"implicit"}, set())

    def test_wrong_it_begins_in_clear(self) -> None:
        found = postfix(465, f"{MX}{self.SERVICE}  -o smtpd_tls_security_level=encrypt\n{USERS}")
        assert (found.modes, found.broken) == ({"starttls"}, {"port-tls-mode-mismatch"})

    @GENERATIONS
    def test_wrong_it_begins_in_clear_in_dovecot(self, generation: str) -> None:
        text = f"ssl = required\n{listener('submission', 'submissions', 'port = 465', 'ssl = no')}"
        assert dovecot(465, generation, "submission", text).broken == {"port-tls-mode-mismatch"}

    def test_wrong_it_asks_for_no_login(self) -> None:
        found = postfix(465, f"{MX}{self.SERVICE}  -o smtpd_tls_wrappermode=yes\n")
        assert found.broken == {"submission-auth-required"}

    def test_wrong_it_has_no_certificate(self) -> None:
        options = "  -o smtpd_tls_wrappermode=yes\n  -o smtpd_tls_chain_files=\n"
        assert postfix(465, f"{MX}{self.SERVICE}{options}{USERS}").broken == {"certificate-configured"}
