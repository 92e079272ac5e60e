"""The networks that smtpd(8) lets relay: the members of mynetworks, each as a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.facts.endpoint import Endpoint
from checker.facts.trust import Trust
from checker.facts.types import Network
from checker.networks import network_exposure
from checker.postfix.network import network_list
from checker.postfix.scope import Configuration, Scope
from checker.values import Known, Origin, Reason, Unknown


def trusted(configuration: Configuration, endpoints: Iterable[Endpoint]) -> tuple[Trust, ...]:
    """Return the networks that any smtpd of this Postfix trusts; those of main.cf alone where there is no smtpd."""
    scopes = [each.settings for each in endpoints if isinstance(each.settings, Scope)]
    found: dict[tuple[str, Origin | None], Trust] = {}
    for scope in scopes or [Scope(configuration, "smtpd")]:
        for trust in _of(scope):
            found.setdefault((trust.id, _where(trust)), trust)
    return tuple(found.values())


def _where(trust: Trust) -> Origin | None:
    """Return what tells two lists apart: where each is written; all services share one default."""
    return next((origin for origin in trust.origins if not origin.is_default), None)


def _of(scope: Scope) -> Iterator[Trust]:
    value = scope.words("mynetworks")
    origins = value.origins
    if not scope.is_set("mynetworks"):
        # Computed from the interfaces, in this style (global/own_inet_addr.c, global/mynetworks.c).
        style = scope.text("mynetworks_style")
        reason = value.reason if isinstance(value, Unknown) else Reason("host-only", "computed from the interfaces")
        unknown = Unknown(reason, (*style.origins, *origins))
        yield Trust(
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
        return
    if not isinstance(value, Known):
        reason = value.reason if isinstance(value, Unknown) else Reason("template", "mynetworks has several renderings")
        yield _listed_elsewhere(scope, "mynetworks", Unknown(reason, origins))
        return
    networks = network_list(value.value or ())
    for negated, network in networks.entries:
        if not negated:
            yield Trust(
                f"postfix:relay:{network}",
                origins,
                Known("postfix"),
                Known("config"),
                Known("relay"),
                network=Known(Network(str(network)), origins),
                bits=Known(network.prefixlen, origins),
                exposure=Known(network_exposure(network), origins),
                settings=scope,
            )
    for name in networks.tables:
        yield _listed_elsewhere(
            scope, name, Unknown(Reason("not-in-set", f"the members of {name} are not read"), origins)
        )


def _listed_elsewhere(scope: Scope, name: str, unknown: Unknown) -> Trust:
    return Trust(
        f"postfix:relay:{name}",
        unknown.origins,
        Known("postfix"),
        Known("config"),
        Known("relay"),
        network=unknown,
        bits=unknown,
        exposure=unknown,
        settings=scope,
    )
