"""Read a configuration of 2.3: each statement applied in the order in which Dovecot applies it (config-parser.c).

All errors are collected; the first is the one that Dovecot dies of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from checker.dovecot import obsolete
from checker.dovecot.config import Assignment, Block, Configuration23, Environment, escaped, unescaped
from checker.dovecot.filters import Filter, FilterError, check_nesting, network
from checker.dovecot.include import Problem, Reader, host_of
from checker.dovecot.release import Known, Release
from checker.dovecot.syntax import Statement
from checker.dovecot.types import SECTIONS, Refused, check, normal
from checker.source import Span
from checker.tree import ReadError, Tree
from checker.values import Reason

FILTERS = ("protocol", "local", "local_name", "remote")
ALIASES = {"mail": "mail_location", "doveadm_proxy_port": "doveadm_port"}
NAMESPACE_ALIASES = {"mail": "location", "mail_location": "location"}
REPEATABLE = frozenset({"passdb", "userdb"})
"""Sections of which each is one of its own; of all others, those with one name are one."""

NAME_OF = {"unix_listener": "path", "fifo_listener": "path", "metric": "metric_name"}
"""The setting that holds a section's name where it is not called ``name``."""

Expansion = Literal["print", "daemon", "files"]
"""What ``$name`` becomes: doveconf prints it as it stands, the daemons have it expanded where it stands. With ``files``
``<path`` is replaced as well.
"""


class Error(Exception):
    """A statement that Dovecot refuses; the message is Dovecot's."""


@dataclass(slots=True)
class _Open:
    """A section that is open: what it adds to the path of a setting, and the block that it writes to."""

    key: str
    prefix: str
    block: Block
    place: Span | None
    is_filter: bool = False


@dataclass(slots=True)
class Parser:
    """The state between statements."""

    release: Release
    expansion: Expansion
    environment: Environment
    reader: Reader
    blocks: list[Block]
    stack: list[_Open]
    statement: Statement | None = None
    counter: int = 0
    old: obsolete.State = field(default_factory=obsolete.State)

    # What the file says.

    def take(self, statement: Statement) -> None:
        """Apply a statement; what is wrong with it becomes a problem."""
        self.statement = statement
        try:
            if not obsolete.handle(self, statement):
                self._apply(statement)
        except Error as error:
            self.fail(str(error))
            if statement.kind == "open" and len(self.stack) < self._depth:
                self._open_unknown(statement)

    _depth: int = 1

    def fail(self, text: str) -> None:
        """Note what Dovecot would die of here."""
        statement = self._here
        hint = ""
        if text.startswith(("Unknown setting: ", "Unknown section name: ")):
            hint = self.release.advice(text.rsplit(" ", maxsplit=1)[-1])
        self.reader.problems.append(Problem("fatal", text, statement.place, hint, statement.number))

    def warn(self, text: str, hint: str = "") -> None:
        """Note what Dovecot warns of here."""
        statement = self._here
        self.reader.problems.append(Problem("warning", text, statement.place, hint, statement.number))

    @property
    def place(self) -> Span:
        """Return where we are."""
        return self._here.place

    @property
    def _here(self) -> Statement:
        assert self.statement is not None  # noqa: S101 - only asked while a statement is taken
        return self.statement

    def _apply(self, statement: Statement) -> None:
        self._depth = len(self.stack) + (statement.kind == "open")
        if statement.kind == "error":
            raise Error(statement.value)
        if statement.kind == "setting":
            self.set_here(statement.key, statement)
        elif statement.kind == "open":
            self.open(statement.key, statement.value)
        elif statement.kind == "close":
            if len(self.stack) == 1:
                raise Error("Unexpected '}'")
            self.stack.pop()

    # Sections.

    def open(self, key: str, name: str) -> None:
        """Begin a section or a filter; raise Error."""
        top = self.stack[-1]
        place = self._here.place
        if key in FILTERS:
            try:
                block = self._block(self._filter(key, name, top.block.filter))
            except FilterError as error:
                self.stack.append(_Open(key, top.prefix, top.block, place, is_filter=True))
                raise Error(str(error)) from None
            self.stack.append(_Open(key, top.prefix, block, place, is_filter=True))
            return
        path = f"{top.prefix}{key}"
        known = self.known(top.block, path)
        if known is None:
            self._open_unknown(self._here)
            raise Error(f"Unknown setting: {self._full_path(key)}")
        if known.type == "strlist":
            self.stack.append(_Open(key, f"{path}/", top.block, place))
            return
        if known.type not in SECTIONS:
            self._open_unknown(self._here)
            self._check(known, name or "0")
            raise Error("Section not allowed here")
        self._check_auth(top.block, path, key)
        part = escaped(name) if name else str(self.counter)
        self.counter += not name
        part = self.add_section(top.block, path, part, name, place)
        self.stack.append(_Open(key, f"{path}/{part}/", top.block, place))

    def _open_unknown(self, statement: Statement) -> None:
        """Go on inside a section that Dovecot refuses, so that its end is found."""
        top = self.stack[-1]
        self.stack.append(_Open(statement.key, f"{top.prefix}{statement.key}/", top.block, statement.place))

    def add_section(self, block: Block, path: str, part: str, name: str, place: Span) -> str:
        """Add a section to a list, or find it there; return its part of the path. Raises Error."""
        kind = path.rpartition("/")[2]
        same = self._section(block, path, part) or part
        if kind in REPEATABLE and same in block.sections.get(path, {}):
            self._open_unknown(self._here)
            raise Error(f"{path}/{part} already exists")
        if path.startswith("service/"):
            service = path.split("/")[1]
            block.sections.setdefault("service", {}).setdefault(service, unescaped(service))
        block.sections.setdefault(path, {})[same] = name
        if name or kind in REPEATABLE:
            field_name = NAME_OF.get(kind, "name")
            block.set(f"{path}/{same}/{field_name}", Assignment(field_name, name, place))
        return same

    def _block(self, wanted: Filter) -> Block:
        for block in self.blocks:
            if block.filter.key == wanted.key:
                return block
        self.blocks.append(Block(wanted, self._here.place))
        return self.blocks[-1]

    def _filter(self, key: str, name: str, parent: Filter) -> Filter:
        """Return the filter of a section inside another; raise FilterError."""
        protocol, local, local_name, remote = parent.protocol, parent.local, parent.local_name, parent.remote
        check_nesting(Filter(), key, parent)
        if key == "protocol":
            protocol = name
        elif key == "local_name":
            local_name = name
        elif key == "local":
            local = network(name)
        else:
            remote = network(name)
        result = Filter(protocol, local, local_name, remote)
        check_nesting(result, key, parent)
        return result

    # Settings.

    def set_here(self, key: str, statement: Statement) -> None:
        """Set what a statement says in the section that is open; raise Error."""
        top = self.stack[-1]
        if not key and not top.prefix:
            raise Error("Missing key name ('=' at the beginning of line)")
        text, unknown = self._text(key, statement)
        is_file = statement.style == "file" and self.expansion != "files"
        self.set(top.block, f"{top.prefix}{key}", key, text, is_file=is_file, unknown=unknown)

    def set(  # noqa: PLR0913 - what a setting is
        self, block: Block, path: str, key: str, text: str, *, is_file: bool = False, unknown: Reason | None = None
    ) -> None:
        """Set a path in a block; raise Error."""
        path = self._canonical(block, path)
        known = self.known(block, path)
        if known is None or known.type in SECTIONS:
            raise Error(f"Unknown setting: {self._full_path(key)}")
        if not is_file and unknown is None:
            self._check(known, text)
        self._check_auth(block, path, key)
        if path.startswith("service/"):
            self._note_parents(block, path)
        block.set(path, Assignment(known.name, text, self._here.place, is_file, unknown))

    def _check_auth(self, block: Block, path: str, key: str) -> None:
        """Raise Error for a setting of the auth processes where they do not look."""
        limits = block.filter
        limited = limits.local_name is not None or limits.local_bits > 0 or limits.remote_bits > 0
        if limited and path.partition("/")[0] in self.release.auth_settings:
            if path in REPEATABLE:
                self._open_unknown(self._here)
            raise Error(f"Auth settings not supported inside local/remote blocks: {key}")

    def _note_parents(self, block: Block, path: str) -> None:
        parts = path.split("/")
        block.sections.setdefault("service", {}).setdefault(parts[1], unescaped(parts[1]))
        if len(parts) > 4:
            block.sections.setdefault("/".join(parts[:3]), {}).setdefault(parts[3], unescaped(parts[3]))

    def _check(self, known: Known, text: str) -> None:
        if self.expansion == "print" and known.type == "str":
            return
        try:
            check(known.type, text, "2.3")
        except Refused as refused:
            raise Error(str(refused)) from None

    def known(self, block: Block, path: str) -> Known | None:
        """Return the setting, list or section that a path names, None if there is no such thing."""
        parts = path.split("/")
        root = self.release.setting(ALIASES.get(parts[0], parts[0]))
        if len(parts) == 1 or root is None:
            return root
        if root.type == "strlist":
            return Known(parts[-1], "str", None)
        if root.type != "list":
            return None
        if len(parts) == 2:
            return None
        section = parts[0]
        if not self._has_section(block, parts[0], parts[1]):
            return None
        name = NAMESPACE_ALIASES.get(parts[2], parts[2]) if section == "namespace" else parts[2]
        inner = self.release.inner(section, name)
        if len(parts) == 3 or inner is None:
            return inner
        if inner.type != "list" or len(parts) != 5 or not self._has_section(block, "/".join(parts[:3]), parts[3]):
            return None
        return self.release.inner(f"{section}/{parts[2]}", parts[4])

    def _has_section(self, block: Block, path: str, part: str) -> bool:
        return self._section(block, path, part) is not None

    def _section(self, block: Block, path: str, part: str) -> str | None:
        """Return a section's own spelling: names count without regard to case."""
        for each in (*self.default_sections(path), *block.sections.get(path, {})):
            if each.lower() == part.lower():
                return each
        return None

    def default_sections(self, path: str) -> tuple[str, ...]:
        """Return the built-in sections of a list, by their part of a path."""
        if path == "service":
            return tuple(escaped(name) for name in self.release.services)
        parts = path.split("/")
        if parts[0] != "service" or len(parts) != 3:
            return ()
        inside = self.release.services.get(unescaped(parts[1]), {})
        names = [key.split("/")[1] for key in inside if key.startswith(f"{parts[2]}/")]
        return tuple(dict.fromkeys(names))

    def _canonical(self, block: Block, path: str) -> str:
        """Return a path with the sections' own spelling and without aliases."""
        parts = path.split("/")
        if len(parts) == 1:
            return ALIASES.get(path, path)
        for index in (1, 3):
            if len(parts) > index + 1:
                parts[index] = self._section(block, "/".join(parts[:index]), parts[index]) or parts[index]
        if parts[0] == "namespace" and len(parts) == 3:
            parts[2] = NAMESPACE_ALIASES.get(parts[2], parts[2])
        return "/".join(parts)

    def _full_path(self, key: str) -> str:
        names = [each.key for each in self.stack[1:] if not each.is_filter]
        return "".join(f"{name} {{ " for name in names) + key

    # Values.

    def _text(self, key: str, statement: Statement) -> tuple[str, Reason | None]:
        """Return the text of a value, and why it is not known if it is not; raise Error."""
        if statement.style == "file":
            if self.expansion != "files":
                return f"<{statement.value}", None
            try:
                return self.reader.content(statement.value), None
            except ReadError as error:
                raise Error(f"{key}: Can't open file {error.place}: {error.message}") from None
        if statement.style != "variable":
            return statement.value, None
        return self._expanded(key, statement.value)

    def _expanded(self, key: str, value: str) -> tuple[str, Reason | None]:
        result: list[str] = []
        unknown: Reason | None = None
        everywhere = self.release.number >= (2, 3, 14)
        for index, word in enumerate(value.split(" ")):
            itself = word.removeprefix("$") == key
            if not word.startswith("$") or (index and not everywhere) or (self.expansion == "print" and not itself):
                result.append(word)
            elif word.startswith("$ENV:") and everywhere:
                if self.environment is None:
                    unknown = Reason("host-only", f"{word} is of the environment of the daemon")
                result.append((self.environment or {}).get(word[5:], ""))
            else:
                known, reason = self._variable(word[1:], itself=itself)
                unknown = unknown or reason
                result.append(known)
        return " ".join(result), unknown

    def _variable(self, name: str, *, itself: bool) -> tuple[str, Reason | None]:
        """Return the value of a setting as ``$name`` has it where it stands; raise Error."""
        known = self.known(self.stack[-1].block, name)
        if known is None or known.type in SECTIONS:
            raise Error(f"Unknown variable: ${name}")
        scopes = list(reversed(self.stack)) if itself else [self.stack[-1]]
        for each in scopes:
            assignment = each.block.values.get(name)
            if assignment is not None:
                return normal(known.type, assignment.text), assignment.unknown
        if name == "protocols" and self.reader.missing_protocols:
            return "", Reason("not-in-set", "which protocols are installed is said outside of what is checked")
        return known.default or "", None


def read23(
    tree: Tree, path: str, release: Release, *, expansion: Expansion = "daemon", environment: Environment = None
) -> Configuration23:
    """Read a configuration from its entry file on; raise ReadError if that cannot be read."""
    reader = Reader(tree, "2.3", strict_escapes=False, host=host_of(tree, path))
    root = Block(Filter(), None)
    parser = Parser(release, expansion, environment, reader, [root], [_Open("", "", root, None)])
    for statement in reader.statements(path):
        parser.take(statement)
    if len(parser.stack) > 1:
        last = parser.stack[-1]
        if last.place is not None:
            text = f"Missing '}}' (section started at {last.place.path}:{last.place.end_line})"
            reader.problems.append(
                Problem("fatal", text, last.place, "close the section with a } on a line of its own")
            )
    return Configuration23(
        release,
        reader.files[0],
        tuple(parser.blocks),
        tuple(reader.problems),
        tuple(reader.files),
        reader.missing_protocols,
    )
