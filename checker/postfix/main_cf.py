"""main.cf: name = value, as util/split_nameval.c and util/dict.c:dict_load_fp read it."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from checker.postfix.lines import BLANKS, LogicalLine, logical_lines
from checker.source import Source, Span

_NAME = re.compile(r"[\t\n\v\f\r ]*([^\t\n\v\f\r =]*)[\t\n\v\f\r ]*(=?)[\t\n\v\f\r ]*")

_TEMPLATE = re.compile(r"^\s*(\{%|<%|\{\{|%%|@@)|\{\{[-~]?\s*[.$]?[A-Za-z_][^={}]*[-~]?\}\}(?!\})")
"""A line that a template engine writes: a directive, or a line that is nothing but a placeholder."""

ProblemKind = Literal["fatal", "ignored", "nul", "template"]


class Problem(Struct, frozen=True):
    """Something that Postfix refuses (``fatal``: none of its programs starts) or drops, and where.

    ``is_masters``: master(8) alone refuses it, postconf(1) is silent.
    """

    kind: ProblemKind
    text: str
    place: Span
    hint: str = ""
    is_masters: bool = False


class Assignment(Struct, frozen=True):
    """One ``name = value``. The value keeps its inner white space; it is trimmed on the right."""

    name: str
    value: str
    place: Span
    value_place: Span


class MainCf(Struct, frozen=True):
    """The assignments of a file in order, duplicates included, and what is wrong with it."""

    source: Source
    assignments: tuple[Assignment, ...]
    problems: tuple[Problem, ...]

    def effective(self) -> dict[str, Assignment]:
        """Return the assignment that counts for each name: the last one."""
        return {assignment.name: assignment for assignment in self.assignments}


def parse_main_cf(source: Source) -> MainCf:
    """Read a main.cf. A line that is fatal to Postfix becomes a problem, and the rest is still read."""
    assignments: list[Assignment] = []
    problems: list[Problem] = []
    for line in logical_lines(source):
        problems += line_problems(line)
        if line.ignored:
            continue
        matched = _NAME.match(line.text)
        assert matched is not None  # noqa: S101 - the expression matches the empty string
        name, equals = matched.groups()
        if not name:
            problems.append(Problem("fatal", "missing attribute name", line.place, "every line is NAME = VALUE"))
            continue
        if not equals:
            problems.append(_without_equals(line))
            continue
        value = line.text[matched.end() :].rstrip(BLANKS)
        start, end = matched.start(1), matched.end()
        whole = line.span(start, max(len(line.text.rstrip(BLANKS)), start + 1))
        assignments.append(Assignment(name, value, whole, line.span(end, end + len(value))))
    return MainCf(source, tuple(assignments), tuple(problems))


def is_template(source: Source) -> bool:
    """Say whether a file has lines that a template engine writes."""
    return any(_TEMPLATE.search(line) for line in source.text.splitlines())


def line_problems(line: LogicalLine) -> list[Problem]:
    """Return what is wrong with a line before its words are looked at; the same for main.cf and master.cf."""
    problems: list[Problem] = []
    if line.cut:
        problems.append(Problem("nul", "the text after a NUL byte is ignored", line.place, "remove the NUL byte"))
    if line.ignored:
        hint = "a line that begins with white space continues the line before it, and there is none: remove the blanks"
        problems.append(Problem("ignored", "the line begins with white space, so Postfix ignores it", line.place, hint))
    return problems


def _without_equals(line: LogicalLine) -> Problem:
    if _TEMPLATE.search(line.text):
        return Problem(
            "template", "this is a template, not a main.cf", line.place, "render it first and check the result"
        )
    return Problem(
        "fatal",
        "missing '=' after attribute name",
        line.place,
        "every line is NAME = VALUE; a continuation begins with white space",
    )
