"""The operators of the rule language: which fields and operands they take, and what they find.

Absent equals nothing: of it only ``is_not``, ``contains_none``, ``empty: true`` and ``present: false`` hold. An open
list decides what its known members decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal

from msgspec import Struct

from checker.facts.fields import Base, FieldType
from checker.policy.operands import network, number, ranks, release
from checker.values import Open, Truth, negated

Shape = Literal["word", "list", "either", "order", "flag", "glob", "mode", "names"]
"""What an operand looks like: one word, several, one or several, something with an order, true/false, ..."""

Test = Callable[[Base, Any, Any], Truth]
_MODE = re.compile(r"0?[0-7]{3,4}")


def _equal(base: Base, value: Any, operand: Any) -> bool:
    if base == "release":
        return release(value) == release(operand)
    if base == "network":
        return network(value) == network(operand)
    if type(value) is type(operand):
        return bool(value == operand)
    numbers = number(value), number(operand)
    return numbers[0] is not None and numbers[0] == numbers[1]


def _listed(value: Any) -> tuple[Any, ...]:
    """Return a list's members; text is split as Postfix and Dovecot split lists."""
    if isinstance(value, tuple | list):
        return tuple(value)
    return tuple(re.split(r"[,\s]+", value.strip(", \t\r\n"))) if isinstance(value, str) and value.strip() else (value,)


def _wanted(operand: Any) -> tuple[Any, ...]:
    return tuple(operand) if isinstance(operand, tuple | list) else (operand,)


def _is(base: Base, value: Any, operand: Any) -> Truth:
    if not isinstance(operand, tuple | list):
        return _equal(base, value, operand)
    return any(_equal(base, value, each) for each in operand)


def _is_not(base: Base, value: Any, operand: Any) -> Truth:
    return not _is(base, value, operand)


def _ordering(holds: Callable[[Any, Any], bool]) -> Test:
    def test(base: Base, value: Any, operand: Any) -> Truth:
        pair = ranks(base, value, operand)
        return None if pair is None else holds(*pair)

    return test


def _matches(_: Base, value: Any, operand: Any) -> Truth:
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return any(is_like(text, each) for each in _wanted(operand))


def is_like(text: str, pattern: str) -> bool:
    """Say whether a glob matches, as fnmatchcase() does; that compiles an expression, which takes longer than this."""
    if "?" in pattern or "[" in pattern:
        return fnmatchcase(text, pattern)
    first, *parts = pattern.split("*")
    if not parts:
        return text == first
    last = parts.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in parts:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def _within_any(base: Base, inner: Any, outers: tuple[Any, ...]) -> bool:
    """Tell whether one of the outers is, or for networks holds, the inner."""
    if base != "network":
        return any(_equal(base, inner, outer) for outer in outers)
    net = network(inner)
    held = [each for each in map(network, outers) if each is not None]
    return net is not None and any(net.version == each.version and net.subnet_of(each) for each in held)  # type: ignore[arg-type]  # one version, which mypy cannot see


def _contains_any(base: Base, value: Any, operand: Any) -> Truth:
    members = _listed(value)
    return any(_equal(base, member, each) for each in _wanted(operand) for member in members)


def _contains_none(base: Base, value: Any, operand: Any) -> Truth:
    return not _contains_any(base, value, operand)


def _subset_of(base: Base, value: Any, operand: Any) -> Truth:
    return all(_within_any(base, member, _wanted(operand)) for member in _listed(value))


def _superset_of(base: Base, value: Any, operand: Any) -> Truth:
    return all(_within_any(base, each, _listed(value)) for each in _wanted(operand))


def _covers(_: Base, value: Any, operand: Any) -> Truth:
    return all(any(_covered(name, pattern) for pattern in _listed(value)) for name in _wanted(operand))


def _covered(name: str, pattern: str) -> bool:
    """Tell whether a name of a certificate covers a host name: a wildcard stands for one whole first label."""
    name, pattern = name.lower().rstrip("."), pattern.lower().rstrip(".")
    first, _, rest = name.partition(".")
    return name == pattern or (pattern.startswith("*.") and bool(first and rest) and rest == pattern[2:])


def _within(_: Base, value: Any, operand: Any) -> Truth:
    if not _MODE.fullmatch(str(value)):
        return None
    return not int(str(value), 8) & ~int(operand, 8)


def _empty(_: Base, value: Any, operand: Any) -> Truth:
    return (value in ((), "")) is operand


def _open_any(open_list: Open[Any], base: Base, operand: Any) -> Truth:
    if _contains_any(base, tuple(open_list.members), operand):
        return True
    out = all(_contains_any(base, tuple(open_list.excluded), (each,)) for each in _wanted(operand))
    return False if out else None


def _open_superset(open_list: Open[Any], base: Base, operand: Any) -> Truth:
    if _superset_of(base, tuple(open_list.members), operand):
        return True
    return False if _contains_any(base, tuple(open_list.excluded), operand) else None


_OPEN: Mapping[str, Callable[[Open[Any], Base, Any], Truth]] = {
    "contains": _open_any,
    "contains_any": _open_any,
    "contains_none": lambda value, base, operand: negated(_open_any(value, base, operand)),
    "superset_of": _open_superset,
    "subset_of": lambda value, base, operand: None if _subset_of(base, tuple(value.members), operand) else False,
    "covers": lambda value, base, operand: _covers(base, tuple(value.members), operand) or None,
    "empty": lambda value, _, operand: (not operand) if value.members else None,
    "present": lambda _, __, operand: operand is True,
}

_HOLD_FOR_ABSENT = frozenset({"is_not", "contains_none"})


class Operator(Struct, frozen=True):
    """One operator: the shape of its operand, its test of a plain value, and the bases and lists that it takes."""

    shape: Shape
    test: Test
    bases: frozenset[str] = frozenset()
    scalars: bool = True
    lists: bool = False

    def takes(self, kind: FieldType) -> bool:
        """Tell whether fields of this type can be asked so."""
        if kind.base == "setting":
            return True
        if self.bases and kind.base not in self.bases:
            return False
        if kind.is_list:
            return self.lists
        return self.scalars or (kind.base == "network" and self.test in (_subset_of, _superset_of))


_ORDERED = frozenset({"integer", "release", "tls-version", "exposure"})
_TEXT = frozenset({"text"})

OPERATORS: Mapping[str, Operator] = {
    "is": Operator("word", _is),
    "in": Operator("list", _is),
    "is_not": Operator("either", _is_not),
    "lt": Operator("order", _ordering(lambda one, other: one < other), _ORDERED),
    "le": Operator("order", _ordering(lambda one, other: one <= other), _ORDERED),
    "gt": Operator("order", _ordering(lambda one, other: one > other), _ORDERED),
    "ge": Operator("order", _ordering(lambda one, other: one >= other), _ORDERED),
    "matches": Operator("glob", _matches, _TEXT),
    "present": Operator("flag", lambda _, __, operand: operand is True, lists=True),
    "empty": Operator("flag", _empty, _TEXT | {"network", "tls-version"}, lists=True),
    "contains": Operator("word", _contains_any, scalars=False, lists=True),
    "contains_any": Operator("list", _contains_any, scalars=False, lists=True),
    "contains_none": Operator("list", _contains_none, scalars=False, lists=True),
    "subset_of": Operator("list", _subset_of, scalars=False, lists=True),
    "superset_of": Operator("list", _superset_of, scalars=False, lists=True),
    "covers": Operator("names", _covers, _TEXT, lists=True),
    "within": Operator("mode", _within, _TEXT),
}
"""All operators by name; ``is`` is what a bare word means and ``in`` what a bare list means."""


def is_mode(value: Any) -> bool:
    """Tell whether this is a file mode in octal, as text."""
    return isinstance(value, str) and _MODE.fullmatch(value) is not None


def plain_truth(operator: str, base: Base, value: Any, operand: Any) -> Truth:
    """Return what an operator finds of a known value; None where the two cannot be compared."""
    if value is None:
        absent = {"present": operand is False, "empty": operand is True}
        return absent.get(operator, operator in _HOLD_FOR_ABSENT)
    if operand is None:
        return operator in _HOLD_FOR_ABSENT
    return OPERATORS[operator].test(base, value, operand)


def open_truth(operator: str, base: Base, value: Open[Any], operand: Any) -> Truth:
    """Return what an operator finds of a list of which only some members are known."""
    if operand is None:
        return operator in _HOLD_FOR_ABSENT
    test = _OPEN.get(operator)
    return test(value, base, operand) if test else None
