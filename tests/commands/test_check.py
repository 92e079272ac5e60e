"""`mailposture check`: what it says, where it says it, and its exit status."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checker import resources
from checker.report.formats import FORMATS
from tests.commands.conftest import BAD_MAIN, SMTP, Run, put


def own_profile(directory: Path, lines: str) -> Path:
    """Write the profile `one` into the directory of rules `own`, and return that."""
    rules = directory / "own"
    (rules / "profiles").mkdir(parents=True)
    (rules / "profiles" / "one.yaml").write_text(f"id: one\ntitle: {{en: One, es: Una}}\n{lines}\n")
    return rules


def test_what_keeps_the_policy_exits_0(run: Run, here: Path) -> None:
    put(here)
    done = run("check")
    assert (done.status, done.stderr) == (0, "")
    assert "exit status 0: nothing at or above medium\n" in done.stdout


def test_findings_exit_1(run: Run, here: Path) -> None:
    put(here, BAD_MAIN)
    done = run("check")
    assert (done.status, done.stderr) == (1, "")
    assert "critical[REL-001]" in done.stdout
    assert "   --> main.cf:4:1\n" in done.stdout


@pytest.mark.parametrize(("threshold", "status"), [("critical", 1), ("low", 1), ("never", 0)])
def test_the_threshold_is_the_users(run: Run, here: Path, threshold: str, status: int) -> None:
    put(here, BAD_MAIN)
    assert run("check", "--fail-on", threshold).status == status


def test_what_cannot_be_told_counts_only_on_request(run: Run, here: Path) -> None:
    put(here, master_cf=AUTH)
    rules = own_profile(here, "rules: [level, mx-starttls-offered]")
    (rules / "level.yaml").write_text(UNKNOWN_RULE)
    check = ("check", "--rules", "own", "--profile", "one", here)
    assert run(*check).status == 0
    done = run(*check, "--fail-on-unknown")
    assert done.status == 1
    assert "unknown[OWN-001]" in done.stdout


AUTH = SMTP + "submission inet n - y - - smtpd\n -o smtpd_sasl_auth_enable=yes\n -o smtpd_tls_security_level=encrypt\n"

UNKNOWN_RULE = """\
id: level
code: OWN-001
severity: high
applies_to: endpoint
title: {en: The banner is known, es: Se conoce el saludo}
why: {en: To be sure., es: Para estar seguros.}
when: {protocol: submission}
require: {auth.mechanisms_after_tls: {contains: PLAIN}}
message: {en: no PLAIN, es: sin PLAIN}
tests: [{name: none, facts: {endpoint: {protocol: submission, auth: {mechanisms_after_tls: []}}}, expect: fail}]
"""


def test_a_broken_file_exits_2_and_the_rest_is_judged(run: Run, here: Path) -> None:
    put(here / "good")
    put(here / "bad", BAD_MAIN, SMTP + "smtp inet n\n")
    done = run("check", "good", "bad")
    assert done.status == 2
    assert "error: " in done.stdout
    assert "exit status 2: a part of the job could not be done\n" in done.stdout
    assert "on 2 hosts" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["nowhere"], "nowhere: no such file or directory", "it is looked up below"),
        (["--profile", "recomended"], "there is no profile `recomended`", "did you mean `recommended`?"),
        (["--rules", "nowhere"], "nowhere: is not a directory", ""),
        (["--fail-on", "awful"], "argument --fail-on: invalid choice", "see `mailposture check --help`"),
        (["--colour"], "unrecognized arguments: --colour", "see `mailposture check --help`"),
        (["-o", "json"], "-o wants FORMAT=FILE, not `json`", "such as -o json=FILE"),
        (["-o", "jsom=x"], "there is no format `jsom`", "did you mean `json`?"),
        (["-o", "json=no/such/place.json"], "no/such/place.json: cannot be written", "does the directory exist?"),
    ],
)
def test_a_wrong_command_line_exits_2_with_one_clear_message(
    run: Run, here: Path, arguments: list[str], message: str, hint: str
) -> None:
    put(here)
    done = run("check", *arguments)
    assert (done.status, done.stdout) == (2, "")
    first, *rest = done.stderr.splitlines()
    assert first.startswith("mailposture: error: ")
    assert message in first
    assert rest == [] if not hint else (len(rest) == 1 and rest[0].startswith("hint: ") and hint in rest[0])


def test_nothing_to_check_exits_3_and_says_what_to_try(run: Run, here: Path) -> None:
    (here / "notes.txt").write_text("no mail here\n")
    done = run("check")
    assert done.status == 3
    assert "hint: give a path that holds a main.cf, such as: mailposture check /etc/postfix" in done.stdout


def test_that_there_is_nothing_may_be_allowed(run: Run, here: Path) -> None:
    (here / "notes.txt").write_text("no mail here\n")
    done = run("check", "--allow-nothing")
    assert done.status == 0
    assert "exit status 0: no mail server configuration was found\n" in done.stdout
    assert run("check", "--allow-nothing", "--quiet", "notes.txt").stdout == ""


def test_no_verdict_exits_3(run: Run, here: Path) -> None:
    put(here, master_cf="pickup unix n - y 60 1 pickup\n")
    own_profile(here, "rules: [mx-starttls-offered]")
    done = run("check", "--rules", "own", "--profile", "one", here)
    assert done.status == 3
    assert "not one verdict could be given" in done.stdout


def test_a_path_named_twice_is_judged_once(run: Run, here: Path) -> None:
    put(here / "mail")
    once = run("check", "mail")
    assert run("check", "mail", "mail/", here / "mail", "mail/main.cf").stdout == once.stdout


def test_a_path_may_look_like_an_option(run: Run, here: Path) -> None:
    put(here / "-mail")
    assert run("check", "--", "-mail").status == 0


def test_under_a_root_paths_are_those_of_its_host(run: Run, here: Path) -> None:
    put(here / "image" / "etc" / "postfix", BAD_MAIN)
    done = run("check", "--root", "image", "image/etc/postfix", "--format", "json")
    assert [each["path"] for each in json.loads(done.stdout)["files"]] == [
        "etc/postfix/main.cf",
        "etc/postfix/master.cf",
    ]
    assert "   --> image/etc/postfix/main.cf:4:1\n" in run("check", "--root", "image", "image/etc/postfix").stdout
    assert run("check", "--root", "image", here).status == 2


def test_sets_in_different_places_have_paths_of_their_own(run: Run, here: Path) -> None:
    put(here / "one", BAD_MAIN)
    put(here / "two", BAD_MAIN)
    data = json.loads(run("check", "one", "two", "--format", "json").stdout)
    assert [each["path"] for each in data["files"]] == [
        "one/main.cf", "one/master.cf", "two/main.cf", "two/master.cf",
    ]  # fmt: skip
    assert data["summary"]["hosts"] == 2
    prints = [each["fingerprint"] for each in data["findings"]]
    assert len(set(prints)) == len(prints)


def test_json_keeps_the_schema_and_goes_to_standard_output(run: Run, here: Path) -> None:
    put(here, BAD_MAIN)
    done = run("check", "--format", "json")
    data = json.loads(done.stdout)
    Draft202012Validator(resources.schema("report")).validate(data)
    assert data["summary"]["exit_status"] == done.status == 1


def test_reports_are_written_beside_what_is_printed(run: Run, here: Path) -> None:
    put(here)
    done = run("check", "-o", "json=report.json", "-o", "text=report.txt", "--all")
    assert json.loads((here / "report.json").read_text())["summary"]["exit_status"] == 0
    assert (here / "report.txt").read_text() == done.stdout


def test_the_language_is_that_of_the_option_else_of_the_locale(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here)
    assert "código de salida 0" in run("check", "--lang", "es").stdout
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert "código de salida 0" in run("check").stdout
    assert "exit status 0" in run("check", "--lang", "en").stdout
    monkeypatch.setenv("LC_ALL", "C")
    assert "exit status 0" in run("check").stdout


def test_quiet_says_nothing_where_all_is_well(run: Run, here: Path) -> None:
    put(here)
    assert run("check", "--quiet").stdout == ""


def test_colour_is_for_terminals_and_who_asks_for_it(run: Run, here: Path) -> None:
    put(here, BAD_MAIN)
    assert "\x1b[" not in run("check").stdout
    assert "\x1b[" in run("check", "--color", "always").stdout


def test_the_release_can_be_named(run: Run, here: Path) -> None:
    put(here)
    assert "Postfix 3.5.25" in run("check", "--postfix-version", "3.5.25").stdout
    assert "(debian-12)" in run("check", "--platform", "debian-12").stdout
    assert run("check", "--platform", "auto").stdout == run("check").stdout


@pytest.mark.parametrize("evil", [b"\xff\xfe = \x1b]0;x\x07\n", b"mynetworks = \xff\x1b[2J 0.0.0.0/0\n", b"\0" * 99])
def test_any_bytes_give_a_report_and_never_a_traceback(run: Run, here: Path, evil: bytes) -> None:
    put(here, BAD_MAIN)
    (here / "main.cf").write_bytes(BAD_MAIN.encode() + evil)
    for form in FORMATS:
        done = run("check", "--format", form)
        assert done.status in (0, 1, 2, 3)
        assert "Traceback" not in done.stderr
        assert "a bug" not in done.stderr
        assert not set(done.stdout) & {"\x1b", "\x07", "\0"}


def test_a_name_that_is_no_utf_8_is_shown(run: Run, here: Path) -> None:
    put(here / os.fsdecode(b"mail-\xff"), BAD_MAIN)
    done = run("check")
    assert done.status == 1
    assert r"mail-\xff/main.cf:4:1" in done.stdout


def test_a_file_is_replaced_whole_and_keeps_its_permissions(run: Run, here: Path) -> None:
    put(here)
    report = here / "report.json"
    report.write_text("old")
    report.chmod(0o640)
    run("check", "-o", f"json={report}")
    assert json.loads(report.read_text())["profile"] == "recommended"
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert sorted(path.name for path in here.iterdir()) == ["main.cf", "master.cf", "report.json"]
