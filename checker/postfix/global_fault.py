"""What every program of Postfix dies of as it starts, whatever it is for: values that global/mail_params.c refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from checker.derive import Take, derive
from checker.postfix import types
from checker.postfix.features import has
from checker.postfix.scope import COMPATIBILITY_LEVEL, Scope
from checker.postfix.vocabulary import Vocabulary, vocabulary
from checker.values import Known, Unknown, Value

Check = Callable[[Take, Scope], str | None]
"""Says what is wrong, None if nothing is."""

Checks = tuple[tuple[tuple[str, ...], Check], ...]
"""Checks, each with the parameters that it concerns: it is made where one of them is set."""


def refusals(scope: Scope, checks: Checks = (), known: set[str] | None = None) -> Iterator[Known[str]]:
    """Yield what a program dies of when it reads its parameters, each with its place: numbers, times, words and texts
    that it refuses, and what the checks of all programs and ``checks`` find.

    ``known`` are parameters that were looked at before and that all programs read alike; those that are looked at now
    are added.
    """
    explicit = scope.explicit_names()
    for names, check in (*(CHECKS if not known or scope.has_options else ()), *checks):
        if not explicit.isdisjoint(names):
            yield from _told(_checked(scope, check))
    asked = [*sorted(filter(scope.may_refuse, explicit)), *scope.referring_defaults()]
    if known is not None:
        asked = [name for name in asked if name not in known or not scope.is_plain(name)]
        known |= {name for name in asked if scope.is_plain(name) and not scope.release.has_vocabulary(name)}
    for name in asked:
        value = scope.get(name)
        if isinstance(value, Unknown) and value.reason.kind == "invalid":
            yield Known(f"{name}: {value.reason.text}", value.origins)
        elif (words := vocabulary(name, scope.release.number, scope.program or "")) is not None:
            yield from _told(_checked(scope, _in(name, words)))


def proven(scope: Scope) -> set[str]:
    """Return the parameters that the scope's program takes whatever the service, since main.cf alone says what they
    are; none if it refuses one of them. For ``known``.
    """
    held = scope.configuration.proven
    if scope.program not in held:
        known: set[str] = set()
        refused = any(True for _ in refusals(scope.configuration.scope(scope.program), known=known))
        held[scope.program] = frozenset() if refused else frozenset(known)
    return set(held[scope.program])


def _checked(scope: Scope, check: Check) -> Value[str | None]:
    return derive(lambda take: check(take, scope))


def _told(value: Value[str | None]) -> Iterator[Known[str]]:
    if isinstance(value, Known) and value.value is not None:
        yield Known(value.value, value.origins)
    elif isinstance(value, Unknown) and value.reason.kind == "invalid":
        yield Known(value.reason.text, value.origins)


def _in(name: str, words: Vocabulary) -> Check:
    def check(take: Take, scope: Scope) -> str | None:
        stranger = words.stranger(take(scope.text(name)) or "")
        return None if stranger is None else f"{name} has no value '{stranger}'"

    return check


_LEVEL = r"\s*\+?[0-9]{1,4}(\.\+?[0-9]{1,4}(\.\+?[0-9]{1,4})?)?"


def malformed_level(take: Take, scope: Scope) -> str | None:
    """Say whether a compatibility level is none (global/compat_level.c); before 3.6 it was a number."""
    level = take(scope.text(COMPATIBILITY_LEVEL))
    if level is None:
        return None
    if not has(scope.release.number, "compatibility-releases"):
        number = types.integer(level)
        return None if isinstance(number, int) else f"{COMPATIBILITY_LEVEL}: {number.text}"
    return None if re.fullmatch(_LEVEL, level) else f"malformed {COMPATIBILITY_LEVEL} '{level}'"


MAX_HOST_NAME, MAX_LABEL = 255, 63
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"


def is_host_name(text: str) -> bool:
    """Say whether Postfix takes a text for a host name (util/valid_hostname.c); underscores are allowed."""
    labels = text.split(".")
    if len(text) > MAX_HOST_NAME or not all(len(each) <= MAX_LABEL and re.fullmatch(_LABEL, each) for each in labels):
        return False
    return not text.replace(".", "").isdigit()


def _host_name(name: str) -> Check:
    def check(take: Take, scope: Scope) -> str | None:
        text = take(scope.text(name)) or ""
        return None if is_host_name(text) else f"{name}: '{text}' is no host name"

    return check


def _origin(take: Take, scope: Scope) -> str | None:
    text = take(scope.text("myorigin")) or ""
    return f"myorigin: '{text}' is more than one value" if len(types.words(text)) > 1 else None


def _relays_to_itself(take: Take, scope: Scope) -> str | None:
    host = take(scope.text("myhostname")) or ""
    relay = take(scope.text("relayhost")) or ""
    return "myhostname and relayhost are the same" if host and host.lower() == relay.lower() else None


def _delimiters(take: Take, scope: Scope) -> str | None:
    allowed = take(scope.text("verp_delimiter_filter")) or ""
    delimiters = take(scope.text("default_verp_delimiters")) or ""
    strange = next((each for each in delimiters if each not in allowed), None)
    return None if strange is None else f"default_verp_delimiters: '{strange}' is not in verp_delimiter_filter"


_RESERVED = ("all", "loopback-only")


def _interfaces(take: Take, scope: Scope) -> str | None:
    """Say whether a word is used as a host name, as it is in a list or in capitals (global/own_inet_addr.c)."""
    text = take(scope.text("inet_interfaces")) or ""
    if text in _RESERVED:
        return None
    word = next((each for each in types.words(text) if each.lower() in _RESERVED), None)
    return None if word is None else f"inet_interfaces: there is no host '{word}'"


def _mail_owner(take: Take, scope: Scope) -> str | None:
    return "mail_owner is privileged" if take(scope.text("mail_owner")) == "root" else None


def _group(take: Take, scope: Scope) -> str | None:
    return "setgid_group is privileged" if take(scope.text("setgid_group")) == "root" else None


def _privileges(take: Take, scope: Scope) -> str | None:
    """Say whether commands would run as a user who may too much (global/mail_params.c:check_default_privs)."""
    owner, user = take(scope.text("mail_owner")), take(scope.text("default_privs"))
    if user == "root":
        return "default_privs is privileged"
    take(scope.text("default_privs" if scope.is_set("default_privs") else "mail_owner"))
    return "default_privs is the same user as mail_owner" if user == owner else None


def _style(take: Take, scope: Scope) -> str | None:
    """Say whether mynetworks cannot be computed (global/mynetworks.c)."""
    if scope.is_set("mynetworks"):
        return None
    style = take(scope.text("mynetworks_style")) or ""
    return None if style in ("class", "subnet", "host") else f"mynetworks_style has no value '{style}'"


def _log_file(take: Take, scope: Scope) -> str | None:
    """Say whether the log file lies where none may (global/maillog_client.c)."""
    file = take(scope.text("maillog_file")) or ""
    prefixes = take(scope.words("maillog_file_prefixes")) or ()
    if not file or any(file == each or file.startswith(f"{each.rstrip('/')}/") for each in prefixes):
        return None
    return f"maillog_file: '{file}' has none of maillog_file_prefixes"


CHECKS: Checks = (
    ((COMPATIBILITY_LEVEL,), malformed_level),
    (("myhostname",), _host_name("myhostname")),
    (("mydomain",), _host_name("mydomain")),
    (("myorigin",), _origin),
    (("relayhost", "myhostname"), _relays_to_itself),
    (("default_verp_delimiters", "verp_delimiter_filter"), _delimiters),
    (("inet_interfaces",), _interfaces),
    (("mail_owner",), _mail_owner),
    (("setgid_group",), _group),
    (("default_privs", "mail_owner"), _privileges),
    (("mynetworks_style",), _style),
    (("maillog_file", "maillog_file_prefixes"), _log_file),
)
"""What all programs check, and die of."""
