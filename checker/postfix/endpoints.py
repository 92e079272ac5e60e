"""What a Postfix listens on, and what a client meets there: one endpoint per address that master(8) binds."""

from __future__ import annotations

from msgspec.structs import replace

from checker.derive import converted, derive
from checker.facts.endpoint import Endpoint
from checker.facts.types import Protocol, Role
from checker.postfix.master_cf import Service
from checker.postfix.meeting import meet
from checker.postfix.network import listeners, port_number, split_service
from checker.postfix.scope import Configuration
from checker.postfix.spelling import meant
from checker.values import Known, Origin, Reason, Unknown, Value

# fmt: off
PROGRAMS = frozenset({
    "anvil", "bounce", "cleanup", "discard", "dnsblog", "error", "flush", "lmtp", "local", "nqmgr", "oqmgr", "pickup",
    "pipe", "postlogd", "postscreen", "proxymap", "qmgr", "qmqpd", "scache", "showq", "smtp", "smtpd", "spawn",
    "tlsmgr", "tlsproxy", "trivial-rewrite", "verify", "virtual",
})
# fmt: on
"""The programs that master(8) can run."""

SUBMISSION_PORTS = (465, 587)
SUBMISSION_NAMES = ("submission", "submissions", "smtps")


def endpoints(configuration: Configuration) -> tuple[Endpoint, ...]:
    """Return the server endpoints of smtpd(8) and postscreen(8)."""
    services = running_services(configuration)
    found: list[Endpoint] = []
    for service in services:
        program = service.command.rpartition("/")[2]
        if program in ("smtpd", "postscreen") and not (program == "smtpd" and _is_behind_postscreen(service, services)):
            found += _endpoints_of(configuration, service, _described(configuration, service, program, services))
        elif service.type == "inet" and program not in PROGRAMS:
            found += _endpoints_of(configuration, service, _unheard_of(service))
    return _numbered(found)


def running_services(configuration: Configuration) -> tuple[Service, ...]:
    """Return the entries that master(8) runs: of duplicates the last, without those that master_service_disable names.

    Entries are duplicates if type, host and canonical port are the same (master/master_conf.c).
    """
    if configuration.master is None:
        return ()
    master = configuration.scope("master")
    disabled = master.words("master_service_disable")
    patterns = disabled.value or () if isinstance(disabled, Known) else ()
    by_identity: dict[tuple[str, object, object], Service] = {}
    for service in configuration.master.services:
        if _is_disabled(service, patterns):
            continue  # before duplicates are looked for (master/master_ent.c:get_master_ent)
        if service.type == "inet":
            host, port_name = split_service(service.name)
            port = port_number(master, port_name)
            identity: tuple[str, object, object] = (
                service.type,
                host,
                port.value if isinstance(port, Known) else port_name,
            )
        else:
            identity = (service.type, "", service.name)
        by_identity.pop(identity, None)  # the last one counts, and keeps its own place in the order
        by_identity[identity] = service
    return tuple(by_identity.values())


def _is_disabled(service: Service, patterns: tuple[str, ...]) -> bool:
    """Say whether master_service_disable names a service: the first pattern that matches decides, ``!`` excludes."""
    names = (service.type, f"{service.name}.{service.type}", service.label)
    matching = (pattern for pattern in patterns if pattern.lstrip("!") in names)
    return not next(matching, "!").startswith("!")


def _is_behind_postscreen(service: Service, services: tuple[Service, ...]) -> bool:
    return service.type == "pass" and any(each.command == "postscreen" for each in services)


def _unheard_of(service: Service) -> Endpoint:
    """Return an endpoint whose program is none of Postfix: a slip, or one that somebody put into daemon_directory."""
    origin = Origin("master.cf", service.place, service.label, service.command)
    reason = Reason("host-only", f"whether daemon_directory has a program '{service.command}'")
    fault: Value[str | None] = Unknown(reason, (origin,))
    if (name := meant(service.command, PROGRAMS)) is not None:
        fault = Known(f"there is no program '{service.command}': {name} is meant", (origin,))
    return Endpoint(
        id="",
        origins=(origin,),
        product=Known("postfix"),
        source=Known("config"),
        service=Known(service.label, (origin,)),
        serves=converted(fault, lambda text: text is None),
        fault=fault,
    )


def _endpoints_of(configuration: Configuration, service: Service, base: Endpoint) -> list[Endpoint]:
    master = configuration.scope("master")
    if service.type != "inet":
        return [replace(base, id=f"postfix:{service.label}")]
    host, port_name = split_service(service.name)
    port = port_number(master, port_name)
    number = port.value if isinstance(port, Known) else None
    identifier = f"postfix:{port_name}/inet" + (f":{number}" if number is not None else "")
    found = [
        replace(
            base,
            id=identifier,
            origins=(*base.origins, *listener.address.origins),
            address=listener.address,
            port=port,
            exposure=listener.exposure,
        )
        for listener in listeners(master, host)
    ]
    if base.protocol == Known("other"):
        return found
    protocol: Protocol = "submission" if number in SUBMISSION_PORTS or port_name in SUBMISSION_NAMES else "smtp"
    return [
        replace(each, protocol=Known(protocol, base.origins), role=_role(protocol, number, each, base))
        for each in found
    ]


def _described(configuration: Configuration, service: Service, program: str, services: tuple[Service, ...]) -> Endpoint:
    """Return an endpoint with all that does not depend on the address."""
    origin = Origin("master.cf", service.place, service.label, service.command)
    meeting = meet(configuration, service, program, services)
    fault = _fault(service, origin) or meeting.fault
    return Endpoint(
        id="",
        origins=(origin,),
        product=Known("postfix"),
        source=Known("config"),
        service=Known(service.label, (origin,)),
        protocol=Known("smtp", (origin,)),
        serves=converted(fault, lambda text: text is None),
        fault=fault,
        banner=meeting.banner,
        tls=meeting.tls,
        proxied=meeting.proxied,
        auth=meeting.auth,
        smtp=meeting.smtp,
        cert=meeting.cert,
        settings=meeting.scope,
    )


def _fault(service: Service, origin: Origin) -> Value[str | None] | None:
    """Return why the service's program never runs as it should, None if that is for the program to say."""
    if "/" in service.command.removeprefix("./"):
        # master(8) runs $daemon_directory/COMMAND, and there is no such file.
        return Known(f"there is no program '{service.command}' in daemon_directory", (origin,))
    if service.deaths:
        return Known(service.deaths[0].text, (replace(origin, place=service.deaths[0].place),))
    return None


def _role(protocol: Protocol, port: int | None, listener: Endpoint, endpoint: Endpoint) -> Value[Role]:
    """Return what an endpoint is for: a listener that takes mail from strangers is an MX on whatever port."""
    if isinstance(listener.exposure, Known) and listener.exposure.value in ("unix", "loopback"):
        return Known("internal", listener.exposure.origins)
    if protocol == "submission":
        return Known("submission", endpoint.origins)
    if port == 25:
        return Known("mx", endpoint.origins)
    return derive(lambda take: "submission" if take(endpoint.auth.required) else "mx")


def _numbered(found: list[Endpoint]) -> tuple[Endpoint, ...]:
    """Return the endpoints with ids that differ: the second of an id is ``#2``."""
    seen: dict[str, int] = {}
    numbered: list[Endpoint] = []
    for endpoint in found:
        seen[endpoint.id] = seen.get(endpoint.id, 0) + 1
        ordinal = seen[endpoint.id]
        numbered.append(endpoint if ordinal == 1 else replace(endpoint, id=f"{endpoint.id}#{ordinal}"))
    return tuple(numbered)
