"""What Dovecot 2.3 checks once all is read, for the whole and for each block."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.dovecot.candidates import Candidates
from checker.dovecot.checks import duplicates, is_verbose_password, listening_path, option_errors
from checker.dovecot.checks_services import service_errors, type_error
from checker.dovecot.checks_values import CHECKS, value_errors
from checker.dovecot.config import Block, Configuration23
from checker.dovecot.merge23 import Merged, conflict_text, joined, matching
from checker.dovecot.names23 import built_in, unescaped
from checker.dovecot.release import Release

SSL_OPTIONS = ("compression", "no_compression", "no_ticket")
SERVICE_SETTINGS = ("protocols", "base_dir", "default_process_limit")
"""Settings of the top level that the check of services looks at."""

REQUIRED = (
    ("passdb/driver", "passdb is missing driver"),
    ("userdb/driver", "userdb is missing driver"),
    ("event_exporter/name", "Exporter name can't be empty"),
    ("event_exporter/format", "Exporter format name can't be empty"),
    ("event_exporter/transport", "Exporter transport name can't be empty"),
    ("metric/metric_name", "Metric name can't be empty"),
    ("metric/filter", "metric {} {{ filter }} is empty - will not match anything"),
)
"""What sections must set, and what Dovecot says where they do not."""


def first_error(configuration: Configuration23) -> str | None:
    """Return what Dovecot refuses after reading, None if nothing."""
    touched = {id(block) for block in configuration.blocks if _touches_services(block)}
    candidates = Candidates(configuration.blocks)
    for number, block in enumerate(configuration.blocks):
        blocks = matching(candidates.of(block.filter), block.filter)
        merge = joined(blocks)
        if merge.conflicts:
            return conflict_text(merge)
        services = number == 0 or any(id(each) in touched for each in blocks if each is not configuration.blocks[0])
        for error in _errors(configuration.release, merge, services=services):
            return error
    return None


def _touches_services(block: Block) -> bool:
    """Say whether a block sets anything that services are checked by: most filters do not."""
    return any(path.startswith("service/") or path in SERVICE_SETTINGS for path in block.values) or any(
        path.startswith("service") for path in block.sections
    )


def _errors(release: Release, merge: Merged, *, services: bool) -> Iterator[str]:
    def text(name: str) -> str:
        assignment = merge.assignment(name)
        known = release.setting(name)
        if assignment is None:
            return (known.default or "") if known else ""
        return release.normal(known, assignment.text) if known else assignment.text

    if not text("listen"):
        yield "listen can't be set empty"
    yield from value_errors(merge.setters, text, CHECKS)
    if services:
        yield from _service_errors(release, merge, text)
    if text("ssl") != "no":
        if text("ssl_verify_client_cert") == "yes" and not text("ssl_ca"):
            yield "ssl_verify_client_cert set, but ssl_ca not"
        yield from option_errors(text("ssl_options"), SSL_OPTIONS)
    if not is_verbose_password(text("auth_verbose_passwords")):
        yield "auth_verbose_passwords: Invalid value"
    for path, error in REQUIRED:
        section, _, name = path.partition("/")
        for part in merge.sections.get(section, {}):
            assignment = merge.assignment(f"{section}/{part}/{name}")
            if assignment is None or not assignment.text:
                yield error.format(part)


def _service_errors(release: Release, merge: Merged, text: Callable[[str], str]) -> Iterator[str]:
    wanted = [word for word in text("protocols").split(" ") if word]
    if wanted == ["none"]:
        wanted = []
    defaults = built_in(release, "service")
    services = {**defaults, **merge.sections.get("service", {})}
    values = {service: _values(release, merge, service) for service in services}
    for index, service in enumerate(services):
        if service not in defaults and not merge.sections["service"][service]:
            yield f"Service #{index} is missing name"
        error = type_error(release, values[service])
        if error is not None:
            yield error
    protocol_of = {service: value("protocol") for service, value in values.items()}
    for word in wanted:
        if word not in protocol_of.values():
            yield f"protocols: Unknown protocol: {word}"
    enabled = [service for service in services if not protocol_of[service] or protocol_of[service] in wanted]
    for service in enabled:
        yield from service_errors(release, unescaped(service), values[service], text("default_process_limit"))
    base_dir = text("base_dir")
    yield from duplicates(each for service in enabled for each in _listeners(release, merge, service, base_dir))


def _values(release: Release, merge: Merged, service: str) -> Callable[[str], str]:
    return lambda name: _service_value(release, merge, service, name)


def _listeners(release: Release, merge: Merged, service: str, base_dir: str) -> Iterator[str]:
    """Yield what a service listens on."""
    for kind in ("inet_listener", "unix_listener", "fifo_listener"):
        path = f"service/{service}/{kind}"
        for listener in dict.fromkeys([*built_in(release, path), *merge.sections.get(path, {})]):
            below = f"{kind}/{listener}"
            if kind == "inet_listener":
                port = _service_value(release, merge, service, f"{below}/port")
                if port.strip("0"):
                    yield f"{port}:{_service_value(release, merge, service, f'{below}/address')}"
                continue
            mode = _service_value(release, merge, service, f"{below}/mode")
            if not mode or mode.strip("0"):
                file = _service_value(release, merge, service, f"{below}/path") or unescaped(listener)
                yield listening_path(file, base_dir)


def _service_value(release: Release, merge: Merged, service: str, path: str) -> str:
    """Return a setting of a service, by its path below it."""
    assignment = merge.assignment(f"service/{service}/{path}")
    known = release.inner("service", path)
    if assignment is not None:
        return release.normal(known, assignment.text) if known else assignment.text
    default = built_in(release, "service").get(service, {}).get(path)
    return ((known.default if known else None) or "") if default is None else default
