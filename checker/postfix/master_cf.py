"""master.cf: the services, as master/master_ent.c:get_master_ent reads them.

postconf(1) reads the same lines a little differently; its view is in ``checker.postfix.postconf``.
"""

from __future__ import annotations

import re

from msgspec import Struct

from checker.postfix.lines import BLANKS, LogicalLine, logical_lines
from checker.postfix.main_cf import Problem, line_problems
from checker.source import Source, Span

FIELDS = ("service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command")
TYPES = ("inet", "unix", "fifo", "pass", "unix-dgram")
_VALID = {
    "private": re.compile(r"[-yn]"),
    "unprivileged": re.compile(r"[-yn]"),
    "chroot": re.compile(r"[-yn]"),
    "wakeup": re.compile(r"-|\d+\??", re.ASCII),  # postconf lets "?" pass, master(8) dies of it
    "process_limit": re.compile(r"-|\d+", re.ASCII),
}
_BLANKS = " \t\r\n"


class Word(Struct, frozen=True):
    """One word of a line, and where it stands; a word in braces keeps them."""

    text: str
    start: int
    end: int


class Override(Struct, frozen=True):
    """One ``-o name=value`` of a service, as its program understands it."""

    name: str
    value: str
    place: Span


class Service(Struct, frozen=True):
    """One entry of master.cf.

    ``fields`` are the eight columns as written. ``overrides`` holds every ``-o`` in order (the last of a name counts).
    ``deaths`` are the faults by which the service's own program dies when it starts, though master(8) starts happily.
    """

    line: LogicalLine
    words: tuple[Word, ...]
    overrides: tuple[Override, ...]
    deaths: tuple[Problem, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the first eight words."""
        return tuple(word.text for word in self.words[:8])

    @property
    def name(self) -> str:
        """Return the service name column."""
        return self.words[0].text

    @property
    def type(self) -> str:
        """Return the service type column."""
        return self.words[1].text

    @property
    def command(self) -> str:
        """Return the program that runs, without arguments."""
        return self.words[7].text

    @property
    def label(self) -> str:
        """Return ``name/type``, as postconf names a service."""
        return f"{self.name}/{self.type}"

    @property
    def place(self) -> Span:
        """Return the place of the eight columns."""
        return self.line.span(self.words[0].start, self.words[7].end)

    def column(self, number: int) -> Span:
        """Return the place of one of the eight columns, counted from 0."""
        return self.line.span(self.words[number].start, self.words[number].end)

    def effective_overrides(self) -> dict[str, Override]:
        """Return the override that counts for each name."""
        return {override.name: override for override in self.overrides}


class MasterCf(Struct, frozen=True):
    """The services of a file in order, duplicates included, and what master(8) dies of."""

    source: Source
    services: tuple[Service, ...]
    problems: tuple[Problem, ...]


def parse_master_cf(source: Source) -> MasterCf:
    """Read a master.cf. An entry that is fatal to master(8) becomes a problem, and the rest is still read."""
    services: list[Service] = []
    problems: list[Problem] = []
    for line in logical_lines(source):
        problems += line_problems(line)
        if line.ignored:
            continue
        words, is_open = split_words(line.text)
        faults = _faults(line, words)
        arguments, bad_braces = _unbraced(line, words[len(FIELDS) :], is_open=is_open)
        problems += faults + bad_braces
        if len(words) < len(FIELDS) or bad_braces:
            continue
        overrides, deaths = _arguments(line, arguments, words[7].text)
        services.append(Service(line, words, overrides, deaths))
    return MasterCf(source, tuple(services), tuple(problems))


def split_words(text: str) -> tuple[tuple[Word, ...], bool]:
    """Split at blanks; from the ninth word on braces group (mystrtokq).

    Also say whether the last word has a brace that is not closed: it then reaches to the end of the line.
    """
    words: list[Word] = []
    at = 0
    while True:
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        if at == len(text):
            return tuple(words), False
        start, depth = at, 0
        while at < len(text) and (depth or text[at] not in _BLANKS):
            if len(words) >= len(FIELDS):
                depth = max(depth + {"{": 1, "}": -1}.get(text[at], 0), 0)
            at += 1
        words.append(Word(text[start:at], start, at))
        if depth > 0:
            return tuple(words), True


def _faults(line: LogicalLine, words: tuple[Word, ...]) -> list[Problem]:
    """Return what master(8) dies of in the columns of an entry."""
    if len(words) < len(FIELDS):
        hint = "an entry has eight columns: " + " ".join(FIELDS)
        return [Problem("fatal", f"bad field count: {len(words)} instead of {len(FIELDS)}", line.place, hint)]
    faults: list[Problem] = []
    for name, word in zip(FIELDS, words, strict=False):
        place = line.span(word.start, word.end)
        if name == "type" and word.text not in TYPES:
            faults.append(Problem("fatal", f"bad type '{word.text}'", place, "one of " + " ".join(TYPES)))
        elif name in _VALID and not _VALID[name].fullmatch(word.text):
            faults.append(Problem("fatal", f"bad {name} field '{word.text}'", place))
    if words[1].text == "inet" and words[2].text in "y-":
        # The default "-" means y here, too (master_ent.c); postconf(1) is silent about it.
        place = line.span(words[2].start, words[2].end)
        faults.append(
            Problem("fatal", "inet service cannot be private", place, "write n in the third column", is_masters=True)
        )
    return faults


def _unbraced(
    line: LogicalLine, arguments: tuple[Word, ...], *, is_open: bool
) -> tuple[tuple[Word, ...], list[Problem]]:
    """Return the arguments as master(8) hands them to the program: of one that begins with a brace, what is inside the
    braces, trimmed (util/extpar.c). Also return what master(8) dies of.
    """
    found: list[Word] = []
    faults: list[Problem] = []
    for word in arguments:
        if not word.text.startswith("{"):
            found.append(word)
            continue
        place = line.span(word.start, word.end)
        end = _closing_brace(word.text)
        if is_open and end is None:
            faults.append(Problem("fatal", f"missing '}}' in '{word.text}'", place, is_masters=True))
        elif end != len(word.text) - 1:
            faults.append(Problem("fatal", f"syntax error after '}}' in '{word.text}'", place, is_masters=True))
        inner = word.text[1:end]
        start = word.start + 1 + len(inner) - len(inner.lstrip(_BLANKS))
        text = inner.strip(_BLANKS)
        found.append(Word(text, start, start + len(text)))
    return tuple(found), faults


def _closing_brace(text: str) -> int | None:
    """Return where the brace that begins a text is closed."""
    depth = 0
    for match in re.finditer("[{}]", text):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return None


TAKES_ARGUMENT = frozenset("imnost")
FLAGS = frozenset("cdDlruvVz")
"""The options of a server program, with and without an argument (GETOPT in master/multi_server.c, event_server.c)."""


def _arguments(
    line: LogicalLine, arguments: tuple[Word, ...], command: str
) -> tuple[tuple[Override, ...], tuple[Problem, ...]]:
    """Return the overrides of a service, and the faults its program dies of, as getopt(3) sees the arguments."""
    overrides: list[Override] = []
    deaths: list[Problem] = []
    at = 0
    while at < len(arguments):
        word = arguments[at]
        if not word.text.startswith("-") or word.text == "-":
            break
        at += 1
        if word.text == "--":
            break
        value = _option_value(line, word, arguments[at : at + 1], deaths)
        if value is None:
            continue
        letter, value_word = value
        at += value_word in arguments[at : at + 1]
        if letter == "o":
            _add_override(line, value_word, overrides, deaths)
    if command in ("smtp", "lmtp"):  # smtp/smtp.c:get_cli_attr
        at += sum(word.text.lower().startswith("flags=") for word in arguments[at:])
    if at < len(arguments) and command not in ("pipe", "spawn"):
        stray = arguments[at]
        hint = "write -o name=value without blanks, or -o { name = value }"
        place = line.span(stray.start, stray.end)
        deaths.append(Problem("fatal", f"unexpected command-line argument '{stray.text}'", place, hint))
    return tuple(overrides), tuple(deaths)


def _option_value(
    line: LogicalLine, word: Word, following: tuple[Word, ...], deaths: list[Problem]
) -> tuple[str, Word] | None:
    """Return the letter and the argument of a word's last option (``-vo x=y``), None if no option of it takes one."""
    for position, letter in enumerate(word.text[1:], 2):
        if letter in FLAGS:
            continue
        if letter not in TAKES_ARGUMENT:
            deaths.append(Problem("fatal", f"invalid option -{letter}", line.span(word.start, word.end)))
        elif word.text[position:]:
            return letter, Word(word.text[position:], word.start + position, word.end)
        elif following:
            return letter, following[0]
        else:
            deaths.append(Problem("fatal", f"option -{letter} lacks its argument", line.span(word.start, word.end)))
    return None


def _add_override(line: LogicalLine, word: Word, overrides: list[Override], deaths: list[Problem]) -> None:
    place = line.span(word.start, word.end)
    name, equals, value = word.text.partition("=")
    if not equals or not name.strip(BLANKS):
        missing = "missing '=' after attribute name" if not equals else "missing attribute name"
        text = f"invalid -o option value '{word.text}': {missing}"
        deaths.append(Problem("fatal", text, place, "write -o name=value without blanks, or -o { name = value }"))
        return
    overrides.append(Override(name.strip(BLANKS), value.strip(BLANKS), place))
