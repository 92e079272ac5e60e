"""Which ways mail takes out of a Postfix: for each service the next hops that parameters name, as
trivial-rewrite/resolve.c puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from checker.derive import derive
from checker.facts.types import OutboundPurpose
from checker.postfix.master_cf import Service
from checker.postfix.restriction_entries import entries
from checker.postfix.restrictions import restriction_lists
from checker.postfix.scope import Configuration, Scope
from checker.postfix.tls_policies import listed
from checker.values import Known, OneOf, Origin, Reason, Unknown, Value

DELIVERIES = (
    ("trivial-rewrite", "local_transport"),
    ("trivial-rewrite", "virtual_transport"),
    ("local", "mailbox_transport"),
    ("local", "fallback_transport"),
)
"""What names a transport for mail that stays."""

FILTERED = ("smtpd", "pickup", "qmqpd")
"""The programs that take mail in, each with its own content_filter."""

NAMING_TABLES = (
    ("trivial-rewrite", "transport_maps"),
    ("trivial-rewrite", "sender_dependent_default_transport_maps"),
    ("local", "mailbox_transport_maps"),
    ("local", "fallback_transport_maps"),
    ("trivial-rewrite", "address_verify_transport_maps"),
    ("cleanup", "header_checks"),
    ("cleanup", "body_checks"),
    ("cleanup", "mime_header_checks"),
    ("cleanup", "nested_header_checks"),
    ("cleanup", "milter_header_checks"),
)
"""The tables that may name a transport; the latter ones by FILTER, as may those of smtpd's restrictions."""

MAX_RELAYS = 100
"""Of more relays by sender than this only the first ones have facts."""


T = TypeVar("T")


class Route(Struct, frozen=True):
    """A way that mail takes through a service: to ``next_hop`` as written, or to wherever DNS says (empty)."""

    purpose: OutboundPurpose
    next_hop: str
    origins: tuple[Origin, ...]
    used: Value[bool] = Known(True)


class Routes(Struct, frozen=True):
    """The ways by the name of the service, and why there may be more (None if there are none)."""

    by_service: Mapping[str, tuple[Route, ...]]
    more: Unknown | None


def routes(configuration: Configuration, services: Sequence[Service]) -> Routes:
    """Return the ways that parameters name."""
    scope_of = _scopes(configuration, services)
    found: dict[str, dict[str, Route]] = {}
    doubts: list[Unknown] = []
    for name, route in _named(configuration, services, scope_of):
        if isinstance(route, Unknown):
            doubts.append(route)
        else:
            found.setdefault(name, {}).setdefault(route.next_hop, route)
    for name, route in _in_tables(configuration, services, scope_of):
        if isinstance(route, Unknown):
            doubts.append(route)
        elif all(is_unused(way) for way in found.get(name, {}).values()):
            found[name] = {route.next_hop: route}
    more = doubts[0] if doubts else None
    ways = {name: tuple(_doubted(way, more) for way in each.values()) for name, each in found.items()}
    return Routes(ways, more)


def is_unused(way: Route) -> bool:
    """Say whether it is known that no mail takes a way."""
    return isinstance(way.used, Known) and not way.used.value


def _doubted(way: Route, more: Unknown | None) -> Route:
    """Return a way with its use unknown, where no parameter but perhaps a table uses it."""
    return replace(way, used=more) if more is not None and is_unused(way) else way


def fallbacks(scope: Scope, parameter: str) -> tuple[Route, ...]:
    """Return the ways that a client tries last."""
    value = scope.words(parameter)
    return tuple(Route("relay", hop, value.origins) for words in _alternatives(value) for hop in words or ())


def _scopes(configuration: Configuration, services: Sequence[Service]) -> Callable[[str], Scope]:
    """Return what gives the scope of the first service of a program, of main.cf alone where there is none."""
    first: dict[str, Service] = {}
    for service in services:
        first.setdefault(service.command, service)
    made: dict[str, Scope] = {}

    def scope_of(program: str) -> Scope:
        if program not in made:
            made[program] = configuration.scope(program, first.get(program))
        return made[program]

    return scope_of


def _named(
    configuration: Configuration, services: Iterable[Service], scope_of: Callable[[str], Scope]
) -> Iterator[tuple[str, Route | Unknown]]:
    """Yield the service and the way of each parameter that names one."""
    rewrite = scope_of("trivial-rewrite")
    relays = rewrite.words("relayhost")
    domains = derive(lambda take: bool(take(rewrite.words("relay_domains"))))
    yield from _to_others(rewrite, "default_transport", relays, Known(True))
    yield from _to_others(rewrite, "relay_transport", relays, domains)
    for program, parameter in DELIVERIES:
        for name, next_hop, origins in _transports(scope_of(program), parameter):
            yield name, Route("delivery", next_hop, origins)
    scopes = [scope_of("pickup")]
    scopes += [configuration.scope(each.command, each) for each in services if each.command in FILTERED]
    for scope in scopes:
        for name, next_hop, origins in _transports(scope, "content_filter"):
            yield name, Route("filter", next_hop, origins)


def _to_others(
    rewrite: Scope, parameter: str, relays: Value[tuple[str, ...] | None], used: Value[bool]
) -> Iterator[tuple[str, Route | Unknown]]:
    """Yield the ways of a transport for other hosts' mail: its own next hop, else the relay host, else what DNS
    says.
    """
    transport = rewrite.text(parameter)
    if isinstance(transport, Unknown):
        yield "", transport
    for name, next_hop, origins in _transports(rewrite, parameter):
        if next_hop:
            yield name, Route("relay", next_hop, origins, used)
            continue
        if isinstance(relays, Unknown):
            yield "", relays
        for hops in _alternatives(relays):
            for hop in hops or ():
                yield name, Route("relay", hop, (*relays.origins, *origins), used)
            if not hops:
                yield name, Route("mx", "", origins, used)
        if parameter == "default_transport":
            for hop, place in _relays_by_sender(rewrite):
                yield name, Route("relay", hop, (place, *origins), used)


def _relays_by_sender(rewrite: Scope) -> Iterator[tuple[str, Origin]]:
    """Yield the relays that depend on the sender, as far as the tables are read."""
    value = rewrite.words("sender_dependent_relayhost_maps")
    found = (
        (entry.value, Origin(part.text, entry.place))
        for words in _alternatives(value)
        for word in words or ()
        for part, entry in listed(rewrite.tables.open(word))
        if entry is not None and entry.value.lower() != "dunno"
    )
    return islice(found, MAX_RELAYS)


def _transports(scope: Scope, parameter: str) -> Iterator[tuple[str, str, tuple[Origin, ...]]]:
    value = scope.text(parameter)
    for text in _alternatives(value):
        if text:
            name, _, next_hop = text.partition(":")
            yield name, next_hop, value.origins


def _in_tables(
    configuration: Configuration, services: Sequence[Service], scope_of: Callable[[str], Scope]
) -> Iterator[tuple[str, Route | Unknown]]:
    """Yield the services that tables name, each once with its first way, and why there may be more."""
    met: set[str] = set()
    for word, value, is_check in (*_naming(scope_of), *_access_tables(configuration, services)):
        if isinstance(value, Unknown):
            yield "", value
            continue
        for part, entry in listed(scope_of("trivial-rewrite").tables.open(word)):
            if entry is None:
                yield "", Unknown(part.reason or Reason("not-in-set", f"{word} is not read"), value.origins)
                continue
            name, _, next_hop = (_filter(entry.value) if is_check else entry.value).partition(":")
            if name and name not in met:
                met.add(name)
                purpose: OutboundPurpose = "filter" if is_check else "relay" if next_hop else "mx"
                yield name, Route(purpose, next_hop, (Origin(part.text, entry.place), *value.origins))


_Named = tuple[str, Value[tuple[str, ...] | None], bool]
"""A table, the parameter's value that names it, and whether only FILTER counts."""


def _naming(scope_of: Callable[[str], Scope]) -> Iterator[_Named]:
    for program, parameter in NAMING_TABLES:
        value = scope_of(program).words(parameter)
        if isinstance(value, Unknown):
            yield "", value, True
        for words in _alternatives(value):
            for word in words or ():
                yield word, value, parameter.endswith("_checks")


def _access_tables(configuration: Configuration, services: Iterable[Service]) -> Iterator[_Named]:
    """Yield the access tables of smtpd's restrictions, each once."""
    met: set[str] = set()
    for service in services:
        scope = configuration.scope("smtpd", service)
        for value in restriction_lists(scope) if service.command == "smtpd" else ():
            for word, argument in entries(value.value or () if isinstance(value, Known) else ()):
                table = argument if word.lower().endswith("_access") else word
                if ":" in table and table not in met:
                    met.add(table)
                    yield table, value, True


def _filter(text: str) -> str:
    """Return the transport of FILTER, empty for another action."""
    action, _, rest = text.partition(" ")
    return rest.strip() if action.upper() == "FILTER" else ""


def _alternatives(value: Value[T]) -> Iterator[T]:
    if isinstance(value, Known):
        yield value.value
    elif isinstance(value, OneOf):
        yield from (each.value for _, each in value.alternatives if isinstance(each, Known))
