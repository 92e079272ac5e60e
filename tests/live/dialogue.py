"""Talk to an SMTP server as a stranger and note what it offers."""

from __future__ import annotations

import socket
import ssl
import subprocess
import warnings
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import BinaryIO

TIMEOUT = 5.0
"""A service that dies as it starts leaves its clients waiting; a live one answers at once."""
VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
COMMANDS = ("ETRN example.net", "VRFY postmaster", "MAIL FROM:<stranger@example.net>", "RCPT TO:<victim@example.com>")

Observation = dict[str, object]


class Session:
    """One connection, in clear or over TLS."""

    def __init__(self, address: tuple[str, int], source: str) -> None:
        self.socket: socket.socket = socket.create_connection(address, TIMEOUT, (source, 0))
        self._file: BinaryIO = self.socket.makefile("rb")

    def start_tls(self, context: ssl.SSLContext, name: str | None = None) -> None:
        """Begin TLS now, asking for a server by name if there is one."""
        self.socket = context.wrap_socket(self.socket, server_hostname=name)
        self._file = self.socket.makefile("rb")

    def close(self) -> None:
        """Close without a QUIT."""
        self._file.close()
        self.socket.close()

    def reply(self) -> list[str]:
        """Return the lines of a reply with their codes; raise EOFError if the server hangs up."""
        lines: list[str] = []
        while not lines or lines[-1][3:4] == "-":
            lines.append(self.line())
        return lines

    def line(self) -> str:
        """Return one line; raise EOFError if the server hangs up."""
        line = self._file.readline(4096)
        if not line:
            raise EOFError("the server closed the connection")
        return line.decode("latin-1").rstrip("\r\n")

    def send(self, command: str) -> None:
        """Send a line."""
        self.socket.sendall(command.encode() + b"\r\n")

    def ask(self, command: str) -> list[str]:
        """Send a command and return the reply."""
        self.send(command)
        return self.reply()

    def ehlo(self) -> list[str]:
        """Return the keyword lines of the answer to EHLO."""
        return [line[4:] for line in self.ask("EHLO client.example")[1:]]

    def replies(self) -> dict[str, str]:
        """Return the last line of the reply to each command of a stranger, by its verb."""
        return {command.split()[0]: self.ask(command)[-1] for command in COMMANDS}


def permissive(version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """Return a context that takes any certificate, cipher and version, or exactly one version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are asked for on purpose
        context.minimum_version = version or ssl.TLSVersion.TLSv1
        context.maximum_version = version or ssl.TLSVersion.MAXIMUM_SUPPORTED
    return context


def speaks_tls_first(address: tuple[str, int], source: str) -> bool:
    """Send a ClientHello at once and tell by the first byte whether the server answers in TLS."""
    hello = ssl.MemoryBIO()
    handshake = permissive().wrap_bio(ssl.MemoryBIO(), hello)
    with suppress(ssl.SSLWantReadError):
        handshake.do_handshake()
    with socket.create_connection(address, TIMEOUT, (source, 0)) as plain:
        plain.sendall(hello.read())
        return plain.recv(1) in (b"\x15", b"\x16")


def accepted_versions(address: tuple[str, int], source: str, *, implicit: bool) -> list[str]:
    """Return the TLS versions with which a handshake succeeds."""
    accepted = []
    for name, version in VERSIONS.items():
        if _shakes_hands(address, source, permissive(version), implicit=implicit):
            accepted.append(name)
    return accepted


def accepted_suites(
    address: tuple[str, int], source: str, suites: Sequence[str], *, implicit: bool, name: str | None = None
) -> list[str]:
    """Return the suites, by OpenSSL's names, with which a handshake below TLS 1.3 succeeds when nothing else is
    offered. A suite may be followed by a blank and the one group to offer; ``name`` is the server's to ask for.
    """
    accepted = []
    for offer in suites:
        suite, _, group = offer.partition(" ")
        if group:
            if _shakes_hands_in(group, address, source, suite, implicit=implicit):
                accepted.append(offer)
            continue
        context = permissive()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{suite}:@SECLEVEL=0")
        if _shakes_hands(address, source, context, implicit=implicit, name=name):
            accepted.append(offer)
    return accepted


def _shakes_hands_in(group: str, address: tuple[str, int], source: str, suite: str, *, implicit: bool) -> bool:
    """Offer one group, by the program: `set_ecdh_curve` of Debian 12's Python 3.11.2 refuses X25519 and X448."""
    offer = ["-tls1_2", "-cipher", f"{suite}:@SECLEVEL=0", "-groups", group]
    where = ["-connect", f"{address[0]}:{address[1]}", "-bind", f"{source}:0"]
    start = [] if implicit else ["-starttls", "smtp"]
    client = subprocess.run(
        ["openssl", "s_client", *where, *start, *offer],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=4 * TIMEOUT,
        check=False,
    )
    return f"Cipher is {suite}\n" in client.stdout


def _shakes_hands(
    address: tuple[str, int], source: str, context: ssl.SSLContext, *, implicit: bool, name: str | None = None
) -> bool:
    with closing(Session(address, source)) as session:
        try:
            if not implicit:
                session.reply()
                session.ehlo()
                session.ask("STARTTLS")
            session.start_tls(context, name)
        except (ssl.SSLError, OSError, EOFError):
            return False
        return True


def observe(address: tuple[str, int], source: str, suites: Sequence[str] = ()) -> Observation:
    """Return what one port offers: greeting, EHLO and replies before and after TLS, TLS versions, and of the suites
    those that it accepts.
    """
    seen: Observation = {"implicit": False}
    try:
        seen["implicit"] = implicit = speaks_tls_first(address, source)
        with closing(Session(address, source)) as session:
            if implicit:
                session.start_tls(permissive())
            seen["greeting"] = session.reply()[0]
            seen["ehlo_tls" if implicit else "ehlo"] = keywords = session.ehlo()
            seen["replies"] = session.replies()
            if "STARTTLS" in keywords:
                session.ask("RSET")
                seen["starttls"] = answer = session.ask("STARTTLS")[-1]
                if answer.startswith("220"):
                    session.start_tls(permissive())
                    seen["ehlo_tls"] = session.ehlo()
                    seen["replies_tls"] = session.replies()
        if "ehlo_tls" in seen:
            seen["versions"] = accepted_versions(address, source, implicit=implicit)
    except (OSError, EOFError) as error:
        seen["error"] = f"{type(error).__name__}: {error}"
        if isinstance(error, TimeoutError) and "greeting" not in seen:
            # Nobody answers here: the master throttles a service that dies as it starts, and every offer would wait.
            return seen | {"suites": []}
    if suites:
        seen["suites"] = accepted_suites(address, source, suites, implicit=bool(seen["implicit"]))
    return seen
