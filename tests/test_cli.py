"""The command line as a whole: help, errors, and what a run may load or open."""

from __future__ import annotations

import errno
import subprocess
import sys
import types
from pathlib import Path

import pytest

from checker import __version__
from checker.cli import COMMANDS, main
from checker.errors import UserError
from tests.conftest import Command

PROGRAM = "import sys; from checker.cli import main; sys.exit(main(sys.argv[1:]))"

MAIN_CF = "smtpd_tls_security_level = may\nmynetworks = 127.0.0.0/8\n"
MASTER_CF = "smtp inet n - y - - smtpd\n"


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN_CF)
    (tmp_path / "master.cf").write_text(MASTER_CF)
    return tmp_path


def process(code: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], check=False, capture_output=True, text=True
    )


def command_that(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every command raise this error."""

    def run(_arguments: object) -> int:
        raise error

    module = types.SimpleNamespace(add_arguments=lambda _: None, run=run)
    monkeypatch.setattr("checker.cli.importlib.import_module", lambda _: module)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mailposture {__version__}\n"


def test_help_has_the_commands_examples_and_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"\n  {name} " in told for name in COMMANDS)
    assert "mailposture check /etc/postfix" in told
    assert "    3  nothing to check was found, or not one verdict could be given\n" in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main([name, "--help"]) == 0
    assert f"usage: mailposture {name}" in capsys.readouterr().out


def test_without_a_command_help_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: mailposture")


@pytest.mark.parametrize(
    ("name", "hint"), [("chekc", "did you mean `check`?"), ("zzz", f"one of: {', '.join(COMMANDS)}")]
)
def test_an_unknown_command_has_the_nearest_right_one(capsys: pytest.CaptureFixture[str], name: str, hint: str) -> None:
    assert main([name]) == 2
    assert capsys.readouterr().err == f"mailposture: error: there is no command `{name}`\nhint: {hint}\n"


def test_what_the_user_can_mend_is_one_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command_that(monkeypatch, UserError("is \x1b[31mbroken", place="a\nb:1", hint="mend \u202eit"))
    assert main(["check"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "mailposture: error: a\\nb:1: is \\x1b[31mbroken\nhint: mend \\u202eit\n"
    assert captured.out == ""


def test_a_path_that_the_system_refuses_is_no_bug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command_that(monkeypatch, PermissionError(errno.EACCES, "Permission denied", "etc/\x1b"))
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "mailposture: error: etc/\\x1b: Permission denied\n"


def test_an_interrupt_exits_130_without_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command_that(monkeypatch, KeyboardInterrupt())
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_bug_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILPOSTURE_DEBUG", raising=False)
    command_that(monkeypatch, ZeroDivisionError("division\x1b by zero"))
    assert main(["check"]) == 2
    first, hint = capsys.readouterr().err.splitlines()
    assert first.endswith(f"a bug of mailposture {__version__}: ZeroDivisionError: division\\x1b by zero")
    assert "MAILPOSTURE_DEBUG=1" in hint


def test_a_bug_has_its_traceback_on_request(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILPOSTURE_DEBUG", "1")
    command_that(monkeypatch, ZeroDivisionError())
    assert main(["check"]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_reader_who_goes_away_is_no_error(mail: Path) -> None:
    shell = f'"{sys.executable}" -c "{PROGRAM}" check --all "{mail}" | true'
    done = subprocess.run(["sh", "-c", shell], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_output_in_a_poor_encoding_is_no_error(mail: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", "--lang", "es", mail],
        check=False,
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode in (0, 1)
    assert rb"c\xf3digo de salida" in done.stdout
    assert done.stderr == b""


def test_a_plain_run_loads_only_what_it_needs(mail: Path) -> None:
    code = "import sys\nfrom checker.cli import main\nmain(sys.argv[1:])\nsys.stderr.write(' '.join(sys.modules))"
    done = process(code, "check", mail)
    assert "exit status" in done.stdout
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "checker" in loaded
    assert not loaded & {"jsonschema", "sarif_om", "jinja2", "cryptography", "ssl", "socket"}


def test_version_loads_no_command() -> None:
    code = "import sys\nfrom checker.cli import main\nmain(['--version'])\nsys.stderr.write(' '.join(sys.modules))"
    assert not {"yaml", "checker.analysis", "checker.commands.check"} & set(process(code).stderr.split())


def test_a_run_opens_no_socket_and_starts_no_program(mail: Path) -> None:
    code = (
        "import sys\n"
        "watched = ('socket.', 'subprocess.', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork')\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, _: seen.append(event) if event.startswith(watched) else None)\n"
        "from checker.cli import main\n"
        "status = main(['check', '--format', 'json', sys.argv[1]])\n"
        "sys.stderr.write(f'{status} {seen}')\n"
    )
    done = process(code, mail)
    assert done.stdout.startswith("{")
    assert done.stderr in ("0 []", "1 []")


@pytest.mark.parametrize("argument", ["--help", "--version", "check --help"])
def test_what_argparse_prints_reaches_a_pipe(mailposture: Command, argument: str) -> None:
    """The process ends at once after it; nothing may be left in a buffer."""
    done = mailposture(*argument.split())
    assert done.returncode == 0
    assert "mailposture" in done.stdout
