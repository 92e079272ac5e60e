"""For whom smtp(8) and lmtp(8) have a password: smtp/smtp_sasl_glue.c:smtp_sasl_passwd_lookup."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checker.derive import Take, derive
from checker.postfix.hops import Hop, mail_hop
from checker.postfix.scope import Scope
from checker.postfix.tables.lookup import Hit, find
from checker.postfix.tables.reference import parse_reference
from checker.postfix.tls_policies import listed, tables_of
from checker.source import Source
from checker.values import Known, Reason, Value


def password_for(scope: Scope, prefix: str, hop: Hop, *, is_way: bool) -> Value[bool]:
    """Say whether there is a password for a next hop, by its host, as written, or by the sender.

    A table that is not read counts as one that has it where mail for others goes that way (``is_way``): it is there for
    a reason. Who has an entry of a table has a fact of its own, so of destinations that are not known only tables for
    all are asked.
    """

    def compute(take: Take) -> bool:
        by_sender = bool(take.boolean(scope.boolean(f"{prefix}_sender_dependent_authentication")))
        is_doubtful = False
        for table in tables_of(take, scope, f"{prefix}_sasl_password_maps"):
            if by_sender and any(entry and "@" in entry.key for _, entry in listed(table)):
                return True
            keys = (hop.host, hop.text) if hop.text is not None else ("",)
            for answer in [find(table, key.casefold()) for key in keys if table.kind != "keys" or key]:
                if isinstance(answer, Hit):
                    return True
                if isinstance(answer, Reason):
                    is_doubtful = True
        if is_doubtful and not is_way:
            raise take.unknown(Reason("not-in-set", f"{prefix}_sasl_password_maps is not read"))
        return is_doubtful

    return derive(compute)


def others(scope: Scope, prefix: str, known: Collection[Hop]) -> Iterator[Hop]:
    """Yield the servers in password tables that none of the known ways leads to."""
    value = scope.words(f"{prefix}_sasl_password_maps")
    enabled = scope.boolean(f"{prefix}_sasl_auth_enable")
    if not isinstance(value, Known) or not isinstance(enabled, Known) or not enabled.value:
        return
    met = {text.casefold() for hop in known for text in (hop.host, hop.text) if text}
    for word in value.value or ():
        table = scope.tables.open(word, next((each.place for each in value.origins if not each.is_default), None))
        for part, entry in listed(table):
            if entry is not None and part.kind == "keys" and "@" not in entry.key and entry.key not in met:
                hop = mail_hop(entry.key, lmtp=prefix == "lmtp")
                if hop.host.casefold() not in met:
                    yield hop


def password_files(scope: Scope, prefix: str) -> frozenset[str]:
    """Return the paths of the files with passwords: neither their lines nor hashes of them shall be shown."""
    value = scope.words(f"{prefix}_sasl_password_maps")
    words = value.value or () if isinstance(value, Known) else ()
    names = (reference.name for reference in map(parse_reference, words) if reference is not None)
    sources = (scope.tables.read(name) for name in names if name.startswith("/"))
    return frozenset(source.path for source in sources if isinstance(source, Source))
