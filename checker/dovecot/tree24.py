"""The blocks of a 2.4 configuration: filters inside filters, each with what is set in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field

from checker.dovecot.config import Assignment, Configuration
from checker.dovecot.filters import Filter
from checker.dovecot.release import Release
from checker.dovecot.types import Refused, list_members
from checker.source import Source, Span


class ListValue(Struct):
    """A list as one block sets it. ``stops``: it replaces what wider blocks say instead of adding to it. ``spelled``
    are the members of a list that was written as one string, which may name one twice.
    """

    members: dict[str, Assignment] = field(default_factory=dict)
    stops: bool = False
    place: Span | None = None
    spelled: tuple[str, ...] = ()


class GroupUse(Struct, frozen=True):
    """An ``@label = name`` in a block."""

    label: str
    name: str
    place: Span
    number: int


class Block24(Struct):
    """What is set inside one filter.

    ``limits`` is the block's own criterion. ``name`` is the kind of a named filter (``ssl_server``, ``service``) and
    ``instance`` the name of a list filter's section, None for a filter that has none. ``is_listed`` is False where only
    a path such as ``service/imap/...`` leads: Dovecot does not count that among the sections of its kind.
    ``children`` are by their keys.
    """

    parent: Block24 | None
    order: int
    limits: Filter = field(default_factory=Filter)
    name: str | None = None
    instance: str | None = None
    place: Span | None = None
    values: dict[str, Assignment] = field(default_factory=dict)
    lists: dict[str, ListValue] = field(default_factory=dict)
    children: dict[tuple[object, ...], Block24] = field(default_factory=dict)
    groups: dict[str, GroupUse] = field(default_factory=dict)
    is_listed: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two blocks inside one parent the same."""
        return (self.limits.key, self.name, self.instance)

    @property
    def is_group(self) -> bool:
        """Say whether this is or stands in a ``group @label name``."""
        return any(block.name is not None and block.name.startswith("@") for block in self.path())

    def path(self) -> list[Block24]:
        """Return the blocks from the outermost (without the top level) to this one."""
        found: list[Block24] = []
        block: Block24 | None = self
        while block is not None and block.parent is not None:
            found.append(block)
            block = block.parent
        return found[::-1]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Return what blocks are ordered by; of those that match the last wins."""
        path = self.path()
        named = [block for block in path if block.name is not None]
        lists = sum(block.instance is not None for block in named)
        return (lists, len(named) - lists, self.order)

    @property
    def is_limited(self) -> bool:
        """Say whether a local, local_name or remote is around."""
        return any(block.limits.is_limited for block in self.path())

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Return what the names of settings may lack inside: ``service_imap-login_`` and ``service_``, say."""
        if self.name is None:
            return ()
        if self.instance is None:
            return (f"{self.name}_",)
        return (f"{self.name}_{self.instance.replace('/', '_')}_", f"{self.name}_")

    def child(self, key: tuple[object, ...]) -> Block24 | None:
        """Return a block right inside this one."""
        return self.children.get(key)

    def walk(self) -> Iterator[Block24]:
        """Yield this block and all inside it."""
        yield self
        for block in self.children.values():
            yield from block.walk()


class Configuration24(Configuration, frozen=True):
    """One Dovecot 2.4 as written. ``config_version`` selects among defaults; empty if it is not said."""

    root: Block24
    config_version: str


@lru_cache(maxsize=4)
def built_in(release: Release) -> Block24:
    """Return the blocks that the release itself sets, as if written in a file. Callers do not change them."""
    nowhere = Source("", b"").end()
    root = Block24(None, 0)
    for known in release.settings:
        if known.type == "boollist" and known.default:
            try:
                members = list_members(known.default)
            except Refused:
                continue
            root.lists[known.name] = ListValue(
                {member: Assignment(known.name, "yes", nowhere) for member in members}, stops=True
            )
    for path, values in release.filters.items():
        block = root
        for part in path.split("|") if path else ():
            name, slash, instance = part.partition("/")
            wanted = Block24(block, 0, name=name, instance=instance.replace("\\s", "/") if slash else None)
            found = block.child(wanted.key)
            if found is None:
                block.children[wanted.key] = wanted
                found = wanted
            block = found
        for name, text in values.items():
            setting, slash, member = name.partition("/")
            holder = block
            if block.parent is not None and block.instance is None and setting.startswith(f"{block.name}_"):
                holder = block.parent  # ssl_server { cert_file } is a setting of what is around ssl_server
            if slash:
                holder.lists.setdefault(setting, ListValue()).members[member.strip('"')] = Assignment(
                    setting, text, nowhere
                )
            else:
                holder.values[setting] = Assignment(setting, text, nowhere)
    return root
