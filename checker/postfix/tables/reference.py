"""References to lookup tables as they are written in parameters: ``type:name``."""

from __future__ import annotations

from msgspec import Struct

from checker.postfix.lines import BLANKS

# fmt: off
TABLE_TYPES = frozenset({
    "btree", "cdb", "cidr", "dbm", "debug", "environ", "fail", "hash", "inline", "internal", "ldap", "lmdb", "memcache",
    "mongodb", "mysql", "netinfo", "nis", "nisplus", "pcre", "pgsql", "pipemap", "proxy", "randmap", "regexp", "sdbm",
    "socketmap", "sqlite", "static", "tcp", "texthash", "unionmap", "unix",
})
# fmt: on
"""All dictionary types that any build of Postfix knows; a lookup in a table of another type always fails."""

INDEXED = frozenset({"hash", "btree", "lmdb", "cdb", "dbm", "sdbm"})
"""Types whose name is the path of a text that postmap(1) has made an index of; the daemon reads the index."""

# fmt: off
KEYED_ELSEWHERE = frozenset({
    "environ", "internal", "ldap", "memcache", "mongodb", "mysql", "netinfo", "nis", "nisplus", "pgsql", "sqlite",
    "unix",
})
# fmt: on
"""Types that are asked for one key after another, and whose content is in no file of a configuration."""

_WRAPPERS = frozenset({"proxy", "debug"})
_MAX_WRAPPERS = 8


class Reference(Struct, frozen=True):
    """A table as it is written (``text``), its type and name, and the types of what wraps them (``proxy:``)."""

    text: str
    type: str
    name: str
    wrappers: tuple[str, ...] = ()


def is_table(word: str) -> bool:
    """Say whether Postfix takes a word of a list for a file or ``type:name``, as it does with an IPv6 address without
    brackets (util/match_list.c:MATCH_DICTIONARY).
    """
    return word.startswith("/") or (not word.startswith("[") and ":" in word)


def parse_reference(text: str) -> Reference | None:
    """Return a reference, None if it lacks a type or a name: that kills the program (util/dict_open.c:dict_open3)."""
    kind, _, name = text.partition(":")
    wrappers: tuple[str, ...] = ()
    while kind in _WRAPPERS and len(wrappers) < _MAX_WRAPPERS:
        wrappers = (*wrappers, kind)
        kind, _, name = name.partition(":")
    return Reference(text, kind, name, wrappers) if kind and name else None


def in_braces(text: str) -> str | None:
    """Return what stands between braces that hold the whole text, None if they do not (util/balpar.c)."""
    if not text.startswith("{"):
        return None
    depth = 0
    for at, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return text[1:at] if at == len(text) - 1 else None
    return None


def stripped_braces(text: str) -> str | None:
    """Return what stands between braces without the blanks around it (util/extpar.c)."""
    inner = in_braces(text)
    return None if inner is None else inner.strip(BLANKS)
