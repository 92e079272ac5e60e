"""``mailposture doveconf``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run

HEAD = "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.1\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dovecot.conf"
    path.write_text("ssl = required\ndoveadm_password = hunter2\nprotocol imap {\n  ssl = yes\n}\n")
    return path


def test_what_the_files_set(run: Run, file: Path) -> None:
    done = run("doveconf", "-c", str(file), "-n")
    assert done.status == 0
    assert done.stdout.splitlines() == [
        f"# 2.3.19.1: {file}",
        "doveadm_password = # hidden, use -P to show it",
        "ssl = required",
        "protocol imap {",
        "  ssl = yes",
        "}",
    ]


def test_secrets_when_asked_for(run: Run, file: Path) -> None:
    assert "hunter2" in run("doveconf", "-c", str(file), "-n", "-P").stdout


def test_single_settings_as_a_connection_gets_them(run: Run, file: Path) -> None:
    done = run("doveconf", "-c", str(file), "-f", "protocol=imap", "ssl", "listen")
    assert done.stdout == "ssl = yes\nlisten = *, ::\n"


def test_the_first_error_with_its_line_and_a_hint(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dovecot.conf"
    file.write_text("ssl = no\nauth_allow_cleartext = yes\nssl = maybe\n")
    done = run("doveconf", "-c", str(file), "-n")
    assert done.status == 89
    assert done.stderr.splitlines() == [
        "doveconf: Fatal: Error in configuration file dovecot.conf line 2: Unknown setting: auth_allow_cleartext",
        "hint: a name of 2.4: use disable_plaintext_auth in 2.3",
    ]
    assert "line 3" in run("doveconf", "-c", str(file), "-n", "--all-errors").stderr


def test_the_generation_is_told_by_the_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dovecot.conf"
    file.write_text(f"{HEAD}ssl = required\n")
    done = run("doveconf", "-c", str(file), "-n")
    assert (done.status, done.stdout.splitlines()[-1]) == (0, "ssl = required")
    assert run("doveconf", "-c", str(file), "-n", "--dovecot-version", "2.3.19.1").status == 89


def test_an_unknown_filter_is_refused(run: Run, file: Path) -> None:
    done = run("doveconf", "-c", str(file), "-n", "-f", "lip=10.0.0.1")
    assert (done.status, "Unknown filter argument" in done.stderr) == (89, True)


@pytest.mark.parametrize("version", ["2.3.13", "2.3.19.1", "2.4.1", "2.4.5"])
def test_defaults_need_no_file(run: Run, tmp_path: Path, version: str) -> None:
    done = run("doveconf", "-c", str(tmp_path / "none"), "--dovecot-version", version, "-d")
    assert done.status == 0
    assert "ssl = yes\n" in done.stdout


def test_variables_and_files_are_expanded_when_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "greeting").write_text("hello")
    file = tmp_path / "dovecot.conf"
    file.write_text("hostname = h\nlogin_log_format = $hostname\nlogin_greeting = <greeting\n")
    assert "login_greeting = <greeting\n" in run("doveconf", "-c", str(file), "-n").stdout
    done = run("doveconf", "-c", str(file), "-n", "-x")
    assert "login_greeting = hello\n" in done.stdout
    assert "login_log_format = h\n" in done.stdout


def test_nothing_outside_of_the_directory_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "outside.conf").write_text("hostname = outside\n")
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "dovecot.conf"
    file.write_text("!include ../outside.conf\n!include /etc/hostname\n")
    done = run("doveconf", "-c", str(file), "-n")
    assert "outside\n" not in done.stdout
    assert "lies outside" in done.stderr
    file.write_text("!include ../outside.conf\n")
    assert "hostname = outside\n" in run("doveconf", "-c", str(file), "-n", "--root", str(tmp_path)).stdout


def test_a_missing_file(run: Run, tmp_path: Path) -> None:
    assert run("doveconf", "-c", str(tmp_path / "none"), "-n").status == 2
