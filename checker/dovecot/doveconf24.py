"""What doveconf of 2.4 prints (doveconf.c, config-request.c)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.dovecot.checks24 import errors
from checker.dovecot.config import Assignment
from checker.dovecot.filters import Filter
from checker.dovecot.listing import escaped, shown_value
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
    root = _prefixed(_copy(configuration.root, None), configuration.release)
    if query is not None:
        _merge_matching(root, query)
    writer = _Writer(configuration.release, secrets=secrets)
    lines = [f"dovecot_config_version = {configuration.config_version}"] if configuration.config_version else []
    lines += writer.settings(root, scope, 0, None)
    for child in root.children:
        lines += writer.block(child, 0, ())
    lines += [f"@{use.label} = {use.name}" for use in root.groups.values()]
    return Printed(tuple(lines), next(errors(configuration.release, root), None))


def show_names(configuration: Configuration24, query: Filter | None, names: list[str], *, secrets: bool) -> Printed:
    """Return single settings and sections, groups and defaults included."""
    release = configuration.release
    moves = release.number < (2, 4, 2)
    root = _copy(configuration.root, None)
    if moves:
        _prefixed(root, release)
    _merge_groups(root)
    if query is not None:
        _merge_matching(root, query)
    if next(errors(release, root), None) is None:
        defaults = built_in(release)
        _merge(root, _prefixed(defaults, release) if moves else defaults, overwrite=False)
    writer = _Writer(release, secrets=secrets)
    lines: list[str] = []
    for name in names:
        lines += writer.settings(root, "everything", 0, name)
        for child in root.children:
            lines += writer.block(child, 0, tuple(name.split("/")))
    return Printed(tuple(lines), None)


def defaults(release: Release, *, secrets: bool) -> tuple[str, ...]:
    """Return the settings of a release without any file."""
    root = _prefixed(built_in(release), release)
    writer = _Writer(release, secrets=secrets)
    lines = writer.settings(root, "all", 0, None)
    for child in root.children:
        lines += writer.block(child, 0, ())
    return tuple(lines)


# Trees.


def _copy(block: Block24, parent: Block24 | None) -> Block24:
    made = Block24(parent, block.order, block.limits, block.name, block.instance, block.place)
    made.values = dict(block.values)
    made.lists = {name: ListValue(dict(value.members), value.stops) for name, value in block.lists.items()}
    made.groups = dict(block.groups)
    made.children = [_copy(child, made) for child in block.children]
    return made


def _prefixed(root: Block24, release: Release) -> Block24:
    """Move settings into the named filter that their name begins with, as doveconf shows them."""
    kinds = sorted((known.name for known in release.settings if known.type == "filter"), key=len, reverse=True)

    def home(block: Block24, name: str) -> Block24:
        kind = next((kind for kind in kinds if name.startswith(f"{kind}_")), None)
        own = "/".join(part for part in (block.name, block.instance) if part).replace("/", "_")
        if kind is None or kind == own:
            return block
        wanted = Block24(block, block.order, name=kind)
        found = block.child(wanted.key)
        if found is None:
            block.children.append(wanted)
            found = wanted
        return found

    for block in list(root.walk()):
        for name in list(block.values):
            holder = home(block, name)
            if holder is not block:
                holder.values[name] = block.values.pop(name)
        for name in list(block.lists):
            holder = home(block, name)
            if holder is not block:
                holder.lists[name] = block.lists.pop(name)
    return root


def _merge(into: Block24, source: Block24, *, overwrite: bool) -> None:
    for name, assignment in source.values.items():
        if overwrite or name not in into.values:
            into.values[name] = assignment
    for name, value in source.lists.items():
        if overwrite or name not in into.lists:
            into.lists[name] = value
    for child in source.children:
        same = into.child(child.key)
        if same is None:
            same = Block24(into, child.order, child.limits, child.name, child.instance, child.place)
            into.children.append(same)
        _merge(same, child, overwrite=overwrite)


def _merge_groups(root: Block24) -> None:
    for block in list(root.walk()):
        for use in block.groups.values():
            for group in root.children:
                if group.name == f"@{use.label}" and group.instance == use.name:
                    _merge(block, group, overwrite=False)
        block.groups = {}


def _merge_matching(root: Block24, query: Filter) -> None:
    """Merge the blocks that match a connection into what is around them, in the order in which doveconf does."""
    pending = sorted((block for block in root.walk() if block is not root), key=lambda block: block.rank)
    dropped: set[int] = set()
    while pending:
        block = pending.pop(0)
        if id(block) in dropped or block.name is not None or block.parent is None or _incomplete(block.limits, query):
            continue
        before = {id(each) for each in root.walk()}
        if block.limits.matches(query):
            _merge(block.parent, block, overwrite=True)
        dropped |= {id(each) for each in block.walk()}
        block.parent.children.remove(block)
        pending += [each for each in root.walk() if id(each) not in before]


def _incomplete(limits: Filter, query: Filter) -> bool:
    """Say whether a query does not tell enough to know if a block matches."""
    return (
        (limits.protocol is not None and query.protocol is None)
        or (limits.local_name is not None and query.local_name is None)
        or (limits.local_bits > 0 and query.local is None)
        or (limits.remote_bits > 0 and query.remote is None)
    )


# Lines.


class _Writer:
    """Writes blocks; a path of names limits what of them."""

    def __init__(self, release: Release, *, secrets: bool) -> None:
        self.release = release
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
        prefixes = _own_prefixes(block)
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
            elif known is not None and known.type in ("boollist", "strlist"):
                lines.append(f"{'  ' * indent}{short} = ")
            elif known is not None and known.default is not None:
                text = shown_value(name, known.default, self.release, secrets=self.secrets)
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


def _own_prefixes(block: Block24) -> tuple[str, ...]:
    if block.name is None:
        return ()
    if block.instance is None:
        return (f"{block.name}_",)
    return (f"{block.name}_{block.instance.replace('/', '_')}_", f"{block.name}_")


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
