"""Read a configuration of 2.4: each statement applied in the order in which Dovecot applies it, then what Dovecot
leaves until all is read.

All errors are collected; the first is the one that Dovecot dies of.
"""

from __future__ import annotations

from checker.dovecot.config import Assignment
from checker.dovecot.expand import Environment, Expander, Expansion
from checker.dovecot.groups24 import check_group
from checker.dovecot.include import Problem, Reader, host_of, unclosed
from checker.dovecot.parser24 import Open, Parser, Waiting
from checker.dovecot.release import Release
from checker.dovecot.syntax import Statement
from checker.dovecot.tree24 import Block24, Configuration24, built_in
from checker.dovecot.types import Refused, check
from checker.dovecot.variables24 import variables
from checker.dovecot.version24 import ConfigVersion
from checker.tree import Tree

HEREDOC_SINCE = (2, 4, 5)
"""The release from which on ``<<EOF`` begins a text of several lines, as far as is known: 2.4.1 has none."""

NO_STORAGE_VERSION = "dovecot_storage_version setting must be set"
"""What Dovecot dies of where nothing else is wrong."""


def read24(
    tree: Tree, path: str, release: Release, *, expansion: Expansion = "daemon", environment: Environment = None
) -> Configuration24:
    """Read a configuration from its entry file on; raise ReadError if that cannot be read."""
    reader = Reader(tree, "2.4", strict_escapes=release.number >= (2, 4, 2), host=host_of(tree, path))
    reader.heredocs = release.number >= HEREDOC_SINCE
    root = Block24(None, 0)
    expander = Expander(release, expansion, environment, reader)
    parser = Parser(release, expander, root, built_in(release), [Open(root, None, None)])
    version = ConfigVersion(release)
    for statement in reader.statements(path):
        _take(parser, version, statement)
    for waiting in parser.waiting:
        _expand(parser, waiting)
    _finish(parser)
    return Configuration24(
        release,
        reader.files[0],
        tuple(reader.problems),
        tuple(reader.files),
        reader.missing_protocols,
        root,
        version.value or "",
    )


def _take(parser: Parser, version: ConfigVersion, statement: Statement) -> None:
    """Apply a statement; what is wrong with it becomes a problem."""
    try:
        if not version.take(statement, lambda text: parser.fail(text, statement)):
            parser.apply(statement)
    except Refused as refused:
        parser.fail(str(refused), statement)


def _expand(parser: Parser, waiting: Waiting) -> None:
    """Expand a value that has waited for all others, unless it has been set again since."""
    block, name = waiting.block, waiting.name
    if "/" in name:
        _expand_member(parser, waiting)
        return
    assignment = block.values.get(name)
    if assignment is None or assignment.place != waiting.statement.place:
        return

    try:
        value = parser.expander.expanded(name, assignment.text, parser.late(block), at_end=True)
        known = parser.release.setting(name)
        if known is not None and value.unknown is None:
            check(known.type, value.text, "2.4")
    except Refused as refused:
        parser.fail(f"{waiting.statement.key}: {refused}", waiting.statement)
        return
    block.values[name] = Assignment(name, value.text, assignment.place, unknown=value.unknown)


def _expand_member(parser: Parser, waiting: Waiting) -> None:
    """Expand a member of a list."""
    name, _, member = waiting.name.partition("/")
    found = waiting.block.lists.get(name)
    assignment = found.members.get(member) if found is not None else None
    if found is None or assignment is None or assignment.place != waiting.statement.place:
        return
    try:
        value = parser.expander.expanded(waiting.name, assignment.text, parser.late(waiting.block), at_end=True)
        known = parser.release.setting(name)
        if known is not None and known.type == "boollist" and value.unknown is None:
            check("bool", value.text, "2.4")
    except Refused as refused:
        parser.fail(f"{waiting.statement.key}: {refused}", waiting.statement)
        return
    found.members[member] = Assignment(waiting.name, value.text, assignment.place, unknown=value.unknown)


def _finish(parser: Parser) -> None:
    """Note what Dovecot finds once all is read, in the order in which it looks (config_parse_finish). Releases before
    2.4.2 look for groups only now, and panic over variables that are not well formed.
    """
    problems = parser.expander.reader.problems
    is_old = parser.release.number < (2, 4, 2)
    for block in parser.root.walk() if is_old else ():
        for use in block.groups.values():
            try:
                check_group(use, parser.root, parser.defaults)
            except Refused as refused:
                problems.append(Problem("fatal", str(refused), use.place, "", use.number, is_late=True))
    section = parser.stack[-1].place
    if section is not None:
        problems.append(unclosed(section))
    if is_old:
        _check_variables(parser)
    version = parser.root.values.get("dovecot_storage_version")
    if not _is_refused(parser) and (version is None or not version.text):
        hint = f"add dovecot_storage_version = {parser.release.version}"
        problems.append(Problem("fatal", NO_STORAGE_VERSION, parser.expander.reader.files[0].end(), hint))


def _is_refused(parser: Parser) -> bool:
    return any(problem.kind == "fatal" for problem in parser.expander.reader.problems)


def _check_variables(parser: Parser) -> None:
    """Note what the release panics over; where it has refused something before, it does not come so far."""
    is_late = _is_refused(parser)
    for block in parser.root.walk():
        for assignment in block.values.values():
            try:
                variables(assignment.text)
            except Refused as refused:
                hint = "close the variable with a }"
                problem = Problem("fatal", str(refused), assignment.place, hint, is_late=is_late)
                parser.expander.reader.problems.append(problem)
