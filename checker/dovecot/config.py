"""A configuration as it was read: assignments in the blocks that filters make, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.dovecot.filters import Filter
from checker.dovecot.include import Problem
from checker.dovecot.release import Release
from checker.source import Source, Span
from checker.values import Reason


@dataclass(frozen=True, slots=True)
class Assignment:
    """A setting as written in one place.

    ``text`` is its value; of ``<path`` it is that, since the file's content is none of ours. ``unknown`` says why the
    value cannot be told. ``earlier`` is what the same block said before.
    """

    name: str
    text: str
    place: Span
    is_file: bool = False
    unknown: Reason | None = None
    earlier: Assignment | None = None


@dataclass(slots=True)
class Block:
    """What 2.3 collects for one filter. ``values`` are by path (``service/imap-login/inet_listener/imap/port``);
    ``sections`` holds, by the path of a list, the names of its sections in order (``service`` -> imap-login, ...).
    """

    filter: Filter
    place: Span | None
    values: dict[str, Assignment] = field(default_factory=dict)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)

    def set(self, path: str, assignment: Assignment) -> None:
        """Let an assignment replace what was said before."""
        before = self.values.get(path)
        if before is not None:
            assignment = Assignment(
                assignment.name,
                assignment.text,
                assignment.place,
                assignment.is_file,
                assignment.unknown,
                before if before.earlier is None else Assignment(before.name, before.text, before.place),
            )
        self.values[path] = assignment


@dataclass(frozen=True, slots=True)
class Configuration23:
    """One Dovecot 2.3 as written. The first block is the one without a filter."""

    release: Release
    entry: Source
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    files: tuple[Source, ...]
    missing_protocols: bool = False

    @property
    def fatal(self) -> Problem | None:
        """Return what Dovecot would die of, None if it takes the configuration."""
        return next((problem for problem in self.problems if problem.kind == "fatal"), None)

    @property
    def doubt(self) -> Reason | None:
        """Return why any setting may differ from what was read: an include that was not seen."""
        lost = next((problem for problem in self.problems if problem.kind == "unknown"), None)
        return Reason("not-in-set", lost.text) if lost else None


Environment = Mapping[str, str] | None
"""The environment of ``$ENV:``, None where it is not known."""


def escaped(name: str) -> str:
    """Return a section's name as it stands in a path."""
    for char, escape in (("\\", "\\\\"), ("=", "\\e"), ("/", "\\s"), (" ", "\\_"), (",", "\\+")):
        name = name.replace(char, escape)
    return name


def unescaped(part: str) -> str:
    """Return the name that stands in a path."""
    result: list[str] = []
    at = 0
    while at < len(part):
        if part[at] == "\\" and at + 1 < len(part):
            at += 1
            result.append({"e": "=", "s": "/", "_": " ", "+": ","}.get(part[at], part[at]))
        else:
            result.append(part[at])
        at += 1
    return "".join(result)
