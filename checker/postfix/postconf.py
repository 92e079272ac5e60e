"""What postconf(1) prints: its own view of main.cf, which differs from what any daemon sees.

Sources: postconf/postconf_main.c, postconf_user.c, postconf_service.c, postconf_print.c.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import UserError
from checker.postfix import types
from checker.postfix.expand import MacroError, expand, references
from checker.postfix.features import has
from checker.postfix.main_cf import parse_main_cf
from checker.postfix.postconf_master import MasterEntry, master_entries
from checker.postfix.release import Release
from checker.postfix.scope import Configuration, Scope
from checker.releases.tables import Number
from checker.source import Source
from checker.values import Known, Unknown

LINE_LIMIT = 80
INDENT = 4

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
READ_ONLY = ("process_name", "process_id")


class PostconfError(UserError):
    """What the real postconf dies of, with exit status 1."""


class View(Struct, frozen=True):
    """The parameters of one configuration as postconf knows them.

    ``given``: the directory was named with ``-c``, which makes it a setting of main.cf.
    """

    configuration: Configuration
    directory: str
    given: bool = True

    @property
    def release(self) -> Release:
        """Return the release whose postconf this is."""
        return self.configuration.release


def view(configuration: Configuration, directory: str, *, given: bool = True) -> View:
    """Return postconf's view of a configuration, on this machine.

    Raises PostconfError where the real one refuses the files.
    """
    if configuration.main is None:
        raise PostconfError(f"open {directory}/main.cf: No such file or directory")
    parts = [part for part in (configuration.main, configuration.master) if part is not None]
    for problem in (problem for part in parts for problem in part.problems):
        if problem.kind in ("fatal", "template") and not problem.is_masters:
            raise PostconfError(problem.text, place=str(problem.place))
    machine = {**_machine(), "config_directory": directory}
    return View(replace(configuration, machine=tuple(machine.items())), directory, given)


def _machine() -> dict[str, str]:
    node = os.uname().nodename
    hostname = node if "." in node else f"{node}.localdomain"
    return {"myhostname": hostname, "process_name": "postconf", "process_id": str(os.getpid())}


def entries(view: View) -> tuple[MasterEntry, ...]:
    """Return the entries of master.cf as postconf reads them."""
    return master_entries(view.configuration.master) if view.configuration.master else ()


def service_defaults(view: View) -> dict[str, str]:
    """Return the parameters that services bring with them, and their defaults (postconf_service.c)."""
    found: dict[str, str] = {}
    for entry in entries(view):
        command = entry.fields[7]
        if command in TRANSPORTS:
            for suffix in TRANSPORT_SUFFIXES:
                # Two of them have no "default" in front.
                names = (f"default{suffix}", suffix.removeprefix("_"))
                default = next((name for name in names if view.release.parameter(name) is not None), None)
                if default is not None:
                    found[entry.fields[0] + suffix] = f"${default}"
        if command in ("pipe", "spawn"):
            found[f"{entry.fields[0]}_time_limit"] = "$command_time_limit"
    return found


def used_names(view: View) -> frozenset[str]:
    """Return the names that some value refers to, which makes a user's own parameter count (postconf_user.c)."""
    main = view.configuration.main
    explicit = {name: each.value for name, each in (main.effective() if main else {}).items()}
    texts: list[str] = []
    for name, value in explicit.items():
        parameter = view.release.parameter(name)
        if parameter is None or parameter.type != "raw":
            texts.append(value)
    texts += (default for default in _defaults(view, explicit) if "$" in default)
    texts += (value for entry in entries(view) for _, value in entry.options)
    names = set().union(*map(references, texts)) if texts else set()
    classes = Scope(view.configuration).text("smtpd_restriction_classes")
    if isinstance(classes, Known):
        names |= set(types.words(classes.value or ""))
    return frozenset(names)


def _defaults(view: View, explicit: Iterable[str]) -> Iterator[str]:
    given = frozenset(explicit)
    for name in view.release.names():
        parameter = view.release.parameter(name)
        if parameter is not None and name not in given and parameter.default and parameter.type != "raw":
            yield parameter.default


def known_explicit(view: View) -> tuple[dict[str, str], dict[str, str]]:
    """Return the parameters that main.cf sets: those that count, and those that are unused."""
    main = view.configuration.main
    explicit = {name: each.value for name, each in (main.effective() if main else {}).items()}
    if view.given:
        explicit.setdefault("config_directory", view.directory)
    known = set(service_defaults(view)) | used_names(view)
    counted: dict[str, str] = {}
    unused: dict[str, str] = {}
    for name in sorted(explicit, key=lambda text: text.encode("utf-8", "surrogateescape")):
        if name in READ_ONLY or (name == "service_name" and _is_read_only_service_name(view.release.number)):
            continue
        is_known = view.release.parameter(name) is not None or name in known
        (counted if is_known else unused)[name] = explicit[name]
    return counted, unused


def _is_read_only_service_name(release: Number) -> bool:
    return has(release, "service-name-parameter") and not has(release, "service-name-default")


def value(view: View, name: str, *, expanded: bool, defaults: bool = False) -> str | None:
    """Return the text that postconf prints for a parameter, None if it knows no such parameter.

    Raises PostconfError for a value that cannot be expanded.
    """
    parameter = view.release.parameter(name)
    main = view.configuration.main
    effective = main.effective() if main and not defaults else {}
    if name in effective:
        raw: str | None = effective[name].value
    elif name == "config_directory":
        raw = view.directory
    elif parameter is not None:
        raw = parameter.default if parameter.default is not None else _made(view, name, defaults=defaults)
    else:
        raw = service_defaults(view).get(name)
    if raw is None or not expanded or (parameter is not None and parameter.type == "raw"):
        return raw
    return _expanded(view, raw, Scope(_bare(view.configuration) if defaults else view.configuration))


def _bare(configuration: Configuration) -> Configuration:
    """Return the configuration with a main.cf that sets nothing."""
    return replace(configuration, main=parse_main_cf(Source("", b"")))


def _made(view: View, name: str, *, defaults: bool) -> str | None:
    """Return a default that the machine makes, None where only the real program could tell (its build date)."""
    made = Scope(_bare(view.configuration) if defaults else view.configuration).text(name)
    return made.value if isinstance(made, Known) else None


def _expanded(view: View, raw: str, scope: Scope) -> str:
    def lookup(name: str) -> str | None:
        found = scope.dictionary(name)
        if isinstance(found, Unknown):
            return ""
        return found.value if isinstance(found, Known) else None

    try:
        return expand(raw, lookup, view.release.number)
    except MacroError as error:
        raise PostconfError(str(error), place=f"{view.directory}/main.cf") from None


def check_macros(view: View, names: Iterable[str]) -> None:
    """Raise PostconfError if a value has a macro that cannot be expanded: even ``-n`` dies of it (postconf_dbms.c)."""
    scope = Scope(view.configuration)
    for name in names:
        parameter = view.release.parameter(name)
        if parameter is not None and parameter.type != "raw":
            raw = value(view, name, expanded=False)
            _expanded(view, raw or "", scope)


def printed(name: str, text: str, *, fold: bool = False, bare: bool = False) -> str:
    """Return the line (``-f``: lines) that shows a value; runs of blanks become one (postconf_print.c)."""
    words = [word for word in re.split(r"[ \t\r\n]+", text) if word]
    if bare:
        return _joined("", words, fold=fold)
    return _joined(f"{name} =", words, fold=fold)


def _joined(start: str, words: list[str], *, fold: bool) -> str:
    out, length = start, len(start)
    for word in words:
        if fold and length > INDENT and length + len(word) >= LINE_LIMIT:
            out, length = f"{out}\n{' ' * INDENT}{word}", INDENT + len(word)
        else:
            blank = " " if out else ""
            out, length = f"{out}{blank}{word}", length + len(blank) + len(word)
    return out


def master_parameters(view: View, entry: MasterEntry, *, expanded: bool) -> dict[str, str]:
    """Return the ``-o`` parameters of an entry, sorted; all entries of one name and type share them (``-P``)."""
    merged = _merged(view, entry)
    names = sorted(merged)
    if not expanded:
        return {name: merged[name] for name in names}
    return {name: _expanded_in(view, entry, merged[name]) for name in names}


def expanded_entry(view: View, entry: MasterEntry) -> MasterEntry:
    """Return an entry with its ``-o`` values expanded (``-Mx``)."""
    values = {f"{name}={text}": f"{name}={_expanded_in(view, entry, text)}" for name, text in entry.options}
    return replace(entry, arguments=tuple(values.get(each, each) for each in entry.arguments))


def _merged(view: View, entry: MasterEntry) -> dict[str, str]:
    return {name: text for each in entries(view) if each.label == entry.label for name, text in each.options}


def _expanded_in(view: View, entry: MasterEntry, raw: str) -> str:
    """Return a text expanded with the entry's own ``-o`` options before main.cf."""
    merged = _merged(view, entry)
    scope = Scope(view.configuration)

    def lookup(name: str) -> str | None:
        if name in merged:
            return merged[name]
        if name == "service_name" and has(view.release.number, "service-name-parameter"):
            return entry.fields[0]
        found = scope.dictionary(name)
        return found.value if isinstance(found, Known) else None

    try:
        return expand(raw, lookup, view.release.number)
    except MacroError as error:
        raise PostconfError(str(error), place=f"{view.directory}/master.cf") from None
