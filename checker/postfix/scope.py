"""The value of any parameter as one program of one service sees it, with the chain that made it.

A daemon loads its parameters in a fixed order and expands ``$name`` from a dictionary that holds main.cf, its own
``-o`` options and the defaults *loaded so far* (global/mail_conf_str.c:get_mail_conf_str). A reference to a parameter
at its default that is loaded later, or never, is therefore empty; postconf(1) -x knows no such order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from msgspec import Struct

from checker.derive import Take, converted, derive
from checker.facts.settings import Plain
from checker.postfix import types
from checker.postfix.expand import MacroError, expand
from checker.postfix.features import has
from checker.postfix.main_cf import Assignment, MainCf
from checker.postfix.master_cf import MasterCf, Override, Service
from checker.postfix.release import Parameter, Release
from checker.postfix.scan import scanned
from checker.postfix.tables.open import Tables
from checker.source import Span
from checker.values import ABSENT, Known, OneOf, Open, Origin, Reason, Unknown, Value

_PLACEHOLDER = re.compile(r"(?<!\$)\{\{[-~]?\s*[.$]?[A-Za-z_][^={}]*\}\}|<%|\{%|@@\w+@@|%%\w+%%")
"""What a template engine would replace; Postfix's own ``{{`` holds ``=`` or follows a ``$``."""

_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
"""A name as envsubst and shells replace it. Postfix would find it undefined, thus empty, which is hardly ever meant."""

_MACHINE_MADE = {
    "myhostname": "the host name of the machine",
    "mydomain": "the host name of the machine",
    "mynetworks": "the network interfaces of the machine",
    "process_id": "the running process",
    "mail_release_date": "the build",
}

COMPATIBILITY_LEVEL = "compatibility_level"


class Configuration(Struct, frozen=True, dict=True):
    """One Postfix as written: its release and its two files, either of which may be missing. ``path`` is shown.

    ``machine`` holds defaults that the machine makes (``myhostname``), where the machine is at hand. ``tables`` opens
    the lookup tables that the files name; None where there are no files but these two.
    """

    path: str
    release: Release
    main: MainCf | None
    master: MasterCf | None
    machine: tuple[tuple[str, str], ...] = ()
    tables: Tables | None = None

    @cached_property
    def _scopes(self) -> dict[tuple[str | None, int], Scope]:
        return {}

    @cached_property
    def proven(self) -> dict[str | None, frozenset[str]]:
        """Hold, by program, the parameters of main.cf that were looked at and that it takes (``global_fault``)."""
        return {}

    @cached_property
    def referring(self) -> dict[str | None, tuple[str, ...]]:
        """Hold, by program, what ``Scope.referring_defaults`` is for services without options."""
        return {}

    def scope(self, program: str | None = None, service: Service | None = None) -> Scope:
        """Return the values for a program of a service, made once: what was computed there is not computed again."""
        key = (program, id(service))
        if key not in self._scopes:
            self._scopes[key] = Scope(self, program, service)
        return self._scopes[key]


class Scope:
    """Parameter values for one program: of a service, or of none (``service`` None: what main.cf alone gives)."""

    def __init__(
        self, configuration: Configuration, program: str | None = None, service: Service | None = None
    ) -> None:
        self.configuration = configuration
        self.release = configuration.release
        self.service = service
        self.program = program
        self.tables = configuration.tables or Tables(None, configuration.release.number)
        self._main: dict[str, Assignment] = configuration.main.effective() if configuration.main else {}
        self._overrides: dict[str, Override] = service.effective_overrides() if service else {}
        self._order = self.release.load_order(program) if program else None
        self._texts: dict[str, Value[str | None]] = {}
        self._defined: dict[str, Value[str | None]] = {}
        self._referred: frozenset[str] | None = None
        self._typed: dict[tuple[str, str], Value[Plain]] = {}
        self._machine = dict(configuration.machine)
        # What the program itself knows best (global/mail_params.c, master/multi_server.c).
        self._read_only = {"process_name": program or "postconf"}
        if service is not None and has(self.release.number, "service-name-parameter"):
            self._read_only["service_name"] = service.name

    @cached_property
    def anchor(self) -> Span | None:
        """Return the place where a setting of this scope would be added."""
        if self.service is not None:
            return self.service.place
        return self.configuration.main.source.end() if self.configuration.main else None

    def overrides(self, name: str) -> bool:
        """Say whether the service's own options set a parameter."""
        return name in self._overrides

    def is_set(self, name: str) -> bool:
        """Say whether main.cf or an ``-o`` of the service sets a parameter."""
        return name in self._overrides or name in self._main

    def is_loaded(self, name: str) -> bool:
        """Say whether the scope's program loads a parameter at all."""
        return self._order is None or name in self._order

    def explicit_names(self) -> frozenset[str]:
        """Return the names that main.cf or the service's ``-o`` options set."""
        return frozenset(self._main) | frozenset(self._overrides)

    def referred_to(self) -> frozenset[str]:
        """Return the names that some value refers to which the scope's program may read."""
        if self._referred is None:
            written = (self._given(name) for name in self.explicit_names())
            names = [frozenset(scanned(text, self.release.number).names) for text in written if text and "$" in text]
            defaults = self.release.default_references.items()
            names += (each for name, each in defaults if self.is_loaded(name) and not self.is_set(name))
            self._referred = frozenset().union(*names)
        return self._referred

    @property
    def has_options(self) -> bool:
        """Say whether the service has options of its own."""
        return bool(self._overrides)

    def is_plain(self, name: str) -> bool:
        """Say whether every program reads a parameter alike: main.cf gives its text, or the texts that its default is
        made of.
        """
        if self.is_set(name):
            return name in self._main and not self.overrides(name) and "$" not in self._main[name].value
        return all(self.is_set(each) and self.is_plain(each) for each in self.release.default_references.get(name, ()))

    def may_refuse(self, name: str) -> bool:
        """Say whether the scope's program loads a parameter and might not take its text."""
        parameter = self.release.parameter(name)
        if parameter is None or not self.is_loaded(name):
            return False
        if parameter.type not in ("str", "str_fn", "raw") or "$" in (self._given(name) or ""):
            return True  # a macro may be wrong, too
        return self.release.bounds(name) is not None or self.release.has_vocabulary(name)

    def referring_defaults(self) -> tuple[str, ...]:
        """Return the parameters at their default, loaded by the scope's program, that refer to a name that is set, and
        whose text the program might not take.
        """
        held = self.configuration.referring
        if self.has_options or self.program not in held:
            given = self.explicit_names()
            found = tuple(
                name
                for name, names in self.release.default_references.items()
                if not names.isdisjoint(given) and name not in given and self.may_refuse(name)
            )
            if self.has_options:
                return found
            held[self.program] = found
        return held[self.program]

    def text(self, name: str) -> Value[str | None]:
        """Return the expanded text of a parameter; absent if the release has no such parameter."""
        if name not in self._texts:
            parameter = self.release.parameter(name)
            self._texts[name] = self._effective(name, parameter) if parameter else ABSENT
        return self._texts[name]

    def defined(self, name: str) -> Value[str | None]:
        """Return the expanded text of a name that the user made up, such as a restriction class; absent if not set."""
        if name not in self._defined:
            position = len(self._order) if self._order is not None else 0
            self._defined[name] = self._expanded(self._raw(name, None), position)
        return self._defined[name]

    def boolean(self, name: str) -> Value[bool | None]:
        """Return a parameter as yes or no; unknown if Postfix would refuse its text."""
        return self._as(name, "bool", types.boolean)  # type: ignore[return-value]  # the cache holds all types

    def integer(self, name: str) -> Value[int | None]:
        """Return a parameter as a number; unknown if Postfix would refuse its text."""
        return self._number(name, "int", types.integer)  # type: ignore[return-value]  # the cache holds all types

    def words(self, name: str) -> Value[tuple[str, ...] | None]:
        """Return a parameter as a list split at commas and blanks."""
        return self._as(name, "words", types.words)  # type: ignore[return-value]  # the cache holds all types

    def get(self, name: str) -> Value[Plain]:
        """Return a parameter with the type that the tables give it: times in seconds, the rest as it is."""
        parameter = self.release.parameter(name)
        if parameter is None:
            return ABSENT
        kind = parameter.type.removeprefix("n")
        if kind == "bool":
            return self.boolean(name)
        if kind == "long":
            return self._number(name, "long", lambda text: types.integer(text, types.LONG_MAX))
        if kind == "int" and name != COMPATIBILITY_LEVEL:
            return self.integer(name)
        if kind == "time":
            unit = (parameter.default or "s")[-1:]
            return self._number(name, "time", lambda text: types.seconds(text, unit))
        bounds = self.release.bounds(name)
        return self.text(name) if bounds is None else self._as(name, "text", bounds.long_enough)

    def _number(self, name: str, kind: str, change: Callable[[str], int | Reason]) -> Value[Plain]:
        """Return a parameter as a number within its bounds."""
        bounds = self.release.bounds(name)
        if bounds is None:
            return self._as(name, kind, change)
        return self._as(name, kind, lambda text: bounds.kept(change(text), text))

    def _as(self, name: str, kind: str, change: Callable[[str], Plain | Reason]) -> Value[Plain]:
        # Cached, since a computation tells alternatives apart by the identity of the value (checker.derive).
        key = (name, kind)
        if key not in self._typed:
            self._typed[key] = converted(self.text(name), lambda text: None if text is None else change(text))
        return self._typed[key]

    def dictionary(self, name: str) -> Value[str | None]:
        """Return what a reference to a name finds when all parameters are loaded: its text, not expanded."""
        return self._entry(name, len(self._order) if self._order is not None else 0)

    # How a text comes to be.

    def _effective(self, name: str, parameter: Parameter) -> Value[str | None]:
        position = len(self._order) if self._order is not None else 0
        if self._order is not None:
            position = self._order.get(name, position)
        raw = self._raw(name, parameter)
        if parameter.type == "raw":
            return raw
        value = self._expanded(raw, position)
        if value is raw:
            return raw
        return _with_origins(value, _promoted(value.origins, own=raw.origins))

    def _expanded(self, raw: Value[str | None], position: int) -> Value[str | None]:
        if isinstance(raw, Known) and "$" not in (raw.value or ""):
            return raw

        def compute(take: Take) -> str | None:
            text = take(raw)
            if text is None or "$" not in text:
                return text
            try:
                return expand(text, lambda name: take(self._entry(name, position)), self.release.number)
            except MacroError as error:
                raise take.unknown(types.refused(str(error))) from None

        return derive(compute)

    def _entry(self, name: str, position: int) -> Value[str | None]:
        """Return what the program's dictionary holds for a name when it loads its parameter number ``position``."""
        parameter = self.release.parameter(name)
        if self._given(name) is not None or parameter is None or name in self._read_only:
            return self._raw(name, parameter)
        if self._order is None:
            return self._raw(name, parameter)
        if self._order.get(name, position) < position:
            return self.text(name)
        when = "later" if name in self._order else "never"
        return Known(None, (Origin(f"{self.program}: {when} loaded", None, name, "", is_default=True),))

    def _raw(self, name: str, parameter: Parameter | None) -> Value[str | None]:
        """Return the text of a name before expansion, with its own chain: ``-o``, main.cf, default."""
        if name in self._read_only:
            return Known(self._read_only[name], (Origin(self.release.label, None, name, "", is_default=True),))
        chain: list[Origin] = []
        if name in self._overrides:
            override = self._overrides[name]
            label = self.service.label if self.service else ""
            chain.append(Origin(f"-o {label}", override.place, name, override.value))
        if name in self._main:
            assignment = self._main[name]
            chain.append(Origin("main.cf", assignment.place, name, assignment.value))
        if parameter is not None:
            chain.append(Origin(self.release.label, self.anchor, name, parameter.default or "", is_default=True))
        given = self._given(name)
        if given is not None:
            if _PLACEHOLDER.search(given):
                return Unknown(Reason("template", f"{name} is filled in by a template"), tuple(chain))
            return Known(given, tuple(chain))
        if parameter is None:
            origins = (Origin("not defined", None, name, "", is_default=True),)
            if _ENVIRONMENT.fullmatch(name):
                return Unknown(Reason("template", f"${name} is defined nowhere: a template may fill it in"), origins)
            return Known(None, origins)
        if self.configuration.main is None:
            return Unknown(Reason("not-in-set", "main.cf is not in the set"), tuple(chain))
        made = self._machine.get(name, parameter.default)
        return self._machine_made(name, tuple(chain)) if made is None else Known(made, tuple(chain))

    def _given(self, name: str) -> str | None:
        if name in self._overrides:
            return self._overrides[name].value
        return self._main[name].value if name in self._main else None

    def _machine_made(self, name: str, chain: tuple[Origin, ...]) -> Value[str | None]:
        if name == "mydomain":
            return self._domain_of_host(chain)
        if name == "mail_version":
            return Known(self.release.version, chain)
        if name == "service_name":
            return Known("amnesiac" if has(self.release.number, "service-name-default") else "", chain)
        return Unknown(Reason("host-only", f"{name} comes from {_MACHINE_MADE.get(name, 'the machine')}"), chain)

    def _domain_of_host(self, chain: tuple[Origin, ...]) -> Value[str | None]:
        """Return the default of mydomain: what follows the first dot of myhostname (global/mail_params.c).

        postconf(1) expands that host name before it has any default (postconf/postconf_builtin.c).
        """

        def written(take: Take) -> str:
            text = take(self._raw("myhostname", self.release.parameter("myhostname"))) or ""
            try:
                return expand(
                    text,
                    lambda name: None if self._given(name) is None else take(self._raw(name, None)),
                    self.release.number,
                )
            except MacroError as error:
                raise take.unknown(types.refused(str(error))) from None

        def compute(take: Take) -> str:
            hostname = take(host) or ""
            return hostname.partition(".")[2] if "." in hostname else "localdomain"

        host = self.text("myhostname") if self._order is not None else derive(written)
        domain = derive(compute)
        return _with_origins(domain, (*chain, *domain.origins))


def _promoted(origins: tuple[Origin, ...], own: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """Return origins with the decisive one first.

    What is written for the parameter itself decides; of a default that refers to other parameters, those that are
    written (the compatibility level apart: it chooses among defaults).
    """
    rest = [origin for origin in reversed(origins) if origin not in own]
    if own and own[0].is_default:
        written = [each for each in rest if not each.is_default and each.parameter != COMPATIBILITY_LEVEL]
        return (*written, *own, *(each for each in rest if each not in written))
    return (*own, *rest)


def _with_origins(value: Value[str | None], origins: tuple[Origin, ...]) -> Value[str | None]:
    if isinstance(value, Known):
        return Known(value.value, origins)
    if isinstance(value, Unknown):
        return Unknown(value.reason, origins)
    if isinstance(value, Open):
        raise TypeError("a text is no open list")
    return OneOf(tuple((condition, _alternative(each, origins)) for condition, each in value.alternatives))


def _alternative(value: Known[str | None] | Unknown, origins: tuple[Origin, ...]) -> Known[str | None] | Unknown:
    kept = tuple(origin for origin in origins if origin in value.origins)
    return Known(value.value, kept) if isinstance(value, Known) else Unknown(value.reason, kept)
