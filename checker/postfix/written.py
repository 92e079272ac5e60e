"""The settings of main.cf and the ``-o`` options of master.cf as they are written, each a fact with what is wrong with
it.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from checker.facts.types import SettingProblem
from checker.facts.written import Setting
from checker.postfix.effect import (
    NOT_OF_SMTPD,
    TLS_VALUES,
    all_agree,
    is_invalid,
    never_read,
    passed_over,
    weakens,
)
from checker.postfix.endpoints import running_services
from checker.postfix.fault import certain_faults, late_fault
from checker.postfix.global_fault import refusals
from checker.postfix.main_cf import Assignment
from checker.postfix.master_cf import Override, Service
from checker.postfix.names import Fault, Names
from checker.postfix.network import network_list
from checker.postfix.restriction_names import LISTS, obsolete_names, unheard_names
from checker.postfix.scope import Configuration, Scope
from checker.safe_text import is_secret, redact
from checker.source import Span
from checker.values import Known, Origin, Unknown, Value


def written(configuration: Configuration) -> tuple[Setting, ...]:
    """Return the settings of both files, in the order in which they are written."""
    host = _Host(configuration)
    found = [*_of_main(host), *_of_master(host)]
    seen: Counter[str] = Counter()
    for at, setting in enumerate(found):
        seen[setting.id] += 1
        if seen[setting.id] > 1:
            found[at] = replace(setting, id=f"{setting.id}#{seen[setting.id]}")
    return tuple(found)


class _Host(Struct, frozen=True, dict=True):
    """A configuration, and what its running services make of it."""

    configuration: Configuration

    @cached_property
    def names(self) -> Names:
        return Names(self.configuration)

    @cached_property
    def main(self) -> Scope:
        return self.configuration.scope("smtpd")

    @cached_property
    def running(self) -> dict[Span, Service]:
        return {service.place: service for service in running_services(self.configuration)}

    @cached_property
    def scopes(self) -> dict[Span, Scope]:
        """Return the scope of each running service whose program is known, by the place of the service."""
        shared: dict[str, Scope] = {}
        found: dict[Span, Scope] = {}
        for service in self.running.values():
            program = service.command.rpartition("/")[2]
            if self.configuration.release.load_order(program) is None:
                continue
            scope = self.configuration.scope(program, service)
            found[service.place] = scope if service.overrides else shared.setdefault(program, scope)
        return found

    @cached_property
    def readers(self) -> tuple[Scope, ...]:
        """Return the scope of master(8) and those of running services, those that see the same values once."""
        return (self.configuration.scope("master"), *dict.fromkeys(self.scopes.values()))

    @cached_property
    def deaths(self) -> dict[Span, tuple[str, Scope]]:
        """Return what programs die of, and one that does, by the place of the decisive setting."""
        found: dict[Span, tuple[str, Scope]] = {}
        known: set[str] = set()
        for scope in self.readers:
            faults = list((refusals if scope.program == "master" else certain_faults)(scope, known=known))
            if scope.program == "smtpd":
                last = late_fault(scope)
                faults += [Known(last.value, last.origins)] if isinstance(last, Known) and last.value else []
            for fault in faults:
                origin = next(iter(fault.origins), None)  # what decides; where that is a default, nothing written does
                if origin is not None and origin.place is not None and not origin.is_default:
                    found.setdefault(origin.place, (fault.value, scope))
        return found


def _of_main(host: _Host) -> list[Setting]:
    main = host.configuration.main
    if main is None:
        return []
    effective = main.effective()
    found: list[Setting] = []
    for each in main.assignments:
        readers = [scope for scope in host.readers if _reads(scope, each.name) and not scope.overrides(each.name)]
        if not readers and each.place in host.deaths:
            readers = [host.deaths[each.place][1]]  # a name that the user made up, such as that of a class
        faults = host.names.faults(each.name)
        more: list[Fault] = []
        if effective[each.name] is not each:
            more = _shadowed(each, effective[each.name])
        else:
            more = [*_without_effect(host, each.name, readers), *_of_value(host, host.main, each)]
        found.append(_setting(each, host.main, _joined(faults, more), readers))
    return found


def _of_master(host: _Host) -> list[Setting]:
    master = host.configuration.master
    if master is None:
        return []
    return [_option(host, service, override) for service in master.services for override in service.overrides]


def _option(host: _Host, service: Service, override: Override) -> Setting:
    scope = host.scopes.get(service.place)
    faults = host.names.faults(override.name)
    more: list[Fault] = []
    readers = [scope] if scope is not None and scope.is_loaded(override.name) else []
    if service.effective_overrides()[override.name] is not override:
        more = _shadowed(override, service.effective_overrides()[override.name])
    elif service.place not in host.running:
        more = [Fault("no-effect")]
    elif scope is not None:
        # Two services share a scope only where neither has options.
        if never_read(scope, override.name) and not host.names.is_of_transport(override.name):
            more.append(Fault("no-effect"))
        elif scope.program == "smtpd" and override.name in NOT_OF_SMTPD:
            more.append(Fault("no-effect", NOT_OF_SMTPD[override.name]))
        elif (decisive := passed_over(scope, override.name)) is not None:
            more.append(Fault("no-effect", decisive))
        elif weakens(scope, override.name):
            more.append(Fault("weakens"))
        more += _of_value(host, scope, override)
    own = scope or host.configuration.scope(None, service)
    return _setting(override, own, _joined(faults, more), readers)


def _shadowed(early: Assignment | Override, late: Assignment | Override) -> list[Fault]:
    """Return that a later line has another value; to say the same twice is no fault."""
    return [Fault("shadowed")] if early.value != late.value else []


def _reads(scope: Scope, name: str) -> bool:
    return scope.release.parameter(name) is not None and scope.is_loaded(name)


def _without_effect(host: _Host, name: str, readers: list[Scope]) -> list[Fault]:
    """Return that all services which read a setting pass over it; not where other programs take it as a default."""
    if not readers or any(name in scope.referred_to() for scope in host.readers if not _reads(scope, name)):
        return []
    decisive = all_agree(passed_over(scope, name) for scope in readers)
    return [Fault("no-effect", decisive)] if decisive else []


def _of_value(host: _Host, scope: Scope, written: Assignment | Override) -> list[Fault]:
    """Return what is wrong with a value that counts."""
    if written.place in host.deaths:
        return [Fault("fatal", host.deaths[written.place][0])]
    if written.name not in TLS_VALUES and written.name != "mynetworks" and written.name not in LISTS:
        return []
    words = scope.words(written.name)
    if not isinstance(words, Known) or not words.value:
        return []
    if written.name in TLS_VALUES:
        return [Fault("disables-tls")] if is_invalid(scope, written.name) else []
    if written.name == "mynetworks":
        fault = network_list(words.value, scope.tables).fault
        return [] if fault is None else [Fault("refuses-mail", fault)]
    found = [Fault("refuses-mail", name) for name in unheard_names(scope, words.value)]
    found += (Fault(problem, instead) for problem, instead in obsolete_names(scope.release.number, words.value))
    return found


def _joined(faults: Known[tuple[Fault, ...]] | Unknown, more: list[Fault]) -> Known[tuple[Fault, ...]] | Unknown:
    """Return what is wrong with the name and the value; a value that nothing looks at disables nothing."""
    if not isinstance(faults, Known):
        return faults
    idle = any(each.problem == "no-effect" for each in more)
    return Known((*faults.value, *(each for each in more if not (idle and each.problem == "disables-tls"))))


def _setting(
    written: Assignment | Override, scope: Scope, faults: Known[tuple[Fault, ...]] | Unknown, readers: list[Scope]
) -> Setting:
    label = scope.service.label if isinstance(written, Override) and scope.service else "global"
    note = "main.cf" if label == "global" else f"-o {label}"
    origins = (Origin(note, written.place, written.name, written.value),)
    known = faults.value if isinstance(faults, Known) else ()
    problems: Value[tuple[SettingProblem, ...]] = Known(tuple(dict.fromkeys(each.problem for each in known)), origins)
    return Setting(
        id=f"postfix:{'main.cf' if label == 'global' else label}:{written.name}",
        origins=origins,
        product=Known("postfix", origins),
        source=Known("config", origins),
        name=Known(written.name, origins),
        value=Known(redact(written.name, written.value), origins),
        scope=Known(label, origins),
        path=Known(written.place.path, origins),
        secret=Known(is_secret(written.name), origins),
        problems=problems if isinstance(faults, Known) else Unknown(faults.reason, origins),
        advice=Known(next((each.advice for each in known if each.advice), None), origins),
        programs=Known(tuple(sorted({scope.program for scope in readers if scope.program})), origins),
        settings=scope,
    )
