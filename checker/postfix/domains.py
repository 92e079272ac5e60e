"""Which domains this host serves or relays for, as trivial-rewrite/resolve.c decides."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from checker.derive import Take
from checker.postfix.scope import Scope
from checker.postfix.tables.match import Parents, Verdict, host_verdict, names_above, string_verdict
from checker.postfix.tables.match_list import Pattern, patterns_of
from checker.postfix.tables.reference import INDEXED, KEYED_ELSEWHERE, parse_reference
from checker.postfix.tables.table import Table
from checker.values import Known, OneOf, Reason

LISTS = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains")

_CATALOGUES = INDEXED | KEYED_ELSEWHERE | {"texthash"}

Served = Literal["yes", "no", "error"] | Reason


def parents_of(take: Take, scope: Scope, name: str) -> Parents:
    """Say which patterns take in subdomains in a list (global/match_parent_style.c)."""
    for word in take(scope.words("parent_domain_matches_subdomains")) or ():
        if word.lstrip("!") == name:
            return "dotted" if word.startswith("!") else "all"
    return "dotted"


class DomainLists(Struct, frozen=True, dict=True):
    """The lists of the domains that a host is there for. ``is_whole``: every entry of them is known."""

    lists: tuple[tuple[str, tuple[Pattern, ...]], ...]
    parents: Parents
    is_whole: bool

    def served(self, domain: str) -> Served:
        """Say whether a domain is in any of the lists."""
        doubt: Reason | None = None
        for name, patterns in self.lists:
            verdict: Verdict
            if (plain := self._plain[name]) is not None:
                keys = names_above(domain, self.parents) if name == "relay_domains" else (domain,)
                verdict = "out" if plain.isdisjoint(keys) else "in"
            elif name == "relay_domains":
                verdict = host_verdict(patterns, domain, self.parents)
            else:
                verdict = string_verdict(patterns, domain)
            if verdict == "in":
                return "yes"
            if verdict == "error":
                return "error" if doubt is None else doubt
            doubt = verdict if isinstance(verdict, Reason) and doubt is None else doubt
        return doubt or "no"

    def listing(self, domain: str) -> str | None:
        """Return the name of the list that a domain is in, None if that is not known."""
        for name, patterns in self.lists:
            if replace(self, lists=((name, patterns),)).served(domain) == "yes":
                return name
        return None

    @cached_property
    def _plain(self) -> dict[str, frozenset[str] | None]:
        """The names of each list that has nothing else, so that it need not be walked through for each domain."""
        return {
            name: None
            if any(each.negated or each.table is not None for each in patterns)
            else frozenset(each.text for each in patterns)
            for name, patterns in self.lists
        }

    def identity(self) -> Hashable:
        """Return what is the same for the same lists."""
        found = tuple((name, each.negated, each.text) for name, patterns in self.lists for each in patterns)
        return found, self.parents, self.is_whole

    def names(self) -> Iterator[str]:
        """Yield the names that the lists hold."""
        for _, patterns in self.lists:
            for pattern in patterns:
                if pattern.table is None:
                    yield pattern.text
                else:
                    yield from (entry.key for entry in pattern.table.entries if pattern.table.kind == "keys")

    def tables(self) -> Iterator[Table]:
        """Yield the tables in the lists."""
        for _, patterns in self.lists:
            yield from (pattern.table for pattern in patterns if pattern.table is not None)


def domain_lists(take: Take, domains: Scope) -> DomainLists:
    """Return the lists of domains. ``domains`` is the scope of trivial-rewrite(8), which alone reads them.

    A list that holds the host's own name is not known, but names no strangers'. Likewise databases and indexes that are
    not read: what is looked up in them by its whole name is there because somebody entered it.
    """
    found = [(name, _patterns(take, domains, name)) for name in LISTS]
    tables = [each.table for _, patterns in found for each in patterns or () if each.table is not None]
    return DomainLists(
        tuple((name, tuple(each for each in patterns or () if not _is_catalogue(each))) for name, patterns in found),
        parents_of(take, domains, "relay_domains"),
        is_whole=all(patterns is not None for _, patterns in found) and all(each.kind == "keys" for each in tables),
    )


def _patterns(take: Take, scope: Scope, name: str) -> tuple[Pattern, ...] | None:
    value = scope.words(name)
    if not isinstance(value, (Known, OneOf)):
        return None
    words = take(value)
    return patterns_of(words or (), scope.tables)


def _is_catalogue(pattern: Pattern) -> bool:
    """Say whether a table that is not seen is one that is asked for whole names one by one."""
    table = pattern.table
    if table is None or table.kind != "unseen":
        return False
    reference = parse_reference(table.text)
    return table.text.startswith("/") or (reference is not None and reference.type in _CATALOGUES)
