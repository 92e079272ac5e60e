"""The passdbs and userdbs of a Dovecot, of either generation, under the short names of their settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from checker.derive import Take, converted, derive
from checker.dovecot.config import Configuration23
from checker.dovecot.external import External, external
from checker.dovecot.filters import Filter
from checker.dovecot.scope import Connection, Scope
from checker.dovecot.server import Server
from checker.named_files import Files
from checker.values import ABSENT, Known, Value

Kind = Literal["passdb", "userdb"]
KINDS: tuple[Kind, ...] = ("passdb", "userdb")

OTHER = "-"
"""A protocol that none is called by: ``protocol !imap`` has it."""

SQL_DRIVERS = ("mysql", "pgsql", "cassandra")
"""Those that speak to a server; others open a file."""

IN_FILE = ("sql", "ldap", "dict", "oauth2")
"""Drivers of 2.3 whose argument is a file of settings."""


class Database(Struct, frozen=True):
    """One passdb or userdb. ``name`` is its own or, in 2.3, its number; ``where`` the filter that it stands in."""

    server: Server
    scope: Scope
    kind: Kind
    name: str
    external: External | None = None
    where: Filter = Filter()

    @property
    def is_old(self) -> bool:
        """Say whether it is one of 2.3."""
        return isinstance(self.server.configuration, Configuration23)

    def text(self, name: str) -> Value[str | None]:
        """Return one of its settings by the name inside its section."""
        return self.scope.text(f"{self.kind}/{self.name}/{name}" if self.is_old else f"{self.kind}_{name}")

    def driver(self) -> Value[str | None]:
        """Return the driver; in 2.4 a database without one has that of its name."""
        return converted(self.text("driver"), lambda driver: driver or (None if self.is_old else self.name))

    def option(self, old: str, new: str) -> Value[str | None]:
        """Return a setting of the driver: of 2.3 from the driver's file, of 2.4 by its full name."""
        if not self.is_old:
            return self.scope.text(new)
        return self.external.text(old) if self.external is not None else ABSENT

    def fields(self) -> Value[Mapping[str, str]]:
        """Return what it says of every user, whatever the driver finds: fields with their values."""
        if not self.is_old:
            return converted(self.scope.entries(f"{self.kind}_fields"), dict)
        driver = self.driver()
        given = [self.text(name) for name in ("args", "default_fields", "override_fields")]

        def compute(take: Take) -> Mapping[str, str]:
            is_static = take(driver) == "static"
            texts = [""] * len(given)
            for at in sorted(range(len(given)), key=lambda at: is_written(given[at])):  # what is written decides
                texts[at] = take(given[at]) or ""
            counted = texts if is_static else texts[1:]
            return dict(_field(word) for text in counted for word in text.split())

        return derive(compute)


def is_written(value: Value[str | None]) -> bool:
    """Say whether a file sets a value."""
    return any(not origin.is_default for origin in value.origins)


def _field(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    return name, value if equals else "yes"


def databases(server: Server, files: Files) -> Iterator[Database]:
    """Yield them in order, those in filters by protocol as well."""
    if isinstance(server.configuration, Configuration23):
        yield from _databases23(server, files)
        return
    for block in server.configuration.root.walk():
        if block.name in KINDS and block.instance is not None and not block.is_group:
            where = next((each.limits for each in reversed(block.path()) if each.name is None), Filter())
            own = (block.name, block.instance)
            first = server.scope(Connection(where, within=(own,)))
            named = first.text(f"{block.name}_driver")
            driver = (named.value if isinstance(named, Known) else None) or block.instance
            within = (own, (f"{block.name}_{driver.replace('-', '_')}", None))
            scope = server.scope(Connection(where, within=within))
            yield Database(server, scope, block.name, block.instance, where=where)


def _databases23(server: Server, files: Files) -> Iterator[Database]:
    if not isinstance(server.configuration, Configuration23):
        return
    for block in server.configuration.blocks:
        protocol = block.filter.protocol
        asked = Filter(OTHER if protocol is not None and protocol.startswith("!") else protocol)
        for kind in KINDS:
            for name in block.sections.get(kind, ()):
                bare = Database(server, server.scope(Connection(asked)), kind, name, where=block.filter)
                yield replace(bare, external=_external(bare, files))


def read_files(server: Server, files: Files) -> None:
    """Read what the drivers of all databases and dictionaries are told in files of their own."""
    for _ in databases(server, files):
        pass
    for _, text in dictionaries(server):
        external(files, text.partition(":")[2])


def dictionaries(server: Server) -> tuple[tuple[str, str], ...]:
    """Return the dictionaries of 2.3 that are in an SQL database: name, and ``driver:path``."""
    found = server.scope().entries("dict")
    given = found.value if isinstance(found, Known) else ()
    return tuple((name, text) for name, text in given if text.partition(":")[0] in SQL_DRIVERS)


def _external(database: Database, files: Files) -> External | None:
    """Return the file that the driver has its settings in."""
    driver, args = database.driver(), database.text("args")
    if not isinstance(driver, Known) or driver.value not in IN_FILE or not isinstance(args, Known) or not args.value:
        return None
    words = args.value.split()
    return external(files, next((word for word in words if word.startswith("/")), words[-1]))
