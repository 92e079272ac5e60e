"""Names in restriction lists that Postfix does not know, or knows no more: it answers 451 to whoever reaches them."""

from __future__ import annotations

from collections.abc import Iterator

from checker.facts.types import SettingProblem
from checker.postfix.restriction_entries import entries, is_heard_of
from checker.postfix.scope import Scope
from checker.releases.tables import Number, number, table
from checker.values import Known

LISTS = frozenset(
    f"smtpd_{stage}_restrictions"
    for stage in ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data", "etrn")
)
"""The restriction lists of smtpd(8)."""

_ENDS = frozenset({"permit", "reject", "defer"})


def unheard_names(scope: Scope, words: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of a list that mean nothing, as far as a client may get."""
    classes = scope.words("smtpd_restriction_classes")
    if not isinstance(classes, Known):
        return
    known = frozenset(classes.value or ())
    warned = False
    for word, _ in entries(words):
        name = word.lower()
        if word not in known and not is_heard_of(name):
            yield word
        if name in _ENDS and not warned:
            return
        warned = name == "warn_if_reject"


def obsolete_names(release: Number, words: tuple[str, ...]) -> Iterator[tuple[SettingProblem, str]]:
    """Yield what is obsolete in a list, with what stands in its place: a name, or one that is gone."""
    for word, _ in entries(words):
        since, until, instead = table("postfix/restrictions").get(word.lower(), (None, None, ""))
        if until is not None and release >= number(until):
            yield "removed", instead
        elif since is not None and release >= number(since):
            yield "deprecated", instead
