"""The statements of a configuration in the order in which Dovecot reads them, through all files that it includes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct, field

from checker.dovecot.heredoc import Heredoc, delimiter_of
from checker.dovecot.lines import Generation, Joiner, LogicalLine, next_line
from checker.dovecot.patterns import TooManyError, alternatives, matches
from checker.dovecot.syntax import Statement, parse_statement
from checker.source import Source, Span
from checker.tree import DiskTree, ReadError, Tree, normal

MAX_FILES = 4096
"""More files than this and the rest is not read: a file may be included often, so a few files can multiply."""

MAX_DEPTH = 64

PROTOCOLS_DIRECTORY = "/usr/share/dovecot/protocols.d/"
"""Where Debian's packages say which protocols are installed."""

CONFIGURATION_PLACES = ("etc/dovecot", "usr/local/etc/dovecot")

ProblemKind = Literal["fatal", "unknown", "lost", "warning"]


class Problem(Struct, frozen=True):
    """Something that Dovecot refuses (``fatal``), that we cannot see (``unknown``), that it drops without a word
    (``lost``) or warns of, and where. ``number`` is the line that Dovecot names, None if it names none. What
    ``is_late`` is found once all is read: doveconf prints the settings all the same.
    """

    kind: ProblemKind
    text: str
    place: Span
    hint: str = ""
    number: int | None = None
    is_late: bool = False


class Reader(Struct):
    """Reads the files of one configuration. ``problems`` and ``files`` grow while the statements are taken.

    ``host`` is what stands before ``etc/dovecot`` in the tree where the tree is no host itself: absolute patterns are
    looked up below it; None where they lie outside.
    """

    tree: Tree
    generation: Generation
    strict_escapes: bool
    host: str | None
    problems: list[Problem] = field(default_factory=list)
    files: list[Source] = field(default_factory=list)
    missing_protocols: bool = False
    current: str = ""
    heredocs: bool = False

    def content(self, path: str) -> str:
        """Return what ``<path`` stands for in the file that is being read; raise ReadError."""
        place = self._place(path, self.current)
        if place is None:
            raise ReadError("outside", path, "lies outside of what is checked")
        return self.tree.read(normal(place)).text

    def absolute(self, path: str) -> str:
        """Return the path of a file that is named in the one that is being read, as Dovecot prints it."""
        place = self._place(path, self.current)
        if place is None or path.startswith("/"):
            return path
        shown = self.tree.shown(normal(place))
        return str(self.tree.root / shown) if isinstance(self.tree, DiskTree) else shown

    def statements(self, path: str) -> Iterator[Statement]:
        """Yield the statements from a file on; raise ReadError if that file cannot be read."""
        joiner = Joiner(self.generation)
        first = self.tree.read(path)
        yield from self._read(first, path, (path,), joiner)
        pending = joiner.pending()
        if pending is not None:
            self._lost(pending, "the file ends here")

    def _read(self, source: Source, path: str, stack: tuple[str, ...], joiner: Joiner) -> Iterator[Statement]:
        self.files.append(source)
        long: Heredoc | None = None
        number = 0
        while (number := next_line(source, number, waits=long is not None or joiner.waits)) < len(source.line_starts):
            start = source.line_starts[number]
            number += 1
            if long is not None:
                ended = long.feed(source, start, number)
                if ended is not None:
                    long = None
                    yield ended
                continue
            line = joiner.feed(source, start, number)
            if line is None:
                continue
            if isinstance(line, Span):
                self._lost(line, "an empty line or a comment follows")
                continue
            if line.ambiguous is not None:
                said = "a comment begins without a blank before it"
                self.problems.append(Problem("warning", said, line.ambiguous, "put a blank before the #", number))
            statement = parse_statement(line, self.generation, strict_escapes=self.strict_escapes)
            self.current = path
            if self.heredocs and (delimiter := delimiter_of(statement)):
                long = Heredoc(statement, delimiter)
                continue
            yield statement
            if statement.kind in ("include", "include_try"):
                for name, included in self._included(statement, path, stack):
                    yield from self._read(included, name, (*stack, name), joiner)

        if long is not None:
            yield long.missing(len(source.line_starts))

    def _lost(self, place: Span, why: str) -> None:
        hint = "remove the backslash at the end of the line, or what separates it from its continuation"
        self.problems.append(Problem("lost", f"the line is continued, but {why}: it is not read", place, hint))

    def _included(self, statement: Statement, path: str, stack: tuple[str, ...]) -> list[tuple[str, Source]]:
        """Return the files that an include names, by their paths, in the order in which they are read."""
        try:
            patterns = alternatives(statement.value)
        except TooManyError:
            self._fatal(statement, "the pattern has too many alternatives", "")
            return []
        found: list[str] = []
        for pattern in patterns:
            place = self._place(pattern, path)
            if pattern.startswith(PROTOCOLS_DIRECTORY) and self._lacks_protocols(place):
                self.missing_protocols = True
                return []
            if place is None:
                self._outside(statement, pattern)
                return []
            found += matches(self.tree, place)
        if not found:
            if statement.kind == "include":
                hint = "correct the pattern, or write !include_try where there may be no such file"
                self._fatal(statement, "No matches", hint)
            return []
        if len(stack) >= MAX_DEPTH or len(self.files) + len(found) > MAX_FILES:
            text = f"more than {MAX_DEPTH} files deep or {MAX_FILES} files"
            self.problems.append(Problem("unknown", f"includes {text} are not read", statement.place))
            return []
        return self._opened(found, statement, stack)

    def _opened(self, names: list[str], statement: Statement, stack: tuple[str, ...]) -> list[tuple[str, Source]]:
        """Open the last file first, as config-parser.c:settings_include does to read them in order: what is wrong with
        one it reports at the line 0 of the one that it has opened just before.
        """
        opened: list[tuple[str, Source]] = []
        for name in reversed(names):
            if name in stack or any(name == other for other, _ in opened):
                text, hint = f"Recursive include file: {self.tree.shown(name)}", "remove one of the includes"
                self._fatal(statement, text, hint, opened)
                continue
            source = self._open(name, statement, opened)
            if source is not None:
                opened.append((name, source))
        return opened[::-1]

    def _place(self, pattern: str, path: str) -> str | None:
        """Return where in the tree a pattern points, None if outside."""
        if pattern.startswith("/"):
            if self.tree.is_host:
                return pattern.lstrip("/")
            if self.host is None:
                return None
            return posixpath.join(self.host, pattern.lstrip("/"))
        return posixpath.join(posixpath.dirname(path), pattern)

    def _lacks_protocols(self, place: str | None) -> bool:
        """Say whether the directory in which packages name their protocols is not in the tree: a copied /etc has
        none.
        """
        return place is None or self.tree.kind(posixpath.dirname(place)) != "directory"

    def _outside(self, statement: Statement, pattern: str) -> None:
        text = f"{pattern} lies outside of what is checked: what it sets is unknown"
        self.problems.append(Problem("unknown", text, statement.place, "check the whole host with --root"))

    def _open(self, name: str, statement: Statement, before: list[tuple[str, Source]]) -> Source | None:
        try:
            return self.tree.read(name)
        except ReadError as error:
            if error.fault == "not-a-file" or self.tree.kind(name) == "directory":
                text = f"{self.tree.shown(name)} is a directory: nothing is read from it"
                hint = "name the files, as in conf.d/*.conf"
                self.problems.append(Problem("warning", text, statement.place, hint, statement.number))
            elif error.fault in ("outside", "too-large"):
                text = f"{error}: what it sets is unknown"
                self.problems.append(Problem("unknown", text, statement.place))
            elif statement.kind == "include":
                text = f"Couldn't open include file {self.tree.shown(name)}: {error.message}"
                self._fatal(statement, text, "", before)
        return None

    def _fatal(self, statement: Statement, text: str, hint: str, opened: Sequence[tuple[str, Source]] = ()) -> None:
        place, number = (opened[-1][1].span(0, 0), 0) if opened else (statement.place, statement.number)
        self.problems.append(Problem("fatal", text, place, hint, number))


def unclosed(section: Span) -> Problem:
    """Return the problem of a section that begins at a place and has no end."""
    text = f"Missing '}}' (section started at {section.path}:{section.end_line})"
    return Problem("fatal", text, section, "close the section with a } on a line of its own", is_late=True)


def host_of(tree: Tree, path: str) -> str | None:
    """Return what stands before the usual place of Dovecot's configuration in a path, None if it is elsewhere."""
    if tree.is_host:
        return ""
    directory = posixpath.dirname(path)
    for place in CONFIGURATION_PLACES:
        if directory == place or directory.endswith(f"/{place}"):
            return directory[: -len(place)].rstrip("/")
    return None


def first_statement(source: Source) -> LogicalLine | None:
    """Return the first line of a file that says anything, read as 2.4 reads it."""
    joiner = Joiner("2.4")
    for number, start in enumerate(source.line_starts, 1):
        line = joiner.feed(source, start, number)
        if isinstance(line, LogicalLine):
            return line
    return None


def generation_of(source: Source) -> Generation:
    """Return the generation that a configuration is written for: 2.4 begins with ``dovecot_config_version``."""
    line = first_statement(source)
    return "2.4" if line is not None and line.text.startswith("dovecot_config_version") else "2.3"
