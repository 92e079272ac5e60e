"""The networks that a Dovecot trusts: whose clients count as secured, and whose proxies may name the client."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from checker.dovecot.filters import FilterError, network
from checker.dovecot.server import Server, listed
from checker.facts.trust import Trust, unseen
from checker.facts.types import Network, Purpose
from checker.networks import network_exposure
from checker.values import Known, Origin, Reason, Unknown, Value

SETTINGS: dict[str, Purpose] = {"login_trusted_networks": "login", "haproxy_trusted_networks": "proxy"}


def trusted(server: Server) -> tuple[Trust, ...]:
    """Return the networks of both settings, each as a fact; a host name's addresses are not known."""
    return tuple(trust for name, purpose in SETTINGS.items() for trust in _of(server, name, purpose))


def _of(server: Server, name: str, purpose: Purpose) -> Iterator[Trust]:
    value = server.scope().text(name)
    if not isinstance(value, Known):
        yield unseen("dovecot", purpose, name, _unknown(value), server.scope())
        return
    for word in listed(value.value):
        try:
            found = network(word)
        except FilterError:
            continue  # matches nobody; the entries after it are not reached in 2.4
        if found.address is None:
            reason = Reason("dns-only", f"the address of '{word}' is looked up when a client connects")
            yield unseen("dovecot", purpose, word, Unknown(reason, value.origins), server.scope())
            continue
        yield _known(server, purpose, f"{found.address}/{found.bits}", value.origins)


def _unknown(value: Value[str | None]) -> Unknown:
    reason = value.reason if isinstance(value, Unknown) else Reason("template", "there are several renderings")
    return Unknown(reason, value.origins)


def _known(server: Server, purpose: Purpose, text: str, origins: tuple[Origin, ...]) -> Trust:
    each = ip_network(text, strict=False)
    return Trust(
        f"dovecot:{purpose}:{each}",
        origins,
        Known("dovecot"),
        Known("config"),
        Known(purpose),
        network=Known(Network(str(each)), origins),
        bits=Known(each.prefixlen, origins),
        exposure=Known(network_exposure(each), origins),
        settings=server.scope(),
    )
