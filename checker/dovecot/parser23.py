"""The state of reading a configuration of 2.3: the sections that are open and what they have been told so far
(config-parser.c).
"""

from __future__ import annotations

from msgspec import Struct, field

from checker.dovecot.config import Assignment, Block
from checker.dovecot.expand import Expander, Text
from checker.dovecot.filters import FILTERS, Filter, criterion
from checker.dovecot.include import Problem
from checker.dovecot.names23 import NAME_OF, REPEATABLE, canonical, escaped, known, section_part, unescaped
from checker.dovecot.release import Known, Release
from checker.dovecot.syntax import Statement
from checker.dovecot.types import SECTIONS, Refused, check, normal
from checker.source import Span
from checker.values import Reason


class Open(Struct, frozen=True):
    """A section that is open: what it adds to the path of a setting, and the block that it writes to.
    ``is_unheard_of``: Dovecot does not know it, so that what it may hold is not known, either.
    """

    key: str
    prefix: str
    block: Block
    place: Span | None
    is_filter: bool = False
    is_unheard_of: bool = False


class Parser(Struct):
    """What is known between two statements. ``blocks`` are those of the filters, the first the one without."""

    release: Release
    expander: Expander
    blocks: list[Block]
    stack: list[Open]
    statement: Statement | None = None
    by_key: dict[tuple[object, ...], Block] = field(default_factory=dict)
    """The blocks by what makes them one, once there is a filter."""

    unnamed: int = 0
    """How many sections without a name there were: each is called by its number."""

    # Where we are.

    @property
    def here(self) -> Statement:
        """Return the statement that is being taken."""
        assert self.statement is not None  # noqa: S101 - only asked while a statement is taken
        return self.statement

    @property
    def block(self) -> Block:
        """Return the block that settings go to."""
        return self.stack[-1].block

    def fail(self, text: str) -> None:
        """Note what Dovecot would die of here."""
        hint = ""
        if text.startswith(("Unknown setting: ", "Unknown section name: ")):
            hint = self.release.advice(text.rsplit(" ", maxsplit=1)[-1])
        self._note(Problem("fatal", text, self.here.place, hint, self.here.number))

    def warn(self, text: str, hint: str = "") -> None:
        """Note what Dovecot warns of here."""
        self._note(Problem("warning", text, self.here.place, hint, self.here.number))

    def _note(self, problem: Problem) -> None:
        self.expander.reader.problems.append(problem)

    # Sections.

    def open(self, key: str, name: str) -> None:
        """Begin a section or a filter; raise Refused."""
        top = self.stack[-1]
        place = self.here.place
        if key in FILTERS:
            block = self._block_of(criterion(key, name, top.block.filter).inside(top.block.filter))
            self.stack.append(Open(key, top.prefix, block, place, is_filter=True))
            return
        path = f"{top.prefix}{key}"
        definition = self.known(top.block, path)
        if definition is None:
            raise Refused(f"Unknown setting: {self._full_name(key)} {{ {key}")
        if definition.type == "strlist":
            self.stack.append(Open(key, f"{path}/", top.block, place))
            return
        part = escaped(name) if name else str(self.unnamed)
        self.unnamed += not name
        if "/" in path and self.release.strlists.intersection([path.partition("/")[0]]):
            raise Refused("Section not allowed here")
        if definition.type not in SECTIONS:
            # What is no section is set to the section's name; there is nothing to set inside.
            self.set(top.block, path, part)
            self.stack.append(Open(key, f"{path}/{part}/", top.block, place))
            return
        self._check_auth(top.block, path, key)
        part = self.add_section(top.block, path, part, name)
        self.stack.append(Open(key, f"{path}/{part}/", top.block, place))

    def open_refused(self, statement: Statement) -> None:
        """Go on inside a section that Dovecot refuses, so that its end is found; nothing that it sets counts."""
        top = self.stack[-1]
        is_filter = statement.key in FILTERS
        nowhere = Block(top.block.filter, statement.place)
        self.stack.append(Open(statement.key, top.prefix, nowhere, statement.place, is_filter, not is_filter))

    def pass_over(self, statement: Statement) -> None:
        """Take a statement inside a section that is not known; raise Refused for what can be none."""
        if statement.kind == "error":
            raise Refused(statement.value)
        if statement.kind == "open":
            self.stack.append(self.stack[-1])
        elif statement.kind == "close":
            self.stack.pop()

    def close(self) -> None:
        """End the section that is open; raise Refused."""
        if len(self.stack) == 1:
            raise Refused("Unexpected '}'")
        self.stack.pop()

    def add_section(self, block: Block, path: str, part: str, name: str) -> str:
        """Add a section to a list, or find it there; return its part of the path. Raises Refused."""
        kind = path.rpartition("/")[2]
        same = section_part(self.release, block, path, part) or part
        if kind in REPEATABLE and same in block.sections.get(path, {}):
            raise Refused(f"{path}/{part} already exists")
        if path.startswith("service/"):
            service = path.split("/")[1]
            block.sections.setdefault("service", {}).setdefault(service, unescaped(service))
        block.sections.setdefault(path, {})[same] = name
        if name or kind in REPEATABLE:
            field_name = NAME_OF.get(kind, "name")
            block.values[f"{path}/{same}/{field_name}"] = Assignment(field_name, name, self.here.place)
        return same

    def _block_of(self, wanted: Filter) -> Block:
        if not self.by_key:
            self.by_key = {block.filter.key: block for block in self.blocks}
        found = self.by_key.get(wanted.key)
        if found is None:
            found = self.by_key[wanted.key] = Block(wanted, self.here.place)
            self.blocks.append(found)
        return found

    # Settings.

    def known(self, block: Block, path: str) -> Known | None:
        """Return the setting, list or section that a path names in a block, None if there is no such thing."""
        return known(self.release, block, path)

    def set_here(self, statement: Statement) -> None:
        """Set what a statement says in the section that is open; raise Refused."""
        top, key = self.stack[-1], statement.key
        if not key and not top.prefix:
            raise Refused("Missing key name ('=' at the beginning of line)")
        value = self.expander.text(statement, self._variable)
        is_file = self.expander.is_file(statement)
        self.set(top.block, f"{top.prefix}{key}", value.text, is_file=is_file, unknown=value.unknown)

    def set(self, block: Block, path: str, text: str, *, is_file: bool = False, unknown: Reason | None = None) -> None:
        """Set a path in a block; raise Refused."""
        key = path.removeprefix(self.stack[-1].prefix)
        path = canonical(self.release, block, path)
        definition = self.known(block, path)
        if definition is not None and definition.type in SECTIONS:
            self._set_list(block, path, definition, text)
            return
        if definition is None:
            raise Refused(f"Unknown setting: {self._full_name(key)}")
        if unknown is None and (not is_file or self.expander.expansion == "print"):
            self._check(definition, text)
        self._check_auth(block, path, key)
        if path.startswith("service/"):
            _note_sections(block, path)
        block.values[path] = Assignment(definition.name, text, self.here.place, is_file, unknown)

    def _set_list(self, block: Block, path: str, definition: Known, text: str) -> None:
        """``passdb = a b`` adds sections, without their names; of a list of keys it does nothing."""
        if definition.type == "list":
            for part in text.replace("\t", " ").split():
                block.sections.setdefault(path, {}).setdefault(part, "")

    def _check(self, definition: Known, text: str) -> None:
        if self.expander.expansion != "print" or definition.type != "str":
            check(definition.type, text, "2.3")

    def _check_auth(self, block: Block, path: str, key: str) -> None:
        """Raise Refused for a setting of the auth processes where they do not look."""
        if block.filter.is_limited and path.partition("/")[0] in self.release.auth_settings:
            raise Refused(f"Auth settings not supported inside local/remote blocks: {key}")

    def _full_name(self, key: str) -> str:
        names = [each.key for each in self.stack[1:] if not each.is_filter]
        return "".join(f"{name} {{ " for name in names) + key

    def _variable(self, name: str, itself: bool) -> Text:  # noqa: FBT001 - as expand.Lookup has it
        """Return the value of a setting as ``$name`` has it where it stands; raise Refused."""
        definition = self.known(self.block, name)
        if definition is None or definition.type in SECTIONS or name.partition("/")[0] in self.release.strlists:
            raise Refused(f"Unknown variable: ${name}")
        for each in reversed(self.stack) if itself else self.stack[-1:]:
            assignment = each.block.values.get(name)
            if assignment is not None:
                return Text(normal(definition.type, assignment.text), assignment.unknown)
        if name == "protocols" and self.expander.reader.missing_protocols:
            return Text("", Reason("not-in-set", "which protocols are installed is said outside of what is checked"))
        return Text(definition.default or "")


def _note_sections(block: Block, path: str) -> None:
    """Let a block know the sections that the path of a setting goes through."""
    parts = path.split("/")
    block.sections.setdefault("service", {}).setdefault(parts[1], unescaped(parts[1]))
    if len(parts) > 4:
        block.sections.setdefault("/".join(parts[:3]), {}).setdefault(parts[3], unescaped(parts[3]))
