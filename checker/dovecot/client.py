"""One kind of client at one socket, and the settings that the login process gets for it."""

from __future__ import annotations

import itertools

from msgspec import Struct
from msgspec.structs import replace

from checker.dovecot.filters import Filter, Network
from checker.dovecot.internal import program_of
from checker.dovecot.scope import Connection, Scope
from checker.dovecot.server import Server
from checker.dovecot.sockets import Socket
from checker.values import Known, Value

OF_NAME = frozenset(
    {
        *("ssl_cipher_list", "ssl_cipher_suites", "ssl_curve_list", "ssl_dh", "ssl_server_dh_file"),
        *("ssl_prefer_server_ciphers", "ssl_server_prefer_ciphers"),
        *("ssl_verify_client_cert", "ssl_server_request_client_cert"),
    }
)
"""What ``local_name`` decides beside the certificate: the context for TLS is made anew once the client has said its
name. Whether there is TLS, and from which version on, was settled before.
"""


class Client(Struct, frozen=True):
    """One kind of client at one socket: what filters see of one such client, whether login_trusted_networks has it, and
    the networks that make the kind. ``server_name`` is the one that it asks for as TLS begins (SNI).
    """

    server: Server
    socket: Socket
    where: Filter
    trusted: bool = False
    networks: tuple[Network, ...] = ()
    server_name: str | None = None

    @property
    def generation(self) -> str:
        """Return which of the two languages the settings are in."""
        return self.server.release.generation

    @property
    def program(self) -> str:
        """Return the name that the process asks for its settings by: the program's, not that of the service."""
        return program_of(self.server, self.socket.service)

    @property
    def scope(self) -> Scope:
        """Return the values that the login process gets for this client."""
        return self.server.scope(Connection(self.where, self.program))

    def setting(self, name: str) -> Value[str | None]:
        """Return a setting; what the service's executable says with ``-o`` counts, TLS settings are asked as a
        server.
        """
        return self._asked(name, self._connection(name))

    def _connection(self, name: str) -> Connection:
        where = self.where
        if self.server_name is not None and name in OF_NAME:
            where = replace(where, local_name=self.server_name)
        return Connection(where, self.program, role=_role(name))

    def is_set(self, name: str) -> bool:
        """Say whether a setting is written for this client, or for the service."""
        connection = self._connection(name)
        executable = self.server.scope().service_text(self.socket.service, "executable")
        return self.server.scope(connection).is_set(name) or name in _command_line(executable)

    def login_setting(self, name: str) -> Value[str | None]:
        """Return a setting as the login process checks it, not as a TLS server."""
        return self._asked(name, Connection(self.where, self.program))

    def at_start(self, name: str) -> Value[str | None]:
        """Return a setting as the login process gets it before there is a connection: by its protocol alone."""
        return self._asked(name, Connection(Filter(self.where.protocol), role=_role(name)))

    def _asked(self, name: str, connection: Connection) -> Value[str | None]:
        scope = self.server.scope(connection)
        given = _command_line(self.server.scope().service_text(self.socket.service, "executable")).get(name)
        if given is None or scope.is_narrowed(name):
            return scope.text(name)  # in 2.4 a filter goes before the command line
        return given


def _role(name: str) -> str | None:
    return "ssl_server" if name.startswith("ssl") else None


def _command_line(executable: Value[str | None]) -> dict[str, Known[str | None]]:
    """Return what ``-o name=value`` in a service's executable sets for its processes."""
    words = (executable.value or "").split() if isinstance(executable, Known) else []
    given: dict[str, Known[str | None]] = {}
    for option, argument in itertools.pairwise(words):
        name, equals, text = argument.partition("=")
        if option == "-o" and equals:
            given[name] = Known(text, executable.origins)
    return given
