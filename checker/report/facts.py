"""Facts as plain data: the nested fields of the rule language, an unknown value as null with its reason beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checker.facts.fields import field_value, fields_of
from checker.facts.software import Fact, Software, System
from checker.safe_text import redact, without_surrogates
from checker.source import Source, Span
from checker.values import Known, OneOf, Open, Reason, Unknown, Value

JSON = Any
"""What json.dumps takes."""


def facts_data(systems: Sequence[System]) -> dict[str, JSON]:
    """Return the document of ``show endpoints --format json``."""
    return {
        "endpoints": [
            fact_data("endpoint", each, system) for system in systems for each in system.everything("endpoint")
        ],
        **{kind: facts_of(kind, systems) for kind in ("outbound", "authdb", "process")},
        "software": [software_data(each, system.id) for system in systems for each in system.software],
        "systems": [system_data(each) for each in systems],
    }


def facts_of(kind: str, systems: Sequence[System]) -> list[JSON]:
    """Return the facts of a kind, each with its nested fields and where it is said."""
    return [fact_data(kind, each, system) for system in systems for each in system.facts(kind)]


def fact_data(kind: str, fact: Fact | System, system: System) -> dict[str, JSON]:
    """Return a fact with its nested fields."""
    place = fact.origins[0].place if fact.origins else None
    where = {"id": text(fact.id), "system": text(system.id), "location": location(place) if place else None}
    return where | _fields(kind, fact)


def software_data(software: Software, system: str) -> dict[str, JSON]:
    """Return a configuration set with the files that it was read from."""
    data: dict[str, JSON] = {"id": text(software.id), "system": text(system)}
    data |= _fields("software", software)
    data["files"] = [file_data(each) for each in sorted(software.files, key=lambda each: each.path)]
    return data


def system_data(system: System) -> dict[str, JSON]:
    """Return a host: the ids of what belongs to it, and which kinds of fact may be incomplete."""
    return {
        "id": text(system.id),
        "software": [text(each.id) for each in system.software],
        "endpoints": [text(each.id) for each in system.endpoints],
        "incomplete": {kind: reason_text(reason) for kind, reason in system.missing},
    }


def files_data(sources: Mapping[str, Source]) -> list[JSON]:
    """Return the files read, by path."""
    return [file_data(sources[path]) for path in sorted(sources)]


def file_data(source: Source) -> dict[str, JSON]:
    """Return a file's path and hash."""
    return {"path": text(source.path), "sha256": source.sha256}


def location(span: Span) -> dict[str, JSON]:
    """Return a stretch of a file."""
    return {
        "path": text(span.path),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def _fields(kind: str, fact: Fact | System) -> dict[str, JSON]:
    data: dict[str, JSON] = {}
    unknown: dict[str, str] = {}
    for name in fields_of(kind):
        plain, reason = value_data(field_value(fact, name))
        group, _, last = name.rpartition(".")
        (data.setdefault(group, {}) if group else data)[last] = plain
        if reason:
            unknown[name] = reason
    return data | {"unknown": unknown}


def value_data(value: Value[Any]) -> tuple[JSON, str]:
    """Return the plain value, and the reason of what is not known of it (empty if all is)."""
    if isinstance(value, Known):
        return _plain(value.value), ""
    if isinstance(value, Open):
        return _plain(value.members), reason_text(value.reason)
    if isinstance(value, OneOf):
        return None, "; ".join(f"{text(condition)}: {_alternative(each)}" for condition, each in value.alternatives)
    return None, reason_text(value.reason)


def reason_text(reason: Reason) -> str:
    """Return why something is unknown, its class first."""
    return f"{reason.kind}: {text(reason.text)}"


def text(untrusted: str) -> str:
    """Return text that any JSON reader takes, without secrets."""
    return without_surrogates(redact("", untrusted))


def _plain(value: object) -> JSON:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return text(value) if isinstance(value, str) else value


def _alternative(value: Known[Any] | Unknown) -> str:
    if isinstance(value, Unknown):
        return reason_text(value.reason)
    return "absent" if value.value is None else plain_text(value.value)


def plain_text(value: object) -> str:
    """Return a plain value as configuration files write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(plain_text(each) for each in value)
    return text(str(value))
