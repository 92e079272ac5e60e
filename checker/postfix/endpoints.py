"""What a Postfix listens on, and what a client meets there: one endpoint per address that master(8) binds."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from checker.derive import converted, derive
from checker.facts.endpoint import Cert, Endpoint, Tls
from checker.facts.types import Protocol, Role
from checker.postfix import postscreen, smtpd
from checker.postfix.fault import fault as smtpd_fault
from checker.postfix.master_cf import Service
from checker.postfix.network import Listener, listeners, port_number, split_service
from checker.postfix.scope import Configuration, Scope
from checker.values import Known, Origin, Value

SUBMISSION_PORTS = (465, 587)
SUBMISSION_NAMES = ("submission", "submissions", "smtps")


def endpoints(configuration: Configuration) -> tuple[Endpoint, ...]:
    """Return the server endpoints of smtpd(8) and postscreen(8)."""
    services = running_services(configuration)
    found: list[Endpoint] = []
    for service in services:
        program = service.command.rpartition("/")[2]
        if program in ("smtpd", "postscreen") and not (program == "smtpd" and _is_behind_postscreen(service, services)):
            found += _endpoints_of(configuration, service, program, services)
    return _numbered(found)


def running_services(configuration: Configuration) -> tuple[Service, ...]:
    """Return the entries that master(8) runs: of duplicates the last, without those that master_service_disable names.

    Entries are duplicates if type, host and canonical port are the same (master/master_conf.c).
    """
    if configuration.master is None:
        return ()
    master = Scope(configuration, "master")
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


def _endpoints_of(
    configuration: Configuration, service: Service, program: str, services: tuple[Service, ...]
) -> list[Endpoint]:
    master = Scope(configuration, "master")
    base = _described(configuration, service, program, services)
    if service.type != "inet":
        return [replace(base, id=f"postfix:{service.label}")]
    host, port_name = split_service(service.name)
    port = port_number(master, port_name)
    number = port.value if isinstance(port, Known) else None
    identifier = f"postfix:{port_name}/inet" + (f":{number}" if number is not None else "")
    protocol: Protocol = "submission" if number in SUBMISSION_PORTS or port_name in SUBMISSION_NAMES else "smtp"
    return [
        replace(
            base,
            id=identifier,
            origins=(*base.origins, *listener.address.origins),
            protocol=Known(protocol, base.origins),
            role=_role(protocol, number, listener, base),
            address=listener.address,
            port=port,
            exposure=listener.exposure,
        )
        for listener in listeners(master, host)
    ]


def _described(configuration: Configuration, service: Service, program: str, services: tuple[Service, ...]) -> Endpoint:
    """Return an endpoint with all that does not depend on the address."""
    origin = Origin("master.cf", service.place, service.label, service.command)
    met = _directly if program == "smtpd" else _through_postscreen
    session = met(configuration, service, services)
    domains = _scope_of(configuration, "trivial-rewrite", services) or Scope(configuration, "trivial-rewrite")
    fault = _fault(service, origin) or session.fault
    return Endpoint(
        id="",
        origins=(origin,),
        product=Known("postfix"),
        source=Known("config"),
        service=Known(service.label, (origin,)),
        protocol=Known("smtp", (origin,)),
        serves=converted(fault, lambda text: text is None),
        fault=fault,
        banner=session.banner,
        tls=session.tls,
        auth=smtpd.auth(session.scope, domains),
        smtp=smtpd.smtp(session.scope, domains),
        cert=session.cert,
        settings=session.scope,
    )


class _Session(Struct, frozen=True):
    """What a client meets: the scope of the smtpd that takes its mail, and what comes before it."""

    scope: Scope
    tls: Tls
    cert: Cert
    banner: Value[str | None]
    fault: Value[str | None]


def _directly(configuration: Configuration, service: Service, services: tuple[Service, ...]) -> _Session:
    del services
    scope = Scope(configuration, "smtpd", service)
    return _Session(scope, smtpd.tls(scope), smtpd.cert(scope), scope.text("smtpd_banner"), smtpd_fault(scope))


def _through_postscreen(configuration: Configuration, service: Service, services: tuple[Service, ...]) -> _Session:
    scope = Scope(configuration, "postscreen", service)
    behind = next((each for each in services if each.type == "pass" and each.command == "smtpd"), None)
    session = Scope(configuration, "smtpd", behind)
    tlsproxy = _scope_of(configuration, "tlsproxy", services)
    banner = scope.text("postscreen_greet_banner")
    fault = smtpd_fault(session)
    if behind is None:
        origin = Origin("master.cf", service.place, service.label, service.command)
        fault = Known("there is no 'smtpd pass' service to hand clients to", (origin,))
    return _Session(
        session,
        postscreen.tls(scope, tlsproxy, session),
        smtpd.cert(tlsproxy, "tlsproxy_tls") if tlsproxy else smtpd.cert(session),
        session.text("smtpd_banner") if isinstance(banner, Known) and not banner.value else banner,
        fault,
    )


def _scope_of(configuration: Configuration, program: str, services: tuple[Service, ...]) -> Scope | None:
    service = next((each for each in services if each.command == program), None)
    return Scope(configuration, program, service) if service else None


def _fault(service: Service, origin: Origin) -> Value[str | None] | None:
    """Return why the service's program never runs as it should, None if that is for the program to say."""
    if "/" in service.command:
        # master(8) runs $daemon_directory/COMMAND, and there is no such file.
        return Known(f"there is no program '{service.command}' in daemon_directory", (origin,))
    if service.deaths:
        return Known(service.deaths[0].text, (replace(origin, place=service.deaths[0].place),))
    return None


def _role(protocol: Protocol, port: int | None, listener: Listener, endpoint: Endpoint) -> Value[Role]:
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
