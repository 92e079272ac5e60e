"""Values of 2.4: of all blocks that match, the last in their order wins, however specific (settings.c).

The order is: number of list filters around, number of other named filters, order of appearance. What the release sets
in filters of its own yields to everything that is written.
"""

from __future__ import annotations

from checker.dovecot.config import Assignment
from checker.dovecot.groups24 import merge_groups
from checker.dovecot.merge24 import copied
from checker.dovecot.release import Known as Setting
from checker.dovecot.scope import Connection, Scope, installed_protocols, rendered
from checker.dovecot.tree24 import Block24, Configuration24, ListValue, built_in
from checker.values import ABSENT, Known, Origin, Unknown, Value


class Scope24(Scope):
    """Setting values for one connection of one service, under their full names (``inet_listener_port``).

    ``sibling`` is a scope of the same configuration, whose trees serve this one, too.
    """

    def __init__(
        self, configuration: Configuration24, connection: Connection | None = None, sibling: Scope24 | None = None
    ) -> None:
        super().__init__(configuration.release, configuration.entry, configuration.doubt)
        self.configuration = configuration
        self.connection = connection or Connection()
        if sibling is None:
            self._root = copied(configuration.root, None)
            self._defaults = built_in(configuration.release)
            merge_groups(self._root, self._defaults)
        else:
            self._root, self._defaults = sibling._root, sibling._defaults
        self._blocks = _matching(self._root, self.connection)
        self._default_blocks = _matching(self._defaults, self.connection)

    def known(self, name: str) -> Setting | None:
        """Return the release's knowledge of a setting."""
        return self.release.setting(name)

    def is_set(self, name: str) -> bool:
        """Say whether the files set a setting for this connection."""
        return any(name in block.values or name in block.lists for block in self._blocks)

    def is_narrowed(self, name: str) -> bool:
        """Say whether a filter sets a setting for this connection, not the top level alone."""
        narrower = (block for block in self._blocks if block is not self._root)
        return any(name in block.values or name in block.lists for block in narrower)

    def services(self) -> tuple[str, ...]:
        """Return the names of all services."""
        return _instances((self._defaults, self._root), "service")

    def listeners(self, service: str, kind: str = "inet_listener") -> tuple[str, ...]:
        """Return the names of a service's listeners."""
        wanted = _service(service)
        holders = [block for block in (self._defaults.child(wanted), self._root.child(wanted)) if block is not None]
        return _instances(tuple(holders), kind)

    def written_listeners(self, service: str, kind: str) -> tuple[str, ...]:
        """Return the names of the listeners that have a section: in the service's, or for all services outside."""
        own = self._root.child(_service(service))
        anywhere = _instances((self._root,), kind)
        outside = [name for name in self.listeners(service, kind) if name in anywhere] if anywhere else []
        return tuple(dict.fromkeys([*(_instances((own,), kind) if own is not None else ()), *outside]))

    def is_built_in(self, service: str, listener: str, kind: str) -> bool:
        """Say whether the release brings a listener."""
        own = self._defaults.child(_service(service))
        return own is not None and listener in _instances((own,), kind)

    def service_text(self, service: str, name: str) -> Value[str | None]:
        """Return a setting of a service."""
        return self._inside(Connection(self.connection.where, service), f"service_{name}")

    def listener_text(self, service: str, listener: str, name: str, kind: str = "inet_listener") -> Value[str | None]:
        """Return a setting of a listener."""
        full = name if name == "listen" else f"{kind}_{name}"
        return self._inside(Connection(self.connection.where, service, listener, kind), full)

    def _inside(self, connection: Connection, name: str) -> Value[str | None]:
        key = f"{connection.service}\0{connection.kind}\0{connection.listener}\0{name}"
        if key not in self._texts:
            blocks, defaults = _matching(self._root, connection), _matching(self._defaults, connection)
            self._texts[key] = rendered(self._resolved(name, blocks, defaults))
        return self._texts[key]

    def _value(self, name: str) -> Value[str | None]:
        return self._resolved(name, self._blocks, self._default_blocks)

    def _resolved(self, name: str, blocks: list[Block24], defaults: list[Block24]) -> Value[str | None]:
        known = self.known(name)
        if known is None:
            return ABSENT
        if known.type in ("boollist", "strlist"):
            return self._list(known, blocks, defaults)
        setters = [block for block in reversed(blocks) if name in block.values]
        text = self._default(known, defaults)
        if not setters:
            return self.default(name, text)
        default = Origin(self.release.label, self.anchor, name, text or "", is_default=True)
        chain = (*(_origin(block, name) for block in setters), default)
        first = setters[0].values[name]
        return Unknown(first.unknown, chain) if first.unknown is not None else Known(first.text, chain)

    def _default(self, known: Setting, defaults: list[Block24]) -> str | None:
        for block in reversed(defaults):
            if known.name in block.values:
                return block.values[known.name].text
        old = self.release.old_default(self.configuration.config_version, known.name)
        return known.default if old is None else old

    def entries(self, name: str) -> Value[tuple[tuple[str, str], ...]]:
        """Return a list of names with values (``passdb_fields``)."""
        members, origins = _members(name, [*self._default_blocks, *self._blocks])
        return Known(tuple((member, each.text) for member, each in members.items()), tuple(origins))

    def _list(self, known: Setting, blocks: list[Block24], defaults: list[Block24]) -> Value[str | None]:
        """Return a list as text."""
        setters = [block for block in blocks if known.name in block.lists]
        if (
            known.name == "protocols"
            and self.configuration.missing_protocols
            and not any(block.lists["protocols"].stops for block in setters)
        ):
            return installed_protocols(self.configuration.files)
        members, origins = _members(known.name, [*defaults, *setters])
        text = " ".join(name for name, each in members.items() if known.type == "strlist" or each.text == "yes")
        if not setters:
            return self.default(known.name, text)
        default = Origin(self.release.label, self.anchor, known.name, known.default or "", is_default=True)
        return Known(text, (*origins, default))


def _members(name: str, blocks: list[Block24]) -> tuple[dict[str, Assignment], list[Origin]]:
    """Return the members of a list: as a string it replaces what wider blocks say, as a block it adds and removes."""
    members: dict[str, Assignment] = {}
    origins: list[Origin] = []
    for block in blocks:
        value = block.lists.get(name)
        if value is None:
            continue
        if value.stops:
            members = {}
        members |= value.members
        if value.place is not None:
            origins.insert(0, _list_origin(block, name, value))
    return members, origins


def _matching(root: Block24, connection: Connection) -> list[Block24]:
    """Return the blocks that count for a connection; the last wins."""
    found: list[Block24] = []

    def walk(block: Block24) -> None:
        found.append(block)
        for child in block.children.values():
            if _counts(child, connection):
                walk(child)

    walk(root)
    return sorted(found, key=lambda block: block.rank if block is not root else (-1, -1, -1))


def _counts(block: Block24, connection: Connection) -> bool:
    if block.name is None:
        return block.limits.matches(connection.where)
    if (block.name, block.instance) in connection.within:
        return True
    if block.instance is None:
        return block.name == connection.role
    if block.name == "service":
        return block.instance == connection.service
    return block.name == connection.kind and block.instance == connection.listener


def _service(name: str) -> tuple[object, ...]:
    return Block24(None, 0, name="service", instance=name).key


def _instances(trees: tuple[Block24, ...], name: str) -> tuple[str, ...]:
    found = (
        child.instance for tree in trees for child in tree.children.values() if child.name == name and child.is_listed
    )
    return tuple(dict.fromkeys(instance for instance in found if instance is not None))


def _note(block: Block24) -> str:
    words = (
        str(each.limits) if each.name is None else " ".join(filter(None, (each.name, each.instance)))
        for each in block.path()
    )
    return " ".join(words) or "top level"


def _origin(block: Block24, name: str) -> Origin:
    assignment = block.values[name]
    return Origin(_note(block), assignment.place, name, assignment.text)


def _list_origin(block: Block24, name: str, value: ListValue) -> Origin:
    text = " ".join(member for member, each in value.members.items() if each.text == "yes")
    return Origin(_note(block), value.place, name, text)
