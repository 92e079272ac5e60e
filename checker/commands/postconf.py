"""Print what the real postconf(1) prints, without Postfix installed."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from checker.commands.interfaces import networks
from checker.errors import UserError
from checker.postfix.postconf.files import Files, PostconfError, Warnings
from checker.postfix.postconf.run import Mode, run_mode
from checker.postfix.release import release
from checker.releases.platforms import chosen as platform_named
from checker.source import Source
from checker.tree import DiskTree, ReadError

DEFAULT_DIRECTORY = "/etc/postfix"

EPILOG = """\
examples:
  mailposture postconf -c etc/postfix -n                 what main.cf sets
  mailposture postconf -c etc/postfix -x mynetworks      one parameter, expanded
  mailposture postconf -c etc/postfix -M                 the services of master.cf
  mailposture postconf -c etc/postfix -P submission      the -o parameters of one service
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
    parser.add_argument("-H", action="store_true", help="names without values")
    parser.add_argument("-q", action="store_true", help="do not warn of unused and deprecated parameters")
    parser.add_argument("-o", metavar="NAME=VALUE", action="append", default=[], help="as if main.cf set this")
    parser.add_argument("-C", metavar="CLASS", default="all", help="builtin, service, user or all")
    view = parser.add_mutually_exclusive_group()
    view.add_argument("-p", action="store_true", help="the parameters of main.cf (the default)")
    view.add_argument("-M", action="store_true", help="the services of master.cf")
    view.add_argument("-F", action="store_true", help="the fields of each service")
    view.add_argument("-P", action="store_true", help="the -o parameters of each service")
    parser.add_argument("names", nargs="*", metavar="NAME", help="parameters, or services as submission/inet")
    parser.add_argument("--postfix-version", metavar="VERSION", help="as this release prints it (3.7.11)")
    parser.add_argument("--platform", metavar="NAME", type=platform_named, help="as its package prints it (debian-12)")


def run(arguments: argparse.Namespace) -> int:
    """Print it and return the exit status; raise UserError."""
    warnings = Warnings([])
    try:
        lines = lines_of(arguments, warnings)
        status = 0
    except PostconfError as error:
        lines, status = [], 1
        warnings.add(f"fatal: {error.message}")
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    for text in warnings.lines:
        level = "" if text.startswith("fatal: ") else "warning: "
        sys.stderr.write(f"mailposture: {level}{_printable(text)}\n")
    return status


def lines_of(arguments: argparse.Namespace, warnings: Warnings) -> list[str]:
    """Return the lines that are printed; raise PostconfError where the real one refuses the files or the arguments."""
    return run_mode(_files(arguments), _mode(arguments), warnings)


def _printable(text: str) -> str:
    """Return a text as Postfix logs it (util/msg_output.c): whatever is not printable ASCII becomes a question mark."""
    data = text.encode("utf-8", "surrogateescape")
    return bytes(byte if 32 <= byte < 127 else ord("?") for byte in data).decode("ascii")


def _mode(arguments: argparse.Namespace) -> Mode:
    view = next((letter for letter in "MFP" if getattr(arguments, letter)), "p")
    letters = frozenset(letter for letter in "ndxfhHq" if getattr(arguments, letter))
    return Mode(view, letters, tuple(arguments.names), arguments.C.lower())


def _files(arguments: argparse.Namespace) -> Files:
    directory = arguments.c or DEFAULT_DIRECTORY
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

    machine = {"process_name": "postconf", "process_id": str(os.getpid()), "myhostname": os.uname().nodename}
    return Files(
        directory,
        release(arguments.postfix_version, arguments.platform),
        source("main.cf"),
        source("master.cf"),
        machine,
        os.path.exists,
        networks,
        arguments.c is not None,
        tuple(arguments.o),
    )
