"""What Dovecot 2.3 checks once all is read, for the whole and for each block."""

from __future__ import annotations

from collections.abc import Iterator

from checker.dovecot.config import Configuration23
from checker.dovecot.merge23 import Merged, conflict_text, merged
from checker.dovecot.names23 import built_in
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
    yield from _protocol_errors(release, merge, text("protocols"))
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


def option_errors(text: str, known: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with ``ssl_options``."""
    for option in text.replace(",", " ").split():
        if option.lower() not in known:
            yield f"ssl_options: unknown flag: '{option}'"


def is_verbose_password(text: str) -> bool:
    """Say whether ``auth_verbose_passwords`` accepts a text: a word, for two of them with a length after a colon."""
    word, colon, length = text.partition(":")
    if word not in ("no", "plain", "sha1", "yes"):
        return False
    return not colon or (word != "no" and length.isascii() and length.isdigit() and int(length[:20]) > 0)


def _protocol_errors(release: Release, merge: Merged, protocols: str) -> Iterator[str]:
    wanted = [word for word in protocols.split(" ") if word]
    if wanted == ["none"]:
        wanted = []
    services = sorted({*built_in(release, "service"), *merge.sections.get("service", {})})
    protocol_of = {service: _service_value(release, merge, service, "protocol") for service in services}
    for word in wanted:
        if word not in protocol_of.values():
            yield f"protocols: Unknown protocol: {word}"
            return
    taken: set[tuple[str, str]] = set()
    for service in services:
        if protocol_of[service] and protocol_of[service] not in wanted:
            continue
        path = f"service/{service}/inet_listener"
        for listener in dict.fromkeys([*built_in(release, path), *merge.sections.get(path, {})]):
            port = _service_value(release, merge, service, f"inet_listener/{listener}/port") or "0"
            address = _service_value(release, merge, service, f"inet_listener/{listener}/address")
            if port == "0":
                continue
            if (port, address) in taken:
                yield f"duplicate listener: {port}:{address}"
                return
            taken.add((port, address))


def _service_value(release: Release, merge: Merged, service: str, path: str) -> str:
    """Return a setting of a service, by its path below it."""
    assignment = merge.assignment(f"service/{service}/{path}")
    if assignment is not None:
        return assignment.text
    return built_in(release, "service").get(service, {}).get(path, "")
