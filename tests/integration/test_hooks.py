"""The hooks for pre-commit: which files they are run for, and what they make of a commit."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.locate import NAMES
from tests.commands.conftest import BAD_MAIN, put
from tests.integration import others
from tests.integration.others import PROJECT

MANIFEST = PROJECT / ".pre-commit-hooks.yaml"
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text())}


def test_the_manifest_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, PROJECT / "tools/hooks_manifest.py", "--check"], check=False)
    assert done.returncode == 0, "run `make generate`"


def test_there_is_a_hook_for_what_changed_for_all_and_for_rules() -> None:
    assert {"mailposture", "mailposture-tree", "mailposture-rules"} <= HOOKS.keys()


def test_the_document_names_every_hook() -> None:
    document = (PROJECT / "docs" / "pre-commit.md").read_text()
    assert re.findall(r"^\| `([\w-]+)`", document, re.MULTILINE) == list(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_a_set_of_files_is_never_cut_apart(name: str) -> None:
    assert HOOKS[name]["require_serial"] is True
    assert HOOKS[name]["language"] == "python"


def test_only_the_hook_for_what_changed_is_given_names() -> None:
    assert [name for name, hook in HOOKS.items() if hook.get("pass_filenames", True)] == ["mailposture"]


@pytest.mark.parametrize("name", ["mailposture", "mailposture-tree"])
@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("main.cf", True),
        ("master.cf", True),
        ("etc/postfix/main.cf", True),
        ("roles/mail/files/master.cf", True),
        ("-odd name/main.cf", True),
        ("etc/postfix/main.cf.proto", False),
        ("etc/postfix/main.cf.bak", False),
        ("etc/postfix/main_cf", False),
        ("etc/postfix/domain.cf", False),
        ("main.cf/README.md", False),
    ],
)
def test_which_paths_are_meant(name: str, path: str, meant: bool) -> None:
    assert bool(re.search(HOOKS[name]["files"], path)) is meant


@pytest.mark.parametrize("name", NAMES)
def test_every_name_that_discovery_knows_is_meant(name: str) -> None:
    path = f"a/b/{name.replace('*', 'x')}"
    assert re.search(HOOKS["mailposture"]["files"], path)
    assert not re.search(HOOKS["mailposture"]["files"], f"{path}.orig")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("rules/own.yaml", True),
        ("policy/rules/mail/own.yml", True),
        ("rules/README.md", False),
        ("playbooks/site.yaml", False),
    ],
)
def test_which_rules_are_meant(path: str, meant: bool) -> None:
    assert bool(re.search(HOOKS["mailposture-rules"]["files"], path)) is meant


def test_pre_commit_takes_the_manifest() -> None:
    done = others.run("pre-commit", "validate-manifest", MANIFEST)
    assert done.returncode == 0, done.stdout


def git(directory: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    done = subprocess.run(
        ["git", "-C", directory, *identity, *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a repository with the files of this one as they are now."""
    directory = tmp_path_factory.mktemp("hooks")
    for name in git(PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if (PROJECT / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, directory / name)
    git(directory, "init", "--quiet")
    git(directory, "add", ".")
    git(directory, "commit", "--quiet", "--message", "hooks")
    return directory


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give pre-commit a directory to keep the environment of the hooks in, from one test to the next."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def repository(tmp_path: Path, hooks: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository that uses the hooks, and holds nothing else yet."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(home))
    directory = tmp_path / "repository"
    directory.mkdir()
    git(directory, "init", "--quiet")
    wanted = [{"id": name} for name in ("mailposture", "mailposture-tree", "mailposture-rules")]
    config = {"repos": [{"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD"), "hooks": wanted}]}
    (directory / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    return directory


def committed(repository: Path, *hooks: str) -> subprocess.CompletedProcess[str]:
    """Run one hook on what is staged, as a commit does."""
    git(repository, "add", "--all")
    program = others.require("pre-commit")
    return subprocess.run(
        [program, "run", *hooks], check=False, capture_output=True, text=True, cwd=repository, timeout=300
    )


@pytest.mark.slow
def test_a_commit_is_refused_for_what_breaks_the_policy_and_passes_in_silence_else(repository: Path) -> None:
    put(repository / "mail")
    good = committed(repository, "mailposture")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "REL-001" not in good.stdout
    put(repository / "mail", BAD_MAIN)
    bad = committed(repository, "mailposture")
    assert bad.returncode == 1
    assert "mail/main.cf:4:1" in bad.stdout


@pytest.mark.slow
def test_the_file_beside_the_one_that_changed_is_read_too(repository: Path) -> None:
    put(repository / "mail", BAD_MAIN)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "bad")
    with (repository / "mail" / "master.cf").open("a") as file:
        file.write("# a comment\n")
    done = committed(repository, "mailposture")
    assert done.returncode == 1
    assert "mail/main.cf:4:1" in done.stdout


@pytest.mark.slow
def test_a_commit_of_other_files_is_let_through_but_the_tree_is_judged(repository: Path) -> None:
    put(repository / "mail", BAD_MAIN)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "bad")
    (repository / "notes.txt").write_text("no mail here\n")
    assert committed(repository, "mailposture").returncode == 0
    assert committed(repository, "mailposture-tree").returncode == 1


@pytest.mark.slow
def test_a_file_that_only_looks_like_one_of_a_mail_server_is_let_through(repository: Path) -> None:
    site = repository / "nginx" / "conf.d" / "site.conf"
    site.parent.mkdir(parents=True)
    site.write_text("server { listen 80; }\n")
    done = committed(repository, "mailposture")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_rule_without_tests_is_refused(repository: Path) -> None:
    rules = repository / "rules"
    rules.mkdir()
    (rules / "own.yaml").write_text("id: own\n")
    done = committed(repository, "mailposture-rules")
    assert done.returncode == 1
    assert "rules/own.yaml:1:1" in done.stdout
