"""A small SMTP server that takes all mail and notes how it came. Only the standard library."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO

MECHANISMS = "PLAIN LOGIN"


class Sink:
    """Listens on one address for each kind of server, and notes by recipient whether it came in TLS, and with what
    login: ``none``, ``clear`` or ``tls``.
    """

    def __init__(self, certificate: str) -> None:
        self.seen: dict[str, dict[str, Any]] = {}
        self.logins: dict[str, set[str]] = {}
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)

    def listen(self, address: tuple[str, int], features: Sequence[str]) -> None:
        """Serve an address: with ``starttls``, with ``wrapper``, with ``auth``."""
        listener = socket.create_server(address, backlog=64)
        threading.Thread(target=self._serve, args=(listener, features), daemon=True).start()

    def _serve(self, listener: socket.socket, features: Sequence[str]) -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._greet, args=(connection, features), daemon=True).start()

    def _greet(self, connection: socket.socket, features: Sequence[str]) -> None:
        with suppress(OSError, EOFError), connection:
            if "wrapper" in features:
                connection = self._context.wrap_socket(connection, server_side=True)
            connection.sendall(b"220 sink ESMTP\r\n")
            self._talk(connection, features)

    def _talk(self, connection: socket.socket, features: Sequence[str]) -> None:
        lines: BinaryIO = connection.makefile("rb")
        login, name = "none", ""
        while True:
            line = lines.readline(4096)
            if not line:
                return
            verb, _, rest = line.decode("latin-1").strip().partition(" ")
            secured = isinstance(connection, ssl.SSLSocket)
            reply = "250 2.0.0 ok"
            if verb == "EHLO":
                name = rest
                offered = ["sink", "AUTH " + MECHANISMS] if "auth" in features else ["sink"]
                if "starttls" in features and not secured:
                    offered.append("STARTTLS")
                reply = "\r\n".join(f"250-{each}" for each in offered) + "\r\n250 8BITMIME"
            elif verb == "STARTTLS":
                connection.sendall(b"220 2.0.0 ready\r\n")
                connection = self._context.wrap_socket(connection, server_side=True)
                lines = connection.makefile("rb")
                continue
            elif verb == "AUTH":
                login = "tls" if secured else "clear"
                self.logins.setdefault(name, set()).add(login)
                reply = "235 2.7.0 welcome"
            elif verb == "RCPT":
                recipient = rest.partition("<")[2].partition(">")[0]
                self.seen[recipient] = {"tls": secured, "login": login}
            elif verb == "DATA":
                connection.sendall(b"354 go on\r\n")
                while lines.readline(4096) not in (b".\r\n", b""):
                    pass
            elif verb == "QUIT":
                connection.sendall(b"221 2.0.0 bye\r\n")
                return
            connection.sendall(reply.encode() + b"\r\n")
