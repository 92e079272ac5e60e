"""Facts from plain data, for tests inside rules about what only a probe, a host or DNS can tell."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from checker.facts.fields import KINDS, fields_of, part_of
from checker.facts.gathered import Gathered
from checker.facts.settings import Plain
from checker.facts.software import System
from checker.policy.document import Node
from checker.policy.names import nearest
from checker.values import ABSENT, Known, Value

_HELD_AS = {
    "endpoint": "endpoints",
    "trust": "trust",
    "software": "software",
}


_GATHERED = ("outbound", "authdb", "process", "setting")


class PlainSettings(Struct, frozen=True):
    """Settings given as plain data."""

    values: Mapping[str, Plain]

    def get(self, name: str) -> Value[Plain]:
        """Return a setting's value; absent if none was given."""
        return Known(self.values[name]) if name in self.values else ABSENT


def host_of(node: Node) -> System:
    """Return a host with the facts of a test: a mapping from kind to one fact or a list; raise UserError."""
    held: dict[str, Any] = {}
    gathered: dict[str, tuple[Gathered[Any], ...]] = {}
    for kind, part in node.items():
        if kind not in (*_HELD_AS, *_GATHERED):
            hint = nearest(kind, [*_HELD_AS, *_GATHERED])
            raise part.key_error(f"a test can give no facts of kind `{kind}`", hint)
        members = list(part.members()) if isinstance(part.data, list) else [part]
        facts = tuple(_fact(kind, index, member) for index, member in enumerate(members, 1))
        if kind in _GATHERED:
            gathered[kind] = (_given(facts),)
        else:
            held[_HELD_AS[kind]] = facts
    return System(id="host", origins=(), gathered=gathered, **held)


def _given(facts: tuple[Any, ...]) -> Gathered[Any]:
    return Gathered(lambda: facts)


def _fact(kind: str, index: int, node: Node) -> Any:
    given = {
        "id": f"{kind}-{index}",
        "origins": (),
        "source": Known("live"),
        **{field: ABSENT for field in KINDS[kind].__struct_fields__ if field in _UNTOLD},
    }
    return KINDS[kind](**given | _values(KINDS[kind], kind, "", node))


_UNTOLD = frozenset({"product", "service", "purpose", "release", "platform", "assumed"})
"""Fields without a default: absent where a test is silent."""


def _values(cls: type, kind: str, prefix: str, node: Node) -> dict[str, Any]:
    if not isinstance(node.data, dict):
        raise node.error("must be a mapping from fields to values")
    hints = typing.get_type_hints(cls)
    found: dict[str, Any] = {}
    for name, part in node.items():
        if name == "id":
            found[name] = str(part.data)
        elif name == "settings":
            found[name] = PlainSettings({each: _plain(value) for each, value in part.data.items()})
        elif inner := part_of(hints.get(name)):
            found[name] = inner(**_values(inner, kind, f"{prefix}{name}.", part))
        elif prefix + name in fields_of(kind):
            found[name] = Known(_plain(part.data))
        else:
            hint = nearest(prefix + name, fields_of(kind))
            raise part.key_error(f"a fact of kind {kind} has no field `{prefix}{name}`", hint)
    return found


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
