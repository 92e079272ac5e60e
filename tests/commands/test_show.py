"""`mailposture show`: facts without a verdict."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.commands.conftest import GOOD_MAIN, SMTP, Run, put

MASTER = SMTP + "submission inet n - y - - smtpd\n  -o smtpd_tls_security_level=encrypt\n"


def test_endpoints_are_a_table(run: Run, here: Path) -> None:
    put(here, master_cf=MASTER)
    done = run("show", "endpoints")
    assert done.status == 0
    assert [line.split()[:3] for line in done.stdout.splitlines()[:3]] == [
        ["service", "address", "TLS"],
        ["smtp/inet", "*:25", "starttls"],
        ["submission/inet", "*:587", "starttls,"],
    ]


def test_endpoints_as_json_have_nested_fields(run: Run, here: Path) -> None:
    put(here, master_cf=MASTER)
    data = json.loads(run("show", "endpoints", "--format", "json").stdout)
    assert set(data) == {"endpoints", "outbound", "authdb", "process", "software", "systems"}
    smtp, submission = data["endpoints"]
    assert (smtp["port"], smtp["tls"]["mode"], smtp["tls"]["required"]) == (25, "starttls", False)
    assert (submission["port"], submission["tls"]["required"]) == (587, True)
    assert data["software"][0]["product"] == "postfix"
    assert data["systems"][0]["endpoints"] == [smtp["id"], submission["id"]]


def test_one_service_alone_can_be_shown(run: Run, here: Path) -> None:
    put(here, master_cf=MASTER)
    data = json.loads(run("show", "endpoints", "--service", "submission/inet", "--format", "json").stdout)
    assert [each["service"] for each in data["endpoints"]] == ["submission/inet"]


def test_a_setting_has_its_value_and_the_steps_that_made_it(run: Run, here: Path) -> None:
    put(here, master_cf=MASTER)
    done = run("show", "settings", "smtpd_tls_security_level", "nonsense")
    assert done.status == 0
    value, steps, other = done.stdout.splitlines()
    assert value == "smtpd_tls_security_level = may"
    assert steps.endswith("-> main.cf:6")
    assert other == "nonsense: no such parameter in this release"


def test_a_setting_of_a_service_is_what_its_daemon_sees(run: Run, here: Path) -> None:
    put(here / "mail", master_cf=MASTER)
    done = run("show", "settings", "mail", "smtpd_tls_security_level", "--service", "submission/inet")
    assert done.stdout.startswith("smtpd_tls_security_level = encrypt\n")
    assert "-> main.cf:6 -> master.cf:3 (-o submission/inet)" in done.stdout


def test_files_are_listed_with_hash_and_product(run: Run, here: Path) -> None:
    put(here)
    digest = hashlib.sha256(GOOD_MAIN.encode()).hexdigest()
    assert run("show", "files").stdout.splitlines()[0] == f"{digest}  postfix   main.cf"
    data = json.loads(run("show", "files", "--format", "json").stdout)
    assert data["files"][0] == {"path": "main.cf", "sha256": digest, "product": "postfix"}


def test_nothing_found_exits_3_with_a_hint(run: Run, here: Path) -> None:
    done = run("show", "endpoints", here)
    assert (done.status, done.stdout) == (3, "")
    assert "hint: give a path that holds a main.cf" in done.stderr


def test_what_was_not_understood_is_told_on_standard_error(run: Run, here: Path) -> None:
    put(here, master_cf=SMTP + "smtp inet n\n")
    done = run("show", "endpoints")
    assert done.status == 2
    assert done.stdout.startswith("service")
    assert "mailposture: error: master.cf:2" in done.stderr


def test_a_secret_in_a_notice_is_hidden(run: Run, here: Path) -> None:
    put(here, master_cf=SMTP + "smtp inet n password=hunter2 y - - smtpd\n")
    done = run("show", "endpoints")
    assert "password=<secret>" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["settings"], "no setting is named", "such as: mailposture show settings"),
        (["endpoints", "smtp"], "smtp: does not exist", None),
        (
            ["endpoints", "--service", "submision/inet"],
            "no listener has the service",
            "did you mean `submission/inet`?",
        ),
        (["listeners"], "invalid choice", "see `mailposture show --help`"),
    ],
)
def test_a_wrong_command_line_exits_2(
    run: Run, here: Path, arguments: list[str], message: str, hint: str | None
) -> None:
    put(here, master_cf=MASTER)
    done = run("show", *arguments)
    assert (done.status, done.stdout) == (2, "")
    assert message in done.stderr
    assert hint is None or f"hint: {hint}" in done.stderr
