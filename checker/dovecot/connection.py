"""One connection that a Dovecot makes, whatever for, and the fact that it becomes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checker.derive import Take, derive
from checker.dovecot.scope import Scope
from checker.facts.endpoint import Tls
from checker.facts.outbound import Outbound
from checker.facts.types import Exposure, OutboundProtocol, OutboundPurpose, TlsMode
from checker.networks import exposure_of
from checker.values import ABSENT, Known, Origin, Reason, Unknown, Value

OWN_SOCKET = "/"
"""The unix socket that a client library knows by itself."""

LOCALHOST = ("localhost", "localhost.localdomain", "ip6-localhost")
IMPLICIT, STARTTLS, CLEAR = (Known[TlsMode | None](mode) for mode in ("implicit", "starttls", "none"))


class Protection(Struct, frozen=True):
    """How it is encrypted: nothing is sent in clear (``required``), and the other side shows who it is
    (``verified``).
    """

    mode: Value[TlsMode | None]
    required: Value[bool | None]
    verified: Value[bool | None]


IN_CLEAR = Protection(CLEAR, Known(False), Known(False))


class Connect(Struct, frozen=True):
    """What is connected to: a host or the path of a socket, as written. ``service`` is the process that connects."""

    purpose: OutboundPurpose
    protocol: OutboundProtocol
    service: str
    host: str
    port: int | None
    protection: Protection
    origins: tuple[Origin, ...]
    credentials: Value[bool | None] = ABSENT
    sends_in_clear: bool = True
    """Without TLS its password goes over the wire as it is; ``False`` where a challenge is answered."""
    fails_open: Value[bool | None] = ABSENT


def facts(found: Iterator[Connect], settings: Scope) -> tuple[Outbound, ...]:
    """Return the facts, those of one id once."""
    made: dict[str, Outbound] = {}
    for each in found:
        made.setdefault((fact := _fact(each, settings)).id, fact)
    return tuple(made.values())


def _fact(connect: Connect, settings: Scope) -> Outbound:
    origins = connect.origins
    host = connect.host if connect.host != OWN_SOCKET else None
    port = f":{connect.port}" if connect.port else ""
    return Outbound(
        id=f"dovecot:{connect.purpose}:{connect.protocol}:{host or 'unix'}{port}",
        origins=origins,
        product=Known("dovecot"),
        source=Known("config"),
        service=Known(connect.service),
        purpose=Known(connect.purpose, origins),
        protocol=Known(connect.protocol, origins),
        address=Known(host, origins),
        port=Known(connect.port, origins),
        exposure=_exposure(connect),
        destination=Known(host, origins),
        tls=Tls(mode=connect.protection.mode, required=connect.protection.required),
        verified=connect.protection.verified,
        credentials=connect.credentials,
        cleartext_allowed=derive(lambda take: _may_leak(take, connect)),
        fails_open=connect.fails_open,
        settings=settings,
    )


def _may_leak(take: Take, connect: Connect) -> bool | None:
    """Say whether nothing stops it from sending its password in clear; absent where it has none."""
    if not connect.sends_in_clear or not take(connect.credentials):
        return None
    return not take(connect.protection.required)


def _exposure(connect: Connect) -> Value[Exposure | None]:
    host = connect.host.removeprefix("[").removesuffix("]")
    if host.startswith("/"):
        return Known("unix", connect.origins)
    if host.lower() in LOCALHOST:
        return Known("loopback", connect.origins)
    found = exposure_of(host)
    if found is not None:
        return Known(found, connect.origins)
    reason = Reason("dns-only", f"the address of '{host}' is looked up when Dovecot connects")
    return Unknown(reason, connect.origins)


def split_port(text: str) -> tuple[str, int | None]:
    """Return the host and the port of ``host:port`` or ``[address]:port``."""
    host, colon, number = text.rpartition(":")
    if colon and number.isdecimal() and (":" not in host or host.endswith("]")):
        return host.removeprefix("[").removesuffix("]"), int(number[:6])
    return text.removeprefix("[").removesuffix("]"), None


def by_url(url: str, verified: Value[bool | None], origins: tuple[Origin, ...]) -> tuple[str, int | None, Protection]:
    """Return host, port and protection of a URL; what it has beside them (a user, a path) is left out."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0].rpartition("@")[2]
    host, port = split_port(authority)
    is_tls = scheme.lower() in ("https", "ldaps")
    mode: Value[TlsMode | None] = Known("implicit" if is_tls else "none", origins)
    return host, port, Protection(mode, Known(is_tls, origins), verified if is_tls else Known(False, origins))
