"""What a client meets at a listener: the smtpd(8) that takes its mail, and postscreen(8) where that answers first."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from checker.facts.endpoint import Auth, Cert, Smtp, Tls
from checker.postfix import content_checks, postscreen, senders, session, smtpd
from checker.postfix.fault import fault as smtpd_fault
from checker.postfix.fault import first_fault
from checker.postfix.master_cf import Service
from checker.postfix.scope import Configuration, Scope
from checker.values import Known, Origin, Value


class Meeting(Struct, frozen=True):
    """What a client meets: the scope of the smtpd that takes its mail, and what comes before it."""

    scope: Scope
    tls: Tls
    auth: Auth
    smtp: Smtp
    cert: Cert
    banner: Value[str | None]
    fault: Value[str | None]
    proxied: Value[bool | None]


def meet(configuration: Configuration, service: Service, program: str, services: tuple[Service, ...]) -> Meeting:
    """Return what a client meets at a service that runs smtpd or postscreen."""
    if program == "smtpd":
        return _directly(configuration, configuration.scope("smtpd", service), services)
    return _through_postscreen(configuration, configuration.scope("postscreen", service), service, services)


def _directly(configuration: Configuration, scope: Scope, services: tuple[Service, ...]) -> Meeting:
    domains = _scope_of(configuration, "trivial-rewrite", services) or configuration.scope("trivial-rewrite")
    return Meeting(
        scope=scope,
        tls=smtpd.tls(scope),
        auth=_auth(scope, domains),
        smtp=_smtp(scope, domains),
        cert=smtpd.cert(scope),
        banner=scope.text("smtpd_banner"),
        fault=smtpd_fault(scope),
        proxied=session.proxied(scope, "smtpd_upstream_proxy_protocol"),
    )


def _through_postscreen(
    configuration: Configuration, scope: Scope, service: Service, services: tuple[Service, ...]
) -> Meeting:
    behind = next((each for each in services if each.type == "pass" and each.command == "smtpd"), None)
    taker = _directly(configuration, configuration.scope("smtpd", behind), services)
    tlsproxy = _scope_of(configuration, "tlsproxy", services)
    banner = scope.text("postscreen_greet_banner")
    fault = first_fault(scope) or taker.fault
    if behind is None:
        origin = Origin("master.cf", service.place, service.label, service.command)
        fault = Known("there is no 'smtpd pass' service to hand clients to", (origin,))
    return replace(
        taker,
        tls=postscreen.tls(scope, tlsproxy, taker.scope),
        cert=smtpd.cert(tlsproxy, "tlsproxy_tls") if tlsproxy else taker.cert,
        banner=taker.banner if isinstance(banner, Known) and not banner.value else banner,
        fault=fault,
        proxied=session.proxied(scope, "postscreen_upstream_proxy_protocol"),
    )


def _auth(scope: Scope, domains: Scope) -> Auth:
    return replace(
        smtpd.auth(scope, domains),
        sender_bound=senders.sender_bound(scope),
        by_certificate=senders.by_certificate(scope),
        backend=senders.backend(scope),
    )


def _smtp(scope: Scope, domains: Scope) -> Smtp:
    return replace(
        smtpd.smtp(scope, domains),
        etrn=session.etrn(scope),
        pipelining_checked=session.pipelining_checked(scope),
        helo_required=scope.boolean("smtpd_helo_required"),
        size_limit=session.size_limit(scope),
        unknown_recipients_rejected=session.unknown_recipients_rejected(scope, domains),
        checks=content_checks.checks(scope),
    )


def _scope_of(configuration: Configuration, program: str, services: tuple[Service, ...]) -> Scope | None:
    service = next((each for each in services if each.command == program), None)
    return configuration.scope(program, service) if service else None
