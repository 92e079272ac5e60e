"""From the files of a Dovecot to its facts."""

from __future__ import annotations

import posixpath
import re

from checker.dovecot.absent import excused
from checker.dovecot.endpoints import endpoints
from checker.dovecot.include import Problem, first_statement, generation_of
from checker.dovecot.release import LAST, Release, release
from checker.dovecot.server import Configuration, Server
from checker.dovecot.sockets import sockets
from checker.dovecot.start import starts
from checker.dovecot.trust import trusted
from checker.dovecot.unix_sockets import built_in_sockets, unix_sockets
from checker.facts.authdb import Authdb
from checker.facts.gathered import Gathered
from checker.facts.outbound import Outbound
from checker.facts.process import Process
from checker.facts.software import Software
from checker.facts.types import Release as ReleaseName
from checker.named_files import DOVECOT_PLACES, Files
from checker.releases.tables import number
from checker.result import Notice, SetFacts
from checker.source import Source
from checker.tree import Tree
from checker.values import Known, Origin, Reason, Unknown

_VERSION = re.compile(r"dovecot_config_version\s*=\s*\"?([\d.]+)")


def release_of(tree: Tree, entry: str, version: str | None, platform: str | None) -> Release:
    """Return the release that a set is judged as: the one named, else a packaged one of the generation of the files, or
    the last that is known where they are written for a later one.

    Raises ReadError if the entry file cannot be read, UserError for an unheard-of release.
    """
    source = tree.read(entry)
    judged_as = release(version, platform, generation_of(source))
    wanted = _VERSION.match(first.text) if (first := first_statement(source)) is not None else None
    if version is None and platform is None and wanted is not None and judged_as.number < number(wanted[1]) <= LAST:
        return release(".".join(map(str, LAST)), None)
    return judged_as


def describe(tree: Tree, entry: str, judged_as: Release, *, directory: str, assumed: str | None = None) -> SetFacts:
    """Return the facts of the Dovecot whose entry file this is; raise ReadError if that cannot be read."""
    configuration = _read(tree, entry, judged_as)
    server = Server(configuration if tree.is_host else excused(configuration))
    listening = tuple(sockets(server))
    named = Files(tree, posixpath.dirname(entry), DOVECOT_PLACES)
    place = configuration.entry.span(0, 0)
    origin = Origin(configuration.entry.path, place)
    software = Software(
        id=f"dovecot:{directory}" if directory else "dovecot",
        origins=(origin,),
        product=Known("dovecot", (origin,)),
        source=Known("config"),
        release=Known(ReleaseName(judged_as.version)),
        platform=Known(judged_as.platform),
        assumed=Known(assumed),
        starts=starts(server, listening),
        files=(*configuration.files, *_files_of_drivers(server, named)),
        settings=server.scope(),
    )
    return SetFacts(
        software,
        (*endpoints(server, listening), *unix_sockets(server)),
        trusted(server),
        tuple(map(_notice, server.configuration.problems)),
        _missing(server),
        {
            "outbound": Gathered(lambda: _outbound(server, named)),
            "authdb": Gathered(lambda: _authdbs(server, named)),
            "process": Gathered(lambda: _processes(server)),
        },
        built_in=Gathered(lambda: built_in_sockets(server)),
    )


def _read(tree: Tree, entry: str, judged_as: Release) -> Configuration:
    """Read the files with the reader of their generation; the other is not loaded."""
    if judged_as.generation == "2.3":
        from checker.dovecot.read23 import read23  # noqa: PLC0415

        return read23(tree, entry, judged_as)
    from checker.dovecot.read24 import read24  # noqa: PLC0415

    return read24(tree, entry, judged_as)


def _files_of_drivers(server: Server, files: Files) -> tuple[Source, ...]:
    """Return the files that 2.3 keeps the settings of database drivers in."""
    if server.release.generation == "2.3":
        from checker.dovecot.databases import read_files  # noqa: PLC0415 - 2.4 has no such files

        read_files(server, files)
    return files.sources()


CONNECTING = ("imapc_host", "pop3c_host", "submission_relay_host", "auth_policy_server_url", "dict")
CONNECTING_DRIVERS = ("sql", "ldap", "oauth2")


def _may_connect(name: str, text: str) -> bool:
    """Say whether what is written may make Dovecot connect to anything."""
    return (
        name.startswith(CONNECTING)
        or (text in CONNECTING_DRIVERS and name.endswith(("driver", "passdb", "userdb")))
        or (name.startswith("passdb") and "proxy" in text)
    )


def _outbound(server: Server, files: Files) -> tuple[Outbound, ...]:
    if not any(_may_connect(name, text) for name, text in server.written()):
        return ()
    from checker.dovecot.outbound import outbound  # noqa: PLC0415 - few rules ask for these kinds

    return outbound(server, files)


def _authdbs(server: Server, files: Files) -> tuple[Authdb, ...]:
    from checker.dovecot.authdbs import authdbs  # noqa: PLC0415 - few rules ask for these kinds

    return tuple(authdbs(server, files))


def _processes(server: Server) -> tuple[Process, ...]:
    from checker.dovecot.processes import processes  # noqa: PLC0415 - few rules ask for these kinds

    return tuple(processes(server))


def _missing(server: Server) -> tuple[tuple[str, Reason], ...]:
    """Return which kinds of fact may be incomplete, and why."""
    protocols = server.protocols()
    if isinstance(protocols, Unknown):
        return (("endpoint", protocols.reason),)
    doubt = server.configuration.doubt
    return (("endpoint", doubt), ("trust", doubt)) if doubt is not None else ()


def _notice(problem: Problem) -> Notice:
    level = {"fatal": "error", "unknown": "warning", "lost": "warning"}.get(problem.kind, "note")
    return Notice(level, problem.text, problem.place, problem.hint)  # type: ignore[arg-type]  # one of the three
