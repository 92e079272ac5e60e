"""One Dovecot, and the values that its processes get for each connection."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from msgspec import Struct

from checker.derive import converted
from checker.dovecot.config import Configuration23
from checker.dovecot.filters import Filter
from checker.dovecot.release import Release
from checker.dovecot.scope import Connection, Scope
from checker.dovecot.tree24 import Block24, Configuration24
from checker.dovecot.types import words
from checker.values import Value

Configuration = Configuration23 | Configuration24

MASTER = Connection()
"""The master process: it asks without protocol, client and server address."""


class Server(Struct, frozen=True, dict=True):
    """A configuration with its scopes, each made once: alternatives are told apart by identity (``checker.derive``)."""

    configuration: Configuration

    @cached_property
    def _scopes(self) -> dict[tuple[object, ...], Scope]:
        return {}

    @property
    def release(self) -> Release:
        """Return the release that it is judged as."""
        return self.configuration.release

    @cached_property
    def programs(self) -> dict[str, str]:
        """Hold the names of the services' programs (``internal.program_of``)."""
        return {}

    @cached_property
    def _master(self) -> Scope:
        return self._made(MASTER)

    def scope(self, connection: Connection = MASTER) -> Scope:
        """Return the values for a connection."""
        if connection is MASTER or connection == MASTER:
            return self._master
        key: tuple[object, ...] = connection.where.key
        if self.release.generation == "2.4":  # in 2.3 nothing else counts
            asks = (connection.service, connection.listener, connection.kind, connection.role, connection.within)
            key = (*key, *asks)
        if key not in self._scopes:
            self._scopes[key] = self._made(connection)
        return self._scopes[key]

    def _made(self, connection: Connection) -> Scope:
        """Return a new scope; only the code of one generation is loaded."""
        if isinstance(self.configuration, Configuration23):
            from checker.dovecot.scope23 import Scope23  # noqa: PLC0415

            return Scope23(self.configuration, connection)
        from checker.dovecot.scope24 import Scope24  # noqa: PLC0415

        first = self._master if connection is not MASTER else None
        return Scope24(self.configuration, connection, first if isinstance(first, Scope24) else None)

    def protocols(self) -> Value[tuple[str, ...] | None]:
        """Return the enabled protocols; ``none`` of 2.3 is none."""
        value = self.scope().words("protocols")
        return converted(value, lambda names: () if names in (None, ("none",)) else names)

    def written(self) -> Iterator[tuple[str, str]]:
        """Yield what is written anywhere, for whichever client: names with their texts, of 2.4 sections as well."""
        if isinstance(self.configuration, Configuration23):
            for block in self.configuration.blocks:
                yield from ((path, assignment.text) for path, assignment in block.values.items())
            return
        for node in self.configuration.root.walk():
            yield node.name or "", node.instance or ""
            yield from ((name, assignment.text) for name, assignment in node.values.items())
            yield from ((name, " ".join(members.members)) for name, members in node.lists.items())

    def names(self, settings: Collection[str]) -> tuple[str, ...]:
        """Return the server names for which a filter that looks at nothing else sets any of these settings."""
        if isinstance(self.configuration, Configuration23):
            found = [(block.filter, block.values) for block in self.configuration.blocks[1:]]
        else:
            blocks = [block for block in self.configuration.root.walk() if block.is_limited and not block.is_group]
            found = [(_all_limits(block), block.values) for block in blocks]
        names = (
            where.local_name
            for where, values in found
            if where.local is None and where.remote is None and not values.keys().isdisjoint(settings)
        )
        return tuple(dict.fromkeys(name for name in names if name is not None))

    def filters(self) -> tuple[Filter, ...]:
        """Return the filters by which settings differ between clients."""
        if isinstance(self.configuration, Configuration23):
            return tuple(block.filter for block in self.configuration.blocks[1:])
        blocks = (block for block in self.configuration.root.walk() if block.is_limited and not block.is_group)
        return tuple(dict.fromkeys(map(_all_limits, blocks)))


def _all_limits(block: Block24) -> Filter:
    """Return what all filters around a block ask for together; an inner network lies in the outer one."""
    found = Filter()
    for each in block.path():
        limits = each.limits
        found = Filter(
            limits.protocol or found.protocol,
            limits.local or found.local,
            limits.local_name or found.local_name,
            limits.remote or found.remote,
        )
    return found


def listed(text: str | None) -> tuple[str, ...]:
    """Return the members of a list written as one text."""
    return words(text or "")
