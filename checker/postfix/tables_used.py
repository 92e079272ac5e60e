"""The access tables that restriction lists and classes name, and what they tell apart."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from typing import TypeVar, get_args

from msgspec import Struct

from checker.postfix import types
from checker.postfix.access import Stranger, effect_of, looked_up
from checker.postfix.domains import parents_of
from checker.postfix.restriction_entries import ACCESS, STAGES, Subject, entries
from checker.postfix.restrictions import Lists
from checker.postfix.tables.lookup import Hit
from checker.postfix.tables.match import Parents
from checker.postfix.tables.patterns import ANY, parts_of
from checker.postfix.tables.table import Table
from checker.values import Known, OneOf, Value

T = TypeVar("T")


class TablesUsed(Struct, frozen=True):
    """The tables of a scope's restriction lists by what is looked up in them, and how that is done.

    ``words`` are all words of the lists, classes and results, in lower case.
    """

    tables: Mapping[Subject, tuple[Table, ...]]
    words: frozenset[str]
    parents: Parents
    null_sender: str

    def identity(self, subject: Subject) -> Hashable:
        """Return what is the same for the same tables that are asked in the same way."""
        return tuple(table.text for table in self.tables[subject]), self.parents, self.null_sender

    def answers(self, stranger: Stranger, subject: Subject) -> Hashable:
        """Return the answers of all tables of a subject in a form that tells apart what makes a difference."""
        return tuple(self._answer(table, stranger, subject) for table in self.tables[subject])

    def _answer(self, table: Table, stranger: Stranger, subject: Subject) -> Hashable:
        found = looked_up(table, subject, stranger, self.parents, self.null_sender)
        if isinstance(found, Hit):
            return effect_of(found.value)
        return None if found is None else type(found)

    def keys(self, subject: Subject) -> Iterator[str]:
        """Yield the keys of the tables of a subject; and what stands for any text where a pattern decides."""
        for table in self.tables[subject]:
            yield from _keys(table)
        if any(map(_has_patterns, self.tables[subject])):
            yield ANY

    def names(self) -> Iterator[str]:
        """Yield the keys of all tables, and the texts that must be in what their patterns match."""
        for tables in self.tables.values():
            for table in tables:
                yield from _keys(table)
                for rule in table.rules:
                    yield from parts_of(rule)

    def has_pattern_for_anybodys_host(self) -> bool:
        """Say whether a pattern for the names of clients may match a host in a stranger's own domain."""
        return any(map(_names_no_domain, self.tables["client"]))


def _keys(table: Table) -> Iterator[str]:
    """Yield the keys of a table, and of those that it is made of."""
    if table.kind == "keys":
        yield from (entry.key for entry in table.entries)
    for part in table.parts:
        yield from _keys(part)


def _has_patterns(table: Table) -> bool:
    return table.kind == "patterns" or any(map(_has_patterns, table.parts))


def _names_no_domain(table: Table) -> bool:
    rules = [rule for rule in table.rules if rule.pattern and rule.operation == "match"]
    return any(not any("." in part.strip(".") for part in parts_of(rule)) for rule in rules) or any(
        map(_names_no_domain, table.parts)
    )


def tables_used(lists: Lists) -> TablesUsed:
    """Return the tables that the lists and classes name, whether a recipient gets as far as there or not."""
    found: dict[Subject, dict[str, Table]] = {subject: {} for subject in get_args(Subject)}
    scope = lists.scope
    written = [(implied, words) for name, implied in STAGES.items() for words in _known(scope.words(name))]
    classes = [types.words(text) for name in sorted(lists.classes) for text in _known(scope.defined(name))]
    written += [(implied, words) for implied in dict.fromkeys(STAGES.values()) for words in classes]
    used: set[str] = set()
    for implied, words in written:
        used.update(word.lower() for word in words)
        for word, argument in entries(words):
            name, text = (implied, word) if ":" in word else (word.lower(), argument)
            if name in ACCESS and ":" in text and not text.startswith("{") and text not in found[ACCESS[name]]:
                table = scope.tables.open(text)
                found[ACCESS[name]][text] = table
                used |= scope.tables.once(("restrictions", text), partial(_restrictions, table))
    return TablesUsed(
        {subject: tuple(tables.values()) for subject, tables in found.items()},
        frozenset(used),
        parents_of(lists.take, scope, "smtpd_access_maps"),
        lists.take(scope.text("smtpd_null_access_lookup_key")) or "",
    )


def _restrictions(table: Table) -> frozenset[str]:
    """Return the names of restrictions and classes that a table gives, in lower case."""
    effects = map(effect_of, {entry.value for entry in table.entries})
    return frozenset(word.lower() for effect in effects if isinstance(effect, tuple) for word in effect)


def _known(value: Value[T | None]) -> Iterator[T]:
    """Yield what a value is known to be, in each of its alternatives."""
    alternatives = [each for _, each in value.alternatives] if isinstance(value, OneOf) else [value]
    for each in alternatives:
        if isinstance(each, Known) and each.value:
            yield each.value
