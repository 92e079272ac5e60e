"""SARIF logs are valid for programs of others: Microsoft's schema and its Multitool, with the rules for GitHub."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validators

from tests.commands.conftest import BAD_MAIN, put
from tests.conftest import Command
from tests.integration import others
from tests.integration.others import MULTITOOL, PROJECT

POLICY = Path(__file__).with_name("multitool-policy.xml")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory, mailposture: Command) -> dict[str, Path]:
    """Give a log each of servers good, bad, broken, hostile and none, in both languages."""
    directory = tmp_path_factory.mktemp("logs")
    hostile = directory / "[x](http:&evil) {0} ñ"
    put(hostile, BAD_MAIN + "x = [y](http://z) ${0} {0} \x1b[2J\n", "smtp inet n - y - - smtpd -o x=[y](1)\n")
    (directory / "empty").mkdir()
    made = {
        "insecure": mailposture("check", "--format", "sarif", "--profile", "all", PROJECT / "examples" / "insecure"),
        "hardened": mailposture("check", "--format", "sarif", "--lang", "es", PROJECT / "examples" / "hardened"),
        "category": mailposture("check", "--format", "sarif", "--category", "a/b", PROJECT / "examples" / "insecure"),
        "broken": mailposture("check", "--format", "sarif", put(directory / "broken", BAD_MAIN, "smtp inet n\n")),
        "hostile": mailposture("check", "--format", "sarif", "--lang", "es", hostile),
        "empty": mailposture("check", "--format", "sarif", directory / "empty"),
    }
    paths = {}
    for name, done in made.items():
        paths[name] = directory / f"{name}.sarif"
        paths[name].write_text(done.stdout)
    return paths


NAMES = ["insecure", "hardened", "category", "broken", "hostile", "empty"]


def schema() -> Any:
    """Return Microsoft's copy of the schema."""
    others.require("Sarif.Multitool")
    return json.loads((MULTITOOL / "sarif-2.1.0.json").read_text("utf-8-sig"))


@pytest.mark.parametrize("name", NAMES)
def test_it_keeps_the_schema(logs: dict[str, Path], name: str) -> None:
    document = schema()
    validator = validators.validator_for(document)(document)
    assert [error.message for error in validator.iter_errors(json.loads(logs[name].read_text()))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_result_has_a_region_in_a_file_of_the_repository(logs: dict[str, Path], name: str) -> None:
    results = json.loads(logs[name].read_text())["runs"][0]["results"]
    assert bool(results) == (name in ("insecure", "category", "broken", "hostile"))
    for result in results:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(r"[^:/][^:]*", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_multitool_finds_no_error_and_nothing_that_github_would_refuse(
    logs: dict[str, Path], name: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.sarif"
    done = others.run(
        "Sarif.Multitool", "validate", logs[name], "--config", POLICY, "--rule-kind", "Sarif;Ghas",
        "--level", "Error;Warning;Note", "--output", report, "--log", "ForceOverwrite", directory=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    told = [result for run in json.loads(report.read_text("utf-8-sig"))["runs"] for result in run["results"]]
    # It exits with 0 whatever it finds. That no home page is named is all that it warns of: there is none yet.
    assert {each["ruleId"] for each in told if each.get("level", "warning") in ("error", "warning")} <= {"SARIF2005"}
    assert [each for each in told if each["ruleId"].startswith("GH")] == []


def test_the_names_of_the_library_are_those_of_the_schema_but_for_one() -> None:
    """The library was made from a draft: what differs must not be written."""
    import attr  # noqa: PLC0415 - slow to load, and only this test looks at the library itself
    import sarif_om  # type: ignore[import-untyped] # noqa: PLC0415 - likewise; it has no types

    definitions = {**schema()["definitions"], "sarifLog": schema()}
    strange = []
    for name, kind in vars(sarif_om).items():
        if isinstance(kind, type) and attr.has(kind):
            properties = definitions[name[0].lower() + name[1:]].get("properties", {})
            strange += [
                f"{name}.{each.metadata['schema_property_name']}"
                for each in attr.fields(kind)
                if each.metadata["schema_property_name"] not in properties
            ]
    assert strange == ["Suppression.state"]
    assert "Suppression" not in (PROJECT / "checker/report/sarif_om.py").read_text()
