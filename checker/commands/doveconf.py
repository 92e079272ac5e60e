"""Print what the real doveconf(1) prints, without Dovecot installed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from checker.dovecot import doveconf23, doveconf24
from checker.dovecot.checks24 import Checking
from checker.dovecot.config import Configuration
from checker.dovecot.expand import Expansion
from checker.dovecot.filters import Filter, FilterError, network
from checker.dovecot.include import Problem, generation_of
from checker.dovecot.listing import Printed, Scope
from checker.dovecot.read23 import read23
from checker.dovecot.read24 import NO_STORAGE_VERSION, read24
from checker.dovecot.release import Release, release
from checker.errors import UserError
from checker.releases.platforms import chosen as platform_named
from checker.safe_text import for_terminal
from checker.tree import DiskTree

DEFAULT_FILE = "/etc/dovecot/dovecot.conf"
REFUSED = 89
"""The exit status of the real one where it does not take the configuration."""

EPILOG = """\
examples:
  mailposture doveconf -c etc/dovecot/dovecot.conf -n             what the files set
  mailposture doveconf -c etc/dovecot/dovecot.conf -n -f protocol=imap
  mailposture doveconf -c etc/dovecot/dovecot.conf ssl listen     single settings, defaults included
  mailposture doveconf -c etc/dovecot/dovecot.conf -n --all-errors
  mailposture doveconf --dovecot-version 2.3.19.1 -d              the defaults of a release

exit status: as of the real one, 89 where it would refuse the files
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("-c", metavar="FILE", default=DEFAULT_FILE, help=f"the configuration (default: {DEFAULT_FILE})")
    view = parser.add_mutually_exclusive_group()
    view.add_argument("-n", action="store_true", help="only what differs from the defaults")
    view.add_argument("-a", action="store_true", help="all settings")
    view.add_argument("-d", action="store_true", help="defaults instead of settings")
    parser.add_argument("-x", action="store_true", help="expand $name in values")
    parser.add_argument("-P", action="store_true", help="show passwords and keys")
    parser.add_argument(
        "-f",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="as a connection gets it: protocol=imap, local=10.0.0.1, remote=..., local_name=... (2.3: lname=...)",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="settings, or sections as service/imap-login")
    parser.add_argument("--dovecot-version", metavar="VERSION", help="as this release prints it (2.3.19.1)")
    parser.add_argument("--platform", metavar="NAME", type=platform_named, help="as its package prints it (debian-12)")
    parser.add_argument("--root", metavar="DIR", help="read includes below this directory (default: that of FILE)")
    parser.add_argument("--all-errors", action="store_true", help="tell every error, not only the first")


def run(arguments: argparse.Namespace) -> int:
    """Print it and return the exit status; raise UserError."""
    if arguments.d:
        chosen = release(arguments.dovecot_version, arguments.platform)
        _print([f"# {chosen.version}: {arguments.c}", *_defaults(chosen, secrets=arguments.P)])
        return 0
    tree, path = _tree(Path(arguments.c), arguments.root)
    chosen = release(arguments.dovecot_version, arguments.platform, generation_of(tree.read(path)))
    try:
        query = _query(arguments.f, chosen)
    except FilterError as error:
        return _refuse(str(error))
    if not arguments.names:
        _print([f"# {chosen.version}: {arguments.c}"])
    if chosen.generation == "2.3":
        return _run23(arguments, tree, path, chosen, query)
    return _run24(arguments, tree, path, chosen, query)


def _defaults(chosen: Release, *, secrets: bool) -> Sequence[str]:
    if chosen.generation == "2.3":
        return doveconf23.defaults(chosen, secrets=secrets)
    return doveconf24.defaults(chosen, secrets=secrets)


def _tree(file: Path, root: str | None) -> tuple[DiskTree, str]:
    if root is not None:
        base = Path(root).resolve()
        if not base.is_dir():
            raise UserError("no such directory", place=root)
        if base not in file.resolve().parents:
            raise UserError(f"lies outside the root {root}", place=str(file))
        return DiskTree(base, is_host=True), file.resolve().relative_to(base).as_posix()
    if not file.is_file():
        raise UserError("no such file", place=str(file), hint="give the path of dovecot.conf with -c")
    directory = file.parent.resolve()
    if directory.is_relative_to("/etc/dovecot") or directory.is_relative_to("/usr/local/etc/dovecot"):
        return DiskTree(Path("/"), is_host=True), (directory / file.name).relative_to("/").as_posix()
    return DiskTree(directory), file.name


def _query(given: Sequence[str], chosen: Release) -> Filter:
    """Return the connection that -f describes; raise FilterError."""
    values: dict[str, str] = {}
    for each in given:
        key, equals, value = each.partition("=")
        name = {"service": "protocol", "lname": "local_name"}.get(key, key) if chosen.generation == "2.3" else key
        known = ("protocol", "local", "remote", "local_name")
        if name not in known or (chosen.generation == "2.3" and key == "local_name"):
            raise FilterError(f"Unknown filter argument: {each}")
        if not equals and chosen.generation == "2.4":
            raise FilterError("-f parameters must be in key=value format")
        values[name] = value
    return Filter(
        values.get("protocol"),
        network(values["local"]) if "local" in values else None,
        values.get("local_name"),
        network(values["remote"]) if "remote" in values else None,
    )


def _run23(arguments: argparse.Namespace, tree: DiskTree, path: str, chosen: Release, query: Filter) -> int:
    expansion: Expansion = "files" if arguments.x else "print"
    configuration = read23(tree, path, chosen, expansion=expansion, environment=os.environ)
    if not _tell(arguments, configuration.problems):
        return REFUSED
    if arguments.names:
        printed = doveconf23.show_names(configuration, query, arguments.names, secrets=arguments.P)
    else:
        scope: Scope = "changed" if arguments.n else "all"
        printed = doveconf23.show_all(configuration, query, scope, secrets=arguments.P)
    return _show(arguments, printed, configuration)


def _run24(arguments: argparse.Namespace, tree: DiskTree, path: str, chosen: Release, query: Filter) -> int:
    expansion: Expansion = "files" if arguments.x else "print"
    configuration = read24(tree, path, chosen, expansion=expansion, environment=os.environ)
    if not _tell(arguments, configuration.problems):
        return REFUSED
    given = query if arguments.f else None
    checking = Checking(os.environ, expanded=bool(arguments.x))
    if arguments.names:
        printed = doveconf24.show_names(configuration, given, arguments.names, checking, secrets=arguments.P)
    else:
        scope: Scope = "all" if arguments.a else "changed"
        printed = doveconf24.show_all(configuration, given, scope, checking, secrets=arguments.P)
    return _show(arguments, printed, configuration)


def _tell(arguments: argparse.Namespace, problems: Sequence[Problem]) -> bool:
    """Say what is wrong with the files; return whether the real one would print the settings."""
    for problem in problems:
        if problem.kind != "fatal":
            _say("Warning", f"{problem.place}: {problem.text}")
    fatal = [problem for problem in problems if problem.kind == "fatal"]
    goes_on = all(problem.is_late for problem in fatal)
    if not goes_on or arguments.all_errors:
        _tell_fatal(fatal if arguments.all_errors else fatal[:1])
    return goes_on


def _tell_fatal(problems: Sequence[Problem]) -> None:
    for problem in problems:
        line = f" line {problem.number}" if problem.number is not None else ""
        where = f"Error in configuration file {problem.place.path}{line}: "
        _say("Fatal", f"{'' if problem.text == NO_STORAGE_VERSION else where}{problem.text}", problem.hint)


def _show(arguments: argparse.Namespace, printed: Printed, configuration: Configuration) -> int:
    """Print what is to be printed, then what is wrong with it. What is found late does not matter to who asks for
    single settings.
    """
    _print(printed.lines)
    for complaint in printed.complaints:
        _say("Error", complaint)
    late = configuration.fatal
    if late is not None and not arguments.names:
        if not arguments.all_errors:
            _tell_fatal([late])
        return REFUSED
    if printed.error is not None:
        return _refuse(f"Error in configuration file {arguments.c}: {printed.error}")
    return 0


def _refuse(text: str) -> int:
    _say("Fatal", text)
    return REFUSED


def _say(level: str, text: str, hint: str = "") -> None:
    sys.stderr.write(f"doveconf: {level}: {for_terminal(text, 2000)}\n")
    if hint:
        sys.stderr.write(f"hint: {for_terminal(hint)}\n")


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "surrogateescape"))
