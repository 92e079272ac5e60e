"""Open a lookup table as the daemons do, as far as files tell what is in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, TypeVar

from checker.named_files import Files
from checker.postfix import types
from checker.postfix.features import has
from checker.postfix.tables.reference import (
    INDEXED,
    KEYED_ELSEWHERE,
    TABLE_TYPES,
    Reference,
    in_braces,
    parse_reference,
    stripped_braces,
)
from checker.postfix.tables.rules import Line, inline_lines, network_rule, pattern_rule, rules_of
from checker.postfix.tables.table import Entry, Kind, Table, failing, unseen
from checker.postfix.tables.text import entries_of, inline_entries, lines_of
from checker.releases.tables import Number
from checker.source import Source, Span
from checker.values import Reason

T = TypeVar("T")

MAX_ENTRIES = 50_000
"""A table with more is not looked at: what is asked of tables is asked of every entry."""

MAX_DEPTH = 8
"""Tables that are made of tables nest no deeper in any configuration that somebody wrote."""

_COMPOSED: dict[str, Kind] = {"unionmap": "union", "pipemap": "pipe"}
_RULES = {"cidr": network_rule, "regexp": pattern_rule, "pcre": pattern_rule}


class Tables:
    """Opens the tables of one configuration, each once. Without ``files`` only those that parameters hold are known."""

    def __init__(self, files: Files | None, release: Number) -> None:
        self.files = files
        self._release = release
        self._opened: dict[tuple[str, bool, Span | None], Table] = {}
        self._made: dict[Hashable, Any] = {}

    def open(self, text: str, place: Span | None = None, *, folds: bool = True) -> Table:
        """Return a table by its reference.

        ``place`` is where the reference stands, and so what it holds in braces. ``folds``: keys are folded to lower
        case when the table is opened. That is so everywhere but in lists of patterns such as mynetworks: there
        ``inline:`` and ``texthash:`` keep keys as they are, and what is looked up is folded (util/match_list.c).
        """
        known = (text, folds, place)
        if known not in self._opened:
            self._opened[known] = self._open(text, place, folds=folds, depth=0)
        return self._opened[known]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what follows from tables, made only once for a key: what is asked of every entry takes its time."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[no-any-return]  # a key is used for one type

    def read(self, path: str) -> Source | Reason:
        """Return a file by its absolute path on the host, or why it cannot be had."""
        if self.files is None:
            return Reason("not-in-set", f"{path} is not read")
        return self.files.read(path)

    def _open(self, text: str, place: Span | None, *, folds: bool, depth: int) -> Table:
        reference = parse_reference(text)
        if reference is None:
            return failing(text, f"expecting type:name form instead of '{text}'")
        kind, name = reference.type, reference.name
        if kind not in TABLE_TYPES or (kind in ("inline", "randmap", *_COMPOSED) and not self._has_composed):
            return failing(text, f"unsupported dictionary type: {kind}")
        if "debug" in reference.wrappers and not has(self._release, "debug-tables"):
            return failing(text, "unsupported dictionary type: debug")
        if kind in _COMPOSED:
            return self._composed(reference, place, folds=folds, depth=depth)
        if kind == "static":
            return self._static(text, name, place)
        if kind == "inline":
            return _inline(text, name, place, folds=folds)
        if kind == "randmap":
            words = types.words(in_braces(name) or "")
            made = tuple(Entry("", word, at=place) for word in words)
            return Table(text, "random", made) if made else failing(text, f"bad syntax: '{text}'")
        if kind == "fail":
            return failing(text, "every lookup in it fails")
        if kind in _RULES:
            return self._rules(text, kind, name, place)
        if kind in INDEXED or kind == "texthash":
            return self._keys(text, kind, name, folds=folds)
        where = "in a database" if kind in KEYED_ELSEWHERE else "asked of a server"
        return unseen(text, Reason("not-in-set", f"what {text} holds is {where}"))

    @property
    def _has_composed(self) -> bool:
        return has(self._release, "composed-tables")

    def _composed(self, reference: Reference, place: Span | None, *, folds: bool, depth: int) -> Table:
        words = types.words(in_braces(reference.name) or "")
        if not words or not all(":" in word for word in words):
            return failing(reference.text, f"bad syntax: '{reference.text}'")
        if depth >= MAX_DEPTH:
            return unseen(reference.text, Reason("not-in-set", f"tables more than {MAX_DEPTH} deep are not read"))
        parts = tuple(self._open(word, place, folds=folds, depth=depth + 1) for word in words)
        return Table(reference.text, _COMPOSED[reference.type], parts=parts)

    def _static(self, text: str, name: str, place: Span | None) -> Table:
        value: str | None = name
        if name.startswith("{") and self._has_composed:
            value = stripped_braces(name)
        if value is None:
            return failing(text, f"bad static:name syntax: '{text}'")
        return Table(text, "anything", (Entry("", value, at=place),))

    def _rules(self, text: str, kind: str, name: str, place: Span | None) -> Table:
        lines: Iterator[Line] | str
        if name.startswith("{") and has(self._release, "inline-rules"):
            lines = inline_lines(name)
            if isinstance(lines, str):
                return failing(text, lines)
        else:
            source = self.read(name)
            if isinstance(source, Reason):
                return unseen(text, source)
            lines = ((line.text, line) for line in lines_of(source))
        blocks = kind != "cidr" or has(self._release, "cidr-blocks")
        rules, skipped = rules_of(lines, _RULES[kind], place, blocks=blocks)
        if len(rules) > MAX_ENTRIES:
            return _too_large(text)
        entries = tuple(rule.entry for rule in rules if rule.operation == "match")
        return Table(text, "networks" if kind == "cidr" else "patterns", entries, rules, skipped=skipped)

    def _keys(self, text: str, kind: str, name: str, *, folds: bool) -> Table:
        source = self.read(name)
        if isinstance(source, Reason):
            return unseen(text, source)
        entries, skipped = entries_of(source)
        if len(entries) > MAX_ENTRIES:
            return _too_large(text)
        unique = _unique(entries, folds=folds or kind in INDEXED)
        if kind == "texthash" and len(unique) < len(entries):
            return failing(text, f"{name} has duplicate entries")  # util/dict_thash.c; postmap(1) only warns
        return Table(text, "keys", tuple(unique.values()), from_source=kind in INDEXED, skipped=skipped)


def _unique(entries: list[Entry], *, folds: bool) -> dict[str, Entry]:
    """Return the first entry of each key as it is stored."""
    found: dict[str, Entry] = {}
    for entry in entries:
        key = entry.key.casefold() if folds else entry.key
        if key not in found:
            found[key] = entry if key == entry.key else Entry(key, entry.value, entry.line, entry.at)
    return found


def _inline(text: str, name: str, place: Span | None, *, folds: bool) -> Table:
    inner = in_braces(name)
    entries = inline_entries(inner, place) if inner else f"bad syntax: '{text}'"
    if isinstance(entries, str):
        return failing(text, entries)
    entries.reverse()  # of duplicates the last one counts (util/dict_ht.c)
    return Table(text, "keys", tuple(reversed(_unique(entries, folds=folds).values())))


def _too_large(text: str) -> Table:
    return unseen(text, Reason("not-in-set", f"{text} has more than {MAX_ENTRIES} entries, so it is not looked at"))
