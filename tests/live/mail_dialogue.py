"""Talk to an IMAP, POP3, ManageSieve, submission or LMTP server and note what it offers before a login."""

from __future__ import annotations

import base64
import re
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from tests.live.dialogue import VERSIONS, Observation, Session, permissive, speaks_tls_first

WRONG = base64.b64encode(b"\0nobody\0wrong").decode()
"""What SASL PLAIN sends for a user and a password that are none."""


@dataclass(frozen=True)
class Speech:
    """The words of a protocol, and what the last line of a greeting, of the list of capabilities and of any other
    answer begins with.
    """

    greets: re.Pattern[str]
    lists: re.Pattern[str]
    ends: re.Pattern[str]
    capabilities: str
    start_tls: str
    login: tuple[str, ...]
    cram: str
    told_after_tls: bool = False


SMTP_END = re.compile(r"\d\d\d ")
SMTP = Speech(
    SMTP_END, SMTP_END, SMTP_END, "EHLO client.example", "STARTTLS", (f"AUTH PLAIN {WRONG}",), "AUTH CRAM-MD5"
)
SIEVE_END = re.compile(r"OK|NO|BYE")
SPEECHES = {
    "imap": Speech(
        re.compile(r"\* "),
        re.compile(r"[a-z] "),
        re.compile(r"[a-z] |\+"),
        "a CAPABILITY",
        "b STARTTLS",
        ("c LOGIN nobody wrong",),
        "d AUTHENTICATE CRAM-MD5",
    ),
    "pop3": Speech(
        re.compile(r"\+OK|-ERR"),
        re.compile(r"\.$|-ERR"),
        re.compile(r"\+|-ERR"),
        "CAPA",
        "STLS",
        ("USER nobody", "PASS wrong"),
        "AUTH CRAM-MD5",
    ),
    "sieve": Speech(
        SIEVE_END,
        SIEVE_END,
        re.compile(r"OK|NO|BYE|\{|\"[^\" ]*\"$"),
        "CAPABILITY",
        "STARTTLS",
        (f'AUTHENTICATE "PLAIN" "{WRONG}"',),
        'AUTHENTICATE "CRAM-MD5"',
        told_after_tls=True,
    ),
    "submission": SMTP,
    "lmtp": Speech(SMTP_END, SMTP_END, SMTP_END, "LHLO client.example", "STARTTLS", (), ""),
}


class Client:
    """One connection that speaks a protocol."""

    def __init__(self, address: tuple[str, int], source: str, speech: Speech) -> None:
        self.session = Session(address, source)
        self.speech = speech

    def close(self) -> None:
        """Close without a word."""
        self.session.close()

    def lines(self, ends: re.Pattern[str]) -> list[str]:
        """Return the lines up to one that ends an answer; raise EOFError if the server hangs up."""
        found: list[str] = []
        while not found or not ends.match(found[-1]):
            found.append(self.session.line())
        return found

    def greeting(self) -> list[str]:
        """Return the greeting."""
        return self.lines(self.speech.greets)

    def ask(self, command: str) -> list[str]:
        """Send a command and return the answer."""
        self.session.send(command)
        return self.lines(self.speech.ends)

    def capabilities(self) -> list[str]:
        """Return what the server says that it can do."""
        self.session.send(self.speech.capabilities)
        return self.lines(self.speech.lists)

    def start_tls(self, version: ssl.TLSVersion | None = None) -> bool:
        """Ask for TLS and begin it; false if the server refuses."""
        answer = self.ask(self.speech.start_tls)[-1]
        if not re.match(r"(b |\+)?OK|220", answer):
            return False
        self.session.start_tls(permissive(version))
        if self.speech.told_after_tls:
            self.greeting()
        return True


def observe(address: tuple[str, int], source: str, protocol: str) -> Observation:
    """Return what one port offers one client: capabilities before and after TLS, TLS versions, and in clear the answers
    to a login with a wrong password and to the beginning of CRAM-MD5.
    """
    speech = SPEECHES[protocol]
    seen: Observation = {"implicit": False}

    def connected(then: Callable[[Client], None]) -> None:
        with closing(Client(address, source, speech)) as client:
            if seen["implicit"]:
                client.session.start_tls(permissive())
            client.greeting()
            then(client)

    def look(client: Client) -> None:
        seen["tls" if seen["implicit"] else "clear"] = capabilities = client.capabilities()
        if offers_tls(capabilities):
            seen["starttls"] = True
            if client.start_tls():
                seen["tls"] = client.capabilities()

    def log_in(client: Client) -> None:
        client.capabilities()
        seen["login"] = [client.ask(command)[-1] for command in speech.login]

    def begin_cram(client: Client) -> None:
        client.capabilities()
        seen["cram"] = client.ask(speech.cram)[-1]

    try:
        seen["implicit"] = speaks_tls_first(address, source)
        if speech.login and not seen["implicit"]:
            connected(log_in)
            connected(begin_cram)
        connected(look)
        if "tls" in seen:
            seen["versions"] = [name for name in VERSIONS if accepts(name, address, source, speech, seen)]
    except (OSError, EOFError) as error:
        seen["error"] = f"{type(error).__name__}: {error}"
    return seen


def offers_tls(capabilities: list[str]) -> bool:
    """Say whether STARTTLS is among the capabilities, whatever the protocol calls it."""
    return any(re.search(r"\b(STARTTLS|STLS)\b", line) for line in capabilities)


def accepts(name: str, address: tuple[str, int], source: str, speech: Speech, seen: Observation) -> bool:
    """Say whether a handshake with exactly one TLS version succeeds."""
    with closing(Client(address, source, speech)) as client:
        try:
            if seen["implicit"]:
                client.session.start_tls(permissive(VERSIONS[name]))
                return True
            client.greeting()
            client.capabilities()
            return client.start_tls(VERSIONS[name])
        except (ssl.SSLError, OSError, EOFError):
            return False
