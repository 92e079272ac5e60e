"""Revisions are named as in git, and nothing that a repository says is run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import git_objects
from checker.errors import UserError
from checker.git_objects import Objects, TooLarge, commit_of, work_tree_of
from tests.repositories import Repository, repository


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """Give a repository with one commit on main."""
    made = repository(tmp_path / "repo")
    made.write("etc/main.cf", "a = b\n")
    made.commit()
    return made


def test_the_work_tree_is_the_nearest_one_that_holds_a_directory(repo: Repository) -> None:
    inner = repository(repo.path / "inner")
    assert work_tree_of(repo.path / "etc") == repo.path
    assert work_tree_of(inner.path) == inner.path


def test_what_is_in_no_work_tree_has_no_revision(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is in no Git work tree"):
        work_tree_of(tmp_path)


def test_a_revision_is_named_in_every_way_that_git_knows(repo: Repository) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("tag", "--annotate", "--message", "one", "v1")
    repo.commit()
    names = ["v1", "HEAD^", "main~1", first, first[:10]]
    assert {commit_of(repo.path, name) for name in names} == {first}


def test_three_dots_mean_where_head_branched_off(repo: Repository) -> None:
    base = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit("on the topic")
    repo.git("checkout", "--quiet", "main")
    newer = repo.commit("on main")
    repo.git("checkout", "--quiet", "topic")
    assert commit_of(repo.path, "main...") == base
    assert commit_of(repo.path, "main") == newer


@pytest.mark.parametrize(
    "name", ["nowhere", "", "...", "--output=x", "-x", "--", "main..", "a b", "main\n", "\0", "HEAD:etc", "main...HEAD"]
)
def test_what_names_no_commit_is_one_clear_error(repo: Repository, name: str) -> None:
    before = sorted(repo.path.rglob("*"))
    with pytest.raises(UserError, match="there is no commit") as caught:
        commit_of(repo.path, name)
    assert "git branch --all" in caught.value.hint
    assert sorted(repo.path.rglob("*")) == before


def test_a_repository_without_a_commit_has_no_revision(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no commit `HEAD`"):
        commit_of(repository(tmp_path).path, "HEAD")


def test_a_shallow_clone_is_told_to_fetch_the_history(repo: Repository, tmp_path: Path) -> None:
    repo.commit()
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", tmp_path / "clone")
    with pytest.raises(UserError) as caught:
        commit_of(tmp_path / "clone", "HEAD^")
    assert "`fetch-depth: 0`" in caught.value.hint


def test_branches_without_a_common_commit_cannot_be_compared(repo: Repository) -> None:
    repo.git("checkout", "--quiet", "--orphan", "other")
    repo.commit("unrelated")
    with pytest.raises(UserError, match="`main` and HEAD have no commit in common"):
        commit_of(repo.path, "main...")


def test_a_broken_repository_does_not_lead_to_the_one_above(repo: Repository) -> None:
    (repo.path / "etc" / ".git").mkdir()
    with pytest.raises(UserError, match="there is no commit `main`"):
        commit_of(repo.path / "etc", "main")


def test_a_repository_of_somebody_else_is_not_trusted(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setattr(git_objects, "_KEPT", ("GIT_CONFIG", "GIT_TEST"))
    with pytest.raises(UserError, match="belongs to another user") as caught:
        commit_of(repo.path, "main")
    assert f"safe.directory {repo.path}" in caught.value.hint


def test_the_environment_of_a_hook_speaks_of_another_repository(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository(tmp_path / "other")
    other.commit()
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
    assert commit_of(repo.path, "main") == repo.git("rev-parse", "main")


def test_without_git_it_says_so(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="the git program is not installed"):
        commit_of(repo.path, "main")
    with Objects(repo.path) as objects, pytest.raises(UserError, match="the git program is not installed"):
        objects.read("0" * 40, 10)


@pytest.fixture
def other_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Put a shell script in the place of git."""

    def put(script: str) -> None:
        program = tmp_path / "bin" / "git"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    return put


def test_a_git_that_hangs_is_given_up(
    repo: Repository, monkeypatch: pytest.MonkeyPatch, other_git: Callable[[str], None]
) -> None:
    other_git("exec sleep 60")
    monkeypatch.setattr(git_objects, "SECONDS", 0.1)
    with pytest.raises(UserError, match="git gave no answer"):
        commit_of(repo.path, "main")
    with Objects(repo.path) as objects, pytest.raises(UserError, match="git stopped before"):
        objects.read("0" * 40, 10)


@pytest.mark.parametrize("name", ["0" * 40, "0" * 1_000_000])
def test_a_git_that_dies_is_an_error(repo: Repository, other_git: Callable[[str], None], name: str) -> None:
    other_git("exit 1")
    with Objects(repo.path) as objects:
        for _ in range(2):
            with pytest.raises(UserError, match="git stopped before"):
                objects.read(name, 10)


def test_objects_are_read_by_their_ids(repo: Repository) -> None:
    content = b"no text \xff\0\n\n"
    with Objects(repo.path) as objects:
        assert objects.read(repo.blob(content), 100) == content
        assert objects.read(repo.blob(b""), 100) == b""
        assert objects.read("0" * 40, 100) is None


def test_an_object_beyond_the_limit_is_not_held_and_the_next_is_read(repo: Repository) -> None:
    large, small = repo.blob(b"x" * 1_000_000), repo.blob(b"small")
    with Objects(repo.path) as objects:
        with pytest.raises(TooLarge):
            objects.read(large, 999_999)
        assert objects.read(small, 5) == b"small"


def test_a_damaged_object_is_an_error(repo: Repository) -> None:
    name = repo.blob(bytes(range(256)))
    stored = repo.path / ".git" / "objects" / name[:2] / name[2:]
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes()[:100])
    with Objects(repo.path) as objects, pytest.raises(UserError, match="git stopped before"):
        objects.read(name, 1000)


def test_no_configuration_of_the_repository_runs_anything(repo: Repository, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    script = repo.write("evil", f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    hooks = repo.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / name).write_bytes(script.read_bytes())
        (hooks / name).chmod(0o755)
    settings: dict[str, str | Path] = {
        "core.fsmonitor": script,
        "core.pager": script,
        "core.sshCommand": script,
        "core.alternateRefsCommand": script,
        "diff.external": script,
        "filter.evil.smudge": script,
        "alias.rev-parse": f"!{script}",
        "alias.cat-file": f"!{script}",
        "credential.helper": f"!{script}",
    }
    for name, value in settings.items():
        repo.git("config", name, value)
    repo.write(".gitattributes", "* filter=evil diff=evil\n")
    with Objects(repo.path) as objects:
        assert objects.read(commit_of(repo.path, "main..."), 10_000)
    assert not mark.exists()


def test_what_a_partial_clone_lacks_is_not_fetched(repo: Repository, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "clone")
    repo.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{repo.path}", clone.path)
    mark = tmp_path / "ran"
    clone.git("config", "remote.origin.url", f"ext::sh -c touch% {mark}")
    clone.git("config", "protocol.allow", "always")
    name = repo.git("rev-parse", "HEAD:etc/main.cf")
    with Objects(clone.path) as objects, contextlib.suppress(UserError):  # releases of git differ in how they refuse
        assert objects.read(name, 100) is None
    assert not mark.exists()
