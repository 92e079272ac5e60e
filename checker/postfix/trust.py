"""The networks to which smtpd(8) gives a privilege: the members of mynetworks and of the lists for XCLIENT and
XFORWARD, each as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checker.facts.endpoint import Endpoint
from checker.facts.trust import Trust, unseen
from checker.facts.types import Network, Purpose
from checker.networks import IpNetwork, network_exposure
from checker.postfix.network import network_list
from checker.postfix.scope import Configuration, Scope
from checker.postfix.tables.match_list import patterns_of
from checker.source import Span
from checker.values import Known, Origin, Reason, Unknown, Value

LISTS: Mapping[str, Purpose] = {
    "mynetworks": "relay",
    "smtpd_authorized_xclient_hosts": "xclient",
    "smtpd_authorized_xforward_hosts": "xforward",
    "smtpd_forbid_bare_newline_exclusions": "bare-newline",
}
"""What the members of a list may do."""


def trusted(configuration: Configuration, endpoints: Iterable[Endpoint]) -> tuple[Trust, ...]:
    """Return the networks that any smtpd of this Postfix trusts; those of main.cf alone where there is no smtpd."""
    scopes = [each.settings for each in endpoints if isinstance(each.settings, Scope)]
    lists: dict[object, tuple[Scope, str, Purpose]] = {}
    for scope in scopes or [configuration.scope("smtpd")]:
        for name, purpose in LISTS.items():
            lists.setdefault(_identity(name, scope.words(name)), (scope, name, purpose))
    found: dict[tuple[str, Origin | None], Trust] = {}
    for scope, name, purpose in lists.values():
        for trust in _of(scope, name, purpose):
            found.setdefault((trust.id, _written(trust.origins)), trust)
    return tuple(found.values())


def _identity(name: str, value: Value[tuple[str, ...] | None]) -> tuple[object, ...]:
    """Return what tells two services' lists apart: the words, and where they are written."""
    return name, value.value if isinstance(value, Known) else value, _written(value.origins)


def _written(origins: tuple[Origin, ...]) -> Origin | None:
    """Return the first place where somebody wrote something; all services share one default."""
    return next((origin for origin in origins if not origin.is_default), None)


def _of(scope: Scope, name: str, purpose: Purpose) -> Iterator[Trust]:
    value = scope.words(name)
    if purpose == "bare-newline":
        if not _forbids_bare_newlines(scope) or not (scope.is_set(name) or scope.is_set("mynetworks")):
            return
    elif not scope.is_set(name):
        if purpose == "relay":
            yield _computed(scope, value)
        return
    if not isinstance(value, Known):
        reason = value.reason if isinstance(value, Unknown) else Reason("template", f"{name} has several renderings")
        yield unseen("postfix", purpose, name, Unknown(reason, value.origins), scope)
        return
    words = value.value or ()
    networks = network_list(words, scope.tables)
    for member in networks.entries:
        if not member.negated:
            yield _network(scope, purpose, member.network, _origins(member.place, value.origins))
    for table, reason in networks.tables:
        yield unseen("postfix", purpose, table, Unknown(reason, value.origins), scope)
    for pattern in patterns_of(words, scope.tables):
        if pattern.table is None and not pattern.negated and _HOST.fullmatch(pattern.text):
            reason = Reason("dns-only", f"the addresses of '{pattern.text}' are looked up when a client connects")
            unknown = Unknown(reason, _origins(pattern.place, value.origins))
            yield unseen("postfix", purpose, pattern.text, unknown, scope)


_HOST = re.compile(r"(?=.*[a-z])[a-z0-9._-]+")
"""The name of a host, or a domain of hosts: a client is looked for by its name too, if that leads back to its address
(util/match_ops.c:match_hostname).
"""


def _forbids_bare_newlines(scope: Scope) -> bool:
    """Say whether there is something to be excluded from."""
    value = scope.text("smtpd_forbid_bare_newline")
    return not isinstance(value, Known) or (value.value or "no").lower() != "no"


def _origins(place: Span | None, origins: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """Return the origins of a member, its own place first where it stands in a file that the list names."""
    return origins if place is None else (Origin(place.path, place), *origins)


def _computed(scope: Scope, value: Value[tuple[str, ...] | None]) -> Trust:
    """Return what Postfix computes from the interfaces, in this style (global/own_inet_addr.c, global/mynetworks.c)."""
    style = scope.text("mynetworks_style")
    reason = value.reason if isinstance(value, Unknown) else Reason("host-only", "computed from the interfaces")
    unknown = Unknown(reason, (*style.origins, *value.origins))
    return Trust(
        "postfix:relay:mynetworks_style",
        style.origins,
        Known("postfix"),
        Known("config"),
        Known("relay"),
        network=unknown,
        bits=unknown,
        exposure=unknown,
        style=style,
        settings=scope,
    )


def _network(scope: Scope, purpose: Purpose, network: IpNetwork, origins: tuple[Origin, ...]) -> Trust:
    return Trust(
        f"postfix:{purpose}:{network}",
        origins,
        Known("postfix"),
        Known("config"),
        Known(purpose),
        network=Known(Network(str(network)), origins),
        bits=Known(network.prefixlen, origins),
        exposure=Known(network_exposure(network), origins),
        settings=scope,
    )
