"""The GitHub Action does as its inputs say, whoever wrote them, and hands its results over."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.commands.conftest import BAD_MAIN, GOOD_MAIN, put
from tests.integration import others
from tests.integration.others import PROJECT
from tests.integration.runner import Job

DEFINITION = yaml.safe_load((PROJECT / "action.yml").read_text())
DOCUMENT = (PROJECT / "docs" / "github-action.md").read_text()
STEPS = DEFINITION["runs"]["steps"]
WORKFLOW = ".github/workflows/action.yml"
"""The workflow that uses the Action on the examples."""

SCRIPTS = sorted((PROJECT / "action").glob("*.sh"))

Use = Callable[..., Job]


def test_no_expression_stands_in_a_script() -> None:
    assert not [step for step in STEPS if "${{" in step.get("run", "")]


def test_others_actions_are_pinned_by_commit() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}", each) for each in used)


def test_every_input_is_described_used_and_a_string_by_default() -> None:
    text = (PROJECT / "action.yml").read_text()
    for name, declared in DEFINITION["inputs"].items():
        assert declared["description"].strip()
        assert isinstance(declared["default"], str)
        assert f"inputs.{name}" in text


def test_the_document_names_every_input_with_its_default_and_every_output() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|(?: (?:`([^`]*)`)? ?\|)?", DOCUMENT, re.MULTILINE)
    documented = dict(rows)
    inputs = {name: declared["default"] for name, declared in DEFINITION["inputs"].items()}
    assert documented == inputs | dict.fromkeys(DEFINITION["outputs"], "") | {"sarif-file": ""}


def test_the_dependencies_are_locked_by_hash_at_the_versions_that_are_tested() -> None:
    lock = (PROJECT / "action" / "requirements.lock").read_text()
    requirements = re.findall(r"^([\w-]+)==(\S+)((?:.*\\\n)+.*)", lock, re.MULTILINE)
    assert all("--hash=sha256:" in hashes for _, _, hashes in requirements)
    locked = {name.lower(): version for name, version, _ in requirements}
    assert {"hatchling", "jsonschema", "pyyaml", "sarif-om"} <= locked.keys()
    pins = re.findall(r"^([\w.-]+)==(\S+)$", (PROJECT / "constraints" / "dev.txt").read_text(), re.MULTILINE)
    tested = {name.lower().replace("_", "-"): version for name, version in pins}
    assert locked.items() <= tested.items()


def test_the_scripts_may_be_executed() -> None:
    assert SCRIPTS
    assert all(script.stat().st_mode & 0o111 for script in SCRIPTS)


def test_shellcheck_has_nothing_to_say() -> None:
    done = others.run("shellcheck", *SCRIPTS)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW],
        ["zizmor", "--offline", "--no-progress", "action.yml", WORKFLOW],
        ["jactionlint", "action.yml", WORKFLOW],
    ],
    ids=lambda command: f"{command[0]} {command[-1]}",
)
def test_linters_of_actions_have_nothing_to_say(command: list[str]) -> None:
    done = others.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the runner's directory for temporary files; what the first use installs serves the others."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def use(temporary: Path, tmp_path: Path) -> Use:
    """Use the Action in a workspace that is a Git repository."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)

    def call(environment: dict[str, str] | None = None, **inputs: str) -> Job:
        named = {name.replace("_", "-"): value for name, value in inputs.items()} | {"python-version": ""}
        job = Job(PROJECT, tmp_path, temporary, named, environment or {})
        job.run()
        return job

    return call


@pytest.mark.slow
def test_a_clean_workspace_passes_and_is_uploaded(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail")
    job = use()
    assert job.status == 0, job.log
    assert (job.outputs["exit-code"], job.outputs["findings"], job.outputs["new-findings"]) == ("0", "0", "0")
    ((name, given),) = job.used
    assert name.startswith("github/codeql-action/upload-sarif@")
    assert given == {"sarif_file": job.outputs["sarif-file"], "category": ""}
    assert job.annotations == []
    assert "nothing at or above medium" in job.summary


@pytest.mark.slow
def test_findings_are_annotated_and_uploaded_and_then_fail(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail", BAD_MAIN)
    job = use(category="mail")
    assert (job.status, job.outputs["exit-code"]) == (1, "1")
    log = json.loads(Path(job.outputs["sarif-file"]).read_text())
    assert len(log["runs"][0]["results"]) == int(job.outputs["findings"]) > 0
    assert "automationDetails" not in log["runs"][0]
    assert json.loads(Path(job.outputs["json-file"]).read_text())["summary"]["exit_status"] == 1
    assert [given["category"] for _, given in job.used] == ["mail"]
    assert any(line.startswith("::error file=mail/main.cf,line=4,") for line in job.annotations)
    assert "REL-001" in job.summary


@pytest.mark.slow
def test_each_output_can_be_refused(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail", BAD_MAIN)
    job = use(upload_sarif="false", annotations="false", step_summary="false", fail_on="never", sarif_file="mail.sarif")
    assert (job.status, job.used, job.annotations, job.summary) == (0, [], [], "")
    assert job.outputs["sarif-file"] == "mail.sarif"
    assert json.loads((tmp_path / "mail.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.slow
def test_a_part_that_cannot_be_judged_fails_and_uploads_nothing(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail", master_cf="smtp inet n\n")
    job = use()
    assert (job.status, job.outputs["exit-code"], job.used) == (2, "2", [])
    assert any("the job could not be done" in line for line in job.annotations)


@pytest.mark.slow
@pytest.mark.parametrize(("inputs", "status"), [({}, 3), ({"paths": "nowhere"}, 2), ({"profile": "none"}, 2)])
def test_nothing_to_judge_and_wrong_inputs_fail(use: Use, inputs: dict[str, str], status: int) -> None:
    job = use(**inputs)
    assert (job.status, job.outputs["exit-code"], job.used) == (status, str(status), [])
    assert any(line.startswith("::error title=mailposture::") for line in job.annotations)


HOSTILE = "$(touch pwned)`touch pwned`\"; touch pwned; '\n--rules=/\n-o\nname<<x\n::error::pwned\n"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(DEFINITION["inputs"]) - {"python-version"}))
def test_hostile_inputs_run_nothing(use: Use, tmp_path: Path, name: str) -> None:
    put(tmp_path / "mail")
    job = use(**{name: HOSTILE})
    assert not list(tmp_path.rglob("pwned*"))
    assert not [line for line in job.annotations if line.startswith("::error::pwned")]
    assert set(job.steps["check"]) <= {*DEFINITION["outputs"], "upload"}
    assert job.status in (0, 1, 2, 3)


@pytest.mark.slow
def test_hostile_names_and_lines_command_nothing(use: Use, tmp_path: Path) -> None:
    evil = "::error::pwned $(touch pwned)"
    put(tmp_path / evil, GOOD_MAIN.replace("mynetworks = ", f"mynetworks = 0.0.0.0/0 {evil} "))
    (tmp_path / "pip.py").write_text("open('pwned', 'w')")
    (tmp_path / "checker").mkdir()
    (tmp_path / "checker" / "__init__.py").write_text("open('pwned', 'w')")
    job = use()
    assert job.outputs["exit-code"] == "1"
    assert not (tmp_path / "pwned").exists()
    assert not [line for line in job.annotations if line.startswith("::error::")]


@pytest.mark.slow
def test_a_link_in_the_place_of_the_log_is_replaced(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail")
    (tmp_path / "secret").write_text("kept")
    (tmp_path / "mail.sarif").symlink_to("secret")
    assert use(sarif_file="mail.sarif").status == 0
    assert (tmp_path / "secret").read_text() == "kept"
    assert not (tmp_path / "mail.sarif").is_symlink()


@pytest.mark.slow
def test_a_pull_request_from_a_fork_uploads_nothing(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail")
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"head": {"repo": {"fork": true}}}}')
    job = use({"GITHUB_EVENT_PATH": str(event)})
    assert (job.status, job.used) == (0, [])
    assert any("from a fork" in line for line in job.annotations)


def git(directory: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", "-C", directory, *identity, *arguments], check=True, capture_output=True)


@pytest.mark.slow
def test_a_pull_request_fails_only_on_what_it_brings(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail", BAD_MAIN)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "base")
    git(tmp_path, "update-ref", "refs/remotes/origin/main", "HEAD")
    known = use({"GITHUB_BASE_REF": "main"})
    assert (known.status, known.outputs["new-findings"]) == (0, "0"), known.log
    assert int(known.outputs["findings"]) > 0
    put(tmp_path / "other", BAD_MAIN)
    brought = use({"GITHUB_BASE_REF": "main"})
    assert brought.status == 1
    assert 0 < int(brought.outputs["new-findings"]) < int(brought.outputs["findings"])


@pytest.mark.slow
def test_where_the_base_was_not_fetched_all_counts_and_that_is_said(use: Use, tmp_path: Path) -> None:
    put(tmp_path / "mail", BAD_MAIN)
    job = use({"GITHUB_BASE_REF": "main"})
    assert job.status == 1
    assert any("fetch-depth 0" in line for line in job.annotations)
