"""`mailposture postconf`: what it prints where, and its exit status."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Command


def test_data_goes_to_standard_output_and_warnings_to_the_other(mailposture: Command, tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("mail_name = x\nmine = y\n")
    done = mailposture("postconf", "-c", tmp_path, "-nh", "mail_name")
    assert (done.returncode, done.stdout) == (0, "x\n")
    assert "mailposture: warning: " in done.stderr
    assert "unused parameter: mine=y" in done.stderr


def test_files_that_the_real_one_refuses_end_with_its_status(mailposture: Command, tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("mail_name\n")
    done = mailposture("postconf", "-c", tmp_path, "-n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "mailposture: fatal: " in done.stderr
    assert "line 1: missing '=' after attribute name" in done.stderr


def test_a_directory_that_is_not_there_is_a_wrong_use(mailposture: Command, tmp_path: Path) -> None:
    done = mailposture("postconf", "-c", tmp_path / "none")
    assert done.returncode == 2
    assert "no such directory" in done.stderr


def test_options_that_contradict_are_refused(mailposture: Command, tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("")
    assert mailposture("postconf", "-c", tmp_path, "-nd").returncode == 1
    assert mailposture("postconf", "-c", tmp_path, "-Mh").returncode == 1
    assert mailposture("postconf", "-c", tmp_path, "-F", "smtp/inet/nothing").returncode == 1


def test_what_could_steer_a_terminal_is_not_written_to_it(mailposture: Command, tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_bytes(b"mine = \x1b[31m\xc3\xa9\n")
    assert "unused parameter: mine=?[31m??" in mailposture("postconf", "-c", tmp_path, "-n").stderr
