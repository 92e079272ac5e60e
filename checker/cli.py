"""The command line: find the command, run it, and turn every way to fail into one message and an exit status."""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn, Protocol

from checker import __version__
from checker.errors import UserError
from checker.safe_text import for_terminal, shown

COMMANDS: Mapping[str, str] = {
    "check": "judge the mail server configuration under some paths",
    "show": "show what the configuration means: endpoints, settings, files",
    "diff": "show which listeners and verdicts changed since a Git revision",
    "postconf": "print what the real postconf prints, without Postfix installed",
    "doveconf": "print what the real doveconf prints, without Dovecot installed",
    "explain": "explain a rule: why it is, what it asks, how to mend it",
    "rules": "list, show, test and lint rules",
}

EXAMPLES = """\
examples:
  mailposture check                           what is below this directory
  mailposture check /etc/postfix              this host
  mailposture check --profile strict -o json=report.json .
  mailposture show endpoints /etc/postfix     what listens, and how it is protected
  mailposture explain smtps-required

exit status:
    0  nothing at or above --fail-on
    1  findings
    2  the job could not be done: usage, unreadable or broken input, invalid rule
    3  nothing to check was found, or not one verdict could be given
  130  interrupted
"""

INTERRUPTED = 130
PIPE_CLOSED = 141


class Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the work and return the exit status; raise UserError."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """Return the width of the terminal as shutil.get_terminal_size does, which is slow to load."""
    with contextlib.suppress(KeyError, ValueError):
        return int(os.environ["COLUMNS"])
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]  # None is caught
    return 80


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(message, hint=f"see `{self.prog} --help`")


def entry() -> NoReturn:
    """Run the program as a process of its own."""
    # The process is short and builds hardly a cycle; looking for them every 700 objects takes a tenth of its time.
    gc.set_threshold(100_000)
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)  # taking all modules and facts apart before the end would take another tenth


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names and lines of files may be any bytes
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except UserError as error:
        _tell(error)
        return 2
    except SystemExit as done:  # --help and --version
        return done.code if isinstance(done.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except OSError as error:  # a path that may not be looked at, a name that is too long
        _tell(UserError(error.strerror or str(error), place=str(error.filename or "")))
        return 2
    except Exception as error:  # noqa: BLE001 - the last resort: nobody is to meet a traceback
        _tell_of_a_bug(error)
        return 2
    return status


def _run(argv: Sequence[str]) -> int:
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name.ljust(width)}  {summary}" for name, summary in COMMANDS.items())
    parser = _Parser(
        prog="mailposture",
        usage="mailposture [--help] [--version] COMMAND ...",
        description="Tell whether mail servers keep a written policy, from their configuration alone.",
        epilog=f"commands:\n{listed}\n\nmailposture COMMAND --help tells more.\n\n{EXAMPLES}",
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mailposture {__version__}")
    if not argv:
        parser.print_help(sys.stderr)
        return 2
    name, *rest = argv
    if name.startswith("-"):
        parser.parse_args([name])
    if name not in COMMANDS:
        import difflib  # noqa: PLC0415 - for this message alone

        close = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"one of: {', '.join(COMMANDS)}"
        raise UserError(f"there is no command `{name}`", hint=hint)
    command: Command = importlib.import_module(f"checker.commands.{name}")
    parser = _Parser(
        prog=f"mailposture {name}",
        description=f"{COMMANDS[name].capitalize()}.",
        formatter_class=_Formatter,
        allow_abbrev=False,
        conflict_handler="resolve",  # postconf has a -h of its own; --help stays
    )
    command.add_arguments(parser)
    # Intermixed: options may stand between paths. That parser does not know `--`, the plain one does.
    return command.run(parser.parse_args(rest) if "--" in rest else parser.parse_intermixed_args(rest))


def _tell(error: UserError) -> None:
    place = f"{for_terminal(error.place)}: " if error.place else ""
    _say(f"mailposture: error: {place}{shown(error.message)}", error.hint)


def _tell_of_a_bug(error: Exception) -> None:
    if os.environ.get("MAILPOSTURE_DEBUG") == "1":
        sys.excepthook(type(error), error, error.__traceback__)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    _say(
        f"mailposture: error: this is a bug of mailposture {__version__}: {for_terminal(what, 200)}",
        "run again with MAILPOSTURE_DEBUG=1 in the environment, and report what that prints to the project",
    )


def _say(line: str, hint: str) -> None:
    sys.stderr.write(f"{line}\n" + (f"hint: {shown(hint)}\n" if hint else ""))


def _forget_output() -> None:
    """Let the interpreter flush its closing output into nothing: whoever read it is gone."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
