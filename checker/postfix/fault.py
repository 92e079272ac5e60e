"""What keeps smtpd(8) and postscreen(8) from serving though master(8) starts them: values that they die of before they
serve a client.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.derive import Take, derive
from checker.postfix import types
from checker.postfix.features import has
from checker.postfix.global_fault import Checks, proven, refusals
from checker.postfix.postscreen import tls_state as postscreen_tls
from checker.postfix.relaying import relay_list
from checker.postfix.restrictions import has_required, lists_of, words_of
from checker.postfix.scope import Scope
from checker.postfix.smtpd import tls_state, yes
from checker.postfix.tables.reference import in_braces, is_table, stripped_braces
from checker.values import Known, Origin, Unknown, Value

SASL_TYPES = ("cyrus", "dovecot")
"""What smtpd may be built with (xsasl/xsasl_server.c)."""

PROCESS_LIMIT = 6
"""The column of master.cf."""

SASL_OPTIONS = frozenset({"noplaintext", "noactive", "nodictionary", "noanonymous", "forward_secrecy", "mutual_auth"})


def fault(scope: Scope) -> Value[str | None]:
    """Return what keeps smtpd from serving, absent if nothing does: a value that it refuses, a missing restriction."""
    return first_fault(scope) or late_fault(scope)


def first_fault(scope: Scope) -> Known[str] | None:
    """Return the first thing that the program of a service dies of for certain."""
    return next(certain_faults(scope, proven(scope)), None)


def late_fault(scope: Scope) -> Value[str | None]:
    """Return what smtpd dies of though each value for itself is one that it takes."""
    return died_of(derive(lambda take: _die_or_live(take, scope)))


def died_of(found: Value[str | None]) -> Value[str | None]:
    """Return what was found; a refused value is known to be fatal."""
    if isinstance(found, Unknown) and found.reason.kind == "invalid":
        return Known(found.reason.text, found.origins)
    return found


def certain_faults(scope: Scope, known: set[str] | None = None) -> Iterator[Known[str]]:
    """Yield what the program of a service dies of for certain: its arguments, and values that it refuses; ``known`` as
    in ``refusals``.
    """
    if scope.service is not None:
        for death in scope.service.deaths:
            yield Known(death.text, (Origin("master.cf", death.place, scope.service.label, scope.service.command),))
    yield from _several(scope)
    yield from refusals(scope, _CHECKS.get(scope.program or "", ()), known)


def _die_or_live(take: Take, scope: Scope) -> None:
    tls_state(take, scope)
    if yes(take, scope, "smtpd_sasl_auth_enable"):
        sasl = take(scope.text("smtpd_sasl_type"))
        if sasl not in SASL_TYPES:
            raise take.unknown(types.refused(f"unsupported SASL server implementation '{sasl}' in smtpd_sasl_type"))
    for word in words_of(take, scope, "mynetworks") if scope.is_set("mynetworks") else ():
        kind, colon, rest = word.lstrip("!").partition(":")
        if is_table(word.lstrip("!")) and colon and not (kind and rest):
            raise take.unknown(types.refused(f"expecting type:name form instead of '{word}' in mynetworks"))
    lists = lists_of(take, scope)
    for name in sorted(lists.classes):
        if not take(scope.defined(name)):
            words_of(take, scope, "smtpd_restriction_classes")
            raise take.unknown(types.refused(f"restriction class '{name}' needs a definition"))
    for name in ("smtpd_relay_restrictions", "smtpd_recipient_restrictions"):
        if has_required(lists, lists.words(name)):
            return
    words_of(take, scope, relay_list(take, scope))
    raise take.unknown(types.refused("neither relay nor recipient restrictions refuse anything"))


def _tls_level(take: Take, scope: Scope) -> str | None:
    tls_state(take, scope)  # ends as invalid where the level is none
    return None


def _sasl_options(take: Take, scope: Scope) -> str | None:
    """Say whether smtpd dies of its SASL options when the session begins, or TLS without which nothing goes
    (smtpd_sasl_glue.c:smtpd_sasl_activate): before TLS those count unless AUTH waits for it.
    """
    if not yes(take, scope, "smtpd_sasl_auth_enable"):
        return None
    enforced = tls_state(take, scope).enforce
    if not enforced and yes(take, scope, "smtpd_tls_auth_only"):
        return None
    name = "smtpd_sasl_tls_security_options" if enforced else "smtpd_sasl_security_options"
    sasl = take(scope.text("smtpd_sasl_type"))
    words = take(scope.words(name)) or ()
    strange = (word for word in words if (word.lower() if sasl == "dovecot" else word) not in SASL_OPTIONS)
    word = next(strange, None)
    return None if word is None else f"{name} has no value '{word}'"


def _command_filter(take: Take, scope: Scope) -> str | None:
    """Say whether the table of smtpd_command_filter names no type (util/dict_open.c)."""
    text = take(scope.text("smtpd_command_filter")) or ""
    kind, colon, rest = text.partition(":")
    return None if not text or (kind and colon and rest) else f"smtpd_command_filter: '{text}' has no type"


_OF_MILTER = frozenset({"connect_timeout", "command_timeout", "content_timeout", "protocol", "default_action"})


def _milters(take: Take, scope: Scope) -> str | None:
    """Say whether a milter in braces is malformed (milter/milter.c:milter_new); smtpd then dies when a client comes."""
    if take(scope.text("smtpd_milter_maps")) or "no_milters" in (take(scope.words("receive_override_options")) or ()):
        return None
    for word in take(scope.words("smtpd_milters")) or ():
        inner = in_braces(word)
        if not word.startswith("{") or not has(scope.release.number, "composed-tables"):
            continue
        if inner is None:
            return f"smtpd_milters: the braces of '{word}' do not pair"
        name, *options = types.words(inner) or ("",)
        if not name:
            return f"smtpd_milters: '{word}' names no milter"
        for option in options:
            attribute, equals, _ = (stripped_braces(option) or option).partition("=")
            if not equals or attribute.strip() not in _OF_MILTER:
                return f"smtpd_milters: '{option}' is no option of a milter"
    return None


_LISTS = (
    "mynetworks",
    "smtpd_noop_commands",
    "smtpd_forbidden_commands",
    "smtpd_authorized_verp_clients",
    "smtpd_authorized_xclient_hosts",
    "smtpd_authorized_xforward_hosts",
    "smtpd_client_event_limit_exceptions",
    "mydestination",
)


def _lone_negation(take: Take, scope: Scope) -> str | None:
    """Say whether a list has an exclamation mark with nothing behind it (util/match_list.c)."""
    for name in _LISTS:
        if scope.is_set(name) and any(not word.lstrip("!") for word in take(scope.words(name)) or ()):
            return f"{name}: there is no pattern after '!'"
    return None


def _protocols(take: Take, scope: Scope) -> str | None:
    """Say whether there is no protocol to speak; master(8) would not even listen (smtpd.c:smtpd_service)."""
    return None if take(scope.words("inet_protocols")) else "inet_protocols: all network protocols are disabled"


def _postscreen_level(take: Take, scope: Scope) -> str | None:
    postscreen_tls(take, scope, "postscreen")  # ends as invalid where the level is none
    return None


_TLS = ("tls_security_level", "use_tls", "enforce_tls")
_CHECKS: dict[str, Checks] = {
    "smtpd": (
        (tuple(f"smtpd_{name}" for name in _TLS), _tls_level),
        (("smtpd_sasl_auth_enable",), _sasl_options),
        (("smtpd_command_filter",), _command_filter),
        (("smtpd_milters",), _milters),
        (_LISTS, _lone_negation),
        (("inet_protocols",), _protocols),
    ),
    "postscreen": (
        (("inet_protocols",), _protocols),
        (tuple(f"{program}_{name}" for program in ("smtpd", "postscreen") for name in _TLS), _postscreen_level),
    ),
}


def _several(scope: Scope) -> Iterator[Known[str]]:
    """Yield the fault of a postscreen of which there may be several: each refuses to run (master/event_server.c)."""
    service = scope.service
    if service is None or scope.program != "postscreen":
        return
    column = service.fields[PROCESS_LIMIT]
    limit = scope.configuration.scope("master").integer("default_process_limit") if column == "-" else None
    if (int(column) == 1) if limit is None else (not isinstance(limit, Known) or limit.value == 1):
        return
    yield Known("postscreen requires a process limit of 1", (Origin("master.cf", service.column(PROCESS_LIMIT)),))
