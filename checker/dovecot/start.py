"""Whether Dovecot starts with a configuration, and what stops it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checker.dovecot.absent import awaited
from checker.dovecot.config import Configuration23
from checker.dovecot.scope import TEMPLATE, TO_RENDER
from checker.dovecot.server import Server, listed
from checker.dovecot.sockets import Socket
from checker.values import Known, Origin, Reason, Unknown

WILDCARDS = ("*", "::")


def starts(server: Server, sockets: Sequence[Socket]) -> Known[bool] | Unknown:
    """Return whether the master process starts, as far as the files tell; what stops it is the first origin."""
    for origin in _faults(server, sockets):
        if _is_template(server, origin):
            return Unknown(Reason("template", f"{TO_RENDER}: {origin.note}"), (origin,))
        return Known(False, (origin,))
    absent = awaited(server.configuration)
    if absent is not None:
        return Unknown(Reason("not-in-set", absent.text), (Origin(absent.text, absent.place),))
    return Known(True)


def _is_template(server: Server, origin: Origin) -> bool:
    """Say whether what stops Dovecot is a line that a template engine would replace."""
    place = origin.place
    source = next((each for each in server.configuration.files if place and each.path == place.path), None)
    return source is not None and place is not None and TEMPLATE.search(source.line(place.line)) is not None


def _faults(server: Server, sockets: Sequence[Socket]) -> Iterator[Origin]:
    fatal = server.configuration.fatal
    if fatal is not None:
        yield Origin(fatal.text, fatal.place)
    yield from _unknown_protocols(server)
    yield from _nowhere(server)
    yield from _clashes(sockets)
    yield from _unresolvable(sockets)
    text = _refusal(server)
    if text is not None:
        yield _placed(server, text)


def _refusal(server: Server) -> str | None:
    """Return what Dovecot says once all is read; only the checks of one generation are loaded."""
    if isinstance(server.configuration, Configuration23):
        from checker.dovecot import checks23  # noqa: PLC0415

        return checks23.first_error(server.configuration)
    from checker.dovecot import checks24  # noqa: PLC0415

    checking = checks24.Checking(expanded=True)  # as for daemons, for which later releases check services, too
    return next(checks24.errors(server.release, server.configuration.root, checking=checking), None)


def _unknown_protocols(server: Server) -> Iterator[Origin]:
    """Yield protocols that no service has: 2.4.5's doveconf is silent about them, its daemon is not."""
    master = server.scope()
    protocols = server.protocols()
    if not isinstance(protocols, Known):
        return
    values = [master.service_text(service, "protocol") for service in master.services()]
    if not all(isinstance(value, Known) for value in values):
        return
    offered = {value.value for value in values if isinstance(value, Known)}
    for name in protocols.value or ():
        if name not in offered:
            place = next((origin.place for origin in protocols.origins if not origin.is_default), None)
            yield Origin(f"protocols: Unknown protocol: {name}", place, "protocols", name)


def _nowhere(server: Server) -> Iterator[Origin]:
    """Yield a global ``listen`` without any address, which doveconf of 2.4 lets pass, but the master does not."""
    listen = server.scope().text("listen")
    if isinstance(listen, Known) and not listed(listen.value):
        place = next((origin.place for origin in listen.origins if not origin.is_default), None)
        yield Origin("listen can't be set empty", place, "listen", listen.value or "")


def _unresolvable(sockets: Sequence[Socket]) -> Iterator[Origin]:
    """Yield addresses that are none and can be no host's name either, such as ``*:143`` in 2.4."""
    for socket in sockets:
        address = socket.address
        if isinstance(address, Unknown) and address.reason.kind == "invalid":
            place = next((origin.place for origin in address.origins if not origin.is_default), None)
            yield Origin(f"{socket.service}/{socket.listener}: {address.reason.text}", place, "listen")


def _placed(server: Server, text: str) -> Origin:
    """Return an error that names its setting first, at that setting."""
    name = re.match(r"\w*", text)
    found = server.scope().text(name.group()) if name else None
    written = [origin for origin in found.origins if not origin.is_default] if found else []
    return Origin(text, written[0].place if written else server.scope().anchor, written[0].parameter if written else "")


def _clashes(sockets: Sequence[Socket]) -> Iterator[Origin]:
    """Yield sockets that cannot be bound: another has the port at the same address, or at the wildcard."""
    taken: dict[tuple[str, int], Socket] = {}
    for socket in sockets:
        address = socket.address.value if isinstance(socket.address, Known) else None
        port = socket.port.value if isinstance(socket.port, Known) else None
        if address is None or port is None:
            continue
        wildcard = "::" if ":" in address else "*"
        others = [each for each in taken if each[1] == port and (each[0] == address or _family(each[0]) == wildcard)]
        if any(address in WILDCARDS or each[0] in (address, wildcard) for each in others):
            label = f"{socket.service}/{socket.listener}"
            place = next((origin.place for origin in socket.origins if not origin.is_default), None)
            yield Origin(f"{label}: port {port} of {address} is taken by another listener", place)
        taken[address, port] = socket


def _family(address: str) -> str:
    return "::" if ":" in address else "*"
