"""What keeps smtpd(8) from serving though master(8) starts it: values that it dies of before it greets a client."""

from __future__ import annotations

from checker.derive import Take, derive
from checker.postfix import types
from checker.postfix.features import has
from checker.postfix.network import is_table
from checker.postfix.restrictions import has_required, lists_of, words_of
from checker.postfix.scope import Scope
from checker.postfix.smtpd import relay_list, tls_state, yes
from checker.releases.tables import table, within
from checker.values import Known, Origin, Unknown, Value

SASL_TYPES = ("cyrus", "dovecot")
"""What smtpd may be built with (xsasl/xsasl_server.c)."""


def fault(scope: Scope) -> Value[str | None]:
    """Return what keeps smtpd from serving, absent if nothing does: a value that it refuses, a missing restriction."""
    service = scope.service
    if service is not None and service.deaths:
        death = service.deaths[0]
        return Known(death.text, (Origin("master.cf", death.place),))
    for name in sorted(scope.explicit_names()):
        value = scope.get(name) if scope.is_loaded(name) else None
        if isinstance(value, Unknown) and value.reason.kind == "invalid":
            return Known(f"{name}: {value.reason.text}", value.origins)
        if isinstance(value, Known) and not value.value and may_not_be_empty(scope, name):
            return Known(f"{name} must not be empty", value.origins)
    found = derive(lambda take: _die_or_live(take, scope))
    if isinstance(found, Unknown) and found.reason.kind == "invalid":
        return Known(found.reason.text, found.origins)
    return found


def may_not_be_empty(scope: Scope, name: str) -> bool:
    """Say whether a program dies of an empty value as it loads the parameter
    (global/mail_conf_str.c:check_mail_conf_str).
    """
    rows = table("postfix/not_empty").get(name, ())
    return any(within(scope.release.number, since, until) for since, until in rows)


def _die_or_live(take: Take, scope: Scope) -> None:
    tls_state(take, scope)
    if yes(take, scope, "smtpd_sasl_auth_enable"):
        sasl = take(scope.text("smtpd_sasl_type"))
        if sasl not in SASL_TYPES:
            raise take.unknown(types.refused(f"unsupported SASL server implementation '{sasl}' in smtpd_sasl_type"))
    newline = take(scope.get("smtpd_forbid_bare_newline"))
    allowed = ["yes", "no", "normalize", "reject"]
    if has(scope.release.number, "bare-newline-note"):
        allowed.append("note")
    if isinstance(newline, str) and newline.lower() not in allowed:
        raise take.unknown(types.refused(f"bad value '{newline}' of smtpd_forbid_bare_newline"))
    for word in words_of(take, scope, "mynetworks") if scope.is_set("mynetworks") else ():
        kind, colon, rest = word.lstrip("!").partition(":")
        if is_table(word.lstrip("!")) and colon and not (kind and rest):
            raise take.unknown(types.refused(f"expecting type:name form instead of '{word}' in mynetworks"))
    lists = lists_of(take, scope)
    for name in sorted(lists.classes):
        if not take(scope.defined(name)):
            raise take.unknown(types.refused(f"restriction class '{name}' needs a definition"))
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions"):
        if has_required(lists, lists.words(name)):
            return
    words_of(take, scope, relay_list(take, scope))
    raise take.unknown(types.refused("neither relay nor recipient restrictions refuse anything"))
