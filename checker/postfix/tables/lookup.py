"""Look a key up in a table, as the daemons do."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec import Struct

from checker.postfix.tables.patterns import matches
from checker.postfix.tables.table import Entry, Rule, Table
from checker.values import Reason

FIXED = frozenset({"keys", "anything"})
"""The kinds of table that are also asked for parts of a name or an address (DICT_FLAG_FIXED)."""


class Hit(Struct, frozen=True):
    """What a key gives, and the entry that gave it."""

    value: str
    entry: Entry


class Failure(Struct, frozen=True):
    """The lookup ends in an error."""

    why: str


Answer = Hit | Failure | Reason | None
"""What a lookup gives: a hit, an error, a reason where the files do not tell, None where nothing is found."""


def is_fixed(table: Table) -> bool:
    """Say whether a table is also asked for parts of a name: one that is made of others is what its first part is."""
    if table.kind in ("union", "pipe"):
        return is_fixed(table.parts[0])
    return table.kind in FIXED


def find(table: Table, key: str) -> Answer:
    """Return what a whole key gives; it is folded already."""
    if table.reason is not None:
        return Failure(table.reason.text) if table.kind == "fails" else table.reason
    if table.kind == "keys":
        entry = table.by_key.get(key)
        return None if entry is None else Hit(entry.value, entry)
    if table.kind == "anything":
        return Hit(table.entries[0].value, table.entries[0])
    if table.kind == "networks":
        return _in_networks(table.rules, key)
    if table.kind == "union":
        return _union(table, key)
    if table.kind == "pipe":
        return _pipe(table, key)
    if table.kind == "random" and len({entry.value for entry in table.entries}) == 1:
        return Hit(table.entries[0].value, table.entries[0])
    if table.kind == "patterns":
        return _by_patterns(table, key)
    return Reason("not-in-set", f"chance decides in {table.text}")


def _by_patterns(table: Table, key: str) -> Answer:
    """Return what is known without running a pattern: that none matches, or the value of one that matches everything
    before which none does.
    """
    depth = 0
    for rule in table.rules:
        if rule.operation != "match":
            depth += 1 if rule.operation == "if" else -1
            continue
        found = matches(rule, key)
        if found and depth == 0 and "$" not in rule.entry.value:
            return Hit(rule.entry.value, rule.entry)
        if found is not False:
            return Reason("not-in-set", f"a pattern decides in {table.text}")
    return None


def _in_networks(rules: tuple[Rule, ...], key: str) -> Answer:
    """Return the value of the first network that holds an address (util/cidr_match.c:cidr_match_execute)."""
    try:
        address = ip_address(key)
    except ValueError:
        return None
    at = 0
    while at < len(rules):
        rule = rules[at]
        at += 1
        if rule.network is None:
            continue
        matches = rule.network.version == address.version and (address in rule.network) != rule.negated
        if rule.operation == "match" and matches:
            return Hit(rule.entry.value, rule.entry)
        if rule.operation == "if" and not matches:
            if rule.end is None:
                return None
            at = rule.end + 1
    return None


def _union(table: Table, key: str) -> Answer:
    hits: list[Hit] = []
    for part in table.parts:
        answer = find(part, key)
        if isinstance(answer, Hit):
            hits.append(answer)
        elif answer is not None:
            return answer
    return Hit(",".join(hit.value for hit in hits), hits[0].entry) if hits else None


def _pipe(table: Table, key: str) -> Answer:
    answer: Answer = None
    for part in table.parts:
        answer = find(part, key)
        if not isinstance(answer, Hit):
            return answer
        key = answer.value.casefold()
    return answer
