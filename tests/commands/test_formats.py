"""Each format costs only those who ask for it, and the exit status is that of the check in all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checker.report.formats import FORMATS
from tests.commands.conftest import BAD_MAIN, Run, put

LOADED = """
import sys
from checker.cli import main
main(sys.argv[1:])
print([name for name in ("sarif_om", "attr", "jsonschema", "jinja2", "socket", "ssl") if name in sys.modules])
"""


def loaded(here: Path, *arguments: str) -> str:
    """Return which modules a run of its own has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], check=True, capture_output=True, text=True, cwd=here
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "sarif"])
def test_only_sarif_loads_its_library(here: Path, name: str) -> None:
    put(here, BAD_MAIN)
    assert loaded(here, "check", "--format", name) == "[]"


@pytest.mark.parametrize("arguments", [["--format", "sarif"], ["-o", "sarif=log"]])
def test_sarif_does(here: Path, arguments: list[str]) -> None:
    put(here, BAD_MAIN)
    assert loaded(here, "check", *arguments) == "['sarif_om', 'attr']"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("main_cf", "status"), [(BAD_MAIN, 1), (BAD_MAIN + "no setting\n", 2)])
def test_the_exit_status_is_that_of_the_check(run: Run, here: Path, name: str, main_cf: str, status: int) -> None:
    put(here, main_cf)
    done = run("check", "--format", name)
    assert done.status == status
    assert "REL-001" in done.stdout


def test_sarif_paths_count_from_the_top_of_the_repository(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".git").mkdir()
    put(here / "mail" / "host", BAD_MAIN)
    monkeypatch.chdir(here / "mail")
    log = json.loads(run("check", "--format", "sarif", "host", "--category", "mail").stdout)["runs"][0]
    uris = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in log["results"]}
    assert uris == {"mail/host/main.cf"}
    assert log["automationDetails"]["id"] == "mail/"


def test_sarif_says_what_json_says(run: Run, here: Path) -> None:
    put(here, BAD_MAIN)
    findings = json.loads(run("check", "--format", "json").stdout)["findings"]
    failed = {each["fingerprint"]: each for each in findings if each["status"] == "fail"}
    results = json.loads(run("check", "--format", "sarif").stdout)["runs"][0]["results"]
    assert {each["partialFingerprints"]["mailposture/v1"] for each in results} == failed.keys()
    for result in results:
        finding = failed[result["partialFingerprints"]["mailposture/v1"]]
        assert result["ruleId"].partition("/")[0] == finding["rule"]
        assert result["properties"]["severity"] == finding["severity"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["endColumn"]) == (
            finding["locations"][0]["line"],
            finding["locations"][0]["end_column"],
        )
