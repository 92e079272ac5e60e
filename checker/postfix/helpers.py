"""The programs that smtpd(8) and cleanup(8) ask about mail: milters, policy services, filters, Dovecot's logins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from checker.derive import Take, converted, derive
from checker.facts.endpoint import Tls
from checker.facts.outbound import Outbound
from checker.facts.types import OutboundProtocol, OutboundPurpose
from checker.postfix import hops, types
from checker.postfix.hops import Hop, helper_hop
from checker.postfix.master_cf import Service
from checker.postfix.restriction_entries import entries
from checker.postfix.restrictions import restriction_lists
from checker.postfix.scope import Configuration, Scope
from checker.postfix.smtpd import yes
from checker.values import ABSENT, Known, OneOf, Origin, Reason, Unknown, Value

OPENS = frozenset({"dunno", "ok", "prepend", "warn", "info", "bcc", "filter", "redirect", "defer_if_reject"})
"""Actions of access(5) that let mail pass, as do restrictions that permit, and tests such as
``reject_unauth_destination`` for all that pass them.
"""

CLOSES = frozenset({"reject", "defer", "defer_if_permit", "hold", "discard"})

CLEAR = Tls(mode=Known("none"), required=Known(False))
"""None of these protocols has TLS."""


class Helper(Struct, frozen=True):
    """One helper of one service: its address as written, None for one that a table names."""

    purpose: OutboundPurpose
    protocol: OutboundProtocol
    text: str
    hop: Hop | None
    origins: tuple[Origin, ...]
    fails_open: Value[bool | None] = ABSENT


def helpers(configuration: Configuration, services: Sequence[Service]) -> tuple[Outbound, ...]:
    """Return what the services ask, each helper once for what becomes of mail when it does not answer."""
    found: dict[tuple[str, str, object], Outbound] = {}
    for scope in _scopes(configuration, services):
        for helper in _ASKS[scope.program or ""](scope):
            opens = helper.fails_open
            key = (helper.purpose, helper.text, opens.value if isinstance(opens, Known) else "unknown")
            if key not in found:
                found[key] = _fact(scope, helper, len([each for each in found if each[:2] == key[:2]]))
    return tuple(found.values())


def _scopes(configuration: Configuration, services: Sequence[Service]) -> Iterator[Scope]:
    """Yield the scopes of the programs that ask, those of main.cf alone where there is no service of any."""
    asking = [each for each in services if each.command in _ASKS]
    for service in asking:
        yield configuration.scope(service.command, service)
    if configuration.master is None:
        for program in _ASKS:
            yield configuration.scope(program)


def _fact(scope: Scope, helper: Helper, ordinal: int) -> Outbound:
    service = scope.service
    asks = (Origin("master.cf", service.place, service.label, service.command),) if service else ()
    origins = (*helper.origins, *asks)
    hop = helper.hop
    unknown = Unknown(Reason("not-in-set", f"{helper.text} says where it is"), origins)
    return Outbound(
        id=f"postfix:{helper.purpose}:{helper.text}" + (f"#{ordinal + 1}" if ordinal else ""),
        origins=origins,
        product=Known("postfix"),
        source=Known("config"),
        service=Known(service.label if service else None, asks),
        purpose=Known(helper.purpose, origins),
        protocol=Known(helper.protocol, origins),
        address=hops.address(hop, origins) if hop else unknown,
        port=hops.port(hop, scope) if hop else unknown,
        exposure=hops.exposure(hop, origins) if hop else unknown,
        destination=Known(helper.text, origins),
        tls=CLEAR,
        fails_open=helper.fails_open,
        settings=scope,
    )


def _of_smtpd(scope: Scope) -> Iterator[Helper]:
    yield from _milters(scope, "smtpd_milters")
    for text in _plain(scope.words("smtpd_milter_maps")):
        yield Helper("milter", "milter", text, None, scope.text("smtpd_milter_maps").origins, _milter_opens(scope, ""))
    yield from _policies(scope)
    proxy = scope.text("smtpd_proxy_filter")
    for text in _texts(proxy):
        yield Helper("filter", "smtp", text, helper_hop(text, ("unix",), "inet"), proxy.origins, Known(False))
    path = derive(lambda take: _auth_path(take, scope))
    for text in _texts(path):
        yield Helper("auth", "auth", text, helper_hop(text, ("unix",), "unix"), path.origins, Known(False))


def _of_cleanup(scope: Scope) -> Iterator[Helper]:
    yield from _milters(scope, "non_smtpd_milters")


_ASKS: dict[str, Callable[[Scope], Iterator[Helper]]] = {"smtpd": _of_smtpd, "cleanup": _of_cleanup}


def _texts(value: Value[str | None]) -> Iterator[str]:
    if isinstance(value, Known) and value.value:
        yield value.value
    elif isinstance(value, OneOf):
        yield from (each.value for _, each in value.alternatives if isinstance(each, Known) and each.value)


def _plain(value: Value[tuple[str, ...] | None]) -> tuple[str, ...]:
    return value.value or () if isinstance(value, Known) else ()


def _auth_path(take: Take, scope: Scope) -> str | None:
    """Return where smtpd asks about logins, if it asks Dovecot (xsasl/xsasl_dovecot_server.c)."""
    enabled = yes(take, scope, "smtpd_sasl_auth_enable")
    if not enabled or take(scope.text("smtpd_sasl_type")) != "dovecot":
        return None
    return take(scope.text("smtpd_sasl_path"))


def _milters(scope: Scope, parameter: str) -> Iterator[Helper]:
    """Yield the milters of a list (milter/milter.c:milter_new)."""
    value = scope.words(parameter)
    for word in _plain(value):
        name, own = split_braces(word)
        if name:
            opens = _milter_opens(scope, own.get("default_action", ""))
            yield Helper("milter", "milter", name, helper_hop(name), value.origins, opens)


def _milter_opens(scope: Scope, own: str) -> Value[bool | None]:
    if own:
        return Known(own.lower() == "accept")
    return converted(scope.text("milter_default_action"), lambda text: (text or "").lower() == "accept")


def _policies(scope: Scope) -> Iterator[Helper]:
    """Yield the policy services of the restriction lists and classes (smtpd_check.c:policy_client_register)."""
    for value in restriction_lists(scope):
        for word, argument in entries(_plain(value)):
            name, own = split_braces(argument)
            if word.lower() == "check_policy_service" and name:
                opens = _policy_opens(scope, own.get("default_action", ""))
                yield Helper("policy", "policy", name, helper_hop(name), value.origins, opens)


def _policy_opens(scope: Scope, own: str) -> Value[bool | None]:
    if own:
        return _opens(Known(own))
    return _opens(scope.text("smtpd_policy_service_default_action"))


def _opens(action: Value[str | None]) -> Value[bool | None]:
    def convert(text: str | None) -> bool | Reason:
        word = (text or "451").split()[0].lower() if (text or "451").strip() else ""
        if word in OPENS or word.startswith(("permit", "reject_", "defer_unauth_destination")):
            return True
        if word in CLOSES or word[:1] in ("4", "5"):
            return False
        return Reason("not-in-set", f"what '{word}' does is not told")

    return converted(action, convert)


def split_braces(word: str) -> tuple[str, dict[str, str]]:
    """Return the name and the attributes of ``{ name, attribute=value, { attribute = value } }`` (util/extpar.c,
    global/attr_override.c); a word without braces is a name.
    """
    if not word.startswith("{"):
        return word, {}
    name, *rest = types.words(word.removeprefix("{").removesuffix("}")) or ("",)
    pairs = (each.removeprefix("{").removesuffix("}").partition("=") for each in rest)
    return name, {key.strip(): value.strip() for key, _, value in pairs}
