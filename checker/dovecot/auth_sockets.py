"""The unix sockets of the authentication service that the files speak of: where they are, and who may connect."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from checker.derive import Take, converted, derive
from checker.dovecot import types
from checker.dovecot.scope import typed
from checker.dovecot.server import Server
from checker.dovecot.sockets import protocol_of
from checker.facts.endpoint import Auth, Endpoint, Socket, Tls
from checker.facts.types import SocketUse
from checker.values import Known, Origin, Value, merged

KIND = "unix_listener"
WRITTEN = ("mode", "path", "type", "user", "group")
"""What a file may say of a socket; of one that no file mentions nobody has changed the safe modes."""

USES: dict[str, SocketUse] = {"login": "login", "master": "master", "userdb": "userdb"}
"""What a socket answers, by its type or, without one, by the end of its name (auth/main.c); others serve clients."""

TOKENS = ("token", "tokenlogin", "token-login")
"""Sockets that know no password; they are none of the uses."""


def auth_sockets(server: Server) -> Iterator[Endpoint]:
    """Yield the unix sockets of services that run ``auth``, as far as a file mentions them."""
    master = server.scope()
    for service in master.services():
        if protocol_of(server, service) != "auth":
            continue
        for name in master.listeners(service, KIND):
            values = [master.listener_text(service, name, each, KIND) for each in WRITTEN]
            written = [origin for origin in merged(each.origins for each in values) if not origin.is_default]
            if written and not _closed(mode := _mode(server, service, name)):
                yield _endpoint(server, service, name, mode, tuple(written))


def _endpoint(
    server: Server, service: str, name: str, mode: Value[str | None], written: tuple[Origin, ...]
) -> Endpoint:
    label = f"{service}/{name.lstrip('/')}"
    return Endpoint(
        id=f"dovecot:{label}",
        origins=written,
        product=Known("dovecot"),
        source=Known("config"),
        service=Known(label, written),
        protocol=Known("auth", written),
        tls=Tls(mode=Known("none"), required=Known(False)),
        auth=Auth(offered=Known(False), required=Known(False), cleartext_allowed=Known(False)),
        socket=Socket(path=_path(server, service, name), mode=mode, use=_use(server, service, name)),
        settings=server.scope(),
    )


def _mode(server: Server, service: str, name: str) -> Value[str | None]:
    """Return the mode that the socket gets: of a number without a leading zero the bits of its *decimal* value."""
    text = server.scope().listener_text(service, name, "mode", KIND)
    return typed(text, lambda word: f"{types.octal(word) & 0o777:04o}")  # type: ignore[return-value]  # text stays text


def _closed(mode: Value[str | None]) -> bool:
    """Say whether there is no socket at all: mode 0 switches it off."""
    return isinstance(mode, Known) and mode.value == "0000"


def _path(server: Server, service: str, name: str) -> Value[str | None]:
    own = server.scope().listener_text(service, name, "path", KIND)
    base = server.scope().text("base_dir")

    def compute(take: Take) -> str:
        return posixpath.join(take(base) or "", take(own) or name)

    return derive(compute)


def _use(server: Server, service: str, name: str) -> Value[SocketUse | None]:
    def changed(kind: str | None) -> SocketUse | None:
        word = kind or posixpath.basename(name).rpartition("-")[2]
        return None if word in TOKENS else USES.get(word, "client")

    return converted(server.scope().listener_text(service, name, "type", KIND), changed)
