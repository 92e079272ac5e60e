"""The unix sockets of the services: where they are, whose they are, and who may connect (master/service.c)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from checker.derive import Take, converted, derive
from checker.dovecot import types
from checker.dovecot.internal import Listener, auth_of, protocol_of, socket_use
from checker.dovecot.scope import typed
from checker.dovecot.server import Server
from checker.dovecot.sockets import runs
from checker.facts.endpoint import Endpoint, Socket, Tls
from checker.values import Known, Origin, Value, merged

KIND = "unix_listener"
WRITTEN = ("mode", "path", "type", "user", "group")
"""What a file may say of a socket."""

OF_ONE_PROCESS = "%{pid}"
"""In the name of a socket that each process opens for itself (2.4)."""

USERDB = "auth-userdb"
"""A socket to which the master gives no group, though doveconf of 2.4 prints a default (seen with 2.4.1 and 2.4.5)."""

MASTERS_OWN = "root"
"""Whose a socket is where nothing else is said: the master process makes it."""


def unix_sockets(server: Server) -> Iterator[Endpoint]:
    """Yield the unix sockets that a file says something of, of services that run."""
    master = server.scope()
    for service in master.services():
        names = master.written_listeners(service, KIND)
        if names and _may_run(server, service):
            for name in names:
                listener = Listener(server, service, name, KIND)
                written = _written(listener)
                if written or not master.is_built_in(service, name, KIND):
                    yield from _open(listener, written)


def built_in_sockets(server: Server) -> tuple[Endpoint, ...]:
    """Return the others: the release brings them, and nobody has changed them."""
    master = server.scope()
    listeners = (
        Listener(server, service, name, KIND)
        for service in master.services()
        if _may_run(server, service)
        for name in master.listeners(service, KIND)
        if master.is_built_in(service, name, KIND) and OF_ONE_PROCESS not in name
    )
    return tuple(each for listener in listeners if not _written(listener) for each in _open(listener, ()))


def _may_run(server: Server, service: str) -> bool:
    running = runs(server, service)
    return not isinstance(running, Known) or running.value


def _written(listener: Listener) -> tuple[Origin, ...]:
    values = map(listener.text, WRITTEN)
    return tuple(origin for origin in merged(each.origins for each in values) if not origin.is_default)


def _open(listener: Listener, written: tuple[Origin, ...]) -> Iterator[Endpoint]:
    mode = _mode(listener)
    if isinstance(mode, Known) and mode.value == "0000":
        return  # mode 0 switches a socket off
    origins = written or mode.origins
    label = f"{listener.service}/{listener.name.lstrip('/')}"
    yield Endpoint(
        id=f"dovecot:{label}",
        origins=origins,
        product=Known("dovecot"),
        source=Known("config"),
        service=Known(label, origins),
        protocol=Known(protocol_of(listener), origins),
        serves=runs(listener.server, listener.service),
        tls=Tls(mode=Known("none"), required=Known(False)),
        auth=auth_of(listener, trusted=converted(mode, _own_only), in_clear=Known(False)),
        socket=Socket(
            path=_path(listener),
            mode=mode,
            owner=_account(listener, "user"),
            group=_account(listener, "group"),
            use=socket_use(listener),
        ),
        settings=listener.server.scope(),
    )


def _mode(listener: Listener) -> Value[str | None]:
    """Return the mode that the socket gets: of a number without a leading zero the bits of its *decimal* value."""
    text = listener.text("mode")
    return typed(text, lambda word: f"{types.octal(word) & 0o777:04o}")  # type: ignore[return-value]  # text stays text


def _own_only(mode: str | None) -> bool:
    return mode == "0600"


def _path(listener: Listener) -> Value[str | None]:
    own = listener.text("path")
    base = listener.server.scope().text("base_dir")

    def compute(take: Take) -> str:
        return posixpath.join(take(base) or "", take(own) or listener.name)

    return derive(compute)


def _account(listener: Listener, what: str) -> Value[str | None]:
    """Return whose the socket is; a user brings no group along."""
    text = listener.text(what)
    if what == "group" and listener.name == USERDB and all(origin.is_default for origin in text.origins):
        return converted(text, lambda _: MASTERS_OWN)
    return converted(text, lambda account: account or MASTERS_OWN)
