"""`mailposture diff REF`: which listeners and verdicts changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker import resources
from tests.commands.conftest import BAD_MAIN, GOOD_MAIN, SMTP, Done, Run, put
from tests.repositories import Repository, repository

SUBMISSION = SMTP + "submission inet n - y - - smtpd\n  -o smtpd_tls_security_level=encrypt\n"


@pytest.fixture
def repo(here: Path) -> Repository:
    """Stand in a repository whose branch main holds a good configuration in mail/."""
    made = repository(here)
    put(here / "mail", GOOD_MAIN, SUBMISSION)
    made.commit()
    return made


def data(done: Done) -> Any:
    told = json.loads(done.stdout)
    Draft202012Validator(resources.schema("diff")).validate(told)
    return told


def test_no_change_exits_0(run: Run, repo: Repository) -> None:
    done = run("diff", "main")
    commit = repo.git("rev-parse", "main")[:12]
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout == f"since main ({commit}): no listener and no verdict changed\n"


def test_comments_and_order_are_no_change(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", "# new\n" + "\n".join(reversed(GOOD_MAIN.splitlines())) + "\n", SUBMISSION)
    assert run("diff", "main").status == 0


def test_a_changed_listener_tells_what_it_was_and_is(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", GOOD_MAIN.replace("level = may", "level = none"), SUBMISSION)
    done = run("diff", "main")
    assert done.status == 1
    lines = done.stdout.splitlines()
    assert lines[:3] == ["Listeners", "  mail", "  ~ postfix:smtp/inet:25"]
    assert lines[3].split() == ["tls.mode", "starttls", "->", "none"]
    assert "  + high[MTA-001] mail/main.cf:6:1: smtp/inet takes mail from other servers" in done.stdout


def test_listeners_that_came_and_went_are_told_with_what_they_offer(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", GOOD_MAIN, SMTP + "2525 inet n - y - - smtpd\n")
    done = run("diff", "main")
    assert done.status == 1
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["+", "postfix:2525/inet:2525", "*:2525", "TLS:", "starttls", "mx,", "public"] in lines
    assert ["-", "postfix:submission/inet:587", "*:587"] in [line[:3] for line in lines]
    assert "listeners: 1 added, 1 removed, 0 changed" in " ".join(done.stdout.split())


def test_verdicts_that_came_and_went_are_told(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN, SUBMISSION)
    assert "  + critical[REL-001] mail/main.cf:4:1: " in run("diff", "main").stdout
    repo.commit()
    put(repo.path / "mail", GOOD_MAIN, SUBMISSION)
    done = run("diff", "HEAD")
    assert "  - critical[REL-001] smtp/inet sends mail of strangers" in done.stdout
    assert "findings: 0 new, " in " ".join(done.stdout.split())


def test_json_keeps_its_schema(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN.replace("level = may", "level = none"), SMTP)
    done = run("diff", "main", "--format", "json")
    told = data(done)
    assert told["since"] == {"revision": "main", "commit": repo.git("rev-parse", "main")}
    assert told["summary"]["exit_status"] == done.status == 1
    by_id = {each["id"]: each for each in told["listeners"]}
    assert by_id["postfix:submission/inet:587"]["change"] == "removed"
    assert by_id["postfix:submission/inet:587"]["location"] is None
    mode = next(each for each in by_id["postfix:smtp/inet:25"]["fields"] if each["name"] == "tls.mode")
    assert mode == {
        "name": "tls.mode",
        "then": {"value": "starttls", "unknown": None},
        "now": {"value": "none", "unknown": None},
    }
    relay = next(each for each in told["verdicts"] if each["rule"] == "no-open-relay")
    assert (relay["change"], relay["then"], relay["now"]) == (
        "added", None, {"status": "fail", "severity": "critical"},
    )  # fmt: skip
    assert relay["location"]["line"] == 4
    assert told["summary"]["verdicts"]["added"] == len([each for each in told["verdicts"] if each["change"] == "added"])


def test_json_of_no_change_keeps_its_schema(run: Run, repo: Repository) -> None:
    del repo
    told = data(run("diff", "main", "--format", "json"))
    assert (told["listeners"], told["verdicts"]) == ([], [])


def test_a_path_that_is_gone_was_there(run: Run, repo: Repository) -> None:
    put(repo.path / "other", GOOD_MAIN)
    repo.commit()
    repo.git("rm", "-r", "--quiet", "mail")
    done = run("diff", "HEAD", "mail")
    assert done.status == 1
    assert "listeners: 0 added, 2 removed, 0 changed" in " ".join(done.stdout.split())
    assert run("diff", "HEAD", "other").status == 0
    assert run("diff", "HEAD", "mail/main.cf").status == 1


def test_a_file_that_is_gone_stands_for_its_set(run: Run, repo: Repository) -> None:
    (repo.path / "mail" / "master.cf").unlink()
    done = run("diff", "main", "mail/master.cf")
    assert done.status == 1
    assert "mail" in done.stdout.splitlines()[1]
    assert "postfix:smtp/inet:25" in done.stdout


def test_a_set_that_moved_is_the_same(run: Run, repo: Repository) -> None:
    repo.git("mv", "mail", "hosts")
    assert run("diff", "main").status == 0


def test_hosts_are_told_apart(run: Run, repo: Repository) -> None:
    put(repo.path / "a", GOOD_MAIN, SMTP)
    put(repo.path / "b", GOOD_MAIN.replace("mail.example.org", "b.example.org"), SMTP)
    lines = run("diff", "main").stdout.splitlines()
    assert [line.strip() for line in lines[1:5:2]] == ["a", "b"]


def test_what_is_in_neither_is_a_wrong_path(run: Run, repo: Repository) -> None:
    del repo
    done = run("diff", "main", "nowhere")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("mailposture: error: nowhere: is neither here nor in main")


def test_a_part_that_cannot_be_judged_exits_2(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", GOOD_MAIN, "smtp inet n\n")
    done = run("diff", "main")
    assert done.status == 2
    assert "mailposture: error: mail/master.cf:1" in done.stderr
    repo.commit()
    put(repo.path / "mail", GOOD_MAIN, SUBMISSION)
    done = run("diff", "HEAD")
    assert done.status == 1
    assert "mailposture: warning: HEAD:mail/master.cf:1" in done.stderr


def test_nothing_then_and_now_exits_3(run: Run, here: Path) -> None:
    made = repository(here)
    made.commit()
    done = run("diff", "HEAD")
    assert (done.status, done.stdout) == (3, "")
    assert "hint: give a path that holds, or held, a main.cf" in done.stderr


def test_it_speaks_spanish(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN, SUBMISSION)
    done = run("diff", "main", "--lang", "es")
    assert "Veredictos\n" in done.stdout
    assert "\n  + crítica[REL-001]" in done.stdout
    assert "incumplimientos: nuevos" in done.stdout


def test_colour_is_for_terminals_and_who_asks_for_it(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN, SUBMISSION)
    assert "\x1b[" not in run("diff", "main").stdout
    assert "\x1b[1;91m+ critical[REL-001]\x1b[0m" in run("diff", "main", "--color", "always").stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_of_a_file_reaches_the_terminal_raw(run: Run, repo: Repository, form: str) -> None:
    evil = repo.path / "mail\n\x1b[2J"
    put(evil, BAD_MAIN + "smtpd_banner = \x1b]0;x\x07\n", "sm\x1btp inet n - y - - smtpd\n" + SUBMISSION)
    done = run("diff", "main", "--format", form)
    assert done.status in (1, 2)
    assert not set(done.stdout + done.stderr) & {"\x1b", "\x07"}


def test_a_revision_may_look_like_an_option(run: Run, repo: Repository) -> None:
    done = run("diff", "--", "--output=x")
    assert (done.status, done.stdout) == (2, "")
    assert "there is no commit `--output=x`" in done.stderr
    assert not (repo.path / "x").exists()
