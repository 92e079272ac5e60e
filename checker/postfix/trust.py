"""The networks to which smtpd(8) gives a privilege: the members of mynetworks and of the lists for XCLIENT and
XFORWARD, each as a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checker.facts.endpoint import Endpoint
from checker.facts.trust import Trust, unseen
from checker.facts.types import Network, Purpose
from checker.networks import IpNetwork, network_exposure
from checker.postfix.network import is_table, network_list
from checker.postfix.scope import Configuration, Scope
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
    for scope in scopes or [Scope(configuration, "smtpd")]:
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
    networks = network_list(words)
    for negated, network in networks.entries:
        if not negated:
            yield _network(scope, purpose, network, value.origins)
    for table in networks.tables:
        yield unseen(
            "postfix",
            purpose,
            table,
            Unknown(Reason("not-in-set", f"the members of {table} are not read"), value.origins),
            scope,
        )
    for host in _host_names(words) if purpose != "relay" else ():
        reason = Reason("dns-only", f"the addresses of '{host}' are looked up when a client connects")
        yield unseen("postfix", purpose, host, Unknown(reason, value.origins), scope)


def _forbids_bare_newlines(scope: Scope) -> bool:
    """Say whether there is something to be excluded from."""
    value = scope.text("smtpd_forbid_bare_newline")
    return not isinstance(value, Known) or (value.value or "no").lower() != "no"


def _host_names(words: Iterable[str]) -> Iterator[str]:
    """Yield the entries of a list that match by the client's name, which mynetworks does not ask for."""
    for word in words:
        if not word.startswith(("!", "[")) and "/" not in word and not is_table(word) and not _is_address(word):
            yield word


def _is_address(word: str) -> bool:
    return word.replace(".", "").isdigit()


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
