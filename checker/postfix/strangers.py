"""The strangers that a restriction list can tell apart: clients of the Internet that prove nothing.

A stranger chooses what it says: HELO name, sender and recipient may be those that a table names. It does not choose its
address, and its host name only within its own domain, so a table that lets particular clients pass lets no stranger
pass. Strangers who get the same answer from every table are one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from ipaddress import ip_address
from itertools import islice, product

from msgspec.structs import replace

from checker.postfix.access import Stranger, networks_above
from checker.postfix.domains import DomainLists, Served
from checker.postfix.restriction_entries import Subject
from checker.postfix.restrictions import Lists
from checker.postfix.tables.match_list import Pattern
from checker.postfix.tables.patterns import ANY, parts_of
from checker.postfix.tables.rules import parse_network
from checker.postfix.tables_used import TablesUsed, tables_used
from checker.values import Reason

MAX_STRANGERS = 1000
"""More kinds than this and the rest is not tried: what none of these can do is not known."""

UNLISTED = "unlisted-7f3a"
"""A label that nobody wrote."""

_FIRST = ((23, 45, 62, 78, 81, 93, 104, 119), (131, 152, 178, 185, 199, 203, 217, 220))
ADDRESSES = (
    *(tuple(f"{first}.{second}.113.57" for second in (57, 141, 204) for first in half) for half in _FIRST),
    tuple(f"{first}:{second}::57" for second in ("db7", "1f38", "57a") for first in ("2001", "2400", "2607", "2a01")),
)
"""Public addresses from either half of IPv4 and from IPv6: the first of each that no narrow network holds is tried."""

NARROW = {4: 2, 6: 4}
"""Prefix lengths from which on a network is one of somebody's, and not as good as everybody's."""

# fmt: off
TOP_LEVEL = frozenset({
    "app", "biz", "cloud", "com", "dev", "edu", "gov", "info", "io", "mil", "mobi", "name", "net", "online", "org",
    "pro", "shop", "site", "store", "tech", "top", "xyz",
})
# fmt: on
"""Top-level domains that strangers are below, besides those of two letters."""


def strangers(lists: Lists, domains: DomainLists, *, foreign: bool) -> Iterator[Stranger]:
    """Yield the strangers, an inconspicuous one first.

    ``foreign``: its recipient is in a domain that nobody configured; otherwise in one that this host serves, or one
    that a table names.
    """
    used = tables_used(lists)
    networks = lists.networks_of() if "permit_mynetworks" in used.words else ()
    written = [*used.names(), *domains.names(), *(each.text for each in networks)]
    others = (*domains.tables(), *(each.table for each in networks if each.table is not None))
    written += [part for table in others for rule in table.rules for part in parts_of(rule)]
    tops = sorted({name.strip(".") for name in written if _is_top(name.strip("."))})

    def distinct(subject: Subject, found: Callable[[], Iterator[Stranger]], *more: Hashable) -> list[Stranger]:
        key = (subject, used.identity(subject), *more)
        return lists.scope.tables.once(
            key, lambda: _distinct(found(), lambda each: (used.answers(each, subject), each.served))
        )

    clients = _distinct(_clients(used, networks, tops), lambda each: _of_client(lists, used, networks, each))
    helos = distinct("helo", lambda: _helos(used.keys("helo")))
    senders = distinct("sender", lambda: _senders(used.keys("sender"), tops), tuple(tops))
    if foreign:
        recipients = distinct("recipient", lambda: _foreign(domains, tops), domains.identity(), tuple(tops))
    else:
        recipients = distinct("recipient", lambda: _own(domains, used.keys("recipient")), domains.identity())
    kinds = product(clients, recipients, helos, senders)
    for one, recipient, helo, sender in islice(kinds, MAX_STRANGERS):
        yield Stranger(
            *(one.name, one.address, helo.helo, sender.sender, recipient.recipient), sender.is_listed, recipient.served
        )
    if next(kinds, None) is not None:
        reason = Reason("not-in-set", f"tables tell more than {MAX_STRANGERS} kinds of strangers apart")
        raise lists.take.unknown(reason)


_BASE = Stranger("unknown", "", UNLISTED, f"{UNLISTED}@{UNLISTED}.{UNLISTED}", f"{UNLISTED}@{UNLISTED}.{UNLISTED}")


INCONSPICUOUS = replace(_BASE, address=ADDRESSES[0][0])
"""Whom nobody heard of."""


def _clients(used: TablesUsed, networks: tuple[Pattern, ...], tops: Iterable[str]) -> Iterator[Stranger]:
    names = [f"{UNLISTED}.{UNLISTED}", "unknown", *(f"{UNLISTED}.{top}" for top in tops)]
    names += [ANY] * used.has_pattern_for_anybodys_host()
    for addresses in ADDRESSES:
        address = _unlisted(addresses, used, networks)
        yield from (replace(_BASE, name=name, address=address) for name in names)


def _of_client(lists: Lists, used: TablesUsed, networks: tuple[Pattern, ...], stranger: Stranger) -> Hashable:
    trusted = lists.in_networks(stranger) if networks else "out"
    found = tuple(used.answers(stranger, subject) for subject in ("client", "reverse", "server"))
    return found, trusted if isinstance(trusted, str) else trusted.text


def _is_top(name: str) -> bool:
    """Say whether strangers have domains right below this one."""
    first, _, country = name.rpartition(".")
    if len(country) == 2 and country.isalpha():
        return first in ("", "ac", "co", "com", "edu", "gov", "net", "org")
    return not first and country in TOP_LEVEL


def _helos(keys: Iterable[str]) -> Iterator[Stranger]:
    yield _BASE
    for key in keys:
        yield replace(_BASE, helo=f"{UNLISTED}{key}" if key.startswith(".") else key)


def _senders(keys: Iterable[str], tops: Iterable[str]) -> Iterator[Stranger]:
    yield _BASE
    yield replace(_BASE, sender="")
    for top in tops:
        yield replace(_BASE, sender=f"{UNLISTED}@{UNLISTED}.{top}")
    for key in keys:
        yield replace(_BASE, sender=_mail(key), is_listed=True)


def _mail(key: str) -> str:
    """Return a mail address for which a key of a table is looked up."""
    if key.endswith("@"):
        return f"{key}{UNLISTED}.{UNLISTED}"
    if "@" in key:
        return key
    return f"{UNLISTED}@{UNLISTED}{key}" if key.startswith(".") else f"{UNLISTED}@{key}"


def _foreign(domains: DomainLists, tops: Iterable[str]) -> Iterator[Stranger]:
    for domain in (f"{UNLISTED}.{UNLISTED}", *(f"{UNLISTED}.{top}" for top in tops)):
        yield _to(f"{UNLISTED}@{domain}", domains.served(domain))


def _own(domains: DomainLists, keys: Iterable[str]) -> Iterator[Stranger]:
    names = [name for name in domains.names() if domains.served(name) == "yes"]
    if not names or not domains.is_whole:
        yield _to(_BASE.recipient, "yes")
    for name in names:
        yield _to(f"{UNLISTED}@{name}", "yes")
    for key in keys:
        address = _mail(key)
        is_own = key.endswith("@") or key == ANY
        yield _to(address, "yes" if is_own else domains.served(address.rpartition("@")[2]))


def _to(recipient: str, served: Served) -> Stranger:
    return replace(_BASE, recipient=recipient, served=served)


def _unlisted(addresses: tuple[str, ...], used: TablesUsed, networks: tuple[Pattern, ...]) -> str:
    """Return the first address that is in nobody's network; if all are, any of them is a stranger's."""
    of_clients = [table for subject in ("client", "reverse", "server") for table in used.tables[subject]]
    of_clients += [pattern.table for pattern in networks if pattern.table is not None]
    narrow = [rule.network for table in of_clients for rule in table.rules if rule.network is not None]
    narrow += [each for each in (parse_network(pattern.text) for pattern in networks) if each is not None]
    narrow = [each for each in narrow if each.prefixlen >= NARROW[each.version]]
    for address in addresses:
        number = ip_address(address)
        if any(number in network for network in narrow):
            continue
        if not any(key in table.by_key for table in of_clients for key in networks_above(address)):
            return address
    return addresses[0]


def _distinct(found: Iterable[Stranger], signature: Callable[[Stranger], Hashable]) -> list[Stranger]:
    """Return the first of those whom no table tells apart."""
    first: dict[Hashable, Stranger] = {}
    for each in found:
        first.setdefault(signature(each), each)
    return list(first.values())
