"""Which names postconf(1) knows, and their values.

Sources: postconf/postconf_builtin.c, postconf_service.c, postconf_lookup.c.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct, field

from checker.postfix.expand import Lookup, MacroError, expand
from checker.postfix.features import has
from checker.postfix.postconf.entries import MasterEntry
from checker.postfix.postconf.files import Files, PostconfError, Warnings
from checker.postfix.release import Release
from checker.releases.tables import table, within

TRANSPORT_SUFFIXES = (
    "_delivery_slot_cost",
    "_delivery_slot_discount",
    "_delivery_slot_loan",
    "_destination_concurrency_failed_cohort_limit",
    "_destination_concurrency_limit",
    "_destination_concurrency_negative_feedback",
    "_destination_concurrency_positive_feedback",
    "_destination_rate_delay",
    "_destination_recipient_limit",
    "_extra_recipient_limit",
    "_initial_destination_concurrency",
    "_minimum_delivery_slots",
    "_recipient_limit",
    "_recipient_refill_delay",
    "_recipient_refill_limit",
    "_transport_rate_delay",
)
"""The parameters that each delivery transport has for itself, all with the default ``$default_...``."""

TRANSPORTS = ("local", "error", "virtual", "smtp", "lmtp", "pipe")

Class = Literal["builtin", "service", "user", "legacy"]


class Name(Struct, frozen=True):
    """A name that postconf knows. ``default`` is None where only the machine or the build makes it."""

    kind: Class
    default: str | None = ""
    is_raw: bool = False
    is_read_only: bool = False


class Service(Struct):
    """An entry of master.cf and its parameters.

    All entries of one name and type share their ``options``, but for those before the first that has any: they have
    none, and ``has_options`` is false. ``valid`` are the names that count in them beside those that count anywhere.
    """

    entry: MasterEntry
    options: dict[str, str] = field(default_factory=dict)
    has_options: bool = False
    valid: set[str] = field(default_factory=set)


class Names(Struct):
    """What postconf knows after all is registered.

    ``settings`` are those of main.cf. ``clients`` are the files of table clients that were looked for; ``untold`` the
    names whose default was asked for and only the real program knows.
    """

    files: Files
    services: tuple[Service, ...]
    settings: dict[str, str]
    known: dict[str, Name]
    warnings: Warnings
    clients: set[tuple[str, str]] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)

    def name(self, name: str) -> Name | None:
        """Return what a name is, None if postconf does not know it."""
        return self.known.get(name)

    def default(self, name: str) -> str | None:
        """Return the default of a name, None if it has none or only the real program knows it."""
        known = self.known.get(name)
        if known is None:
            return None
        return known.default if known.default is not None else self._made(name)

    def _made(self, name: str) -> str | None:
        """Return a default that the machine or the build makes (postconf_builtin.c), None if it cannot be told here."""
        if name == "myhostname":
            node = self.files.machine["myhostname"]
            return node if "." in node else f"{node}.{self._evaluated('mydomain') or 'localdomain'}"
        if name == "mydomain":
            host = self._evaluated("myhostname") or self._made("myhostname") or ""
            return host.partition(".")[2] if "." in host else "localdomain"
        if name == "mail_version":
            return self.files.release.version
        if name == "service_name":
            return "amnesiac" if has(self.files.release.number, "service-name-default") else ""
        made = self._networks() if name == "mynetworks" else self.files.machine.get(name)
        if made is None:
            self.untold.add(name)
        return made

    def _networks(self) -> str | None:
        """Return the networks of the machine in the style that is asked for (global/mynetworks.c)."""
        asked = ("mynetworks_style", "inet_interfaces", "inet_protocols")
        values = (expanded(self, self.value(each) or "", self.value) for each in asked)
        return self.files.networks(*values)

    def _evaluated(self, name: str) -> str | None:
        text = self.settings.get(name)
        return expanded(self, text, self.settings.get) if text is not None else None

    def value(self, name: str, service: Service | None = None) -> str | None:
        """Return the text that a name has in an entry of master.cf or in main.cf, else its default."""
        if service is not None:
            if name in ("process_name", "service_name") and has(self.files.release.number, "service-name-parameter"):
                return service.entry.program if name == "process_name" else service.entry.fields[0]
            if name in service.options:
                return service.options[name]
        text = self.settings.get(name)
        return text if text is not None else self.default(name)

    def lookup(self, service: Service | None) -> Lookup:
        """Return what gives the values of names in an entry of master.cf, or in main.cf."""
        return lambda name: self.value(name, service)


@lru_cache(maxsize=8)
def built_in(release: Release) -> Mapping[str, Name]:
    """Return the names that a release has by itself."""
    found: dict[str, Name] = {}
    for name in release.names():
        parameter = release.parameter(name)
        assert parameter is not None  # noqa: S101 - these are the names of the release
        found[name] = Name("builtin", parameter.default, is_raw=parameter.type == "raw")
    for name, (since, until) in table("postfix/postconf")["legacy"].items():
        if within(release.number, since, until):
            found[name] = Name("legacy")
    for name, (since, until) in table("postfix/postconf")["read-only"].items():
        if within(release.number, since, until):
            default = found[name].default if name in found else ""
            found[name] = Name("builtin", default, is_read_only=True)
    return found


def known_names(files: Files, settings: dict[str, str], entries: tuple[MasterEntry, ...], warnings: Warnings) -> Names:
    """Return the names that the release and the services of master.cf make."""
    names = Names(files, tuple(map(Service, entries)), settings, dict(built_in(files.release)), warnings)
    for entry in entries:
        _register_service(names, entry)
    return names


def _register_service(names: Names, entry: MasterEntry) -> None:
    command = entry.fields[7]
    suffixes: dict[str, str | None] = {}
    if command in TRANSPORTS:
        for suffix in TRANSPORT_SUFFIXES:
            # Two of them have no "default" in front.
            defaults = (f"default{suffix}", suffix.removeprefix("_"))
            suffixes[suffix] = next((name for name in defaults if name in built_in(names.files.release)), None)
    if command in ("pipe", "spawn"):
        suffixes["_time_limit"] = "command_time_limit"
    for suffix, default in suffixes.items():
        name = entry.fields[0] + suffix
        if default is not None:
            there = names.known.get(name)
            names.known[name] = Name("service", there.default if there else f"${default}")


def expanded(names: Names, text: str, lookup: Lookup) -> str:
    """Return a text expanded; raise PostconfError where that is fatal."""
    try:
        return expand(text, lookup, names.files.release.number)
    except MacroError as error:
        raise PostconfError(f"{error}; macro processing error") from None
