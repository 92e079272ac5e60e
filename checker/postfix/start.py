"""Whether Postfix starts with a configuration, and what stops it: what master(8) dies of before it listens."""

from __future__ import annotations

from checker.derive import Take, derive
from checker.postfix.endpoints import running_services
from checker.postfix.global_fault import refusals
from checker.postfix.main_cf import Problem
from checker.postfix.network import PROTOCOLS, listeners, port_number, speaks, split_service
from checker.postfix.scope import Configuration
from checker.values import Known, Origin, Reason, Unknown, Value


def starts(configuration: Configuration, problems: tuple[Problem, ...]) -> Value[bool]:
    """Say whether Postfix starts, as far as the files at hand tell: a fatal line in either of them stops every program,
    a value that master(8) refuses stops that one.
    """
    for problem in problems:
        origin = Origin(problem.text, problem.place)
        if problem.kind == "fatal":
            return Known(False, (origin,))
        if problem.kind == "template":
            return Unknown(Reason("template", problem.text), (origin,))
    refused = next(refusals(configuration.scope("master")), None)
    if refused is not None:
        return Known(False, refused.origins)
    return derive(lambda take: _binds(take, configuration))


def _binds(take: Take, configuration: Configuration) -> bool:
    """Say whether master(8) can bind its sockets: fatal are a protocol, port or address that nobody knows, an address
    of a protocol that is not used, and with no interface at all an entry without a host.
    """
    if configuration.main is None:
        return True
    master = configuration.scope("master")
    protocols = take(master.words("inet_protocols")) or ()
    if not set(protocols) <= PROTOCOLS:
        return False
    names = [split_service(each.name) for each in running_services(configuration) if each.type == "inet"]
    for host, port in names if protocols else ():
        if not port.isdigit():
            take(port_number(master, port))
        for listener in listeners(master, host):
            if not speaks(master, take(listener.address) or ""):
                take(master.words("inet_interfaces"))
                return False
    if not master.is_set("inet_interfaces") or all(host for host, _ in names):
        return True
    return bool(take(master.words("inet_interfaces")))
