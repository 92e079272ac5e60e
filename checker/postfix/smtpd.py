"""What smtpd(8) does with a client, from its parameters: the algorithms of smtpd/smtpd.c and smtpd/smtpd_check.c."""

from __future__ import annotations

from msgspec import Struct

from checker.derive import Take, converted, derive
from checker.facts.endpoint import Auth, Cert, Smtp, Tls
from checker.facts.types import BareNewline, Network, TlsMode, TlsVersion
from checker.postfix import types
from checker.postfix.bypass import bypasses_checks
from checker.postfix.cipher_list import asks_certificate, tls_fails
from checker.postfix.network import NetworkList, network_list
from checker.postfix.protocols import permitted
from checker.postfix.relaying import any_passes, relay_permits
from checker.postfix.restrictions import words_of
from checker.postfix.scope import Scope
from checker.tls.put_off import SuiteFacts, with_suites
from checker.values import Known, Open, Reason, Unknown, Value

LEVELS = {"none": (False, False), "may": (True, False)} | dict.fromkeys(
    ("encrypt", "verify", "secure", "fingerprint"), (True, True)
)
"""A server's security level: whether TLS is used, and whether it is enforced. Any other name kills smtpd."""


class TlsState(Struct, frozen=True):
    """The three switches that smtpd computes before it meets a client (smtpd.c:pre_jail_init)."""

    wrapper: bool
    use: bool
    enforce: bool


def yes(take: Take, scope: Scope, name: str) -> bool:
    """Return a boolean parameter, false where the release has none of that name."""
    return bool(take.boolean(scope.boolean(name)))


def tls_state(take: Take, scope: Scope) -> TlsState:
    """Return the switches; the security level beats the older parameters unless wrapper mode is on."""
    wrapper = yes(take, scope, "smtpd_tls_wrappermode")
    if wrapper:
        return TlsState(wrapper=True, use=True, enforce=True)
    level = take(scope.text("smtpd_tls_security_level")) or ""
    if level:
        use, enforce = level_switches(take, level)
        return TlsState(wrapper=False, use=use, enforce=enforce)
    enforce = yes(take, scope, "smtpd_enforce_tls")
    use = enforce or yes(take, scope, "smtpd_use_tls")
    take(scope.text("smtpd_tls_security_level"))  # the one to set, whatever the older ones say
    return TlsState(wrapper=False, use=use, enforce=enforce)


def level_switches(take: Take, level: str) -> tuple[bool, bool]:
    """Return whether a security level uses TLS and enforces it."""
    if level.lower() not in LEVELS:
        raise take.unknown(types.refused(f"invalid TLS level '{level}'"))
    return LEVELS[level.lower()]


def _discarded(take: Take, scope: Scope, keyword: str, parameter: str = "smtpd_discard_ehlo_keywords") -> bool:
    """Say whether a command is disabled: discarding its keyword does more than hide it (smtpd.c:ehlo_cmd)."""
    return keyword in (word.lower() for word in take(scope.words(parameter)) or ())


def tls(scope: Scope) -> Tls:
    """Return how smtpd encrypts."""
    versions = derive(lambda take: _versions(take, scope))
    facts = Tls(
        mode=derive(lambda take: _mode(take, scope)),
        required=derive(lambda take: tls_state(take, scope).enforce),
        versions=versions,
        min_version=converted(versions, lambda each: each[0] if each else None),
        max_version=converted(versions, lambda each: each[-1] if each else None),
    )
    return with_suites(facts, lambda: _suites(scope))


def _suites(scope: Scope) -> SuiteFacts:
    from checker.postfix import suites  # noqa: PLC0415 - slow to load, and few rules ask for it

    return suites.facts(scope, "smtpd_tls", lambda take: (_versions(take, scope), tls_state(take, scope).enforce))


def _versions(take: Take, scope: Scope) -> tuple[TlsVersion, ...] | None:
    if _mode(take, scope) == "none":
        return None
    return tls_versions(take, scope, tls_state(take, scope))


def _mode(take: Take, scope: Scope) -> TlsMode:
    discarded = _discarded(take, scope, "starttls")
    state = tls_state(take, scope)
    if state.wrapper:
        return "implicit"
    if state.use and discarded:
        _discarded(take, scope, "starttls")  # this is what decided
        return "none"
    return "starttls" if state.use else "none"


def tls_versions(take: Take, scope: Scope, state: TlsState, prefix: str = "smtpd_tls") -> tuple[TlsVersion, ...] | None:
    """Return the versions that the settings permit, none where TLS is off or where Postfix disables it as
    misconfigured.
    """
    if not state.use:
        return None
    anonymous = (take(scope.text(f"{prefix}_cert_file")) or "").lower() == "none"
    name = f"{prefix}_mandatory_protocols" if state.enforce else f"{prefix}_protocols"
    if anonymous and asks_certificate(take, scope, prefix, enforce=state.enforce):
        return ()  # "Need a server cert to request client certs"
    if tls_fails(take, scope, prefix, enforce=state.enforce):
        return ()
    versions = permitted(take(scope.text(name)) or "", scope.release.number)
    if versions is None:
        return ()
    # TLS 1.3 has no anonymous cipher suites.
    return tuple(version for version in versions if version != "TLSv1.3") if anonymous else versions


def auth(scope: Scope, domains: Scope) -> Auth:
    """Return how smtpd authenticates."""
    return Auth(
        offered=derive(lambda take: _before_tls(take, scope) or _after_tls(take, scope)),
        required=derive(lambda take: not any_passes(take, scope, domains, foreign=False)),
        mechanisms_before_tls=_mechanisms(scope, after_tls=False),
        mechanisms_after_tls=_mechanisms(scope, after_tls=True),
        cleartext_allowed=derive(lambda take: _cleartext(take, scope)),
    )


def _enabled(take: Take, scope: Scope) -> bool:
    return yes(take, scope, "smtpd_sasl_auth_enable") and not _discarded(take, scope, "auth")


def _before_tls(take: Take, scope: Scope) -> bool:
    """Say whether AUTH is offered in clear: enforced TLS implies smtpd_tls_auth_only (smtpd.c:pre_jail_init)."""
    if not _enabled(take, scope):
        return False
    return not tls_state(take, scope).enforce and not yes(take, scope, "smtpd_tls_auth_only")


def _after_tls(take: Take, scope: Scope) -> bool:
    return _enabled(take, scope) and _mode(take, scope) != "none"


def _options(take: Take, scope: Scope, *, after_tls: bool) -> tuple[str, ...]:
    name = "smtpd_sasl_tls_security_options" if after_tls else "smtpd_sasl_security_options"
    return tuple(word.lower() for word in take(scope.words(name)) or ())


_EXCLUDED = {
    "noanonymous": ("ANONYMOUS",),
    "noplaintext": ("PLAIN", "LOGIN"),
}
"""The mechanisms that a SASL security option takes away, as far as rules ask (xsasl/xsasl_dovecot_server.c)."""

_FROM_SERVER = Reason("not-in-set", "the SASL server offers the mechanisms, and its configuration is not read")


def _mechanisms(scope: Scope, *, after_tls: bool) -> Value[tuple[str, ...] | None]:
    def compute(take: Take) -> tuple[bool, tuple[str, ...]]:
        offered = _after_tls(take, scope) if after_tls else _before_tls(take, scope)
        options = _options(take, scope, after_tls=after_tls) if offered else ()
        return offered, tuple(name for option in options for name in _EXCLUDED.get(option, ()))

    value = derive(compute)
    if isinstance(value, Known):
        offered, excluded = value.value
        return Open((), excluded, _FROM_SERVER, value.origins) if offered else Known((), value.origins)
    if isinstance(value, Unknown):
        return value
    return Unknown(Reason("template", "whether AUTH is offered varies"), value.origins)


def _cleartext(take: Take, scope: Scope) -> bool:
    if not _enabled(take, scope):
        return False
    if "noplaintext" in _options(take, scope, after_tls=False):
        return False
    if tls_state(take, scope).enforce:
        return False
    return not yes(take, scope, "smtpd_tls_auth_only")


def smtp(scope: Scope, domains: Scope) -> Smtp:
    """Return what smtpd lets its clients do."""
    return Smtp(
        vrfy=derive(lambda take: not yes(take, scope, "disable_vrfy_command")),
        open_relay=derive(lambda take: any_passes(take, scope, domains, foreign=True)),
        relay_permits=derive(lambda take: relay_permits(take, scope)),
        trusted_networks=_trusted_networks(scope),
        bare_newline=derive(lambda take: _bare_newline(take, scope)),
        bypasses_checks=bypasses_checks(scope),
    )


def _trusted_networks(scope: Scope) -> Value[tuple[Network, ...] | None]:
    """Return the networks of mynetworks, those of files and tables too; open where one of these is not known."""
    value = scope.words("mynetworks")
    if isinstance(value, Known):
        found = network_list(value.value or (), scope.tables)
        if found.tables:
            return Open(_members(found), (), found.tables[0][1], value.origins)
    return converted(value, lambda words: _members(network_list(words or (), scope.tables)))


def _members(found: NetworkList) -> tuple[Network, ...]:
    return tuple(Network(str(member.network)) for member in found.entries if not member.negated)


def _bare_newline(take: Take, scope: Scope) -> BareNewline:
    """Return what becomes of a line that ends in LF alone; where the release knows no better, pipelining checks
    help.
    """
    text = (take(scope.text("smtpd_forbid_bare_newline")) or "no").lower()
    parameter = scope.release.parameter("smtpd_forbid_bare_newline")
    was_switch = parameter is not None and parameter.type == "bool"
    if text == "reject" or (text == "yes" and was_switch):  # as a plain switch it made smtpd hang up
        return "rejected"
    if text in ("yes", "normalize", "note"):
        return "normalized"
    if _discarded(take, scope, "chunking") and (
        yes(take, scope, "smtpd_forbid_unauth_pipelining")
        or "reject_unauth_pipelining" in words_of(take, scope, "smtpd_data_restrictions")
    ):
        return "rejected"
    take(scope.text("smtpd_forbid_bare_newline"))
    return "accepted"


def cert(scope: Scope, prefix: str = "smtpd_tls") -> Cert:
    """Return which certificate is configured: a chain file, or a certificate with its key (tls/tls_certkey.c)."""

    def compute(take: Take) -> bool:
        if take(scope.text(f"{prefix}_chain_files")):
            return True
        main = take(scope.text(f"{prefix}_cert_file")) or ""
        for kind in ("eccert", "dcert", "cert"):
            file = take(scope.text(f"{prefix}_{kind}_file")) or ""
            key = take(scope.text(f"{prefix}_{kind.removesuffix('cert')}key_file")) or ""
            if file and file.lower() != "none" and main.lower() != "none":
                return bool(key)
        take(scope.text(f"{prefix}_cert_file"))
        return False

    return Cert(derive(compute))
