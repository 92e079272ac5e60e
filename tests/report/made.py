"""Results made by hand, for tests of reports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from checker.facts.endpoint import Auth, Endpoint, Tls
from checker.facts.software import Software, System
from checker.facts.types import Release
from checker.report.style import Style
from checker.report.summary import Gate, exit_of
from checker.report.text import render
from checker.report.view import View
from checker.result import Finding, Language, Notice, Result, Severity, Status
from checker.source import Source, Span
from checker.values import Known, OneOf, Open, Origin, Reason, Unknown

MAIN = "etc/postfix/main.cf"
MASTER = "etc/postfix/master.cf"

TEMPLATE = Reason("template", "smtpd_tls_security_level is filled in by a template")
HOST_ONLY = Reason("host-only", "the permissions of files are not in the files")


def span(path: str, line: int, column: int = 1, end: int = 2) -> Span:
    return Span(path, line, column, line, end)


def finding(
    rule: str = "no-cleartext-smtp-auth",
    *,
    code: str = "SUB-005",
    severity: Severity = "high",
    status: Status = "fail",
    subject: str = "postfix:submission/inet:587",
    message: str = "submission on *:587 accepts passwords without TLS",
    remedy: str = "",
    place: Span | None = None,
    missing: bool = False,
    trace: tuple[Origin, ...] = (),
    reason: Reason | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        code=code,
        severity=severity,
        status=status,
        system="etc/postfix",
        subject=subject,
        title="Passwords travel encrypted",
        message=message,
        why="Whoever listens on the way reads the password.",
        remedy=remedy,
        place=place,
        missing=missing,
        trace=trace,
        reason=reason,
        controls={"rfc8314": ("4.1",)},
        identity=("rule", "", "host", "subject", "parameter", "0"),
    )


def system() -> System:
    place = Origin("", span(MAIN, 1))
    submission = Endpoint(
        id="postfix:submission/inet:587",
        origins=(Origin("", span(MASTER, 2)),),
        product=Known("postfix"),
        source=Known("config"),
        service=Known("submission/inet"),
        protocol=Known("submission"),
        role=Known("submission"),
        address=Known("*"),
        port=Known(587),
        exposure=Known("public"),
        tls=Tls(
            mode=OneOf((("on debian-12", Known("starttls")), ("else", Known("none")))),
            required=Unknown(TEMPLATE),
            versions=Known(("TLSv1.2", "TLSv1.3")),
        ),
        auth=Auth(mechanisms_before_tls=Open(("PLAIN",), (), Reason("not-in-set", "dovecot.conf is not read"))),
    )
    software = Software(
        id="postfix:etc/postfix",
        origins=(place,),
        product=Known("postfix"),
        source=Known("config"),
        release=Known(Release("3.7.11")),
        platform=Known("debian-12"),
        assumed=Known("the installed package"),
        files=(Source(MAIN, b"myhostname = mail.example.org\n"),),
    )
    return System("etc/postfix", (place,), (software,), (submission,))


def result(
    *findings: Finding,
    files: Mapping[str, bytes] | None = None,
    notices: tuple[Notice, ...] = (),
    systems: tuple[System, ...] | None = None,
    language: Language = "en",
    rules: int = 15,
    root: str = "",
) -> Result:
    sources = {path: Source(path, data) for path, data in (files or {}).items()}
    systems = (system(),) if systems is None else systems
    return Result("recommended", language, systems, findings, notices, rules, sources, root)


def report(
    made: Result,
    *,
    gate: Gate | None = None,
    style: Style | None = None,
    show_all: bool = False,
    quiet: bool = False,
) -> str:
    """Return the text report of a result, seen from a directory that has nothing to do with it."""
    gate = gate or Gate()
    view = View(made, style or Style(), gate, Path("/nowhere"), show_all=show_all, quiet=quiet)
    return render(view, exit_of(made, gate))
