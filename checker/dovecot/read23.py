"""Read a configuration of 2.3: each statement applied in the order in which Dovecot applies it.

All errors are collected; the first is the one that Dovecot dies of.
"""

from __future__ import annotations

from checker.dovecot import obsolete
from checker.dovecot.config import Block, Configuration23
from checker.dovecot.expand import Environment, Expander, Expansion
from checker.dovecot.filters import Filter
from checker.dovecot.include import Reader, host_of, unclosed
from checker.dovecot.obsolete_auth import OldAuth
from checker.dovecot.parser23 import Open, Parser
from checker.dovecot.release import Release
from checker.dovecot.syntax import Statement
from checker.dovecot.types import Refused
from checker.tree import Tree


def read23(
    tree: Tree, path: str, release: Release, *, expansion: Expansion = "daemon", environment: Environment = None
) -> Configuration23:
    """Read a configuration from its entry file on; raise ReadError if that cannot be read."""
    reader = Reader(tree, "2.3", strict_escapes=False, host=host_of(tree, path))
    root = Block(Filter(), None)
    expander = Expander(release, expansion, environment, reader)
    parser = Parser(release, expander, [root], [Open("", "", root, None)])
    old = OldAuth(parser)
    for statement in reader.statements(path):
        _take(parser, old, statement)
    section = parser.stack[-1].place
    if section is not None:
        reader.problems.append(unclosed(section))
    return Configuration23(
        release,
        reader.files[0],
        tuple(reader.problems),
        tuple(reader.files),
        reader.missing_protocols,
        tuple(parser.blocks),
    )


def _take(parser: Parser, old: OldAuth, statement: Statement) -> None:
    """Apply a statement; what is wrong with it becomes a problem."""
    parser.statement = statement
    depth = len(parser.stack)
    try:
        if parser.stack[-1].is_unheard_of:
            parser.pass_over(statement)
        elif not obsolete.handle(parser, old, statement):
            _apply(parser, statement)
    except Refused as refused:
        parser.fail(str(refused))
        if statement.kind == "open" and len(parser.stack) == depth:
            parser.open_refused(statement)


def _apply(parser: Parser, statement: Statement) -> None:
    if statement.kind == "error":
        raise Refused(statement.value)
    if statement.kind == "setting":
        parser.set_here(statement)
    elif statement.kind == "open":
        parser.open(statement.key, statement.value)
    elif statement.kind == "close":
        parser.close()
