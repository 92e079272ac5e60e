"""What smtpd(8) lets its clients do beside relaying: ETRN, HELO, pipelining, sizes, and mail to unknown recipients
(smtpd/smtpd.c, smtpd/smtpd_check.c).
"""

from __future__ import annotations

from checker.derive import Take, converted, derive
from checker.postfix.outcome import UNREAD, outcome
from checker.postfix.restriction_entries import effective_entries
from checker.postfix.restrictions import lists_of, words_of
from checker.postfix.scope import Scope
from checker.postfix.smtpd import yes
from checker.postfix.strangers import INCONSPICUOUS
from checker.values import Reason, Unknown, Value


def etrn(scope: Scope) -> Value[bool | None]:
    """Return whether ETRN is served to a stranger: for some domain, and no list refuses it."""

    def compute(take: Take) -> bool:
        lists = lists_of(take, scope)
        result = outcome(lists, "smtpd_etrn_restrictions", lists.words("smtpd_etrn_restrictions"), INCONSPICUOUS)
        if result.known == "unknown":
            raise take.unknown(result.doubt or UNREAD)
        if result.known == "reject":
            return False
        return bool(take(scope.words("fast_flush_domains")))  # of no other domain is mail flushed (global/flush_clnt.c)

    return derive(compute)


def pipelining_checked(scope: Scope) -> Value[bool | None]:
    """Return whether a client that does not wait where it must is turned away: always, or before the message comes."""

    def compute(take: Take) -> bool:
        if yes(take, scope, "smtpd_forbid_unauth_pipelining"):
            return True
        if _reaches(take, scope, "smtpd_data_restrictions", "reject_unauth_pipelining"):
            return True
        if scope.release.parameter("smtpd_forbid_unauth_pipelining") is not None:
            take(scope.boolean("smtpd_forbid_unauth_pipelining"))  # the one to set
        return False

    return derive(compute)


def _reaches(take: Take, scope: Scope, name: str, restriction: str) -> bool:
    """Say whether an entry of a list counts for a stranger: nothing before it lets everybody pass."""
    for word, _ in effective_entries(words_of(take, scope, name)):
        if word.lower() == restriction:
            return True
        if word.lower() in ("permit", "reject", "defer"):
            return False
    return False


def size_limit(scope: Scope) -> Value[int | None]:
    """Return the size in bytes above which a message is refused, 0 for none."""

    def number(value: object) -> int | Reason | None:
        return value if isinstance(value, int) else None

    return converted(scope.get("message_size_limit"), number)


_CLASSES = (
    ("mydestination", "local_recipient_maps"),
    ("relay_domains", "relay_recipient_maps"),
    ("virtual_mailbox_domains", "virtual_mailbox_maps"),
)
"""The classes of domains whose recipients stand in a table of smtpd's, if one is named; those of virtual alias domains
always do.
"""


def unknown_recipients_rejected(scope: Scope, domains: Scope) -> Value[bool | None]:
    """Return whether mail to a recipient that no table lists is refused at once, in every domain of this host.

    ``domains`` is the scope of trivial-rewrite(8), which says what those are.
    """

    def compute(take: Take) -> bool:
        if "no_unknown_recipient_checks" in (take(scope.words("receive_override_options")) or ()):
            return False
        if not yes(take, scope, "smtpd_reject_unlisted_recipient") and not _asks(take, scope):
            take(scope.boolean("smtpd_reject_unlisted_recipient"))
            return False
        for names, maps in _CLASSES:
            listed = take(scope.words(maps)) or ()
            if listed and not any(each.startswith("static:") for each in listed):
                continue
            if _has_domains(take, domains, names):
                take(scope.words(maps))
                return False
        return True

    return derive(compute)


def _asks(take: Take, scope: Scope) -> bool:
    names = ("reject_unlisted_recipient", "check_recipient_maps")
    stages = ("client", "helo", "sender", "relay", "recipient")
    return any(_reaches(take, scope, f"smtpd_{stage}_restrictions", name) for stage in stages for name in names)


def _has_domains(take: Take, domains: Scope, name: str) -> bool:
    """Say whether a class has domains; one whose names the machine gives has some."""
    value = domains.words(name)
    if not isinstance(value, Unknown) or value.reason.kind != "host-only":
        return bool(take(value))
    take.taken.append(value.origins)
    return True


def proxied(scope: Scope, parameter: str) -> Value[bool | None]:
    """Return whether a proxy in front names the client, and whoever connects without one is turned away."""
    return converted(scope.text(parameter), bool)
