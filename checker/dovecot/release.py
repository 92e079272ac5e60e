"""What one release of Dovecot knows: its settings with types and defaults, its services, and what became of names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from checker.dovecot.lines import Generation
from checker.dovecot.types import normal
from checker.errors import UserError
from checker.releases.platforms import packaged
from checker.releases.tables import Number, number, table

TABLES: tuple[tuple[Number, str], ...] = (
    ((2, 3, 0), "2.3.13"),
    ((2, 3, 15), "2.3.19.1"),
    ((2, 4, 0), "2.4.1"),
    ((2, 4, 2), "2.4.5"),
)
"""From which release on which table holds."""

LAST: Number = (2, 4, 5)

ASSUMED: Mapping[Generation, str] = {"2.3": "debian-12", "2.4": "debian-13"}
TABLED: Mapping[Generation, str] = {"2.3": "2.3.19.1", "2.4": "2.4.1"}
"""What a configuration is judged as where only its generation is known: the platform, and the release it packages."""

UPSTREAM_PROTOCOLS = "imap pop3 lmtp"
"""The default of ``protocols`` that 2.3 has where a distribution did not empty it."""


class Known(Struct, frozen=True):
    """A setting of a release: its type (``checker.dovecot.types``) and its default as doveconf prints it."""

    name: str
    type: str
    default: str | None
    hidden: bool = False


class Release(Struct, frozen=True, dict=True):
    """A release of Dovecot, on a platform or on none in particular."""

    version: str
    number: Number
    platform: str | None = None

    @property
    def generation(self) -> Generation:
        """Return which of the two languages it reads."""
        return "2.3" if self.number < (2, 4) else "2.4"

    @property
    def label(self) -> str:
        """Return the name of the release for people."""
        where = f" on {table('platforms')[self.platform]['name']}" if self.platform in table("platforms") else ""
        return f"Dovecot {self.version}{where}"

    @cached_property
    def table(self) -> Any:
        """Return the release's table as plain data."""
        name = [name for since, name in TABLES if since <= self.number][-1]
        return table(f"dovecot/{name}")

    def setting(self, name: str) -> Known | None:
        """Return a setting of the top level (in 2.4: any setting), None if the release has no such name."""
        row = self.table["settings"].get(name)
        return Known(name, row[0], row[1], len(row) > 2) if row else None

    @cached_property
    def settings(self) -> tuple[Known, ...]:
        """Return all settings of the top level (in 2.4: all settings), sorted."""
        rows = self.table["settings"]
        return tuple(Known(name, row[0], row[1], len(row) > 2) for name, row in sorted(rows.items()))

    def inner(self, section: str, name: str) -> Known | None:
        """Return a setting of a kind of section of 2.3 (``service/inet_listener``), None if there is no such name."""
        row = self.table["sections"].get(section, {}).get(name)
        return Known(name, row[0], row[1]) if row else None

    def inner_names(self, section: str) -> tuple[str, ...]:
        """Return the settings of a kind of section of 2.3."""
        return tuple(self.table["sections"].get(section, ()))

    @property
    def services(self) -> Mapping[str, Mapping[str, str]]:
        """Return, for 2.3, what each built-in service sets, by path below it (``inet_listener/imap/port``)."""
        services: Mapping[str, Mapping[str, str]] = self.table["services"]
        return services

    @property
    def filters(self) -> Mapping[str, Mapping[str, str]]:
        """Return, for 2.4, what the built-in named filters set; their path is joined by ``|``."""
        filters: Mapping[str, Mapping[str, str]] = self.table["filters"]
        return filters

    @cached_property
    def strlists(self) -> frozenset[str]:
        """Return the lists of keys with values (``plugin``)."""
        return frozenset(known.name for known in self.settings if known.type == "strlist")

    @cached_property
    def auth_settings(self) -> frozenset[str]:
        """Return the settings that Dovecot refuses inside local, local_name and remote."""
        return frozenset(self.table["auth"])

    def normal(self, setting: Known, text: str) -> str:
        """Return a text as doveconf prints it: 2.3 makes values uniform, 2.4 keeps them."""
        return normal(setting.type, text) if self.generation == "2.3" else text

    def advice(self, name: str) -> str:
        """Return what to write instead of a name that the release does not know; empty if nothing comes to mind."""
        changes: dict[str, list[str | None]] = table("dovecot/changes")["renames"]
        if self.generation == "2.4" and name in changes:
            new, note = changes[name]
            return f"a name of 2.3: use {new} in 2.4" if new else f"a name of 2.3: {note}"
        if self.generation == "2.3":
            for old, (new, _) in changes.items():
                if new == name and self.setting(old):
                    return f"a name of 2.4: use {old} in 2.3"
        import difflib  # noqa: PLC0415 - for this advice alone

        close = difflib.get_close_matches(name, self.table["settings"], n=1, cutoff=0.8)
        if close:
            return f"did you mean {close[0]}?"
        other = Release("2.3.19.1", (2, 3, 19, 1)) if self.generation == "2.4" else Release("2.4.5", LAST)
        return f"a name of {other.generation}, which {self.generation} does not know" if other.setting(name) else ""

    def old_default(self, config_version: str, path: str) -> str | None:
        """Return the default that a setting had when ``dovecot_config_version`` was current, None if it is as then."""
        for _, changed, default, version in table("dovecot/changes")["history"]:
            if changed == path and config_version and number(config_version) < number(version) <= self.number:
                return str(default)
        return None


def release(version: str | None, platform: str | None, generation: Generation = "2.3") -> Release:
    """Return the release that a version or a platform names; the version wins.

    Where neither is given it is the packaged release of the generation that the files are written for. Raises UserError
    for an unheard-of platform or version.
    """
    packages = packaged(platform, "dovecot") if platform is not None else None
    version = version or packages or TABLED[generation]
    parts = number(version)
    if len(parts) < 2 or not (2, 3) <= parts[:2] <= LAST[:2]:
        raise UserError(f"unknown Dovecot version '{version}'", hint="give one from 2.3.0 to 2.4.5, such as 2.3.19.1")
    if len(parts) == 2:
        parts = (2, 3, 21) if parts == (2, 3) else LAST
        version = ".".join(map(str, parts))
    return Release(version, parts, platform)
