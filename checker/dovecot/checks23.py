"""What Dovecot 2.3 checks once all is read, for the whole and for each block."""

from __future__ import annotations

from collections.abc import Iterator

from checker.dovecot.checks import duplicates, is_verbose_password, listening_path, option_errors
from checker.dovecot.config import Configuration23
from checker.dovecot.merge23 import Merged, conflict_text, merged
from checker.dovecot.names23 import built_in, unescaped
from checker.dovecot.release import Release

SSL_OPTIONS = ("compression", "no_compression", "no_ticket")


def first_error(configuration: Configuration23) -> str | None:
    """Return what Dovecot refuses after reading, None if nothing."""
    for block in configuration.blocks:
        merge = merged(configuration, block.filter)
        if merge.conflicts:
            return conflict_text(merge)
        for error in _errors(configuration.release, merge):
            return error
    return None


def _errors(release: Release, merge: Merged) -> Iterator[str]:
    def text(name: str) -> str:
        assignment = merge.assignment(name)
        known = release.setting(name)
        if assignment is None:
            return (known.default or "") if known else ""
        return release.normal(known, assignment.text) if known else assignment.text

    if not text("listen"):
        yield "listen can't be set empty"
    yield from _service_errors(release, merge, text("protocols"), text("base_dir"))
    if text("ssl") != "no":
        if text("ssl_verify_client_cert") == "yes" and not text("ssl_ca"):
            yield "ssl_verify_client_cert set, but ssl_ca not"
        yield from option_errors(text("ssl_options"), SSL_OPTIONS)
    if not is_verbose_password(text("auth_verbose_passwords")):
        yield "auth_verbose_passwords: Invalid value"
    for part in merge.sections.get("passdb", {}):
        driver = merge.assignment(f"passdb/{part}/driver")
        if driver is None or not driver.text:
            yield "passdb is missing driver"


def _service_errors(release: Release, merge: Merged, protocols: str, base_dir: str) -> Iterator[str]:
    wanted = [word for word in protocols.split(" ") if word]
    if wanted == ["none"]:
        wanted = []
    services = {*built_in(release, "service"), *merge.sections.get("service", {})}
    protocol_of = {service: _service_value(release, merge, service, "protocol") for service in services}
    for word in wanted:
        if word not in protocol_of.values():
            yield f"protocols: Unknown protocol: {word}"
    enabled = [service for service in services if not protocol_of[service] or protocol_of[service] in wanted]
    yield from duplicates(each for service in enabled for each in _listeners(release, merge, service, base_dir))


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
    if assignment is not None:
        return assignment.text
    return built_in(release, "service").get(service, {}).get(path, "")
