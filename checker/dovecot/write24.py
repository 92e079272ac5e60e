"""Blocks of 2.4 as doveconf writes them."""

from __future__ import annotations

from collections.abc import Iterator

from checker.dovecot.listing import Scope, quotable, shown_value
from checker.dovecot.release import Known, Release
from checker.dovecot.tree24 import Block24, ListValue
from checker.dovecot.types import LISTS

NAME_NEEDS_QUOTES = frozenset(" \"{=<'$")
KEY_NEEDS_QUOTES = frozenset(' "\\#=')


class Writer:
    """Writes blocks and their settings."""

    def __init__(self, release: Release, config_version: str, *, secrets: bool) -> None:
        self.release = release
        self.config_version = config_version
        self.secrets = secrets

    def block(self, block: Block24, indent: int, path: tuple[str, ...]) -> list[str]:
        """Return the lines of a block and all inside it."""
        wanted = _wanted(block, path)
        if wanted is None:
            return []
        name, rest = wanted
        heading = _heading(block)
        depth = indent + len(heading)
        inside = self.settings(block, "set", depth, name)
        if name is None:
            inside += [f"{'  ' * depth}@{use.label} = {use.name}" for use in block.groups.values()]
        for child in block.children.values():
            inside += self.block(child, depth, rest)
        if not inside and (block.instance is None or name is not None):
            return []
        opened = [f"{'  ' * (indent + at)}{text} {{" for at, text in enumerate(heading)]
        closed = [f"{'  ' * (indent + at)}}}" for at in reversed(range(len(heading)))]
        return [*opened, *inside, *closed]

    def settings(self, block: Block24, scope: Scope, indent: int, wanted: str | None) -> list[str]:
        """Return the lines of a block's own settings."""
        lines: list[str] = []
        margin = "  " * indent
        names = {*block.values, *block.lists}
        if block.parent is None and scope in ("default", "all", "everything"):
            names |= {known.name for known in self.release.settings if scope == "everything" or not known.hidden}
        for name in sorted(names):
            if wanted is not None and not _is_wanted(name, wanted, block.prefixes):
                continue
            short = self._short(name, block.prefixes)
            known = self.release.setting(name)
            if name in block.lists:
                member = wanted.partition("/")[2] if wanted else ""
                lines += self._list(short, block.lists[name], indent, member)
            elif name in block.values:
                text = block.values[name].text
                if scope != "changed" or known is None or text != known.default:
                    shown = shown_value(name, text, self.release, secrets=self.secrets or wanted == name)
                    lines.append(f"{margin}{short} = {shown}")
            elif known is not None:
                unset = self._unset(known, scope)
                lines += [f"{margin}{short} = {unset}"] if unset is not None else []
        return lines

    def _unset(self, known: Known, scope: Scope) -> str | None:
        """Return what is shown of a setting of the top level that no file sets, None if nothing is."""
        if known.type in LISTS:
            is_shown = known.default is not None if scope == "default" else not _is_of_module(known.name)
            return "" if is_shown else None
        old = self.release.old_default(self.config_version, known.name)
        text = known.default if old is None else old
        return None if text is None else shown_value(known.name, text, self.release, secrets=self.secrets)

    def _short(self, name: str, prefixes: tuple[str, ...]) -> str:
        """Return a name without what the block around it says already."""
        for index, prefix in enumerate(prefixes):
            if name.startswith(prefix):
                short = name.removeprefix(prefix)
                if index == 0 or self.release.setting(f"{prefixes[0]}{short}") is None:
                    return short
        return name

    def _list(self, short: str, value: ListValue, indent: int, member: str) -> list[str]:
        margin = "  " * indent
        members = {name: each for name, each in value.members.items() if not member or name == member}
        if value.stops and all(each.text in ("yes", "no") for each in members.values()):
            names = (name for name in _spelled(value) if name in members)
            return [f"{margin}{short} = {' '.join(map(_key, names))}"]
        if not members:
            return [f"{margin}{short} = "] if not member else []
        inside = [
            f"{margin}  {_key(name)} = {shown_value(name, each.text, self.release, secrets=self.secrets)}"
            for name, each in members.items()
        ]
        return [f"{margin}{short} {{", *inside, f"{margin}}}"]


def _spelled(value: ListValue) -> Iterator[str]:
    """Yield the members of a list that are in it, in their order. One that is named twice is left out once alone."""
    left_out = {name for name, each in value.members.items() if each.text != "yes"}
    for name in (*value.spelled, *(name for name in value.members if name not in value.spelled)):
        if name in left_out:
            left_out.remove(name)
        else:
            yield name


def _wanted(block: Block24, path: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]] | None:
    """Return which setting of a block a path names (None: all) and what of the blocks inside; None if nothing."""
    if not path:
        return None, ()
    if block.name is None or block.name != path[0]:
        return None
    if block.instance is None:
        return (path[1] if len(path) > 1 else None), path[1:]
    if len(path) == 1:
        return None, ()
    if block.instance != path[1]:
        return None
    return ("/".join(path[2:]) or None), path[2:]


def _is_wanted(name: str, wanted: str, prefixes: tuple[str, ...]) -> bool:
    """Say whether a setting is meant by a name that may be short, or be the path of a list's member."""
    first = wanted.partition("/")[0]
    return name in (wanted, first, *(f"{prefix}{first}" for prefix in prefixes))


def _is_of_module(name: str) -> bool:
    """Say whether a list belongs to a module that the recorded builds had not loaded."""
    return name.startswith(("cassandra_", "pgsql_", "userdb_ldap_"))


def _heading(block: Block24) -> list[str]:
    limits = block.limits
    if block.name is not None:
        if block.instance is None:
            return [block.name]
        kind = f"group {block.name}" if block.name.startswith("@") else block.name
        return [f"{kind} {_name(block.instance)}"]
    if limits.local is not None and limits.local.bits:
        return [f"local {limits.local}"]
    if limits.local_name is not None:
        return [f"local_name {limits.local_name}"]
    if limits.remote is not None and limits.remote.bits:
        return [f"remote {limits.remote}"]
    return [f"protocol {limits.protocol}"] if limits.protocol is not None else []


def _name(instance: str) -> str:
    if not instance or NAME_NEEDS_QUOTES.intersection(instance):
        return f'"{quotable(instance)}"'
    return instance


def _key(name: str) -> str:
    return f'"{quotable(name)}"' if KEY_NEEDS_QUOTES.intersection(name) else name
