"""Restriction lists: their words in one scope, what smtpd demands of them, and which names let clients pass."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from checker.derive import Take, converted
from checker.postfix import types
from checker.postfix.access import Stranger, effect_of
from checker.postfix.domains import parents_of
from checker.postfix.restriction_entries import (
    ACCESS,
    NEVER_PERMIT,
    REJECTS,
    REQUIRED,
    STAGES,
    UNAUTHORIZED,
    effective_entries,
    entries,
)
from checker.postfix.scope import Scope
from checker.postfix.tables.match import Verdict, client_verdict
from checker.postfix.tables.match_list import Pattern, patterns_of
from checker.values import Known, Unknown, Value

LATE_STAGES = ("data", "end_of_data", "etrn")
"""The stages whose lists come too late, or are asked too seldom, to protect against relaying."""

MAX_CLASS_DEPTH = 100
"""Deeper nesting of restriction classes answers 451 (smtpd_check.c:generic_checks)."""


class Lists(Struct):
    """The restriction lists of one scope, in one computation, with the names of the classes that the user made up."""

    take: Take
    scope: Scope
    classes: frozenset[str]
    held: dict[str, tuple[str, ...]] = field(default_factory=dict)
    networks: tuple[Pattern, ...] | None = None

    def words(self, name: str) -> tuple[str, ...]:
        """Return the words of a restriction list."""
        if name not in self.held:
            self.held[name] = words_of(self.take, self.scope, name)
        return self.held[name]

    def class_words(self, name: str) -> tuple[str, ...]:
        """Return the words of a restriction class."""
        if name not in self.held:
            self.held[name] = types.words(self.take(self.scope.defined(name)) or "")
        return self.held[name]

    def networks_of(self) -> tuple[Pattern, ...]:
        """Return mynetworks; nothing where the machine computes it from its own interfaces, which hold no stranger."""
        if self.networks is None:
            self.networks = _networks(self.take, self.scope)
        return self.networks

    def in_networks(self, stranger: Stranger) -> Verdict:
        """Say whether a stranger is in mynetworks."""
        parents = parents_of(self.take, self.scope, "mynetworks")
        return client_verdict(self.networks_of(), stranger.name, stranger.address, parents)


def words_of(take: Take, scope: Scope, name: str) -> tuple[str, ...]:
    """Return the words of a restriction list."""
    return take(scope.words(name)) or ()


def restriction_lists(scope: Scope) -> list[Value[tuple[str, ...] | None]]:
    """Return the restriction lists of all stages, and the classes that the user made up."""
    names = (*STAGES, *(f"smtpd_{stage}_restrictions" for stage in LATE_STAGES))
    lists = [scope.words(name) for name in dict.fromkeys(names)]
    classes = scope.words("smtpd_restriction_classes")
    made = classes.value or () if isinstance(classes, Known) else ()
    return lists + [converted(scope.defined(name), lambda text: types.words(text or "")) for name in made]


def lists_of(take: Take, scope: Scope) -> Lists:
    """Return the restriction lists of a scope."""
    return Lists(take, scope, frozenset(words_of(take, scope, "smtpd_restriction_classes")))


def _networks(take: Take, scope: Scope) -> tuple[Pattern, ...]:
    value = scope.words("mynetworks")
    if isinstance(value, Unknown) and value.reason.kind == "host-only" and not scope.is_set("mynetworks"):
        return ()
    words = take(value)
    return patterns_of(words or (), scope.tables)


def has_required(lists: Lists, words: tuple[str, ...]) -> bool:
    """Say whether a list has an entry that smtpd demands; the search stops at ``permit``, but not at one in a class.

    A class that calls itself ends the computation as refused: smtpd searches until its stack is used up.
    """
    return _has_required(lists, words, {}, 0)


def _has_required(lists: Lists, words: tuple[str, ...], seen: dict[str, bool | None], depth: int) -> bool:
    for word, _ in effective_entries(words):
        name = word.lower()
        if name in REQUIRED:
            return True
        if name == "permit":
            return False
        if word in lists.classes:
            if word not in seen and depth < MAX_CLASS_DEPTH:
                seen[word] = None
                seen[word] = _has_required(lists, lists.class_words(word), seen, depth + 1)
            if seen.get(word) is None:
                raise lists.take.unknown(types.refused(f"the restriction class '{word}' has no end"))
            if seen[word]:
                return True
    return False


def permits_before_refusal(lists: Lists, name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names that can let a client pass before unauthorised destinations are refused, classes expanded."""
    return tuple(dict.fromkeys(_permits(_Question(lists, STAGES[name]), words, set(), 0)))


class _Question(Struct):
    """What is asked of lists: ``implied`` is what a table without a name before it stands for. ``known`` says of
    classes whether they may let somebody pass.
    """

    lists: Lists
    implied: str
    known: dict[str, bool] = field(default_factory=dict)


def _permits(asked: _Question, words: tuple[str, ...], seen: set[str], depth: int) -> Iterator[str]:
    for word, argument in entries(words):
        name = word.lower()
        if name in UNAUTHORIZED | REJECTS:
            return
        if word in asked.lists.classes:
            if word not in seen and depth < MAX_CLASS_DEPTH:
                seen.add(word)
                yield from _permits(asked, asked.lists.class_words(word), seen, depth + 1)
        elif _may_permit(asked, name, argument or word, depth):
            yield name


def _may_permit(asked: _Question, name: str, text: str, depth: int) -> bool:
    """Say whether an entry of a list may let somebody pass, whoever that is."""
    if name in ACCESS or ":" in name:
        return _table_permits(asked, asked.implied if ":" in name else name, text, depth)
    return name.startswith("permit") or name == "check_policy_service"


def _table_permits(asked: _Question, name: str, text: str, depth: int) -> bool:
    if ACCESS[name] in NEVER_PERMIT or text.startswith("{"):
        return False
    table = asked.lists.scope.tables.open(text)
    if table.kind in ("unseen", "union", "pipe"):
        return True
    for value in {entry.value for entry in table.entries}:
        effect = effect_of(value)
        if effect == "permit" or "$" in value.partition(" ")[0]:
            return True
        if isinstance(effect, tuple) and depth < MAX_CLASS_DEPTH and _list_permits(asked, effect, depth + 1):
            return True
    return False


def _list_permits(asked: _Question, words: tuple[str, ...], depth: int) -> bool:
    for word, argument in entries(words):
        name = word.lower()
        if name in UNAUTHORIZED | REJECTS:
            return False
        if word in asked.lists.classes:
            if word not in asked.known and depth < MAX_CLASS_DEPTH:
                asked.known[word] = False  # of itself a class permits nobody
                asked.known[word] = _list_permits(asked, asked.lists.class_words(word), depth + 1)
            if asked.known.get(word):
                return True
        elif _may_permit(asked, name, argument or word, depth):
            return True
    return False
