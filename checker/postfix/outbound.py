"""What a Postfix connects to: the ways that mail takes out of it, and the helpers that it asks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from checker.derive import Take, derive
from checker.facts.outbound import Outbound
from checker.facts.types import TLS_VERSIONS, OutboundPurpose, TlsVersion
from checker.postfix import hops, passwords, smtp
from checker.postfix.endpoints import running_services
from checker.postfix.helpers import helpers
from checker.postfix.hops import ANYBODY, Hop, mail_hop
from checker.postfix.routes import Route, Routes, fallbacks, is_unused, routes
from checker.postfix.scope import Configuration, Scope
from checker.postfix.smtp import Client
from checker.postfix.smtp_fault import fault
from checker.postfix.tables.table import Entry, Table
from checker.postfix.tls_policies import asks_mta_sts, listed, policy_for
from checker.postfix.tls_policy import Policy, parse_policy
from checker.values import ABSENT, Known, Origin, Reason, Unknown, Value

CLIENTS = ("smtp", "lmtp")
TO_OTHERS = ("mx", "relay")

MAX_ENTRIES = 500
"""Of more entries of policy and password tables than this only the first ones have facts."""


class Service(Struct, frozen=True):
    """One client of master.cf: its scope, the prefix of its parameters, its name there, and where it stands."""

    scope: Scope
    prefix: str
    name: str
    origins: tuple[Origin, ...]

    @property
    def label(self) -> str:
        """Return the name as in master.cf, with the type."""
        return f"{self.name}/unix"


def password_files(configuration: Configuration) -> frozenset[str]:
    """Return the paths of the files with passwords that clients log in with."""
    return frozenset(
        path for service in _clients(configuration) for path in passwords.password_files(service.scope, service.prefix)
    )


def outbound(configuration: Configuration) -> tuple[Outbound, ...]:
    """Return the connections that a Postfix makes."""
    running = running_services(configuration)
    ways = routes(configuration, running)
    found: list[Outbound] = []
    told: set[object] = set()
    for service in _clients(configuration):
        known = _known_routes(service, ways)
        found += (_way(service, route, at) for at, route in enumerate(known))
        if any(route.purpose in TO_OTHERS and not is_unused(route) for route in known):
            found += (each for each in _entries(service, known) if _is_new(each, told))
    return (*found, *helpers(configuration, running))


def _clients(configuration: Configuration) -> Iterator[Service]:
    """Yield the clients that run, without a master.cf the one that every Postfix has; nothing is known of any without
    a main.cf, where tables may overrule what the options of a client say.
    """
    if configuration.main is None:
        return
    for entry in running_services(configuration):
        if entry.command in CLIENTS and entry.type == "unix":
            origin = Origin("master.cf", entry.place, entry.label, entry.command)
            yield Service(configuration.scope(entry.command, entry), entry.command, entry.name, (origin,))
    if configuration.master is None:
        origin = Origin("main.cf", configuration.main.source.span(0, 0))
        yield Service(configuration.scope("smtp"), "smtp", "smtp", (origin,))


def _known_routes(service: Service, ways: Routes) -> tuple[Route, ...]:
    """Return the ways through a client; of one that nothing names the way that its name promises."""
    known = ways.by_service.get(service.name, ())
    if not known:
        purpose: OutboundPurpose = "mx" if service.prefix == "smtp" else "delivery"
        known = (Route(purpose, "", (), ways.more or Known(False)),)
    met = {route.next_hop for route in known}
    last = fallbacks(service.scope, f"{service.prefix}_fallback_relay")
    return (*known, *(replace(route, used=known[0].used) for route in last if route.next_hop not in met))


def _way(service: Service, route: Route, at: int) -> Outbound:
    hop = mail_hop(route.next_hop, lmtp=service.prefix == "lmtp")
    client = Client(
        service.scope,
        service.prefix,
        hop,
        policy_for(service.scope, service.prefix, hop),
        passwords.password_for(service.scope, service.prefix, hop, is_way=route.purpose in TO_OTHERS),
    )
    suffix = f":{route.next_hop}" if at else ""
    fact = _fact(service, client, f"postfix:{service.label}{suffix}", route.origins)
    purpose = Known(route.purpose, (*route.origins, *service.origins))
    return replace(fact, purpose=purpose, origins=(*service.origins, *route.origins), used=route.used)


def _fact(service: Service, client: Client, identifier: str, origins: tuple[Origin, ...]) -> Outbound:
    hop, scope, prefix = client.hop, service.scope, service.prefix
    purpose: OutboundPurpose = "relay" if hop.port not in ("", "smtp") or (hop.text or "").startswith("[") else "mx"
    return Outbound(
        id=identifier,
        origins=(*origins, *service.origins),
        product=Known("postfix"),
        source=Known("config"),
        service=Known(service.label, service.origins),
        purpose=Known(purpose, origins),
        protocol=Known("lmtp" if prefix == "lmtp" else "smtp", service.origins),
        address=hops.address(hop, origins),
        port=hops.port(hop, scope),
        exposure=hops.exposure(hop, origins),
        destination=Known(hop.text, origins),
        level=derive(lambda take: smtp.asked(take, client)),
        tls=smtp.tls(client),
        verified=derive(lambda take: smtp.verified(take, client)),
        dane=derive(lambda take: smtp.uses_dane(take, client)),
        mta_sts=derive(lambda take: asks_mta_sts(take, scope, prefix)),
        credentials=derive(lambda take: smtp.credentials(take, client)),
        cleartext_allowed=derive(lambda take: smtp.cleartext_allowed(take, client)),
        fault=fault(client),
        settings=scope,
    )


def _entries(service: Service, known: tuple[Route, ...]) -> Iterator[Outbound]:
    """Yield a fact for each entry of the tables that say how a destination is protected or how to log in there."""
    scope, prefix = service.scope, service.prefix
    parameter = f"{prefix}_tls_policy_maps"
    count = 0
    named: list[Hop] = [mail_hop(route.next_hop, lmtp=prefix == "lmtp") for route in known]
    value = scope.words(parameter)
    words = value.value or () if isinstance(value, Known) else ()
    for word in words:
        place = next((origin.place for origin in value.origins if not origin.is_default), None)
        for table, entry in listed(scope.tables.open(word, place)):
            if table.kind == "anything":
                continue  # it says what is asked of all destinations, and the ways tell that
            count += 1
            if count > MAX_ENTRIES:
                return
            hop = mail_hop(entry.key if entry else table.text, lmtp=prefix == "lmtp")
            if entry is not None:
                named.append(hop)
            yield _of_policy(service, table, entry, hop, value.origins)
    for hop in islice(passwords.others(scope, prefix, named), MAX_ENTRIES):
        client = Client(scope, prefix, hop, policy_for(scope, prefix, hop))
        origins = scope.words(f"{prefix}_sasl_password_maps").origins  # the line of the table has the password
        yield _fact(service, client, f"postfix:{service.label}:login:{hop.text}", origins)


def _of_policy(service: Service, table: Table, entry: Entry | None, hop: Hop, written: tuple[Origin, ...]) -> Outbound:
    """Return the fact of one entry, or of a table whose entries are not known."""
    scope, prefix = service.scope, service.prefix
    policy: Value[Policy | None]
    if entry is None:
        reason = table.reason or Reason("not-in-set", f"the members of {table.text} are not read")
        policy = Unknown(reason, written)
        origins = written
        hop = Hop(table.text)
    else:
        origins = (Origin(table.text, entry.place, f"{prefix}_tls_policy_maps", entry.value), *written)
        policy = Known(parse_policy(entry.value, scope.release.number), origins)
    client = Client(scope, prefix, hop, policy)
    fact = _fact(service, client, f"postfix:{service.label}:policy:{hop.text}", origins)
    usual = Client(scope, prefix, ANYBODY)
    fact = replace(fact, credentials=ABSENT, cleartext_allowed=ABSENT)
    if entry is None:  # whoever is in it, and whatever may be wrong with that
        fact = replace(fact, fault=ABSENT)
    return replace(fact, weakens=derive(lambda take: _weakens(take, client, usual)))


def _weakens(take: Take, entry: Client, usual: Client) -> bool:
    """Say whether an entry asks less than is asked without it: of TLS, of the server's name, of the versions."""
    less = (
        (smtp.mode(take, entry) == "none" and smtp.mode(take, usual) != "none")
        or (smtp.required(take, usual) and not smtp.required(take, entry))
        or (smtp.verified(take, usual) and not smtp.verified(take, entry))
        or (smtp.uses_dane(take, usual) and not smtp.uses_dane(take, entry) and not smtp.required(take, entry))
    )
    older = False
    policy = take(entry.policy)
    if not less and policy is not None and policy.protocols is not None:
        own, default = smtp.versions(take, entry), smtp.versions(take, usual)
        older = bool(own and default) and _rank(own) < _rank(default)
    take(entry.policy)
    return less or older


def _rank(versions: tuple[TlsVersion, ...] | None) -> int:
    return TLS_VERSIONS.index(versions[0]) if versions else 0


def _is_new(fact: Outbound, told: set[object]) -> bool:
    """Say whether no other service has told the same of the same entry."""
    values = (fact.destination, fact.level, fact.tls.mode, fact.tls.required, fact.weakens)
    plain = (each.value if isinstance(each, Known) else None for each in values)
    same = (fact.origins[0].place, *plain)
    if same in told:
        return False
    told.add(same)
    return True
