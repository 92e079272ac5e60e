"""What becomes of a recipient that a stranger sends, as smtpd/smtpd_check.c walks through a restriction list."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from checker.postfix.access import Effect, Stranger, effect_of, looked_up
from checker.postfix.domains import parents_of
from checker.postfix.restriction_entries import (
    ACCESS,
    DECIDED_ELSEWHERE,
    NEVER_FOR_STRANGERS,
    NEVER_PERMIT,
    REJECTS,
    SENDER_TESTS,
    STAGES,
    TESTS,
    UNAUTHORIZED,
    warned_entries,
)
from checker.postfix.restrictions import MAX_CLASS_DEPTH, Lists
from checker.postfix.tables.lookup import Failure, Hit
from checker.postfix.tables.match import Verdict
from checker.postfix.tables.table import Entry
from checker.values import Reason

UNREAD = Reason("not-in-set", "a table, a policy service or DNS decides, and it is not read")

ETRN = "check_etrn_access"

ANYTHING: frozenset[Effect] = frozenset({"permit", "reject", "next"})


class Outcome(Struct, frozen=True):
    """What may become of a recipient: one effect where it is known. ``by`` is the name that decided, ``entry`` that of
    an access table if one did.
    """

    effects: frozenset[Effect]
    doubt: Reason | None = None
    entry: Entry | None = None
    by: str = ""

    @property
    def known(self) -> Literal["permit", "reject", "next", "unknown"]:
        """The one effect; an error is a refusal."""
        effects: set[Literal["permit", "reject", "next"]]
        effects = {"reject" if effect == "error" else effect for effect in self.effects}
        return next(iter(effects)) if len(effects) == 1 else "unknown"


def outcome(lists: Lists, name: str, words: tuple[str, ...], stranger: Stranger) -> Outcome:
    """Return what a list does with the recipient: ``next`` if its end is reached.

    ``name`` is the list's, which says what a table without a name before it is asked for.
    """
    return _Walk(lists, ETRN if name == "smtpd_etrn_restrictions" else STAGES[name], stranger).through(
        words, depth=0, warns=False
    )


class _Walk:
    """One walk through a list for one stranger."""

    def __init__(self, lists: Lists, implied: str, stranger: Stranger) -> None:
        self.lists = lists
        self.implied = implied
        self.stranger = stranger
        self._seen: dict[tuple[str, bool], Outcome] = {}

    def through(self, words: tuple[str, ...], *, depth: int, warns: bool) -> Outcome:
        found: set[Effect] = set()
        doubt: Reason | None = None
        decisive = _NEXT
        for word, argument, is_warning in warned_entries(words):
            result = self._entry(word, argument, depth, warns=warns or is_warning)
            doubt = doubt or result.doubt
            found |= result.effects - {"next"}
            if decisive is _NEXT and result.effects != {"next"}:
                decisive = result
            if "next" not in result.effects:
                break
        else:
            found.add("next")
        return Outcome(frozenset(found), doubt if len(found) > 1 else None, decisive.entry, decisive.by)

    def _entry(self, word: str, argument: str, depth: int, *, warns: bool) -> Outcome:
        if word in self.lists.classes and word.lower() not in _BUILT_IN:
            return self._class(word, depth, warns=warns)
        result = self._built_in(word, argument, depth, warns=warns)
        if not warns or "reject" not in result.effects:
            return result
        return Outcome(result.effects - {"reject"} | {"next"}, result.doubt, None)

    def _class(self, name: str, depth: int, *, warns: bool) -> Outcome:
        key = (name, warns)
        if key not in self._seen:
            self._seen[key] = _ERROR  # until it is known, so that a class which calls itself ends here
            words = self.lists.class_words(name)
            if depth < MAX_CLASS_DEPTH:
                self._seen[key] = self.through(words, depth=depth + 1, warns=warns)
        return self._seen[key]

    def _built_in(self, word: str, argument: str, depth: int, *, warns: bool) -> Outcome:
        name, stranger = word.lower(), self.stranger
        if ":" in word:
            return self._table(self.implied, word, depth, warns=warns)
        if name in ACCESS:
            return self._table(name, argument, depth, warns=warns) if ":" in argument else _ERROR
        if name in REJECTS:
            return _REJECT
        if name == "permit":
            return _PERMIT
        if name in UNAUTHORIZED or name == "permit_auth_destination":
            return self._by_destination(name)
        if name == "permit_mynetworks":
            return _of_verdict(self.lists.in_networks(stranger), name)
        if name in ("reject_unknown_client_hostname", "reject_unknown_client") and stranger.name == "unknown":
            return _REJECT
        if name in SENDER_TESTS and stranger.is_listed:
            return Outcome(frozenset({"reject", "next"}), UNREAD)
        if name in NEVER_FOR_STRANGERS or name in TESTS:
            return _NEXT
        return Outcome(ANYTHING, UNREAD) if name in DECIDED_ELSEWHERE else _ERROR  # an unknown name answers 451

    def _by_destination(self, name: str) -> Outcome:
        served = self.stranger.served
        if served == "error":
            return _ERROR
        permits = name == "permit_auth_destination"
        if isinstance(served, Reason):
            return Outcome(frozenset({"permit" if permits else "reject", "next"}), served)
        if permits:
            return _PERMIT if served == "yes" else _NEXT
        return _NEXT if served == "yes" else _REJECT

    def _table(self, name: str, text: str, depth: int, *, warns: bool) -> Outcome:
        subject = ACCESS[name]
        if subject == "nothing" or (subject == "etrn" and self.implied != ETRN):
            return _NEXT
        if text.startswith("{"):
            return _REJECT  # it is opened by its own name and asked for by the one with braces (map_search(3))
        scope, take = self.lists.scope, self.lists.take
        table = scope.tables.open(text)
        null = take(scope.text("smtpd_null_access_lookup_key")) or ""
        parents = parents_of(take, scope, "smtpd_access_maps")
        if subject == "etrn" and table.kind != "anything":
            return self._any_of([entry.value for entry in table.entries], depth, UNREAD, warns=warns)
        answer = looked_up(table, subject, self.stranger, parents, null)
        if answer is None:
            return _NEXT
        if isinstance(answer, Failure):
            return _REJECT
        if isinstance(answer, Hit):
            result = self._result(answer.value, depth, warns=warns)
            made = Outcome(result.effects, result.doubt, answer.entry)
        else:
            made = self._any_of([entry.value for entry in table.entries], depth, answer, warns=warns)
        if subject in NEVER_PERMIT and "permit" in made.effects:
            return Outcome(made.effects - {"permit"} | {"error"}, made.doubt, made.entry)
        return made

    def _any_of(self, values: list[str], depth: int, doubt: Reason, *, warns: bool) -> Outcome:
        """Return what a table may do that says what it can give, but not for which key."""
        if not values or any("$" in value.partition(" ")[0] for value in values):
            return Outcome(ANYTHING, doubt)
        effects: set[Effect] = {"next"}
        for value in dict.fromkeys(values):
            effects |= self._result(value, depth, warns=warns).effects
        return Outcome(frozenset(effects), doubt)

    def _result(self, value: str, depth: int, *, warns: bool) -> Outcome:
        effect = effect_of(value)
        if not isinstance(effect, tuple):
            return Outcome(frozenset({effect}))
        return self.through(effect, depth=depth + 1, warns=warns) if depth < MAX_CLASS_DEPTH else _ERROR


_PERMIT = Outcome(frozenset({"permit"}))
_REJECT = Outcome(frozenset({"reject"}))
_ERROR = Outcome(frozenset({"error"}))
_NEXT = Outcome(frozenset({"next"}))
_BUILT_IN = frozenset(
    {
        *("permit", "permit_auth_destination", "permit_mynetworks"),
        *(*REJECTS, *UNAUTHORIZED, *ACCESS, *TESTS, *NEVER_FOR_STRANGERS, *DECIDED_ELSEWHERE),
    }
)
"""A class of such a name is never reached."""


def _of_verdict(verdict: Verdict, name: str) -> Outcome:
    if isinstance(verdict, Reason):
        return Outcome(ANYTHING, verdict)
    return Outcome(frozenset({"permit"}), by=name) if verdict == "in" else _NEXT if verdict == "out" else _ERROR
