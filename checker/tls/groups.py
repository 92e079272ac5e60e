"""Key exchange groups: what OpenSSL makes of a list of them, under the names that IANA gives them.

Which names are known, how a list is written and which groups are used without one differ between libraries
(``releases/tls/groups.json``; ssl/t1_lib.c).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from checker.releases.tables import table

MAX_GROUPS = 64
"""More words than this in a list are not looked at."""


def _row(library: str) -> Any:
    return table("tls/groups")["libraries"][table("tls/libraries")["groups"][library]]


def default_groups(library: str) -> tuple[str, ...]:
    """Return the groups of a library that is not told any."""
    return tuple(_row(library)["default"])


def every_group() -> tuple[str, ...]:
    """Return the groups of all libraries."""
    return tuple(table("tls/groups")["groups"])


def picks_dh(library: str) -> bool:
    """Say whether a library can choose Diffie-Hellman parameters by itself."""
    return bool(_row(library)["dh_auto"])


def usable(groups: Iterable[str], *, below_13: bool, tls13: bool) -> tuple[str, ...]:
    """Return the groups that serve elliptic curve suites below TLS 1.3, or TLS 1.3."""
    kinds = {"only": tls13, "too": tls13 or below_13, "never": below_13}
    return tuple(group for group in groups if kinds[table("tls/groups")["groups"][group]["tls13"]])


def group_of(name: str, library: str, *, as_object: bool = False) -> str | None:
    """Return the group of a name; None if the library has none of it. ``as_object`` is by the names of OpenSSL's
    objects alone, which programs look up that hand over numbers.
    """
    row = _row(library)
    by_case = not as_object and row["names"] == "any case"
    known = _names(library, objects_only=as_object or row["names"] == "nid", lowered=by_case)
    return known.get(name.lower() if by_case else name)


@lru_cache(maxsize=16)
def _names(library: str, *, objects_only: bool, lowered: bool) -> dict[str, str]:
    found = {}
    unheard_of = _row(library)["unheard_of"]
    for group, each in table("tls/groups")["groups"].items():
        if group not in unheard_of:
            for name in each["nid"] + ([] if objects_only else each["names"]):
                found[name.lower() if lowered else name] = group
    return found


def listed(words: Sequence[str], library: str) -> tuple[str, ...]:
    """Return the groups of a list's words, each of which OpenSSL takes by itself (``accepts``); none where it refuses
    them together, since before 3.5 no group may come twice.

    From 3.5 on a word may be several joined by ``/``, with ``?`` where a library need not know it, ``*`` where a key is
    sent at once, ``-`` to take it out, and DEFAULT is the library's own list.
    """
    found: list[str] = []
    repeated = False
    for word in words[:MAX_GROUPS]:
        for marks, name in _parts(word, library):
            group = group_of(name, library)
            members = default_groups(library) if _is_default(name, library) else (group,) if group else ()
            if "-" in marks:
                found = [each for each in found if each not in members]
            else:
                repeated = repeated or any(each in found for each in members)
                found += [each for each in members if each not in found]
    return () if repeated and _row(library)["syntax"] == "plain" else tuple(found)


def refuses(words: Sequence[str], library: str) -> bool:
    """Say whether OpenSSL refuses a list of these words."""
    return not all(accepts(word, library) for word in words) or not listed(words, library)


def accepts(word: str, library: str) -> bool:
    """Say whether OpenSSL takes a list of this one word."""
    return all(
        (not marks if _is_default(name, library) else "?" in marks or group_of(name, library) is not None)
        for marks, name in _parts(word, library)
    )


def _parts(word: str, library: str) -> list[tuple[str, str]]:
    """Return the marks and the name of each part of a word."""
    if _row(library)["syntax"] != "tuples":
        return [("", word)]
    names = [(part, part.lstrip("?*-")) for part in word.split("/")]
    return [(part[: len(part) - len(name)], name) for part, name in names]


def _is_default(name: str, library: str) -> bool:
    return name.upper() == "DEFAULT" and _row(library)["syntax"] == "tuples"
