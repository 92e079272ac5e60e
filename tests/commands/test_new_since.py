"""`mailposture check --new-since REF`: only what a branch brings fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker import locate, resources
from tests.commands.conftest import BAD_MAIN, GOOD_MAIN, SMTP, Done, Run, put
from tests.repositories import Repository, repository

OFFERS_NO_TLS = BAD_MAIN.replace("security_level = may", "security_level = none")
"""The open relay, and a second fault."""


@pytest.fixture
def repo(here: Path) -> Repository:
    """Stand in a repository whose branch main holds an open relay in mail/."""
    made = repository(here)
    put(here / "mail", BAD_MAIN)
    made.commit()
    return made


def data(done: Done) -> Any:
    told = json.loads(done.stdout)
    Draft202012Validator(resources.schema("report")).validate(told)
    return told


def rules_by_new(told: Any) -> dict[bool, set[str]]:
    failed = [each for each in told["findings"] if each["status"] == "fail"]
    return {new: {each["rule"] for each in failed if each["new"] is new} for new in (True, False)}


def test_what_the_revision_has_as_well_does_not_fail(run: Run, repo: Repository) -> None:
    done = run("check", "--new-since", "main")
    assert (done.status, done.stderr) == (0, "")
    assert "REL-001" not in done.stdout
    assert ": 0 fail, 2 known, " in done.stdout
    assert f"compared with main ({repo.git('rev-parse', 'main')[:12]}): 0 new, 2 known, 0 gone\n" in done.stdout
    assert "exit status 0: nothing new at or above medium\n" in done.stdout


def test_what_is_new_fails_and_is_all_that_is_shown(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", OFFERS_NO_TLS)
    done = run("check", "--new-since", "main")
    assert done.status == 1
    assert "[MTA-001]" in done.stdout
    assert "REL-001" not in done.stdout
    assert "exit status 1: new findings at or above medium\n" in done.stdout
    assert "known REL-001" in " ".join(run("check", "--new-since", "main", "--all").stdout.split())


def test_json_says_of_each_finding_whether_it_is_new(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", OFFERS_NO_TLS)
    told = data(run("check", "--new-since", "main", "--format", "json"))
    by_new = rules_by_new(told)
    assert "mx-starttls-offered" in by_new[True]
    assert by_new[False] == {"no-open-relay", "mynetworks-narrow"}
    summary = told["summary"]
    assert summary["known"] == 2
    assert summary["fail"] == sum(summary["fail_by_severity"].values()) >= 1
    assert summary["compared"] == {"revision": "main", "commit": repo.git("rev-parse", "main"), "gone": 0}


def test_without_a_revision_nothing_is_new_or_known(run: Run, repo: Repository) -> None:
    del repo
    told = data(run("check", "--format", "json"))
    assert {each["new"] for each in told["findings"]} == {None}
    assert (told["summary"]["compared"], told["summary"]["known"]) == (None, 0)


def test_what_was_mended_is_counted_as_gone(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", GOOD_MAIN)
    done = run("check", "--new-since", "main")
    assert done.status == 0
    assert "0 new, 0 known, 2 gone" in done.stdout


def test_three_dots_leave_out_what_the_other_branch_has_mended_since(run: Run, repo: Repository) -> None:
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit("on the topic")
    repo.git("checkout", "--quiet", "main")
    put(repo.path / "mail", GOOD_MAIN)
    repo.commit("mended")
    repo.git("checkout", "--quiet", "topic")
    assert run("check", "--new-since", "main").status == 1
    assert run("check", "--new-since", "main...").status == 0


def test_lines_may_move(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", "# a comment\n" * 20 + BAD_MAIN)
    assert run("check", "--new-since", "main").status == 0


def test_a_more_severe_finding_is_new(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN.replace("0.0.0.0/0", "192.168.0.0/16"))
    repo.commit()
    put(repo.path / "mail", BAD_MAIN.replace("0.0.0.0/0", "0.0.0.0/0 192.168.0.0/16"))
    told = data(run("check", "--new-since", "HEAD", "--format", "json"))
    assert "no-open-relay" in rules_by_new(told)[True]


def test_a_set_that_the_revision_lacks_is_new(run: Run, repo: Repository) -> None:
    put(repo.path / "other", BAD_MAIN)
    told = data(run("check", "--new-since", "main", "--format", "json"))
    assert {each["system"] for each in told["findings"] if each["new"]} == {"other"}


def test_a_set_that_is_gone_is_no_finding(run: Run, repo: Repository) -> None:
    put(repo.path / "other")
    (repo.path / "mail" / "main.cf").unlink()
    (repo.path / "mail" / "master.cf").unlink()
    done = run("check", "--new-since", "main", "other")
    assert done.status == 0
    assert "0 gone" in done.stdout


def test_a_set_that_moved_brings_nothing_new(run: Run, repo: Repository) -> None:
    repo.git("mv", "mail", "hosts")
    done = run("check", "--new-since", "main")
    assert done.status == 0
    assert "0 new, 2 known, 0 gone" in done.stdout


def test_a_host_that_has_had_no_configuration_is_all_new(run: Run, repo: Repository) -> None:
    repo.git("rm", "-r", "--quiet", "mail")
    commit = repo.commit()
    put(repo.path / "mail", BAD_MAIN)
    done = run("check", "--new-since", commit)
    assert done.status == 1
    told = " ".join(done.stdout.split())
    assert f"note: {commit}: no mail server configuration was found there, so all counts as new" in told


def test_what_the_revision_does_not_make_clear_is_new(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN, "smtp inet n\n")
    repo.commit()
    put(repo.path / "mail", BAD_MAIN)
    done = run("check", "--new-since", "main")
    assert done.status == 1
    assert "warning: main:mail/master.cf:1:1" in done.stdout
    assert "hint: what this hides counts as new" in done.stdout
    told = data(run("check", "--new-since", "main", "--format", "json"))
    assert told["summary"]["exit_cause"] == "findings"


def test_many_faults_of_the_revision_are_told_shortly(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", BAD_MAIN)
    for number in range(9):
        put(repo.path / f"host{number}", GOOD_MAIN, "smtp inet n\n")
    repo.commit()
    for number in range(9):
        put(repo.path / f"host{number}")
    done = run("check", "--new-since", "main")
    assert done.stdout.count("warning: main:") == 5 + 1
    assert "warning: main: and 4 more errors" in done.stdout


def test_a_file_beyond_the_bound_in_the_revision_is_a_warning(run: Run, repo: Repository) -> None:
    (repo.path / "mail" / "main.cf").write_bytes(b"#" * 50_000_000)
    repo.commit()
    put(repo.path / "mail", BAD_MAIN)
    done = run("check", "--new-since", "main")
    assert done.status == 1
    assert "warning: main: mail/main.cf: is larger than 8 MiB" in done.stdout


def test_what_is_too_much_in_the_revision_is_told_with_its_name(
    run: Run, repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        repo.write(f"{name}/file", "x")
    repo.commit()
    for name in "abc":
        repo.git("rm", "-r", "--quiet", name)
    monkeypatch.setattr(locate, "MAX_DIRECTORIES", 3)
    done = run("check", "--new-since", "main", repo.path / "mail", repo.path)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("mailposture: error: main: more than 3 directories")


def test_a_path_stands_for_its_set_in_the_revision_too(run: Run, repo: Repository) -> None:
    assert run("check", "--new-since", "main", "mail/main.cf").status == 0
    (repo.path / "mail" / "master.cf").unlink()
    repo.commit()
    put(repo.path / "mail", BAD_MAIN)
    told = data(run("check", "--new-since", "main", "mail/master.cf", "--format", "json"))
    assert rules_by_new(told)[False] == {"mynetworks-narrow"}


def test_what_lies_in_a_submodule_is_told_and_new(run: Run, repo: Repository) -> None:
    inner = repository(repo.path / "sub")
    put(inner.path / "etc", BAD_MAIN)
    inner.commit()
    repo.git("-c", "advice.addEmbeddedRepo=false", "add", "sub")
    repo.commit()
    done = run("check", "--new-since", "main", ".")
    assert done.status == 1
    told = " ".join(done.stdout.split())
    assert "main: not in the revision itself, but in a submodule or behind a link that leads out: sub/etc" in told


def test_repositories_are_compared_each_with_its_own_revision(run: Run, here: Path) -> None:
    for name in ("one", "two"):
        made = repository(here / name)
        put(here / name, BAD_MAIN)
        made.commit(name)
    put(here / "two", OFFERS_NO_TLS)
    told = data(run("check", "--new-since", "main", "one", "two", "--format", "json"))
    assert {each["system"].rstrip("/") for each in told["findings"] if each["new"]} == {"two"}
    assert told["summary"]["known"] == 4


def test_under_a_root_both_are_read_as_that_host(run: Run, repo: Repository) -> None:
    put(repo.path / "image" / "etc" / "postfix", BAD_MAIN)
    repo.commit()
    done = run("check", "--root", "image", "image", "--new-since", "main")
    assert done.status == 0
    assert "2 known" in done.stdout


def test_unknown_verdicts_that_were_unknown_do_not_count(run: Run, repo: Repository) -> None:
    put(repo.path / "mail", GOOD_MAIN, SMTP + AUTH)
    repo.commit()
    own = ("--rules", "own", "--fail-on-unknown", "mail")
    (repo.path / "own").mkdir()
    (repo.path / "own" / "level.yaml").write_text(UNKNOWN_RULE)
    assert run("check", *own).status == 1
    assert run("check", *own, "--new-since", "main").status == 0


AUTH = "submission inet n - y - - smtpd\n -o smtpd_sasl_auth_enable=yes\n -o smtpd_tls_security_level=encrypt\n"

UNKNOWN_RULE = """\
id: level
code: OWN-001
severity: high
applies_to: endpoint
title: {en: PLAIN is offered, es: Se ofrece PLAIN}
why: {en: To be sure., es: Para estar seguros.}
when: {protocol: submission}
require: {auth.mechanisms_after_tls: {contains: PLAIN}}
message: {en: no PLAIN, es: sin PLAIN}
tests: [{name: none, facts: {endpoint: {protocol: submission, auth: {mechanisms_after_tls: []}}}, expect: fail}]
"""


@pytest.mark.parametrize(
    ("revision", "message", "hint"),
    [
        ("nowhere", "there is no commit `nowhere` in this repository", "git branch --all"),
        ("--output=x", "there is no commit `--output=x` in this repository", "git branch --all"),
        ("main\x1b[2J", r"there is no commit `main\x1b[2J` in this repository", "git branch --all"),
    ],
)
def test_a_wrong_revision_is_one_clear_error(
    run: Run, repo: Repository, revision: str, message: str, hint: str
) -> None:
    done = run("check", f"--new-since={revision}")
    assert (done.status, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first == f"mailposture: error: {repo.path}: {message}"
    assert second.startswith("hint: ")
    assert hint in second
    assert not (repo.path / "x").exists()


def test_a_shallow_clone_is_told_what_to_do(
    run: Run, repo: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repo.commit("second")
    clone = tmp_path_factory.mktemp("clone") / "clone"
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", clone)
    done = run("check", "--new-since", "HEAD^", clone)
    assert done.status == 2
    assert "`fetch-depth: 0` for actions/checkout" in done.stderr


def test_outside_of_a_work_tree_there_is_nothing_to_compare_with(run: Run, here: Path) -> None:
    put(here)
    done = run("check", "--new-since", "main")
    assert (done.status, done.stdout) == (2, "")
    assert "is in no Git work tree" in done.stderr


def test_the_work_tree_and_the_repository_stay_as_they_are(run: Run, repo: Repository) -> None:
    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in repo.path.rglob("*")}

    put(repo.path / "mail", GOOD_MAIN)
    before = state()
    run("check", "--new-since", "main...")
    run("diff", "main")
    assert state() == before


def test_a_run_with_a_revision_loads_only_what_it_needs(repo: Repository) -> None:
    code = "import sys\nfrom checker.cli import main\nmain(sys.argv[1:])\nsys.stderr.write(' '.join(sys.modules))"
    arguments = [sys.executable, "-c", code, "check", "--new-since", "main", str(repo.path)]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert "compared with main" in done.stdout
    assert not {name.partition(".")[0] for name in done.stderr.split()} & {"jsonschema", "sarif_om", "jinja2", "socket"}
