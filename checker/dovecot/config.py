"""A configuration as it was read: what is set, and what is wrong with it. In 2.3 each filter makes one block."""

from __future__ import annotations

from msgspec import Struct, field

from checker.dovecot.filters import Filter
from checker.dovecot.include import Problem
from checker.dovecot.release import Release
from checker.source import Source, Span
from checker.values import Reason


class Assignment(Struct, frozen=True):
    """A setting as written in one place.

    ``text`` is its value; of ``<path`` it is that, since the file's content is none of ours. ``unknown`` says why the
    value cannot be told.
    """

    name: str
    text: str
    place: Span
    is_file: bool = False
    unknown: Reason | None = None


class Block(Struct):
    """What 2.3 collects for one filter. ``values`` are by path (``service/imap-login/inet_listener/imap/port``);
    ``sections`` holds, by the path of a list, the names of its sections in order (``service`` -> imap-login, ...).
    """

    filter: Filter
    place: Span | None
    values: dict[str, Assignment] = field(default_factory=dict)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)


class Configuration(Struct, frozen=True):
    """One Dovecot as written, of either generation."""

    release: Release
    entry: Source
    problems: tuple[Problem, ...]
    files: tuple[Source, ...]
    missing_protocols: bool
    """Which protocols the packages enable is said in a file outside of what is checked."""

    @property
    def fatal(self) -> Problem | None:
        """Return what Dovecot would die of, None if it takes the configuration."""
        return next((problem for problem in self.problems if problem.kind == "fatal"), None)

    @property
    def doubt(self) -> Reason | None:
        """Return why any setting may differ from what was read: an include that was not seen."""
        lost = next((problem for problem in self.problems if problem.kind == "unknown"), None)
        return Reason("not-in-set", lost.text) if lost else None


class Configuration23(Configuration, frozen=True):
    """One Dovecot 2.3 as written. The first block is the one without a filter."""

    blocks: tuple[Block, ...]
