"""Configurations made from text."""

from __future__ import annotations

from collections.abc import Mapping

from checker.dovecot.config import Configuration23
from checker.dovecot.expand import Expansion
from checker.dovecot.filters import Filter, network
from checker.dovecot.include import Problem
from checker.dovecot.lines import Generation, Joiner, LogicalLine
from checker.dovecot.read23 import read23
from checker.dovecot.read24 import read24
from checker.dovecot.release import release
from checker.dovecot.scope import Connection
from checker.dovecot.scope23 import Scope23
from checker.dovecot.scope24 import Scope24
from checker.dovecot.tree24 import Configuration24
from checker.source import Source
from checker.tree import MemoryTree
from checker.values import Known, Unknown, Value

ENTRY = "etc/dovecot/dovecot.conf"
HEAD = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
HEAD_LINES = 2


def tree(text: str | bytes, files: Mapping[str, str] | None = None) -> MemoryTree:
    """Return a tree with the entry file, and others in its directory."""
    made = {ENTRY: text if isinstance(text, bytes) else text.encode()}
    made |= {f"etc/dovecot/{name}": body.encode() for name, body in (files or {}).items()}
    return MemoryTree(made)


def made23(
    text: str | bytes,
    files: Mapping[str, str] | None = None,
    *,
    version: str = "2.3.19.1",
    expansion: Expansion = "daemon",
) -> Configuration23:
    """Return a configuration of 2.3, as Debian's build reads it."""
    return read23(tree(text, files), ENTRY, release(version, "debian-12"), expansion=expansion)


def made24(text: str, version: str = "2.4.1", expansion: Expansion = "daemon") -> Configuration24:
    """Return a configuration of 2.4; the two lines that must begin it are added."""
    return read24(tree(HEAD + text), ENTRY, release(version, None), expansion=expansion)


def scope23(text: str, protocol: str | None = None, **where: str) -> Scope23:
    """Return the scope of a connection, ``local`` and ``remote`` being addresses."""
    return Scope23(made23(text), Connection(_where(protocol, **where)))


def scope24(
    text: str, protocol: str | None = None, service: str | None = None, role: str | None = None, **where: str
) -> Scope24:
    """Return the scope of a connection to a service."""
    return Scope24(made24(text), Connection(_where(protocol, **where), service, role=role))


def _where(protocol: str | None, local: str = "", remote: str = "", local_name: str = "") -> Filter:
    return Filter(
        protocol,
        network(local) if local else None,
        local_name or None,
        network(remote) if remote else None,
    )


def plain(value: Value[object]) -> object:
    """Return a known value; the class of the reason, in angle brackets, of an unknown one."""
    if isinstance(value, Unknown):
        return f"<{value.reason.kind}>"
    assert isinstance(value, Known), value
    return value.value


def fatals(problems: tuple[Problem, ...]) -> list[tuple[int | None, str]]:
    """Return what is fatal, with the lines that Dovecot names."""
    return [(problem.number, problem.text) for problem in problems if problem.kind == "fatal"]


def logical(text: str, generation: Generation = "2.3") -> list[LogicalLine]:
    """Return the logical lines of a text."""
    source = Source("f", text.encode("utf-8", "surrogateescape"))
    joiner = Joiner(generation)
    fed = (joiner.feed(source, start, number) for number, start in enumerate(source.line_starts, 1))
    return [line for line in fed if isinstance(line, LogicalLine)]
