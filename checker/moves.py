"""Hosts that have moved between a revision and now, so that their findings can be told from new ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from checker.facts.software import Software, System
from checker.values import Known

ALIKE = 0.5
"""The share of lines in common from which a host that is gone and one that came are the same, moved."""

MAX_PAIRS = 10_000
"""Beyond so many pairs of hosts only those that have moved unchanged are recognised."""


def at_their_new_places(then: Sequence[System], now: Sequence[System]) -> tuple[System, ...]:
    """Return the hosts of a revision, those that have moved since under the id that they have now.

    A host whose id is gone has moved to an id that is new if the files have at least half of their lines in common, the
    most alike first, as git finds renames. Blank lines and comments do not count.
    """
    kept = {each.id for each in then} & {each.id for each in now}
    left = {each.id: _lines(each) for each in then if each.id not in kept}
    came = {each.id: _lines(each) for each in now if each.id not in kept}
    moved = dict(_unchanged(left, came))
    left = {name: lines for name, lines in left.items() if name not in moved}
    came = {name: lines for name, lines in came.items() if name not in moved.values()}
    if len(left) * len(came) <= MAX_PAIRS:
        alike = [(-_likeness(left[old], came[new]), old, new) for old in left for new in came]
        for unlikeness, old, new in sorted(alike):
            if -unlikeness >= ALIKE and old not in moved and new not in moved.values():
                moved[old] = new
    hosts = {each.id: each for each in now}
    return tuple(_moved(each, hosts[moved[each.id]]) if each.id in moved else each for each in then)


def _lines(system: System) -> Counter[str]:
    """Return the lines of a host's files that say something."""
    lines = (line.strip() for software in system.software for file in software.files for line in file.text.split("\n"))
    return Counter(line for line in lines if line and not line.startswith("#"))


def _unchanged(left: Mapping[str, Counter[str]], came: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    """Yield the hosts that have moved and are the same otherwise."""
    places: dict[frozenset[tuple[str, int]], list[str]] = {}
    for name in sorted(came, reverse=True):
        places.setdefault(frozenset(came[name].items()), []).append(name)
    for name in sorted(left):
        alike = places.get(frozenset(left[name].items()))
        if alike:
            yield name, alike.pop()


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return (one & other).total() / max(one.total(), other.total(), 1)


def _moved(then: System, now: System) -> System:
    names = {_product(each): each.id for each in now.software}
    software = tuple(replace(each, id=names.get(_product(each), each.id)) for each in then.software)
    return replace(then, id=now.id, software=software)


def _product(software: Software) -> str:
    return software.product.value if isinstance(software.product, Known) else ""
