"""Which entry of smtp_tls_policy_maps is for a destination, and what else these tables hold: smtp/smtp_tls_policy.c:
tls_policy_lookup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.derive import Take, derive
from checker.postfix.hops import Hop
from checker.postfix.scope import Scope
from checker.postfix.tables.lookup import Failure, Hit, find
from checker.postfix.tables.reference import INDEXED, parse_reference
from checker.postfix.tables.table import Entry, Table
from checker.postfix.tls_policy import Policy, parse_policy
from checker.values import Reason, Value

_HOST_NAME = r"[\w-]+(\.[\w-]+)*"

MAX_PARENTS = 127
"""A host name has no more labels."""

RESOLVERS = (
    r"socketmap:inet:.+:8461:[^:]+",  # postfix-mta-sts-resolver
    r"socketmap:(inet:.+:8642|unix:.*tlspol.*):query(withtlsrpt)?",  # postfix-tlspol
    r"socketmap:(unix|inet):.*mta-?sts.*:[^:]+",  # any that says so
)
"""The tables of programs that look up MTA-STS policies, as these programs' own instructions write them."""


def tables_of(take: Take, scope: Scope, parameter: str) -> tuple[Table, ...]:
    """Return the tables that a parameter names."""
    value = scope.words(parameter)
    words = take(value) or ()
    place = next((origin.place for origin in value.origins if not origin.is_default), None)
    return tuple(scope.tables.open(word, place) for word in words)


def policy_for(scope: Scope, prefix: str, hop: Hop) -> Value[Policy | None]:
    """Return the entry for a next hop, absent where the tables have none.

    Of destinations that are not known an entry decides only if it is for all.
    """

    def compute(take: Take) -> Policy | None:
        tables = tables_of(take, scope, f"{prefix}_tls_policy_maps")
        if not tables and hop.text is not None and take(scope.text(f"{prefix}_tls_per_site")):
            raise take.unknown(Reason("not-in-set", f"the members of {prefix}_tls_per_site are not read"))
        if hop.text is None:
            tables = tuple(table for table in tables if table.kind in ("anything", "fails"))
        for key in _keys(hop):
            for table in tables:
                answer = find(table, key)
                if isinstance(answer, Hit):
                    return parse_policy(answer.value, scope.release.number)
                if isinstance(answer, Failure):
                    return Policy(None, fault=f"the policy table fails: {answer.why}")
                if isinstance(answer, Reason):
                    raise take.unknown(answer)
        return None

    return derive(compute)


def _keys(hop: Hop) -> Iterator[str]:
    """Yield what is looked up: the next hop as written, and of a plain domain its parents, each with its dot."""
    text = hop.host if hop.is_unix else (hop.text or "").removeprefix("inet:")
    key = text.casefold()
    yield key
    if re.fullmatch(_HOST_NAME, key):
        labels = key.split(".")
        for at in range(1, min(len(labels), MAX_PARENTS)):
            yield "." + ".".join(labels[at:])


def may_name_all(table: Table) -> bool:
    """Say whether a table might have an answer for any destination, for all that its files tell."""
    reference = parse_reference(table.text)
    keyed = reference is not None and reference.type in (*INDEXED, "texthash")
    return table.kind in ("patterns", "union", "pipe", "random") or (table.kind == "unseen" and not keyed)


def listed(table: Table) -> Iterator[tuple[Table, Entry | None]]:
    """Yield the entries of a table and of those that it is made of; without an entry a table whose own are not
    known.
    """
    for part in table.parts:
        yield from listed(part)
    if table.kind in ("keys", "networks", "patterns", "anything"):
        for entry in table.entries:
            yield table, entry
    elif table.kind in ("unseen", "random"):
        yield table, None


def asks_mta_sts(take: Take, scope: Scope, prefix: str) -> bool:
    """Say whether a table is a resolver of MTA-STS."""
    tables = tables_of(take, scope, f"{prefix}_tls_policy_maps")
    texts = [part.text.casefold() for table in tables for part in _parts(table)]
    if any(re.fullmatch(pattern, text) for text in texts for pattern in RESOLVERS):
        return True
    for table in tables:
        if any(part.kind == "unseen" and may_name_all(part) for part in _parts(table)):
            raise take.unknown(Reason("not-in-set", f"whether {table.text} asks for MTA-STS is not told"))
    return False


def _parts(table: Table) -> Iterator[Table]:
    yield table
    for part in table.parts:
        yield from _parts(part)
