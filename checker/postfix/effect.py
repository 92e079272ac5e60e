"""Settings that nothing looks at because of another one, and options that take protection away from a service.

Only what is certain is told: a setting is without effect where every service that reads it passes over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from checker.derive import Take, derive
from checker.facts.types import TLS_VERSIONS
from checker.postfix.bypass import CHECKS
from checker.postfix.protocols import permitted
from checker.postfix.scope import Scope
from checker.postfix.smtpd import tls_state, yes
from checker.values import Known, Value

Rule = Callable[[Take, Scope], str | None]
"""Names the parameter that makes a program pass over a setting, None if it looks at it."""


def passed_over(scope: Scope, name: str) -> str | None:
    """Return the parameter because of which a service does not look at one that it loads; None if it may look."""
    rule = _ALWAYS.get(name) or _OF_PROGRAM.get(scope.program or "", {}).get(name)
    if rule is None:
        return None
    found = derive(lambda take: rule(take, scope))
    return found.value if isinstance(found, Known) else None


def never_read(scope: Scope, name: str) -> bool:
    """Say whether the program of a service never loads a parameter of the release, nor any value that refers to it."""
    if scope.release.parameter(name) is None or scope.is_loaded(name):
        return False
    return name not in scope.referred_to()


def _wrapper(take: Take, scope: Scope) -> str | None:
    return "smtpd_tls_wrappermode" if yes(take, scope, "smtpd_tls_wrappermode") else None


def _level(take: Take, scope: Scope) -> str | None:
    if _wrapper(take, scope):
        return "smtpd_tls_wrappermode"
    return "smtpd_tls_security_level" if take(scope.text("smtpd_tls_security_level")) else None


def _tls_off(take: Take, scope: Scope) -> str | None:
    return None if tls_state(take, scope).use else "smtpd_tls_security_level"


def _not_enforced(take: Take, scope: Scope) -> str | None:
    return None if tls_state(take, scope).enforce else "smtpd_tls_security_level"


def _enforced(take: Take, scope: Scope) -> str | None:
    state = tls_state(take, scope)
    if state.wrapper:
        return "smtpd_tls_wrappermode"
    return "smtpd_tls_security_level" if state.enforce or not state.use else None


def _chained(take: Take, scope: Scope) -> str | None:
    if take(scope.text("smtpd_tls_chain_files")):
        return "smtpd_tls_chain_files"
    return _tls_off(take, scope)


def _no_sasl(take: Take, scope: Scope) -> str | None:
    return None if yes(take, scope, "smtpd_sasl_auth_enable") else "smtpd_sasl_auth_enable"


def _networks(take: Take, scope: Scope) -> str | None:
    del take
    return "mynetworks" if scope.is_set("mynetworks") else None


_CERTIFICATES = tuple(f"smtpd_tls_{kind}{what}_file" for kind in ("", "d", "ec") for what in ("cert", "key"))

_ALWAYS: dict[str, Rule] = {"mynetworks_style": _networks}
_SMTPD: dict[str, Rule] = {
    "smtpd_tls_security_level": _wrapper,
    "smtpd_use_tls": _level,
    "smtpd_enforce_tls": _level,
    "smtpd_tls_chain_files": _tls_off,
    "smtpd_tls_exclude_ciphers": _tls_off,
    "smtpd_tls_mandatory_protocols": _not_enforced,
    "smtpd_tls_mandatory_ciphers": _not_enforced,
    "smtpd_tls_mandatory_exclude_ciphers": _not_enforced,
    "smtpd_tls_protocols": _enforced,
    "smtpd_tls_ciphers": _enforced,
    "smtpd_sasl_type": _no_sasl,
    "smtpd_sasl_path": _no_sasl,
    "smtpd_sasl_security_options": _no_sasl,
    "smtpd_sasl_tls_security_options": _no_sasl,
    "smtpd_sasl_local_domain": _no_sasl,
    **dict.fromkeys(_CERTIFICATES, _chained),
}


def _client_level(prefix: str) -> dict[str, Rule]:
    """Return what a client looks at only where it has no level (smtp/smtp_tls_policy.c:global_tls_level)."""
    level = f"{prefix}_tls_security_level"

    def rule(take: Take, scope: Scope) -> str | None:
        return level if take(scope.text(level)) else None

    return {f"{prefix}_use_tls": rule, f"{prefix}_enforce_tls": rule}


_OF_PROGRAM: dict[str, dict[str, Rule]] = {
    "smtpd": _SMTPD,
    "smtp": _client_level("smtp"),
    "lmtp": _client_level("lmtp"),
}

NOT_OF_SMTPD = {"relay_domains": "trivial-rewrite", "mydestination": "trivial-rewrite"}
"""What smtpd(8) loads, but leaves to another program whose own value counts: which domains it takes mail for."""


# Values that Postfix takes, and with which no TLS is to be had.

_GRADES = frozenset({"high", "medium", "low", "export", "null"})
TLS_VALUES = frozenset(f"smtpd_tls_{kind}{what}" for kind in ("", "mandatory_") for what in ("protocols", "ciphers"))


def is_invalid(scope: Scope, name: str) -> bool:
    """Say whether smtpd finds a list of protocols or a cipher grade invalid (tls/tls_misc.c): it then answers STARTTLS
    with 454, or hangs up on the handshake.
    """
    value = scope.text(name)
    if not isinstance(value, Known) or value.value is None:
        return False
    if name.endswith("_ciphers"):
        return value.value.lower() not in _GRADES
    return permitted(value.value, scope.release.number) is None


# Options that protect less than what the service would have without them.

_SWITCHES = (
    "smtpd_tls_auth_only",
    "smtpd_helo_required",
    "disable_vrfy_command",
    "smtpd_reject_unlisted_recipient",
    "smtpd_forbid_unauth_pipelining",
)
_LEVELS = ("none", "may", "encrypt")
_PROTOCOLS = (
    "smtpd_tls_protocols",
    "smtpd_tls_mandatory_protocols",
    "smtp_tls_protocols",
    "smtp_tls_mandatory_protocols",
)


def weakens(scope: Scope, name: str) -> bool:
    """Say whether an option of a service certainly takes protection away."""
    compare = _weaker(name)
    if compare is None or scope.service is None:
        return False
    without = scope.configuration.scope(scope.program)
    found: Value[bool] = derive(lambda take: compare(take, scope, without))
    return isinstance(found, Known) and found.value


Compare = Callable[[Take, Scope, Scope], bool]


def _weaker(name: str) -> Compare | None:
    if name in _SWITCHES:
        return lambda take, own, main: yes(take, main, name) and not yes(take, own, name)
    if name == "smtpd_tls_security_level":
        return lambda take, own, main: _strength(take, own) < _strength(take, main)
    if name in ("smtp_tls_security_level", "lmtp_tls_security_level"):
        return lambda take, own, main: _rank(take, own, name) < _rank(take, main, name)
    if name in _PROTOCOLS:
        return lambda take, own, main: _versions(take, own, name, ()) > _versions(take, main, name, TLS_VERSIONS)
    if name in CHECKS:
        return lambda take, own, main: bool(_text(take, main, name)) and not _text(take, own, name)
    return None


def _text(take: Take, scope: Scope, name: str) -> str:
    return (take(scope.text(name)) or "").strip()


def _strength(take: Take, scope: Scope) -> tuple[bool, bool]:
    state = tls_state(take, scope)
    return state.enforce, state.use


def _rank(take: Take, scope: Scope, name: str) -> int:
    level = _text(take, scope, name).lower() or "none"
    return _LEVELS.index(level) if level in _LEVELS else len(_LEVELS) - 1


def _versions(take: Take, scope: Scope, name: str, invalid: tuple[str, ...]) -> frozenset[str]:
    found = permitted(_text(take, scope, name), scope.release.number)
    return frozenset(invalid if found is None else found)


def all_agree(answers: Iterable[str | None]) -> str | None:
    """Return the first answer if there is one and none is None."""
    first: str | None = None
    for answer in answers:
        if answer is None:
            return None
        first = first or answer
    return first
