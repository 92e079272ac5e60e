"""What listens, as an aligned table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from checker.facts.endpoint import Endpoint
from checker.facts.fields import field_value
from checker.facts.software import System
from checker.facts.types import TLS_VERSIONS
from checker.report.facts import plain_text, value_data
from checker.report.style import Style, padded, text_width, wrapped
from checker.safe_text import for_terminal
from checker.values import Known, Open, Value

COLUMNS = (
    *("service", "address", "TLS", "AUTH in clear", "AUTH over TLS", "password in clear"),
    *("versions", "role", "exposure"),
)

_SHOWN = (
    *("service", "case", "address", "port", "tls.mode", "tls.required", "tls.versions", "role", "exposure", "serves"),
    *("auth.mechanisms_before_tls", "auth.mechanisms_after_tls", "auth.cleartext_allowed"),
)
"""The fields that the columns tell of."""


def table(systems: Sequence[System], style: Style) -> str:
    """Return the listeners of each host, and below them why a ``?`` is not known."""
    blocks = []
    for system in systems:
        if not system.endpoints:
            continue
        heading = [style.paint(for_terminal(system.id or "."), "bold")] if len(systems) > 1 else []
        notes = [*_notes(system.endpoints, style), *_built_in(system, style)]
        lines = heading + _aligned([_row(each) for each in system.endpoints], style)
        blocks.append("\n".join([*lines, "", *notes] if notes else lines))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _built_in(system: System, style: Style) -> Iterator[str]:
    """Yield how many listeners are left out of the table."""
    count = sum(len(each.all()) for each in system.built_in)
    if count:
        text = f"{count} more unix sockets are as the release brings them: --all shows them"
        yield from wrapped(text, style.width, "  ")


def _aligned(rows: Sequence[tuple[str, ...]], style: Style) -> list[str]:
    widths = [max(map(text_width, cells)) for cells in zip(COLUMNS, *rows, strict=True)]
    lines = ["  ".join(map(padded, row, widths)).rstrip() for row in (COLUMNS, *rows)]
    return [style.paint(lines[0], "bold"), *lines[1:]]


def _row(endpoint: Endpoint) -> tuple[str, ...]:
    case = cell(endpoint.case)
    return (
        cell(endpoint.service) + ("" if case == "-" else f" [{case}]"),
        " ".join(filter(None, (address(endpoint), _permissions(endpoint)))),
        tls(endpoint),
        cell(endpoint.auth.mechanisms_before_tls),
        cell(endpoint.auth.mechanisms_after_tls),
        cell(endpoint.auth.cleartext_allowed),
        _versions(endpoint.tls.versions),
        cell(endpoint.role),
        cell(endpoint.exposure),
    )


def cell(value: Value[Any]) -> str:
    """Return a value as a cell: ``-`` where there is no such thing, ``?`` where it is not known."""
    if isinstance(value, Known):
        return "-" if value.value in (None, ()) else for_terminal(plain_text(value.value), 60)
    if isinstance(value, Open):
        return ", ".join([*(for_terminal(plain_text(each), 60) for each in value.members), "?"])
    return "?"


def address(endpoint: Endpoint) -> str:
    """Return where an endpoint listens, as `address:port` or the path of a socket."""
    path = cell(endpoint.socket.path)
    if path != "-":
        return path
    host, port = cell(endpoint.address), cell(endpoint.port)
    if port == "-":
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _permissions(endpoint: Endpoint) -> str:
    """Return the mode and the owners of a unix socket; empty of what has none."""
    mode, owner, group = (cell(each) for each in (endpoint.socket.mode, endpoint.socket.owner, endpoint.socket.group))
    if mode == "-":
        return ""
    return mode if owner == "-" else f"{mode} {owner}:{group}"


def tls(endpoint: Endpoint) -> str:
    """Return how an endpoint is encrypted."""
    mode = cell(endpoint.tls.mode)
    required = endpoint.tls.required
    if mode == "starttls" and not isinstance(required, Known):
        return "starttls, required?"
    return f"{mode}, required" if mode == "starttls" and required == Known(True, required.origins) else mode


def _versions(value: Value[Any]) -> str:
    """Return a run of versions as its ends."""
    if not isinstance(value, Known) or not value.value:
        return cell(value)
    numbers = sorted(TLS_VERSIONS.index(each) for each in value.value)
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{TLS_VERSIONS[numbers[0]]}..{TLS_VERSIONS[numbers[-1]]}"
    return ", ".join(TLS_VERSIONS[number] for number in numbers)


def _notes(endpoints: Sequence[Endpoint], style: Style) -> Iterator[str]:
    """Yield which listeners serve nobody, and what is not known of which listeners, each reason once."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for endpoint in endpoints:
        name = cell(endpoint.service)
        if isinstance(endpoint.serves, Known) and endpoint.serves.value is False:
            place = next((origin.place for origin in endpoint.serves.origins if origin.place), None)
            where = f": see {for_terminal(str(place))}" if place else ""
            yield from wrapped(f"! {name} serves no client{where}", style.width, "  ")
        for field in _SHOWN:
            _, reason = value_data(field_value(endpoint, field))
            if reason:
                reasons.setdefault(reason, {}).setdefault(name, []).append(field)
    for reason, fields in reasons.items():
        names = sorted({field for each in fields.values() for field in each})
        yield from wrapped(f"? {', '.join(names)}: {for_terminal(reason)} ({', '.join(fields)})", style.width, "  ")
