"""Which block a section of 2.4 is, and what a name means inside it (config-parser.c:config_apply_line_full)."""

from __future__ import annotations

from checker.dovecot.filters import FILTERS, FilterError, criterion
from checker.dovecot.release import Release
from checker.dovecot.syntax import Statement
from checker.dovecot.tree24 import Block24


def block_of(release: Release, key: str, statement: Statement, parent: Block24) -> Block24 | None:
    """Return a new block for the section that a statement begins, None if it is no filter; raise FilterError."""
    name, place = statement.value, statement.place
    if key.startswith("@"):
        if parent.parent is not None:
            raise FilterError("groups must defined at top-level, not under filters")
        return Block24(parent, 0, name=key, instance=name, place=place)
    if key in FILTERS:
        if key == "local_name" and " " in name:
            raise FilterError("Multiple names no longer supported in local_name value")
        if parent.name is not None:
            outer = parent.name
            raise FilterError(f"{outer} {{ {key} {{ .. }} }} not allowed (use {key} {{ {outer} {{ .. }} }} instead)")
        name = name.lower() if key == "local_name" else name
        return Block24(parent, 0, limits=criterion(key, name, parent.limits), place=place)
    known = release.setting(key)
    if known is None or known.type not in ("filter", "filters"):
        return None
    is_named = name != "" or statement.style == "quoted"
    if known.type == "filter":
        if is_named:
            raise FilterError(f"{key} {{ }} must not have a section name")
        return Block24(parent, 0, name=key, place=place)
    _check_place(key, parent)
    if not is_named:
        raise FilterError(f"{key} {{ }} is missing section name")
    if name.startswith("__"):
        raise FilterError(f"Named list filter name must not begin with '__': {name}")
    if key in release.auth_settings and parent.is_limited:
        raise FilterError(f"Auth settings not supported inside local/remote blocks: {key}")
    return Block24(parent, 0, name=key, instance=name, place=place)


def _check_place(key: str, parent: Block24) -> None:
    """Raise FilterError where a named section must not stand inside another."""
    if parent.name is None or parent.instance is None:
        return
    forbidden = {
        "namespace": parent.name in ("namespace", "mailbox"),
        "mailbox": parent.name == "mailbox",
        "service": not parent.name.startswith("@"),
    }
    if forbidden.get(key):
        raise FilterError(f"{key} {{ .. }} not allowed under {parent.name} {{ .. }}")


def section_name(release: Release, block: Block24, key: str) -> str:
    """Return the full name of a section: ``request_attributes`` in ``auth_policy`` has a longer one."""
    names = (f"{prefix}{key}" for prefix in block.prefixes)
    return next((name for name in names if _is_setting(release, name)), key)


def candidates(release: Release, block: Block24, key: str) -> list[tuple[Block24, str]]:
    """Return what a key may mean inside a named filter, in the order in which Dovecot tries it: the block that is set,
    and the full name.
    """
    found: list[tuple[Block24, str]] = []
    prefixes = [prefix.removeprefix("@") for prefix in block.prefixes]
    if block.instance is not None:
        found = [(block, f"{prefix}{key}") for prefix in prefixes]
    elif prefixes and block.parent is not None:
        # ssl_server { cert_file } is ssl_server_cert_file of what is around ssl_server
        found = [(block.parent, key if key.startswith(prefixes[0]) else f"{prefixes[0]}{key}")]
    return [*(each for each in found if _is_setting(release, each[1])), (block, key)]


def _is_setting(release: Release, name: str) -> bool:
    known = release.setting(name.partition("/")[0])
    return known is not None and known.type != "filter"


def unknown_setting(block: Block24, key: str) -> str:
    """Return what Dovecot says of a key that means nothing in a block."""
    tried = " or ".join(f"{prefix}{key}" for prefix in reversed(block.prefixes))
    return f"Unknown setting: {key} ({tried} not found either.)" if tried else f"Unknown setting: {key}"
