"""Access tables in restriction lists: which keys are looked up, and what a result means (access(5))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from checker.postfix import types
from checker.postfix.domains import Served
from checker.postfix.restriction_entries import Subject
from checker.postfix.tables.lookup import Answer, Failure, Hit, find, is_fixed
from checker.postfix.tables.match import Parents, names_above
from checker.postfix.tables.table import Table

Effect = Literal["permit", "reject", "error", "next"]
"""``error`` is a refusal too, 451, but one that warn_if_reject does not turn into a warning."""


class Stranger(Struct, frozen=True):
    """One client of the Internet, and what it says of itself; all in lower case.

    ``name`` is ``unknown`` where its address has no name that leads back to it. An empty sender is the null sender.
    ``is_listed``: a table names the sender. ``served`` says whether this host serves or relays for the recipient's
    domain.
    """

    name: str
    address: str
    helo: str
    sender: str
    recipient: str
    is_listed: bool = False
    served: Served = "no"


def looked_up(table: Table, subject: Subject, stranger: Stranger, parents: Parents, null_sender: str) -> Answer:
    """Return what an access table gives for a stranger."""
    if subject in ("client", "reverse", "server"):
        found = _of_domain(table, stranger.name, parents)
        return found if found is not None else _of_address(table, stranger.address)
    if subject in ("helo", "etrn"):
        return _of_domain(table, stranger.helo, parents)
    address = stranger.sender if subject == "sender" else stranger.recipient
    return _of_mail(table, address, parents) if address else find(table, null_sender)


def _of_domain(table: Table, name: str, parents: Parents) -> Answer:
    """Return what a name gives, or a domain above it (smtpd_check.c:check_domain_access)."""
    return _first(table, names_above(name, parents))


def _of_address(table: Table, address: str) -> Answer:
    """Return what an address gives, or a network above it at a dot or colon (smtpd_check.c:check_addr_access)."""
    return _first(table, networks_above(address))


def networks_above(address: str) -> Iterator[str]:
    """Yield an address and what is looked up after it."""
    delimiter = ":" if ":" in address else "."
    while address:
        yield address
        address = address.rpartition(delimiter)[0]


def _of_mail(table: Table, address: str, parents: Parents) -> Answer:
    """Return what a mail address gives, its domain or one above it, or its local part (mail_addr_find(3))."""
    local, _, domain = address.rpartition("@")
    return _first(table, (address, *names_above(domain, parents), f"{local}@"))


def _first(table: Table, keys: Iterator[str] | tuple[str, ...]) -> Answer:
    """Return what the first key gives that is in a table; only the whole key is looked up in tables of rules."""
    for key in keys:
        answer = find(table, key)
        if answer is not None:
            if isinstance(answer, Hit) and not answer.value:
                return Failure(f"{table.text} gives nothing for a key that it has")
            return answer
        if not is_fixed(table):
            return None
    return None


_NEXT = frozenset({"DUNNO", "INFO", "WARN", "FILTER", "HOLD", "REDIRECT", "BCC", "DEFER_IF_REJECT", "PREPEND"})
_REJECT = frozenset({"REJECT", "DEFER", "HANGUP", "DEFER_IF_PERMIT", "DISCARD"})
"""What keeps the mail from its recipient; of ``DISCARD`` the client does not learn it."""


def effect_of(value: str) -> Effect | tuple[str, ...]:
    """Return what a result means, or the restrictions that it names (smtpd_check.c:check_table_result)."""
    word, _, rest = value.partition(" " if "\t" not in value.partition(" ")[0] else "\t")
    action = word.upper()
    if action in _NEXT:
        return "next"
    if action in _REJECT:
        return "reject"
    if value.isascii() and value.isdigit():
        return "permit"  # even 550, with no text behind it
    if rest.strip() and len(word) == 3 and word[0] in "45" and word.isascii() and word.isdigit():
        return "reject"
    if action in ("OK", "RELAY"):
        return "permit"
    if ":" in value:
        return "error"  # tables inside of tables are not allowed
    return types.words(value) or "permit"
