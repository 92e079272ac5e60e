"""The state of reading a configuration of 2.4: the sections that are open and the tree of blocks that they make
(config-parser.c).
"""

from __future__ import annotations

from msgspec import Struct, field

from checker.dovecot.assign24 import assign
from checker.dovecot.blocks24 import block_of, candidates, section_name, unknown_setting
from checker.dovecot.config import Assignment
from checker.dovecot.expand import Expander, Lookup, Text
from checker.dovecot.filters import FILTERS
from checker.dovecot.groups24 import check_group
from checker.dovecot.include import Problem
from checker.dovecot.release import Known, Release
from checker.dovecot.syntax import Statement
from checker.dovecot.tree24 import Block24, GroupUse
from checker.dovecot.types import LISTS, Refused, check, is_enumeration
from checker.source import Span


class Open(Struct, frozen=True):
    """A section that is open. ``key`` is a list's name where the section is a list and no block of its own;
    ``is_unheard_of`` of one that Dovecot does not know: what it may hold is not known, either.
    """

    block: Block24
    key: str | None
    place: Span | None
    definition: Known | None = None
    is_unheard_of: bool = False


class Waiting(Struct, frozen=True):
    """A value that is expanded once all is read."""

    block: Block24
    name: str
    statement: Statement


class Parser(Struct):
    """What is known between two statements. ``defaults`` are the blocks that the release itself has."""

    release: Release
    expander: Expander
    root: Block24
    defaults: Block24
    stack: list[Open]
    waiting: list[Waiting] = field(default_factory=list)
    blocks: int = 1

    def fail(self, text: str, statement: Statement) -> None:
        """Note what Dovecot would die of at a statement."""
        hint = ""
        if "Unknown setting: " in text or "Unknown section name: " in text:
            hint = self.release.advice(statement.key)
        elif text.startswith("The first setting must be"):
            hint = f"begin the file with dovecot_config_version = {self.release.version}"
        self.expander.reader.problems.append(Problem("fatal", text, statement.place, hint, statement.number))

    def apply(self, statement: Statement) -> None:
        """Apply a statement; raise Refused."""
        if statement.kind == "error":
            raise Refused(statement.value)
        if self.stack[-1].is_unheard_of:
            self._pass_over(statement)
        elif statement.kind == "setting":
            self._set(statement)
        elif statement.kind in ("open", "group"):
            self._open(statement)
        elif statement.kind == "close":
            self._close()

    # Sections.

    def _open(self, statement: Statement) -> None:
        top = self.stack[-1]
        is_group = statement.kind == "group"
        key = statement.key if is_group else section_name(self.release, top.block, statement.key)
        # What Dovecot refuses is opened all the same, so that its end is found; nothing that it sets counts.
        nowhere = Block24(top.block, 0)
        self.stack.append(Open(nowhere, None, statement.place, is_unheard_of=statement.key not in FILTERS))
        if is_group and not key.startswith("@"):
            self.stack[-1] = Open(top.block, "group", statement.place)
            return
        made = block_of(self.release, key, statement, top.block)
        definition = self.release.setting(key)
        if made is not None:
            self.stack[-1] = Open(self._added(top.block, made), None, statement.place, definition)
        elif definition is not None:
            self.stack[-1] = Open(top.block, key, statement.place)
            self._check_section(definition, statement)
        else:
            raise Refused(f"Unknown section name: {key}")

    def _pass_over(self, statement: Statement) -> None:
        if statement.kind in ("open", "group"):
            self.stack.append(self.stack[-1])
        elif statement.kind == "close":
            self.stack.pop()

    def _check_section(self, definition: Known, statement: Statement) -> None:
        """Raise Refused for a section that is no list, which releases before 2.4.2 take for one."""
        if self.release.number < (2, 4, 2):
            return
        if definition.type not in LISTS:
            raise Refused(f"Setting {definition.name} cannot be used as a section")
        if statement.value:
            raise Refused(f"Setting {definition.name} cannot have a value for the section")

    def _added(self, parent: Block24, made: Block24) -> Block24:
        """Return the block that is there already, else add the one that was made."""
        found = parent.child(made.key)
        if found is not None:
            found.is_listed |= made.is_listed
            return found
        made.order = self.blocks
        self.blocks += 1
        parent.children[made.key] = made
        return made

    def _close(self) -> None:
        if len(self.stack) == 1:
            raise Refused("Unexpected '}'")
        closed = self.stack.pop()
        block, definition = closed.block, closed.definition
        required: str | None = self.release.table["required"].get(definition.name) if definition else None
        if definition is None or required is None or block.is_group:
            return
        if required not in block.values and all(child.name != required for child in block.children.values()):
            kind = definition.name
            raise Refused(f"Named filter {kind} is required to have {required} setting, but it is missing")

    # Settings.

    def _set(self, statement: Statement) -> None:
        top = self.stack[-1]
        value = self.expander.text(statement, self._variable)
        if statement.key.startswith("@"):
            self._use_group(top.block, statement, value.text)
            return
        key = statement.key if top.key is None else f"{top.key}/{statement.key}"
        try:
            block, name = self._assigned(top.block, key, value, statement)
        except Refused as refused:
            raise Refused(f"{statement.key}: {refused}") from None
        if statement.style == "variable" and self.expander.waits:
            self.waiting.append(Waiting(block, name, statement))

    def _use_group(self, block: Block24, statement: Statement, name: str) -> None:
        if block.is_group:
            raise Refused("Recursive include groups not allowed")
        use = GroupUse(statement.key[1:], name, statement.place, statement.number)
        block.groups[use.label] = use
        if self.release.number >= (2, 4, 2):
            check_group(use, self.root, self.defaults)

    def _assigned(self, block: Block24, path: str, value: Text, statement: Statement) -> tuple[Block24, str]:
        """Set a path in a block, or in one that the path leads to; return where and as what. Raises Refused."""
        outer = block
        block, key = self._led(block, path, statement.place)
        for holder, written in candidates(self.release, block, key):
            name, slash, _ = written.partition("/")
            known = self.release.setting(name)
            if known is not None:
                if slash and known.type in LISTS:
                    name = written  # of all others what follows the slash counts for nothing
                is_file = self.expander.is_file(statement)
                assignment = Assignment(name, value.text, statement.place, is_file, value.unknown)
                if is_file and self.expander.expansion == "print" and known.type not in (*LISTS, "str", "file"):
                    check(known.type, value.text, "2.4")
                if statement.style == "heredoc":
                    _check_heredoc(known, statement.key)
                assign(holder, known, assignment, self.release, self.defaults)
                if known.type == "file" and statement.style != "heredoc":
                    path = self.expander.opened(value.text)
                    holder.values[name] = Assignment(name, path, statement.place, is_file, value.unknown)
                return holder, name
        raise Refused(unknown_setting(outer, key))

    def _led(self, block: Block24, path: str, place: Span) -> tuple[Block24, str]:
        """Follow ``service/imap-login/...`` to the block that it names; return that and what is left."""
        parts = path.split("/")
        while len(parts) > 1:
            known = self.release.setting(parts[0])
            if known is not None and known.type == "filters" and len(parts) == 2:
                raise Refused(f"Unknown setting: {parts[1]}")
            if known is not None and known.type == "filters":
                made = Block24(block, 0, name=parts[0], instance=parts[1], place=place, is_listed=False)
                parts = parts[2:]
            elif known is not None and known.type == "filter":
                made = Block24(block, 0, name=parts[0], place=place)
                parts = parts[1:]
            else:
                break
            block = self._added(block, made)
        return block, "/".join(parts)

    # Variables.

    def _variable(self, name: str, itself: bool) -> Text:  # noqa: FBT001 - as expand.Lookup has it
        """Return a setting as ``$SET:name`` has it while the file is read; raise Refused."""
        blocks = [each.block for each in reversed(self.stack)]
        return self.found(name, blocks if itself else blocks[:1])

    def late(self, block: Block24) -> Lookup:
        """Return what finds the settings that a value in a block refers to, once all is read."""
        blocks = [*reversed(block.path()), self.root]
        return lambda name, _: self.found(name, blocks)

    def found(self, name: str, blocks: list[Block24]) -> Text:
        """Return a setting as the first of some blocks has it that sets it, else its default; raise Refused."""
        known = self.release.setting(name)
        if known is None:
            prefix = f"Failed to expand $SET:{name}: " if self.expander.waits else ""
            raise Refused(f"{prefix}Unknown setting: {name}")
        if known.type in (*LISTS, "filter", "filters"):
            raise Refused(f"Failed to expand $SET:{name}: Setting type can't be expanded to string")
        for block in blocks:
            if name in block.values:
                return Text(block.values[name].text, block.values[name].unknown)
        if is_enumeration(known.type):
            return Text(known.type)  # Dovecot takes the list of all values for the default
        return Text(known.default or "")


def _check_heredoc(known: Known, key: str) -> None:
    """Raise Refused for text over several lines where it is not allowed."""
    if known.type in LISTS:
        raise Refused(f"Heredoc syntax is not supported for list settings: {key}")
    if known.type not in ("str", "file"):
        raise Refused(f"Heredoc syntax is not supported for this setting: {key}")
