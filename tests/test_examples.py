"""The examples are valid Postfix configurations, and are judged as they are meant to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command, Postconf

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.mark.parametrize("name", ["insecure", "hardened"])
@pytest.mark.parametrize("view", ["-n", "-M", "-P"])
def test_the_real_postconf_has_nothing_to_say(name: str, view: str, postconf: Postconf) -> None:
    done = postconf(EXAMPLES / name / "etc/postfix", view)
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("profile", ["recommended", "strict"])
def test_the_hardened_server_keeps_the_policy(profile: str, mailposture: Command) -> None:
    done = mailposture("check", "--profile", profile, "--fail-on", "low", "--fail-on-unknown", EXAMPLES / "hardened")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_insecure_server_breaks_it_on_every_port(mailposture: Command) -> None:
    done = mailposture("check", "--profile", "strict", "--format", "json", EXAMPLES / "insecure")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    failed = {finding["subject"] for finding in report["findings"] if finding["status"] == "fail"}
    ports = {endpoint["port"] for endpoint in report["endpoints"] if endpoint["id"] in failed} - {None}
    assert ports == {25, 110, 143, 465, 587, 993, 995, 2525}


def test_the_insecure_server_is_an_open_relay(mailposture: Command) -> None:
    done = mailposture("show", "endpoints", "--format", "json", EXAMPLES / "insecure")
    endpoints = [each for each in json.loads(done.stdout)["endpoints"] if each["case"] is None]
    assert {each["port"] for each in endpoints if each["smtp"]["open_relay"]} == {25, 465, 587, 2525}
