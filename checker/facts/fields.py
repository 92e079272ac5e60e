"""The names and types of fact fields, read from their classes, and the value at a dotted name."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct

from checker.facts.authdb import Authdb
from checker.facts.endpoint import Endpoint
from checker.facts.outbound import Outbound
from checker.facts.process import Process
from checker.facts.settings import Settings
from checker.facts.software import Software, System
from checker.facts.trust import Trust
from checker.facts.types import Exposure, Network, Release, TlsVersion
from checker.facts.written import Setting
from checker.values import ABSENT, Known, Later, Value, settled

KINDS: dict[str, type[Struct]] = {
    "endpoint": Endpoint,
    "outbound": Outbound,
    "trust": Trust,
    "authdb": Authdb,
    "process": Process,
    "setting": Setting,
    "software": Software,
    "system": System,
}
"""The kinds of fact that a rule can judge or look for."""

Base = Literal["boolean", "integer", "text", "exposure", "tls-version", "release", "network", "setting"]


class FieldType(Struct, frozen=True):
    """The type of a field: its base, whether it is a list, and the words it may hold (empty: any)."""

    base: Base
    is_list: bool = False
    words: tuple[str, ...] = ()


_BASES: dict[Any, FieldType] = {
    bool: FieldType("boolean"),
    int: FieldType("integer"),
    str: FieldType("text"),
    Release: FieldType("release"),
    Network: FieldType("network"),
    Exposure: FieldType("exposure", words=get_args(Exposure)),
    TlsVersion: FieldType("tls-version", words=get_args(TlsVersion)),
}

SETTING = FieldType("setting")
"""The type of ``settings.NAME``: it depends on the parameter."""


@cache
def fields_of(kind: str) -> dict[str, FieldType]:
    """Return the dotted names of a kind's fields and their types; ``settings.NAME`` apart."""
    return _fields(KINDS[kind])


def _fields(cls: type[Struct]) -> dict[str, FieldType]:
    hints = typing.get_type_hints(cls)
    found: dict[str, FieldType] = {}
    for own in cls.__struct_fields__:
        hint = hints[own]
        if inner := part_of(hint):
            found |= {f"{own}.{name}": kind for name, kind in _fields(inner).items()}
        elif get_origin(hint) in (typing.Union, types.UnionType) and get_origin(get_args(hint)[0]) is Known:
            found[own] = _field_type(get_args(get_args(hint)[0])[0])
    return found


def part_of(hint: Any) -> type[Struct] | None:
    """Return the class of a field that has fields of its own, such as ``tls``; None for one that holds a value."""
    return hint if isinstance(hint, type) and issubclass(hint, Struct) else None


def _field_type(hint: Any) -> FieldType:
    if hint in _BASES:
        return _BASES[hint]
    if get_origin(hint) in (typing.Union, types.UnionType):
        members = [each for each in get_args(hint) if each is not type(None)]
        words = tuple(word for each in members if get_origin(each) is Literal for word in get_args(each))
        for literal, known in _BASES.items():
            if get_origin(literal) is Literal and get_args(literal) == words:
                return known
        return FieldType("text", words=words) if words else _field_type(members[0])
    if get_origin(hint) is tuple:
        inner = _field_type(get_args(hint)[0])
        return FieldType(inner.base, True, inner.words)
    if get_origin(hint) is Literal:
        return FieldType("text", words=get_args(hint))
    raise TypeError(f"no field type for {hint!r}")


def field_value(fact: Any, name: str) -> Value[Any]:
    """Return the value of a fact's field by its dotted name; names are checked when rules load, so an unheard-of one is
    a programming error.
    """
    if name == "id":
        return Known(fact.id, fact.origins)
    if name.startswith("settings."):
        settings: Settings = fact.settings
        return settings.get(name.removeprefix("settings."))
    held = fact
    for part in name.split("."):
        if held is None:
            return ABSENT
        held = getattr(held, part)
    return settled(typing.cast("Later[Any]", held))
