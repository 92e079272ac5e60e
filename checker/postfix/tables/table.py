"""What a lookup table holds, as far as the files tell."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct

from checker.networks import IpNetwork
from checker.postfix.lines import LogicalLine
from checker.source import Span
from checker.values import Reason

Kind = Literal["keys", "anything", "networks", "patterns", "union", "pipe", "random", "fails", "unseen"]
"""How a table answers.

``keys``: each entry is for one key. ``anything``: the one entry is for every key. ``networks`` and ``patterns``: the
first rule that matches answers. ``union``: all parts answer, joined by commas; ``pipe``: what one part answers is the
key of the next; ``random``: one of the entries, whatever the key. ``fails``: every lookup is an error, as in a table
that cannot be opened. ``unseen``: the files do not tell.
"""


class Entry(Struct, frozen=True):
    """One key or rule of a table and what it gives.

    ``line`` is where it is written; an entry of a table that is written in the parameter itself has none, and stands
    ``at`` the parameter's place.
    """

    key: str
    value: str
    line: LogicalLine | None = None
    at: Span | None = None

    @property
    def place(self) -> Span | None:
        """Return where the entry is written."""
        return self.line.place if self.line is not None else self.at


class Rule(Struct, frozen=True):
    """One line of a table of networks or patterns.

    ``network`` is None in a table of patterns, and for ``endif``. A pattern is kept as it is written, and never run.
    ``end`` is the number of the rule that ends an ``if``, None where there is none.
    """

    operation: Literal["match", "if", "endif"]
    negated: bool
    entry: Entry
    network: IpNetwork | None = None
    pattern: str = ""
    end: int | None = None


class Table(Struct, frozen=True, dict=True):
    """A table. ``text`` is the reference as written.

    ``reason`` says why a table is unseen, or why it fails. ``from_source`` says that the entries are those of the text
    beside an index, which is older where somebody forgot postmap(1). ``skipped`` counts lines that Postfix warns of and
    skips.
    """

    text: str
    kind: Kind
    entries: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    parts: tuple[Table, ...] = ()
    reason: Reason | None = None
    from_source: bool = False
    skipped: int = 0

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """The entries of a table of keys, by their keys."""
        return {entry.key: entry for entry in self.entries}


def unseen(text: str, reason: Reason) -> Table:
    """Return a table of which the files tell nothing."""
    return Table(text, "unseen", reason=reason)


def failing(text: str, why: str) -> Table:
    """Return a table in which every lookup fails (util/dict_surrogate.c)."""
    return Table(text, "fails", reason=Reason("invalid", why))
