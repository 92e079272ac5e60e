"""Small configurations, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.facts.endpoint import Endpoint
from checker.postfix.describe import describe
from checker.postfix.main_cf import parse_main_cf
from checker.postfix.master_cf import MasterCf, Service, parse_master_cf
from checker.postfix.release import release
from checker.postfix.scope import Configuration, Scope
from checker.result import SetFacts
from checker.source import Source
from checker.values import Known, Later, Unknown, Value, settled
from tests.postfix.tables.made import tables

MX = "smtp inet n - n - - smtpd\n"


def configuration(
    main: str = "",
    master: str = "",
    version: str | None = "3.7.11",
    platform: str | None = None,
    files: Mapping[str, str] | None = None,
) -> Configuration:
    """Return a configuration from the texts of its two files, and of others that are beside them."""
    made = release(version, platform)
    return Configuration(
        "etc/postfix",
        made,
        parse_main_cf(Source("main.cf", main.encode())),
        parse_master_cf(Source("master.cf", master.encode())),
        tables=tables(files, release=made.number) if files else None,
    )


def scope_of(
    main: str = "",
    options: str = "",
    program: str | None = "smtpd",
    version: str = "3.7.11",
    files: Mapping[str, str] | None = None,
) -> Scope:
    """Return the scope of one service with these options; without a program that of main.cf alone."""
    made = configuration(main, f"25 inet n - n - - {program} {options}\n", version, files=files)
    assert made.master is not None
    return Scope(made, program, made.master.services[0] if program else None)


def master(text: str) -> MasterCf:
    """Return a parsed master.cf."""
    return parse_master_cf(Source("master.cf", text.encode()))


def service(options: str, program: str = "smtpd") -> Service:
    """Return one service with these arguments."""
    return master(f"25 inet n - n - - {program} {options}\n").services[0]


def facts(
    main: str = "",
    master_text: str = MX,
    version: str | None = "3.7.11",
    platform: str | None = None,
    files: Mapping[str, str] | None = None,
) -> SetFacts:
    """Return all facts of a configuration."""
    return describe(configuration(main, master_text, version, platform, files))


def endpoint(
    main: str = "",
    options: str = "",
    version: str | None = "3.7.11",
    name: str = "smtp",
    *,
    platform: str | None = None,
    files: Mapping[str, str] | None = None,
) -> Endpoint:
    """Return the one endpoint of a configuration with one smtpd."""
    version = None if platform else version
    found = facts(main, f"{name} inet n - n - - smtpd {options}\n", version, platform, files).endpoints
    assert len(found) == 1
    return found[0]


def plain(value: Later[Any]) -> Any:
    """Return what a value is known to be; its reason where it is unknown."""
    value = settled(value)
    if isinstance(value, Unknown):
        return value.reason
    assert isinstance(value, Known), value
    return value.value


def reason(value: Value[Any]) -> str:
    """Return the class of the reason why a value is unknown."""
    assert isinstance(value, Unknown), value
    return value.reason.kind
