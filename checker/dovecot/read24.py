"""Read a configuration of 2.4: each statement applied in the order in which Dovecot applies it (config-parser.c).

All errors are collected; the first is the one that Dovecot dies of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from checker.dovecot.config import Assignment, Environment
from checker.dovecot.filters import Filter, FilterError, check_nesting, network
from checker.dovecot.include import Problem, Reader, host_of
from checker.dovecot.read23 import Expansion
from checker.dovecot.release import Known, Release
from checker.dovecot.syntax import Statement
from checker.dovecot.tree24 import Block24, Configuration24, GroupUse, ListValue, built_in
from checker.dovecot.types import Refused, boolean, check, list_members
from checker.source import Span
from checker.tree import ReadError, Tree
from checker.values import Reason

FILTERS = ("protocol", "local", "local_name", "remote")
LISTS = ("boollist", "strlist")
NAMED = ("filter", "filters")
NOT_IN_GROUPS = ("import_environment", "base_dir", "dovecot_storage_version")
_UNCLOSED = re.compile(r"%\{[^{}]*$")


class Error(Exception):
    """A statement that Dovecot refuses; the message is Dovecot's."""


@dataclass(slots=True)
class _Open:
    """A section that is open. ``key`` is a list's name where the section is a list and no block of its own."""

    block: Block24
    key: str | None
    place: Span | None
    definition: Known | None = None


@dataclass(slots=True)
class _Late:
    """A value that is expanded once all is read."""

    block: Block24
    name: str
    statement: Statement


@dataclass(slots=True)
class Parser:
    """The state between statements."""

    release: Release
    expansion: Expansion
    environment: Environment
    reader: Reader
    root: Block24
    stack: list[_Open]
    defaults: Block24
    config_version: str | None = None
    orders: int = 1
    statement: Statement | None = None
    late: list[_Late] = field(default_factory=list)

    def take(self, statement: Statement) -> None:
        """Apply a statement; what is wrong with it becomes a problem."""
        self.statement = statement
        try:
            if not self._version(statement):
                self._apply(statement)
        except Error as error:
            self._fail(str(error), statement)

    def _fail(self, text: str, statement: Statement) -> None:
        hint = ""
        if "Unknown setting: " in text or "Unknown section name: " in text:
            hint = self.release.advice(statement.key)
        elif text.startswith("The first setting must be"):
            hint = f"begin the file with dovecot_config_version = {self.release.version}"
        self.reader.problems.append(Problem("fatal", text, statement.place, hint, statement.number))

    def _version(self, statement: Statement) -> bool:
        """Take ``dovecot_config_version``, which must come first; raise Error."""
        if statement.kind == "error":
            return self.config_version is None and self.release.number >= (2, 4, 2)  # those releases pass over it
        if statement.key != "dovecot_config_version" or statement.kind != "setting":
            if self.config_version is None:
                self.config_version = ""  # said once
                self._fail("The first setting must be dovecot_config_version", statement)
            return False
        if self.config_version:
            if self.config_version != statement.value:
                raise Error("dovecot_config_version value can't be changed once set")
            return True
        self.config_version = statement.value
        if statement.style not in ("plain", "quoted"):
            raise Error("Invalid dovecot_config_version: value is not a string")
        supported = supported_versions(self.release)
        if statement.value not in supported:
            listed = " ".join(supported)
            raise Error(f"Invalid dovecot_config_version: Currently supported versions are: {listed}")
        return True

    def _apply(self, statement: Statement) -> None:
        if statement.kind == "error":
            raise Error(statement.value)
        if statement.kind == "setting":
            self._setting(statement)
        elif statement.kind in ("open", "group"):
            self._open(statement)
        elif statement.kind == "close":
            self._close()

    # Sections.

    def _open(self, statement: Statement) -> None:
        top = self.stack[-1]
        key = statement.key if statement.kind == "group" else self._prefixed(top.block, statement.key)
        # What Dovecot refuses is opened all the same, so that its end is found.
        self.stack.append(_Open(top.block, None, statement.place))
        if statement.kind == "group" and not key.startswith("@"):
            self.stack[-1].key = "group"
            return
        try:
            made = self._filter(key, statement, top.block)
        except FilterError as error:
            raise Error(str(error)) from None
        if made is None:
            if self.release.setting(key) is None:
                raise Error(f"Unknown section name: {key}")
            self.stack[-1].key = key
            return
        block = self._block(top.block, made)
        self.stack[-1] = _Open(block, None, statement.place, self.release.setting(key))

    def _prefixed(self, block: Block24, key: str) -> str:
        """Return the full name of a section: ``request_attributes`` in ``auth_policy`` has a longer one."""
        return next((name for name in _prefixes(block, key) if self._takes_prefix(name)), key)

    def _takes_prefix(self, name: str) -> bool:
        known = self.release.setting(name.partition("/")[0])
        return known is not None and known.type != "filter"

    def _filter(self, key: str, statement: Statement, parent: Block24) -> Block24 | None:
        """Return the block that a section begins, None if the section is a list; raise FilterError."""
        name = statement.value
        if key.startswith("@"):
            if parent.parent is not None:
                raise FilterError("groups must defined at top-level, not under filters")
            return Block24(parent, 0, name=key, instance=name, place=statement.place)
        if key in FILTERS:
            return Block24(parent, 0, limits=_criterion(key, name, parent), place=statement.place)
        known = self.release.setting(key)
        if known is None or known.type not in NAMED:
            return None
        given = name != "" or statement.style == "quoted"
        if known.type == "filter":
            if given:
                raise FilterError(f"{key} {{ }} must not have a section name")
            return Block24(parent, 0, name=key, place=statement.place)
        _check_place(key, parent)
        if not given:
            raise FilterError(f"{key} {{ }} is missing section name")
        if name.startswith("__"):
            raise FilterError(f"Named list filter name must not begin with '__': {name}")
        if key in self.release.auth_settings and parent.is_limited:
            raise FilterError(f"Auth settings not supported inside local/remote blocks: {key}")
        return Block24(parent, 0, name=key, instance=name, place=statement.place)

    def _block(self, parent: Block24, made: Block24) -> Block24:
        """Return the block that is there already, else add the one that was made."""
        found = parent.child(made.key)
        if found is not None:
            return found
        made.order = self.orders
        self.orders += 1
        parent.children.append(made)
        return made

    def _close(self) -> None:
        if len(self.stack) == 1:
            raise Error("Unexpected '}'")
        closed = self.stack.pop()
        known = closed.definition
        required: str | None = self.release.table["required"].get(known.name) if known else None
        if known is None or required is None:
            return
        block = closed.block
        present = required in block.values or any(child.name == required for child in block.children)
        if not present and not block.is_group:
            raise Error(f"Named filter {known.name} is required to have {required} setting, but it is missing")

    # Settings.

    def _setting(self, statement: Statement) -> None:
        top = self.stack[-1]
        key = statement.key if top.key is None else f"{top.key}/{statement.key}"
        text, unknown = self._text(statement)
        if statement.key.startswith("@"):
            self._use_group(top.block, statement, text)
            return
        is_file = statement.style == "file" and self.expansion != "files"
        assignment = Assignment(key, text, statement.place, is_file, unknown)
        try:
            block, name = self._placed(top.block, key, assignment)
        except Error as error:
            raise Error(f"{statement.key}: {error}") from None
        if statement.style == "variable" and self._expands_late:
            self.late.append(_Late(block, name, statement))

    def _use_group(self, block: Block24, statement: Statement, text: str) -> None:
        if block.is_group:
            raise Error("Recursive include groups not allowed")
        use = GroupUse(statement.key[1:], text, statement.place, statement.number)
        block.groups[use.label] = use
        if self.release.number >= (2, 4, 2):
            self._check_group(use)

    def _check_group(self, use: GroupUse) -> None:
        present = [*self.root.children, *self.defaults.children]
        groups = [block for block in present if block.name == f"@{use.label}"]
        if not groups:
            raise Error(f"Unknown group label @{use.label}")
        if all(block.instance != use.name for block in groups):
            raise Error(f"Unknown group @{use.label}={use.name}")

    def _placed(self, block: Block24, path: str, assignment: Assignment) -> tuple[Block24, str]:
        """Set a path in a block, or in one that the path leads to; return where and as what. Raises Error."""
        block, key = self._led(block, path)
        for holder, name in self._candidates(block, key):
            known = self.release.setting(name.partition("/")[0])
            if known is not None:
                self._set(holder, known, name, assignment)
                return holder, name
        raise Error(_unknown(block, key))

    def _led(self, block: Block24, path: str) -> tuple[Block24, str]:
        """Follow ``service/imap-login/...`` to the block that it names."""
        parts = path.split("/")
        while len(parts) > 1:
            known = self.release.setting(parts[0])
            if known is not None and known.type == "filters" and len(parts) > 2:
                made = Block24(block, 0, name=parts[0], instance=parts[1], place=self._place)
                parts = parts[2:]
            elif known is not None and known.type == "filter":
                made = Block24(block, 0, name=parts[0], place=self._place)
                parts = parts[1:]
            else:
                break
            block = self._block(block, made)
        return block, "/".join(parts)

    @property
    def _place(self) -> Span:
        assert self.statement is not None  # noqa: S101 - only asked while a statement is taken
        return self.statement.place

    def _candidates(self, block: Block24, key: str) -> list[tuple[Block24, str]]:
        """Return what a key may mean inside a named filter, in the order in which Dovecot tries it."""
        found: list[tuple[Block24, str]] = []
        if block.name is not None:
            kind = block.name.removeprefix("@")
            if block.instance is not None:
                found.append((block, f"{kind}_{block.instance.replace('/', '_')}_{key}"))
                found.append((block, f"{kind}_{key}"))
            elif block.parent is not None:
                # ssl_server { cert_file } is ssl_server_cert_file of what is around ssl_server
                found.append((block.parent, key if key.startswith(f"{kind}_") else f"{kind}_{key}"))
            found = [each for each in found if self._takes_prefix(each[1])]
        return [*found, (block, key)]

    def _set(self, block: Block24, known: Known, name: str, assignment: Assignment) -> None:
        if known.name in NOT_IN_GROUPS and block.is_group:
            raise Error(f"{known.name} cannot currently be defined inside groups")
        text = assignment.text
        if known.type in LISTS:
            self._set_list(block, known, name, assignment)
        elif known.type == "filters":
            raise Error(f"Setting is a named list filter, use '{known.name} {text} {{'")
        elif known.type == "filter":
            raise Error(f"Setting is a named filter, use '{known.name} {{'")
        else:
            before = block.values.get(name)
            block.values[name] = Assignment(
                name, text, assignment.place, assignment.is_file, assignment.unknown, before
            )
            if not assignment.is_file:
                self._check(known, text)
        if known.name in self.release.auth_settings and block.is_limited:
            raise Error(f"Auth settings not supported inside local/remote blocks: {name}")

    def _check(self, known: Known, text: str) -> None:
        try:
            check(known.type, text, "2.4")
        except Refused as refused:
            raise Error(str(refused)) from None
        if self.release.number >= (2, 4, 2) and known.type != "file" and _UNCLOSED.search(text):
            raise Error(f"{text}: syntax error, unexpected end of file")

    def _set_list(self, block: Block24, known: Known, name: str, assignment: Assignment) -> None:
        _, slash, member = name.partition("/")
        text = assignment.text
        value = block.lists.get(known.name)
        if slash:
            if known.type == "boollist" and "%{" not in text and "$" not in text:
                try:
                    boolean(text)
                except Refused as refused:
                    raise Error(str(refused)) from None
            if value is None:
                value = block.lists[known.name] = ListValue(self._default_members(block, known.name))
            value.members[member] = assignment
            value.place = assignment.place
            return
        if known.type == "strlist":
            if text:
                raise Error(f"Setting is a string list, use '{known.name} {{'")
            block.lists[known.name] = ListValue({}, stops=True, place=assignment.place)
            return
        try:
            members = list_members(text)
        except Refused as refused:
            raise Error(str(refused)) from None
        made = {each: Assignment(each, "yes", assignment.place) for each in members}
        block.lists[known.name] = ListValue(made, stops=True, place=assignment.place)

    def _default_members(self, block: Block24, name: str) -> dict[str, Assignment]:
        """Return what a list that is written in a block of its own is added to: the built-in list of that filter."""
        default: Block24 | None = self.defaults
        for each in block.path():
            default = default.child(each.key) if default is not None else None
        found = default.lists.get(name) if default is not None else None
        return dict(found.members) if found is not None else {}

    # Values.

    @property
    def _expands_late(self) -> bool:
        return self.release.number >= (2, 4, 2) and self.expansion != "print"

    def _text(self, statement: Statement) -> tuple[str, Reason | None]:
        """Return the text of a value, and why it is not known if it is not; raise Error."""
        if statement.style == "file":
            if self.expansion != "files":
                return f"<{statement.value}", None
            try:
                return self.reader.content(statement.value), None
            except ReadError as error:
                raise Error(f"{statement.key}: Can't open file {error.place}: {error.message}") from None
        if statement.style != "variable":
            return statement.value, None
        return self._expanded(statement.key, statement.value, [each.block for each in reversed(self.stack)], late=False)

    def _expanded(self, key: str, value: str, blocks: list[Block24], *, late: bool) -> tuple[str, Reason | None]:
        result: list[str] = []
        unknown: Reason | None = None
        for word in value.split(" "):
            itself = word == f"$SET:{key}"
            if not itself and (self.expansion == "print" or (self._expands_late and not late)):
                result.append(word)
            elif word.startswith("$ENV:"):
                if self.environment is None:
                    unknown = Reason("host-only", f"{word} is of the environment of the daemon")
                result.append((self.environment or {}).get(word[5:], ""))
            elif word.startswith("$SET:"):
                text, reason = self._variable(word[5:], blocks if itself or late else blocks[:1])
                unknown = unknown or reason
                result.append(text)
            else:
                result.append(word)
        return " ".join(result), unknown

    def _variable(self, name: str, blocks: list[Block24]) -> tuple[str, Reason | None]:
        known = self.release.setting(name)
        prefix = f"Failed to expand $SET:{name}: " if self._expands_late else ""
        if known is None:
            raise Error(f"{prefix}Unknown setting: {name}")
        if known.type in (*LISTS, *NAMED):
            raise Error(f"Failed to expand $SET:{name}: Setting type can't be expanded to string")
        for block in blocks:
            if name in block.values:
                return block.values[name].text, block.values[name].unknown
        return known.default or "", None

    def finish(self) -> None:
        """Expand what is expanded last, and check what can be checked only now."""
        for late in self.late:
            self.statement = late.statement
            assignment = late.block.values.get(late.name)
            if assignment is None or assignment.place != late.statement.place:
                continue
            blocks = [*reversed(late.block.path()), self.root]
            try:
                text, unknown = self._expanded(late.name, assignment.text, blocks, late=True)
            except Error as error:
                self._fail(str(error), late.statement)
                continue
            late.block.values[late.name] = Assignment(late.name, text, assignment.place, unknown=unknown)
        if self.release.number < (2, 4, 2):
            self._check_groups()
        if not any(problem.kind == "fatal" for problem in self.reader.problems):
            self._check_end()

    def _check_groups(self) -> None:
        for block in self.root.walk():
            for use in block.groups.values():
                try:
                    self._check_group(use)
                except Error as error:
                    self.reader.problems.append(Problem("fatal", str(error), use.place, "", use.number))

    def _check_end(self) -> None:
        if len(self.stack) > 1:
            place = self.stack[-1].place
            if place is not None:
                text = f"Missing '}}' (section started at {place.path}:{place.end_line})"
                hint = "close the section with a } on a line of its own"
                self.reader.problems.append(Problem("fatal", text, place, hint))
        elif "dovecot_storage_version" not in self.root.values:
            hint = f"add dovecot_storage_version = {self.release.version}"
            place = self.reader.files[0].end()
            text = "dovecot_storage_version setting must be set"
            self.reader.problems.append(Problem("fatal", text, place, hint))


def supported_versions(release: Release) -> tuple[str, ...]:
    """Return the values that ``dovecot_config_version`` may have."""
    patch = release.number[2] if len(release.number) > 2 else 0
    if patch < 2:
        return tuple(dict.fromkeys(("2.4.0", f"2.4.{patch}")))
    return tuple(f"2.4.{each}" for each in range(patch + 1))


def _prefixes(block: Block24, key: str) -> tuple[str, ...]:
    if block.name is None:
        return ()
    kind = block.name
    if block.instance is None:
        return (f"{kind}_{key}",)
    return (f"{kind}_{block.instance.replace('/', '_')}_{key}", f"{kind}_{key}")


def _criterion(key: str, name: str, parent: Block24) -> Filter:
    """Return the filter of a section inside another; raise FilterError."""
    if key == "local_name" and " " in name:
        raise FilterError("Multiple names no longer supported in local_name value")
    check_nesting(Filter(), key, parent.limits)
    if parent.name is not None:
        raise FilterError(
            f"{parent.name} {{ {key} {{ .. }} }} not allowed (use {key} {{ {parent.name} {{ .. }} }} instead)"
        )
    if key == "protocol":
        return Filter(protocol=name)
    if key == "local_name":
        return Filter(local_name=name.lower())
    made = Filter(local=network(name)) if key == "local" else Filter(remote=network(name))
    check_nesting(made, key, parent.limits)
    return made


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


def _unknown(block: Block24, key: str) -> str:
    text = f"Unknown setting: {key}"
    if block.name is None:
        return text
    tried = f"{block.name}_{key}"
    if block.instance is not None:
        tried += f" or {block.name}_{block.instance.replace('/', '_')}_{key}"
    return f"{text} ({tried} not found either.)"


def read24(
    tree: Tree, path: str, release: Release, *, expansion: Expansion = "daemon", environment: Environment = None
) -> Configuration24:
    """Read a configuration from its entry file on; raise ReadError if that cannot be read."""
    reader = Reader(tree, "2.4", strict_escapes=release.number >= (2, 4, 2), host=host_of(tree, path))
    root = Block24(None, 0)
    parser = Parser(release, expansion, environment, reader, root, [_Open(root, None, None)], built_in(release))
    for statement in reader.statements(path):
        parser.take(statement)
    parser.finish()
    return Configuration24(
        release,
        reader.files[0],
        root,
        parser.config_version or "",
        tuple(reader.problems),
        tuple(reader.files),
        reader.missing_protocols,
    )
