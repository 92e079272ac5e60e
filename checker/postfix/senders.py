"""How smtpd(8) knows its clients: who checks passwords, whether a login binds the sender, and certificates."""

from __future__ import annotations

from checker.derive import Take, derive
from checker.facts.types import AuthBackend
from checker.postfix.outcome import UNREAD
from checker.postfix.restriction_entries import effective_entries
from checker.postfix.restrictions import Lists, lists_of
from checker.postfix.scope import Scope
from checker.postfix.smtpd import tls_state, yes
from checker.values import Value

BINDING = frozenset(
    {
        "reject_sender_login_mismatch",
        "reject_authenticated_sender_login_mismatch",
        "reject_known_sender_login_mismatch",
    }
)
"""What refuses a client that is logged in and sends as somebody else."""

_ENDS_FOR_USERS = frozenset({"permit", "permit_sasl_authenticated", "reject", "defer"})
_STAGES = ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data")
MAX_DEPTH = 20
"""Classes nest no deeper."""


def backend(scope: Scope) -> Value[AuthBackend | None]:
    """Return who checks passwords, absent where nobody can log in."""

    def compute(take: Take) -> AuthBackend | None:
        if not yes(take, scope, "smtpd_sasl_auth_enable"):
            return None
        sasl = take(scope.text("smtpd_sasl_type"))
        return "dovecot" if sasl == "dovecot" else "cyrus" if sasl == "cyrus" else None

    return derive(compute)


def sender_bound(scope: Scope) -> Value[bool | None]:
    """Return whether a user can only send with addresses of one's own: a list asks before it lets users pass, and there
    is a table of owners. Absent where nobody can log in.
    """

    def compute(take: Take) -> bool | None:
        if not yes(take, scope, "smtpd_sasl_auth_enable"):
            return None
        lists = lists_of(take, scope)
        stages = _STAGES if yes(take, scope, "smtpd_delay_reject") else _STAGES[2:]  # else the sender is yet to come
        found = [_binds(lists, lists.words(f"smtpd_{stage}_restrictions"), 0) for stage in stages]
        bound = True in found
        if not bound:
            lists.words("smtpd_sender_restrictions")
            if None in found:
                raise take.unknown(UNREAD)
            return False
        return bool(take(scope.words("smtpd_sender_login_maps")))

    return derive(compute)


def _binds(lists: Lists, words: tuple[str, ...], depth: int) -> bool | None:
    """Say whether a list asks who owns the sender before it ends for users; None where a table might end it before."""
    doubtful = False
    for word, _ in effective_entries(words):
        name = word.lower()
        if name in BINDING:
            return None if doubtful else True
        if name in _ENDS_FOR_USERS:
            return False
        if word in lists.classes and depth < MAX_DEPTH:
            inner = _binds(lists, lists.class_words(word), depth + 1)
            if inner is not False:
                return None if doubtful else inner
        doubtful = doubtful or name.startswith("check_") or ":" in name
    return False


def by_certificate(scope: Scope) -> Value[bool | None]:
    """Return whether a client's certificate gives it rights: one is asked for, and a list looks at it."""

    def compute(take: Take) -> bool:
        state = tls_state(take, scope)
        asked = yes(take, scope, "smtpd_tls_ask_ccert") or (state.enforce and yes(take, scope, "smtpd_tls_req_ccert"))
        if not state.use or not asked:
            return False
        lists = lists_of(take, scope)
        known = bool(take(scope.words("relay_clientcerts")))
        return any(_looks(lists, lists.words(f"smtpd_{stage}_restrictions"), 0, known=known) for stage in _STAGES)

    return derive(compute)


def _looks(lists: Lists, words: tuple[str, ...], depth: int, *, known: bool) -> bool:
    for word, _ in effective_entries(words):
        name = word.lower()
        if name in ("permit_tls_all_clientcerts", "check_ccert_access") or (name == "permit_tls_clientcerts" and known):
            return True
        if name in ("permit", "reject", "defer"):
            return False
        if word in lists.classes and depth < MAX_DEPTH:
            inner = lists.class_words(word)
            if _looks(lists, inner, depth + 1, known=known):
                return True
    return False
