"""Read YAML as rules mean it: plain data, and where each part of it stands.

Only ``true``, ``false``, ``null`` and integers are special; everything else is text (``no``, ``0600`` and ``1.2`` stay
what they look like). Keys are always text. Aliases, tags, duplicate keys and further documents are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from checker.errors import UserError
from checker.resources import compiled_rule

MAX_BYTES = 256 * 1024
"""A rule beyond this is refused: real ones are a few KiB."""

MAX_DEPTH = 32
"""Deeper nesting is refused: real conditions nest five or six deep."""

Steps: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a part of a document."""

_INTEGER = r"-?(?:0|[1-9][0-9]{0,17})"
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "": None}


class Places(Struct, frozen=True):
    """Line and column of each value, and of each mapping's key."""

    values: Mapping[Steps, tuple[int, int]]
    keys: Mapping[Steps, tuple[int, int]]


class Document(Struct, frozen=True, dict=True):
    """One file. What is not given is read when somebody asks for it: the rules of an installed package come compiled,
    so their ``data``, and the ``places`` of its parts, are seldom needed.
    """

    path: str
    given: Any = None
    found: Places | None = None

    @cached_property
    def data(self) -> Any:
        """Return the file as plain data."""
        return read(Path(self.path)).given if self.given is None else self.given

    @cached_property
    def places(self) -> Places:
        """Return where the parts stand."""
        found = self.found or parse(_text(Path(self.path)), self.path).found
        assert found is not None  # noqa: S101 - a parsed document has its places
        return found

    @property
    def values(self) -> Mapping[Steps, tuple[int, int]]:
        """Return line and column of each value."""
        return self.places.values

    @property
    def keys(self) -> Mapping[Steps, tuple[int, int]]:
        """Return line and column of each mapping's key."""
        return self.places.keys

    @property
    def root(self) -> Node:
        """Return the whole as a node."""
        return Node(self, (), self.data)

    def node(self, steps: Iterable[str | int]) -> Node:
        """Return the node at the end of some steps, or the last one on the way there."""
        node = self.root
        for step in steps:
            if (*node.steps, step) not in self.values:
                break
            node = node[step]
        return node


class Node(Struct, frozen=True):
    """A part of a document: its data, and the steps that lead to it."""

    document: Document
    steps: Steps
    data: Any

    def __getitem__(self, step: str | int) -> Node:
        return Node(self.document, (*self.steps, step), self.data[step])

    def __contains__(self, key: str) -> bool:
        return isinstance(self.data, dict) and key in self.data

    def items(self) -> Iterator[tuple[str, Node]]:
        """Yield the keys and parts of a mapping."""
        for key in self.data:
            yield key, self[key]

    def members(self) -> Iterator[Node]:
        """Yield the members of a list."""
        for index in range(len(self.data)):
            yield self[index]

    @property
    def place(self) -> str:
        """Return ``path:line:column``."""
        line, column = self.document.values[self.steps]
        return f"{self.document.path}:{line}:{column}"

    @property
    def line(self) -> int:
        """Return the line where this begins."""
        return self.document.values[self.steps][0]

    def error(self, message: str, hint: str = "") -> UserError:
        """Return the error that says what is wrong with this part."""
        return UserError(message, place=self.place, hint=hint)

    def key_error(self, message: str, hint: str = "") -> UserError:
        """Return the error that says what is wrong with the key of this part."""
        line, column = self.document.keys.get(self.steps) or self.document.values[self.steps]
        return UserError(message, place=f"{self.document.path}:{line}:{column}", hint=hint)


def read(path: Path) -> Document:
    """Read a file; raise UserError where it cannot be read or understood."""
    compiled = compiled_rule(path)
    return parse(_text(path), str(path)) if compiled is None else Document(str(path), compiled)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror}", place=str(path)) from None
    if len(data) > MAX_BYTES:
        raise UserError(f"is larger than {MAX_BYTES >> 10} KiB", place=str(path), hint="one rule or profile a file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError("is not UTF-8", place=f"{path}:{line}", hint="save the file as UTF-8") from None


def parse(text: str, path: str) -> Document:
    """Read a text; raise UserError with line and column where it is not understood."""
    import yaml  # noqa: PLC0415 - slow to load, and the rules of an installed package come compiled

    reader = _Reader(path)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = reader.document(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise UserError(f"is not YAML: {error.problem or error.context}", place=where) from None
    except yaml.YAMLError as error:
        raise UserError(f"is not YAML: {' '.join(str(error).split())}", place=path) from None
    return Document(path, data, Places(reader.values, reader.keys))


class _Reader:
    """Builds data from parse events, and notes where each part began."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.values: dict[Steps, tuple[int, int]] = {}
        self.keys: dict[Steps, tuple[int, int]] = {}

    def document(self, events: Iterator[Any]) -> Any:
        data = None
        documents = 0
        for event in events:
            if _is(event, "DocumentStartEvent"):
                documents += 1
                if documents > 1:
                    raise self._error(event, "holds a second document", "one rule or profile a file")
                data = self._node(next(events), events, ())
        if not documents:
            raise UserError("is empty", place=self.path)
        return data

    def _error(self, event: Any, message: str, hint: str = "") -> UserError:
        line, column = _position(event)
        return UserError(message, place=f"{self.path}:{line}:{column}", hint=hint)

    def _node(self, event: Any, events: Iterator[Any], steps: Steps) -> Any:
        if _is(event, "AliasEvent"):
            raise self._error(event, "aliases (`*name`) are not allowed", "write the value out")
        if event.tag is not None:
            raise self._error(event, "tags (`!name`) are not allowed", "put text that begins with `!` in quotes")
        if len(steps) > MAX_DEPTH:
            raise self._error(event, f"is nested deeper than {MAX_DEPTH} levels")
        self.values[steps] = _position(event)
        if _is(event, "ScalarEvent"):
            return _plain(event.value) if event.implicit[0] else event.value
        if _is(event, "SequenceStartEvent"):
            items: list[Any] = []
            while not _is(event := next(events), "SequenceEndEvent"):
                items.append(self._node(event, events, (*steps, len(items))))
            return items
        return self._mapping(events, steps)

    def _mapping(self, events: Iterator[Any], steps: Steps) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not _is(event := next(events), "MappingEndEvent"):
            if not _is(event, "ScalarEvent"):
                raise self._error(event, "a key must be a word", "put text that begins with `[`, `{` or `*` in quotes")
            key = event.value
            at = (*steps, key)
            if key in found:
                raise self._error(event, f"`{key}` stands here twice", f"first at line {self.keys[at][0]}")
            self.keys[at] = _position(event)
            found[key] = self._node(next(events), events, at)
        return found


def _is(event: Any, kind: str) -> bool:
    """Say whether a parse event is of a kind; by its name, so that yaml need not be loaded for this module."""
    return type(event).__name__ == kind


def _position(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _plain(text: str) -> bool | int | str | None:
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if re.fullmatch(_INTEGER, text) else text
