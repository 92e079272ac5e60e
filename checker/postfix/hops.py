"""Where a connection goes: next hops of mail and addresses of helpers, as written."""

from __future__ import annotations

from msgspec import Struct

from checker.facts.types import Exposure
from checker.networks import exposure_of
from checker.postfix.network import port_number
from checker.postfix.scope import Scope
from checker.values import ABSENT, Known, Origin, Reason, Unknown, Value

LOOPBACK_NAMES = ("localhost", "ip6-localhost", "localhost.localdomain")
"""Names of this host: RFC 6761 section 6.3, and what /etc/hosts of Debian and of Red Hat has had for long."""


class Hop(Struct, frozen=True):
    """One other side. ``text`` is the next hop as written, which tables have as a key; None where it is whoever DNS
    names for a recipient. ``host`` is a name, an address, the path of a unix socket, or empty.
    """

    text: str | None = None
    host: str = ""
    port: str = ""
    is_unix: bool = False

    @property
    def is_literal(self) -> bool:
        """Whether the host is an address."""
        return not self.is_unix and exposure_of(self.host) is not None


ANYBODY = Hop()
"""The mail exchangers of any domain."""


def mail_hop(text: str, *, lmtp: bool) -> Hop:
    """Read the next hop of smtp(8) or lmtp(8); the latter also takes ``unix:`` and ``inet:``
    (smtp_connect.c:smtp_connect).
    """
    if not text:
        return ANYBODY
    if lmtp and text.startswith("unix:"):
        return Hop(text, text.removeprefix("unix:"), is_unix=True)
    host, port = split_host(text.removeprefix("inet:") if lmtp else text, "lmtp" if lmtp else "smtp")
    return Hop(text, host, port)


def helper_hop(text: str, schemes: tuple[str, ...] = ("unix", "local"), default: str = "") -> Hop | None:
    """Read ``inet:host:port``, ``unix:path`` or, without a scheme, what is the ``default``; None if it is none."""
    scheme, colon, rest = text.partition(":")
    if scheme not in ("inet", *schemes) or not colon:
        scheme, rest = default, text
    if not rest or not scheme:
        return None
    if scheme != "inet":
        return Hop(text, rest, is_unix=True)
    host, port = split_host(rest, "")
    # A lone port is one of this host (util/inet_connect.c).
    return Hop(text, host, port) if port else Hop(text, "localhost", host)


def split_host(text: str, default_port: str) -> tuple[str, str]:
    """Return host and port of ``[host]:port``, ``host:port`` or either alone (util/host_port.c)."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        if host[:5].lower() == "ipv6:":
            host = host[5:]
        return host, rest.removeprefix(":") or default_port
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, default_port
    return host or "localhost", port or default_port


def address(hop: Hop, origins: tuple[Origin, ...]) -> Value[str | None]:
    """Return the host, domain or path of the other side."""
    return Known(hop.host or None, origins)


def port(hop: Hop, scope: Scope) -> Value[int | None]:
    """Return the port of the other side."""
    return port_number(scope, hop.port) if hop.port else ABSENT


def exposure(hop: Hop, origins: tuple[Origin, ...]) -> Value[Exposure | None]:
    """Return who could listen where the other side is; the Internet where any recipient's domain says where."""
    if hop.is_unix:
        return Known("unix", origins)
    if hop.text is None:
        return Known("public", origins)
    if not hop.host:
        return ABSENT
    if hop.host.lower() in LOOPBACK_NAMES:
        return Known("loopback", origins)
    found = exposure_of(hop.host)
    if found is None:
        return Unknown(Reason("dns-only", f"the address of '{hop.host}' is looked up"), origins)
    return Known(found, origins)
