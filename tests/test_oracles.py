"""The oracles are what they are taken for, and their absence is never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Postconf, fail_skipped
from tests.oracles import write_configuration


def test_postconf_is_that_of_debian_12(postconf: Postconf, tmp_path: Path) -> None:
    write_configuration(tmp_path, {"main.cf": "", "master.cf": ""})
    assert postconf(tmp_path, "-dh", "mail_version").stdout.startswith("3.7.")


def test_postconf_reads_the_given_directory(postconf: Postconf, tmp_path: Path) -> None:
    write_configuration(tmp_path, {"main.cf": "myhostname = mx.example.org\n", "master.cf": ""})
    done = postconf(tmp_path, "-nh", "myhostname")
    assert (done.stdout, done.returncode) == ("mx.example.org\n", 0)


def test_bytes_that_are_no_text_come_back(postconf: Postconf, tmp_path: Path) -> None:
    write_configuration(tmp_path, {"main.cf": b"mail_name = caf\xe9\n", "master.cf": ""})
    assert postconf(tmp_path, "-nh", "mail_name").stdout.encode("utf-8", "surrogateescape") == b"caf\xe9\n"


def report_of(outcome: str, reason: object) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="t",
        location=("t.py", 1, "t"),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]  # a literal, given by the parameter of the test
        longrepr=reason,  # type: ignore[arg-type]  # what pytest itself puts there
        when="call",
    )


def test_a_skip_becomes_a_failure_that_tells_the_reason() -> None:
    report = report_of("skipped", ("t.py", 1, "Skipped: needs postconf"))
    fail_skipped(report)
    assert report.failed
    assert "needs postconf" in str(report.longrepr)


def test_an_expected_failure_stays_what_it_is() -> None:
    report = report_of("skipped", None)
    report.wasxfail = "reason"
    fail_skipped(report)
    assert report.skipped
