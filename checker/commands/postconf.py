"""Print what the real postconf(1) prints, without Postfix installed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from checker.errors import UserError
from checker.postfix import postconf
from checker.postfix.main_cf import parse_main_cf
from checker.postfix.master_cf import parse_master_cf
from checker.postfix.postconf_master import printed_entry, printed_fields
from checker.postfix.release import release
from checker.postfix.scope import Configuration
from checker.safe_text import for_terminal
from checker.source import Source
from checker.tree import DiskTree, ReadError

DEFAULT_DIRECTORY = "/etc/postfix"

EPILOG = """\
examples:
  mailposture postconf -c etc/postfix -n                 what main.cf sets
  mailposture postconf -c etc/postfix -x mynetworks      one parameter, expanded
  mailposture postconf -c etc/postfix -M                 the services of master.cf
  mailposture postconf --postfix-version 3.5.25 -d       the defaults of a release

exit status: as of the real one, 1 where it would refuse the files
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("-c", metavar="DIR", help=f"where main.cf is (default: {DEFAULT_DIRECTORY})")
    parser.add_argument("-n", action="store_true", help="only what main.cf sets")
    parser.add_argument("-d", action="store_true", help="defaults instead of settings")
    parser.add_argument("-x", action="store_true", help="expand $name in values")
    parser.add_argument("-f", action="store_true", help="fold long lines")
    parser.add_argument("-h", action="store_true", help="values without names")
    view = parser.add_mutually_exclusive_group()
    view.add_argument("-M", action="store_true", help="the services of master.cf")
    view.add_argument("-F", action="store_true", help="the fields of each service")
    view.add_argument("-P", action="store_true", help="the -o parameters of each service")
    parser.add_argument("names", nargs="*", metavar="NAME", help="parameters, or services as submission/inet")
    parser.add_argument("--postfix-version", metavar="VERSION", help="as this release prints it (3.7.11)")
    parser.add_argument("--platform", metavar="NAME", help="as this platform's package prints it (debian-12)")


def run(arguments: argparse.Namespace) -> int:
    """Print it and return the exit status; raise UserError."""
    directory = arguments.c or DEFAULT_DIRECTORY
    configuration = _configuration(directory, arguments)
    try:
        view = postconf.view(configuration, directory, given=arguments.c is not None)
        lines, warnings = _lines(view, arguments)
    except postconf.PostconfError as error:
        sys.stderr.write(f"mailposture: fatal: {for_terminal(str(error))}\n")
        return 1
    for line in lines:
        sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "surrogateescape"))
    for warning in warnings:
        sys.stderr.write(f"mailposture: warning: {for_terminal(warning)}\n")
    return 0


def _configuration(directory: str, arguments: argparse.Namespace) -> Configuration:
    if not Path(directory).is_dir():
        raise UserError("no such directory", place=directory, hint="give the directory of main.cf with -c")
    tree = DiskTree(Path(directory).resolve())

    def source(name: str) -> Source | None:
        try:
            read = tree.read(name)
        except ReadError as error:
            if error.fault == "missing":
                return None
            raise
        return Source(f"{directory}/{name}", read.data)

    main, master = source("main.cf"), source("master.cf")
    return Configuration(
        directory,
        release(arguments.postfix_version, arguments.platform),
        parse_main_cf(main) if main else None,
        parse_master_cf(master) if master else None,
    )


def _lines(view: postconf.View, arguments: argparse.Namespace) -> tuple[list[str], list[str]]:
    counted, unused = postconf.known_explicit(view)
    warnings = [f"{view.directory}/main.cf: unused parameter: {name}={text}" for name, text in unused.items()]
    postconf.check_macros(view, counted)
    if arguments.M or arguments.F or arguments.P:
        return _master_lines(view, arguments), warnings
    return _main_lines(view, arguments, counted, warnings)


def _main_lines(
    view: postconf.View, arguments: argparse.Namespace, counted: dict[str, str], warnings: list[str]
) -> tuple[list[str], list[str]]:
    if arguments.names:
        names = list(arguments.names)
    elif arguments.n:
        names = list(counted)
    else:
        names = sorted({*view.release.names(), *postconf.service_defaults(view), *counted})
    lines: list[str] = []
    for name in names:
        text = postconf.value(view, name, expanded=arguments.x, defaults=arguments.d)
        if text is None or (arguments.n and name not in counted):
            if text is None and name in arguments.names:
                warnings.append(f"{name}: unknown parameter")
            continue
        lines.append(postconf.printed(name, text, fold=arguments.f, bare=arguments.h))
    return lines, warnings


def _master_lines(view: postconf.View, arguments: argparse.Namespace) -> list[str]:
    if view.configuration.master is None:
        raise postconf.PostconfError(f"open {view.directory}/master.cf: No such file or directory")
    lines: list[str] = []
    for entry in postconf.entries(view):
        if arguments.names and not any(_selects(name, entry.fields) for name in arguments.names):
            continue
        if arguments.F:
            lines += printed_fields(entry)
        elif arguments.M:
            lines.append(
                printed_entry(postconf.expanded_entry(view, entry) if arguments.x else entry, fold=arguments.f)
            )
        else:
            parameters = postconf.master_parameters(view, entry, expanded=arguments.x)
            for name, text in parameters.items():
                lines.append(postconf.printed(f"{entry.label}/{name}", text, fold=arguments.f, bare=arguments.h))
    return lines


def _selects(pattern: str, fields: tuple[str, ...]) -> bool:
    """Say whether ``service[/type]`` names an entry; ``*`` stands for any."""
    return all(part in ("*", field) for part, field in zip(pattern.split("/"), fields, strict=False))
