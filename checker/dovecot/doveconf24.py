"""What doveconf of 2.4 prints (doveconf.c, config-request.c)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.dovecot.checks24 import errors
from checker.dovecot.config import Assignment
from checker.dovecot.filters import Filter
from checker.dovecot.groups24 import merge_groups
from checker.dovecot.listing import escaped, shown_value
from checker.dovecot.merge24 import copied, merge, merge_matching, prefixed
from checker.dovecot.release import Release
from checker.dovecot.tree24 import Block24, Configuration24, ListValue, built_in

Scope = Literal["changed", "set", "all", "everything"]
"""``changed``: what differs from the default; ``set``: what is written; ``everything`` has the hidden settings too."""

NAME_NEEDS_QUOTES = frozenset(" \"{=<'$")
KEY_NEEDS_QUOTES = frozenset(" \t\"={}'#")


@dataclass(frozen=True, slots=True)
class Printed:
    """What doveconf writes, and what it dies of, None if it ends well."""

    lines: tuple[str, ...]
    error: str | None


def show_all(configuration: Configuration24, query: Filter | None, scope: Scope, *, secrets: bool) -> Printed:
    """Return the whole configuration, filters that match a connection merged into what is around them."""
    root = prefixed(copied(configuration.root, None), configuration.release)
    if query is not None:
        merge_matching(root, query)
    writer = _Writer(configuration.release, configuration.config_version, secrets=secrets)
    lines = [f"dovecot_config_version = {configuration.config_version}"] if configuration.config_version else []
    lines += writer.settings(root, scope, 0, None)
    for child in root.children:
        lines += writer.block(child, 0, ())
    lines += [f"@{use.label} = {use.name}" for use in root.groups.values()]
    return Printed(tuple(lines), next(errors(configuration.release, root, configuration.root), None))


def show_names(configuration: Configuration24, query: Filter | None, names: list[str], *, secrets: bool) -> Printed:
    """Return single settings and sections, groups and defaults included."""
    release = configuration.release
    moves = release.number < (2, 4, 2)
    root = copied(configuration.root, None)
    if moves:
        prefixed(root, release)
    merge_groups(root, built_in(release))
    if query is not None:
        merge_matching(root, query)
    if next(errors(release, root, configuration.root), None) is None:
        defaults = built_in(release)
        merge(root, prefixed(defaults, release) if moves else defaults, overwrite=False)
    writer = _Writer(release, configuration.config_version, secrets=secrets)
    lines: list[str] = []
    for name in names:
        lines += writer.settings(root, "everything", 0, name)
        for child in root.children:
            lines += writer.block(child, 0, tuple(name.split("/")))
    return Printed(tuple(lines), None)


def defaults(release: Release, *, secrets: bool) -> tuple[str, ...]:
    """Return the settings of a release without any file."""
    root = prefixed(built_in(release), release)
    writer = _Writer(release, "", secrets=secrets)
    lines = writer.settings(root, "all", 0, None)
    for child in root.children:
        lines += writer.block(child, 0, ())
    return tuple(lines)


class _Writer:
    """Writes blocks; a path of names limits what of them."""

    def __init__(self, release: Release, config_version: str, *, secrets: bool) -> None:
        self.release = release
        self.config_version = config_version
        self.secrets = secrets

    def block(self, block: Block24, indent: int, path: tuple[str, ...]) -> list[str]:
        """Return the lines of a block and all inside it."""
        wanted = self._wanted(block, path)
        if wanted is None:
            return []
        name, rest = wanted
        heading = _heading(block)
        depth = indent + len(heading)
        inside = self.settings(block, "set", depth, name)
        if name is None:
            inside += [f"{'  ' * depth}@{use.label} = {use.name}" for use in block.groups.values()]
        empty = not inside and (block.instance is None or name is not None)
        for child in block.children:
            inside += self.block(child, depth, rest)
        if not inside and empty:
            return []
        opened = [f"{'  ' * (indent + at)}{text} {{" for at, text in enumerate(heading)]
        closed = [f"{'  ' * (indent + at)}}}" for at in reversed(range(len(heading)))]
        return [*opened, *inside, *closed]

    def _wanted(self, block: Block24, path: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]] | None:
        """Return which setting of a block is wanted (None: all) and what of the blocks inside; None if nothing."""
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

    def settings(self, block: Block24, scope: Scope, indent: int, wanted: str | None) -> list[str]:
        """Return the lines of a block's own settings."""
        lines: list[str] = []
        prefixes = block.prefixes
        names = {*block.values, *block.lists}
        if block.parent is None and scope in ("all", "everything"):
            names |= {known.name for known in self.release.settings if scope == "everything" or not known.hidden}
        for name in sorted(names):
            if wanted is not None and not self._is_wanted(name, wanted, prefixes):
                continue
            short = self._short(name, prefixes)
            known = self.release.setting(name)
            if name in block.lists:
                member = wanted.partition("/")[2] if wanted else ""
                lines += self._list(short, block.lists[name], indent, member)
            elif name in block.values:
                assignment = block.values[name]
                if scope == "changed" and known is not None and assignment.text == known.default:
                    continue
                lines.append(self._line(short, name, assignment, indent, shown=self.secrets or wanted == name))
            elif known is not None and known.type in ("boollist", "strlist") and not _is_of_module(name):
                lines.append(f"{'  ' * indent}{short} = ")
            elif known is not None and known.default is not None:
                old = self.release.old_default(self.config_version, name)
                text = shown_value(name, known.default if old is None else old, self.release, secrets=self.secrets)
                lines.append(f"{'  ' * indent}{short} = {text}")
        return lines

    def _is_wanted(self, name: str, wanted: str, prefixes: tuple[str, ...]) -> bool:
        first = wanted.partition("/")[0]
        return name in (wanted, first, *(f"{prefix}{first}" for prefix in prefixes))

    def _short(self, name: str, prefixes: tuple[str, ...]) -> str:
        """Return a name without what the block around it says already."""
        for index, prefix in enumerate(prefixes):
            if name.startswith(prefix):
                short = name.removeprefix(prefix)
                if index == 0 or self.release.setting(f"{prefixes[0]}{short}") is None:
                    return short
        return name

    def _line(self, short: str, name: str, assignment: Assignment, indent: int, *, shown: bool) -> str:
        text = f"<{assignment.text[1:]}" if assignment.is_file else assignment.text
        return f"{'  ' * indent}{short} = {shown_value(name, text, self.release, secrets=shown)}"

    def _list(self, short: str, value: ListValue, indent: int, member: str) -> list[str]:
        margin = "  " * indent
        members = {name: each for name, each in value.members.items() if not member or name == member}
        if value.stops and all(each.text in ("yes", "no") for each in members.values()):
            shown = " ".join(_key(name) for name, each in members.items() if each.text == "yes")
            return [f"{margin}{short} = {shown}"]
        if not members:
            return [f"{margin}{short} = "] if not member else []
        inside = [
            f"{margin}  {_key(name)} = {shown_value(name, each.text, self.release, secrets=self.secrets)}"
            for name, each in members.items()
        ]
        return [f"{margin}{short} {{", *inside, f"{margin}}}"]


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
        return f'"{escaped(instance)}"'
    return instance


def _key(name: str) -> str:
    return f'"{escaped(name)}"' if KEY_NEEDS_QUOTES.intersection(name) else name
