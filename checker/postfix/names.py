"""Which names of settings mean something to Postfix, and what is wrong with the others (postconf/postconf_unused.c)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from checker.facts.types import SettingProblem
from checker.postfix.main_cf import is_template
from checker.postfix.postconf.clients import clients_in
from checker.postfix.postconf.names import TRANSPORT_SUFFIXES, TRANSPORTS
from checker.postfix.scan import scanned
from checker.postfix.scope import Configuration
from checker.postfix.spelling import meant
from checker.releases.tables import Number, number, table
from checker.values import Known, Reason, Unknown

_PLACEHOLDERS = frozenset("{}<>%@$")
"""What stands in a name only where a template engine is to replace it."""

MAX_SEARCHES = 50
"""More unknown names of one file than this are no slips: it is no main.cf."""


class Fault(Struct, frozen=True):
    """What is wrong with a name or a value, and what is meant or counts instead, if it is known."""

    problem: SettingProblem
    advice: str | None = None


class Names(Struct, frozen=True, dict=True):
    """The names that mean something in a configuration."""

    configuration: Configuration

    def is_known(self, name: str) -> bool:
        """Say whether Postfix, one of its services or a value that refers to it reads a name."""
        if self.configuration.release.parameter(name) is not None:
            return True
        tables = table("postfix/postconf")
        return name in tables["legacy"] or name in tables["read-only"] or name in self._given_meaning

    def faults(self, name: str) -> Known[tuple[Fault, ...]] | Unknown:
        """Return what is wrong with a name."""
        if self.is_known(name):
            return Known(tuple(self._deprecated(name)))
        if not _PLACEHOLDERS.isdisjoint(name):
            return Unknown(Reason("template", "the name is filled in by a template"))
        if self.configuration.master is None and self._of_other_release(name) is None:
            return Unknown(Reason("not-in-set", f"without master.cf it is not known whether '{name}' is read"))
        if self._master_is_template and self._of_other_release(name) is None:
            return Unknown(Reason("template", f"master.cf is a template, and '{name}' may belong to a service in it"))
        return Known((self._wrong(name),))

    @cached_property
    def _master_is_template(self) -> bool:
        master = self.configuration.master
        return master is not None and is_template(master.source)

    def _deprecated(self, name: str) -> list[Fault]:
        since, instead = table("postfix/postconf")["deprecated"].get(name, (None, None))
        if since is None or self.configuration.release.number < number(since):
            return []
        return [Fault("deprecated", instead)]

    def _wrong(self, name: str) -> Fault:
        other = self._of_other_release(name)
        if other is not None:
            return other
        if name in _dovecot_names():
            return Fault("foreign", "Dovecot")
        self._searched.append(name)
        close = meant(name, self.configuration.release.names()) if len(self._searched) <= MAX_SEARCHES else None
        return Fault("misspelt", close) if close else Fault("unknown")

    def _of_other_release(self, name: str) -> Fault | None:
        rows = table("postfix/parameters").get(name)
        if not rows:
            return None
        here: Number = self.configuration.release.number
        later = [since for since, *_ in rows if number(since) > here]
        return Fault("foreign", f"Postfix {later[0]}") if later else Fault("removed")

    @cached_property
    def _searched(self) -> list[str]:
        return []

    def is_of_transport(self, name: str) -> bool:
        """Say whether a name is one of those that a transport or a spawn service has for itself."""
        return name.endswith((*TRANSPORT_SUFFIXES, "_time_limit"))

    @cached_property
    def _given_meaning(self) -> frozenset[str]:
        """Return the names that services bring with them and those that some value refers to."""
        return frozenset((*self._of_services(), *self._referred_to(), *self._classes()))

    def _of_services(self) -> Iterator[str]:
        master = self.configuration.master
        for service in master.services if master else ():
            if service.command in TRANSPORTS:
                yield from (service.name + suffix for suffix in TRANSPORT_SUFFIXES)
            if service.command in ("pipe", "spawn"):
                yield f"{service.name}_time_limit"

    def _referred_to(self) -> Iterator[str]:
        """Yield the names that values and defaults refer to, as in ``$name`` and ``ldap:name``."""
        configuration, release = self.configuration, self.configuration.release
        main = configuration.main.effective() if configuration.main else {}
        texts = [each.value for each in main.values()]
        services = configuration.master.services if configuration.master else ()
        texts += (each.value for service in services for each in service.overrides)
        for text in texts:
            yield from scanned(text, release.number).names
            if ":" in text:
                yield from clients_in(text, release.number).names
        for name, names in release.default_references.items():
            if name not in main:
                yield from names

    def _classes(self) -> Iterator[str]:
        """Yield the restriction classes of all services."""
        master = self.configuration.master
        for service in (None, *(master.services if master else ())):
            classes = self.configuration.scope("smtpd", service).words("smtpd_restriction_classes")
            if isinstance(classes, Known):
                yield from classes.value or ()


def _dovecot_names() -> frozenset[str]:
    """Return the settings of both generations of Dovecot."""
    return frozenset(name for release in ("2.3.19.1", "2.4.5") for name in table(f"dovecot/{release}")["settings"])
