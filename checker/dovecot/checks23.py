"""What Dovecot 2.3 checks once all is read, for the whole and for each block."""

from __future__ import annotations

from collections.abc import Iterator

from checker.dovecot.config import Configuration23, escaped
from checker.dovecot.merge23 import Merged, conflict_text, merged

SSL_OPTIONS = ("compression", "no_compression", "no_ticket")


def first_error(configuration: Configuration23) -> str | None:
    """Return what Dovecot refuses after reading, None if nothing."""
    for block in configuration.blocks:
        merge = merged(configuration, block.filter)
        if merge.conflicts:
            return conflict_text(merge)
        for error in _errors(configuration, merge):
            return error
    return None


def _errors(configuration: Configuration23, merge: Merged) -> Iterator[str]:
    release = configuration.release

    def text(name: str) -> str:
        assignment = merge.assignment(name)
        known = release.setting(name)
        if assignment is None:
            return (known.default or "") if known else ""
        return release.normal(known, assignment.text) if known else assignment.text

    if not text("listen"):
        yield "listen can't be set empty"
    yield from _protocol_errors(configuration, merge, text("protocols"))
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


def _protocol_errors(configuration: Configuration23, merge: Merged, protocols: str) -> Iterator[str]:
    wanted = [word for word in protocols.split(" ") if word]
    if wanted == ["none"]:
        wanted = []
    names = {*map(escaped, configuration.release.services), *merge.sections.get("service", {})}
    offered = {service_value(configuration, merge, name, "protocol") for name in names}
    for word in wanted:
        if word not in offered:
            yield f"protocols: Unknown protocol: {word}"
            return
    listeners: set[tuple[str, str]] = set()
    for name in sorted(names):
        protocol = service_value(configuration, merge, name, "protocol")
        if protocol and protocol not in wanted:
            continue
        for listener in inet_listeners(configuration, merge, name):
            path = f"inet_listener/{listener}"
            port = service_value(configuration, merge, name, f"{path}/port") or "0"
            address = service_value(configuration, merge, name, f"{path}/address")
            if port == "0":
                continue
            if (port, address) in listeners:
                yield f"duplicate listener: {port}:{address}"
                return
            listeners.add((port, address))


def service_value(configuration: Configuration23, merge: Merged, service: str, path: str) -> str:
    """Return a setting of a service, by its path below it."""
    assignment = merge.assignment(f"service/{service}/{path}")
    if assignment is not None:
        return assignment.text
    built_in = {escaped(name): values for name, values in configuration.release.services.items()}
    return built_in.get(service, {}).get(path, "")


def inet_listeners(configuration: Configuration23, merge: Merged, service: str) -> tuple[str, ...]:
    """Return the network listeners of a service."""
    built_in = {escaped(name): values for name, values in configuration.release.services.items()}
    names = [key.split("/")[1] for key in built_in.get(service, {}) if key.startswith("inet_listener/")]
    return tuple(dict.fromkeys([*names, *merge.sections.get(f"service/{service}/inet_listener", {})]))
