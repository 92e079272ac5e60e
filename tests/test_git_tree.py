"""A revision read as objects is what a checkout of it would be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from checker import git_tree
from checker.errors import UserError
from checker.git_objects import Objects
from checker.git_tree import GitTree
from checker.locate import find_sets
from checker.tree import MAX_FILE_BYTES, DiskTree, ReadError, Tree
from tests.repositories import Repository, repository

TreeOf = Callable[..., GitTree]


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return repository(tmp_path)


@pytest.fixture
def tree_of(repo: Repository) -> Iterator[TreeOf]:
    """Open a commit of the repository as a tree, or a directory in it."""
    with ExitStack() as stack:
        objects = stack.enter_context(Objects(repo.path))

        def opened(commit: str, directory: str = "", prefix: str = "") -> GitTree:
            return GitTree(objects, commit, directory, prefix, is_host=False)

        yield opened


def fault_of(tree: Tree, path: str) -> str:
    with pytest.raises(ReadError) as caught:
        tree.read(path)
    return caught.value.fault


def links(repo: Repository) -> Path:
    """Fill a directory with every kind of link, and return it."""
    repo.write("outside", "x")
    root = repo.write("root/etc/postfix/main.cf", "a = b\n").parents[2]
    targets = {
        "file": "etc/postfix/main.cf",
        "directory": "etc/postfix",
        "chain": "directory",
        "up": "etc/../etc/./postfix/main.cf",
        "etc/back": "..",
        "away": "../outside",
        "absolute": "/etc/passwd",
        "dead": "etc/nothing",
        "loop": "loop",
        "under-file": "etc/postfix/main.cf/x",
        "trailing": "etc/postfix/",
    }
    for name, target in targets.items():
        (root / name).symlink_to(target)
    repo.write("root/" + os.fsdecode(b"name-\xff"), "x")
    repo.write("root/two\nlines", "x")
    repo.write("root/-option", "x")
    return root


PATHS = [
    *("", "etc", "etc/postfix", "etc/postfix/main.cf", "etc/postfix/main.cf/x", "nothing", "nothing/x", "etc//postfix"),
    *("file", "directory", "directory/main.cf", "chain", "chain/main.cf", "up", "etc/back", "etc/back/file"),
    *("away", "absolute", "absolute/x", "dead", "loop", "loop/x", "under-file", "trailing", "trailing/main.cf"),
    *("..", "../outside", "etc/..", "etc/../..", "directory/../postfix", "directory/..", "./etc/./postfix"),
    *(os.fsdecode(b"name-\xff"), "two\nlines", "-option"),
]


@pytest.mark.parametrize("path", PATHS)
def test_it_answers_as_the_disk_does(repo: Repository, tree_of: TreeOf, path: str) -> None:
    disk = DiskTree(links(repo))
    tree = tree_of(repo.commit(), "root")
    assert tree.kind(path) == disk.kind(path)
    assert tree.is_directory(path) == (disk.is_directory(path) and disk.kind(path) != "outside")
    if disk.kind(path) == "directory":
        assert tree.names(path) == disk.names(path)
        assert fault_of(tree, path) == fault_of(disk, path) == "not-a-file"
    elif disk.kind(path) == "file":
        assert tree.read(path) == disk.read(path)
        with pytest.raises(ReadError, match="cannot be listed: Not a directory"):
            tree.names(path)
    else:
        assert fault_of(tree, path) == tree.kind(path)
        with pytest.raises(ReadError):
            tree.names(path)


def test_paths_are_shown_with_the_prefix(repo: Repository, tree_of: TreeOf) -> None:
    repo.write("mail/main.cf", "a = b\n")
    tree = tree_of(repo.commit(), "mail", "seen/")
    assert tree.read("main.cf").path == "seen/main.cf"
    with pytest.raises(ReadError) as caught:
        tree.read("master.cf")
    assert caught.value.place == "seen/master.cf"


@pytest.mark.parametrize("directory", ["gone", "file", "link", "gone/deeper"])
def test_a_directory_that_the_revision_lacks_holds_nothing(repo: Repository, tree_of: TreeOf, directory: str) -> None:
    repo.write("file", "x")
    repo.write("there/x", "x")
    (repo.path / "link").symlink_to("there")
    assert tree_of(repo.commit(), directory).kind("") == "missing"


def test_the_work_tree_is_not_looked_at(repo: Repository, tree_of: TreeOf) -> None:
    repo.write("main.cf", "then")
    commit = repo.commit()
    repo.write("main.cf", "now")
    repo.write("master.cf", "now")
    tree = tree_of(commit)
    assert tree.read("main.cf").text == "then"
    assert tree.kind("master.cf") == "missing"


def test_sets_are_found_in_a_revision(repo: Repository, tree_of: TreeOf) -> None:
    repo.write("a/main.cf", "")
    repo.write("b/c/master.cf", "")
    found, notices = find_sets(tree_of(repo.commit()), ("",))
    assert [each.directory for each in found] == ["a", "b/c"]
    assert notices == ()


def test_what_a_submodule_holds_is_not_in_the_revision(repo: Repository, tree_of: TreeOf) -> None:
    commit = repo.commit()
    tree = tree_of(repo.commit_tree(("160000", commit, b"sub")))
    assert tree.kind("sub") == tree.kind("sub/main.cf") == "outside"
    assert not tree.is_directory("sub")
    assert tree.names("") == ("sub",)
    assert fault_of(tree, "sub/main.cf") == "outside"
    with pytest.raises(ReadError, match="a submodule, or a link that leads out"):
        tree.names("sub")


def test_what_git_lfs_keeps_is_not_in_the_revision(repo: Repository, tree_of: TreeOf) -> None:
    repo.write("main.cf", f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n")
    tree = tree_of(repo.commit())
    with pytest.raises(ReadError, match="is kept in Git LFS") as caught:
        tree.read("main.cf")
    assert caught.value.fault == "outside"


def test_a_repository_with_sha_256_is_read_too(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "modern")
    repo.path.mkdir()
    repo.git("init", "--quiet", "--object-format=sha256")
    repo.write("etc/main.cf", "a = b\n")
    with Objects(repo.path) as objects:
        tree = GitTree(objects, repo.commit(), "etc", is_host=True)
        assert tree.is_host
        assert tree.read("main.cf").data == b"a = b\n"


# Hostile


def test_a_large_file_is_refused_without_being_held(repo: Repository, tree_of: TreeOf) -> None:
    repo.write("large", b"x" * (MAX_FILE_BYTES + 1))
    repo.write("largest", b"x" * MAX_FILE_BYTES)
    tree = tree_of(repo.commit())
    assert fault_of(tree, "large") == "too-large"
    assert len(tree.read("largest").data) == MAX_FILE_BYTES


def test_a_link_to_an_endless_name_leads_nowhere(repo: Repository, tree_of: TreeOf) -> None:
    tree = tree_of(repo.commit_tree(("120000", repo.blob(b"x/" * 10_000), b"link")))
    assert tree.kind("link") == "outside"


def test_links_that_double_each_other_are_given_up(repo: Repository, tree_of: TreeOf) -> None:
    entries = [("120000", repo.blob(b"link%02d/link%02d" % (at + 1, at + 1)), b"link%02d" % at) for at in range(30)]
    entries.append(("120000", repo.blob(b"."), b"link30"))
    assert tree_of(repo.commit_tree(*entries)).kind("link29") == "directory"
    assert tree_of(repo.commit_tree(*entries)).kind("link00") == "outside"


def test_names_that_no_file_has_are_left_out(repo: Repository, tree_of: TreeOf) -> None:
    name = repo.blob(b"x")
    here = repo.git("mktree", data=b"")
    tree = tree_of(
        repo.commit_tree(
            ("40000", here, b".."), ("40000", here, b"."), ("100644", name, b"a/b"), ("100644", name, b"c")
        )
    )
    assert tree.names("") == ("c",)
    assert tree.kind("a/b") == "missing"


@pytest.mark.parametrize("data", [b"100644 name", b"100644", b"\0\0\0", b"100644 x\0short", b" x\0" + b"0" * 20])
def test_a_damaged_directory_is_an_error(repo: Repository, tree_of: TreeOf, data: bytes) -> None:
    tree = repo.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=data)
    with pytest.raises(UserError, match="is damaged"):
        tree_of(repo.git("commit-tree", "-m", "made", tree)).kind("x")


def test_a_file_that_the_clone_lacks_is_not_read(repo: Repository, tree_of: TreeOf) -> None:
    tree = tree_of(repo.commit_tree(("100644", "1" * 40, b"lost")))
    assert tree.kind("lost") == "file"
    with pytest.raises(ReadError, match="is not in this clone") as caught:
        tree.read("lost")
    assert caught.value.fault == "outside"


def test_a_directory_that_the_clone_lacks_is_an_error(repo: Repository, tree_of: TreeOf) -> None:
    tree = tree_of(repo.commit_tree(("40000", "1" * 40, b"lost")))
    with pytest.raises(UserError, match="lacks directories"):
        tree.kind("lost/x")


def test_a_directory_with_too_many_names_is_refused(
    repo: Repository, tree_of: TreeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        repo.write(name, "x")
    commit = repo.commit()
    monkeypatch.setattr(git_tree, "MAX_ENTRIES", 2)
    with pytest.raises(ReadError, match="more than 2 entries"):
        tree_of(commit).names("")
    monkeypatch.setattr(git_tree, "MAX_DIRECTORY_BYTES", 10)
    with pytest.raises(ReadError, match="more than 2 entries"):
        tree_of(commit).names("")


def test_directories_that_share_their_content_are_not_walked_for_ever(repo: Repository, tree_of: TreeOf) -> None:
    here = repo.git("mktree", data=b"")
    for _ in range(12):
        entries = "".join(f"040000 tree {here}\td{at}\n" for at in range(10))
        here = repo.git("mktree", data=entries.encode())
    with pytest.raises(UserError, match="more than 20000 directories"):
        find_sets(tree_of(repo.git("commit-tree", "-m", "bomb", here)), ("",))


def test_a_deep_directory_ends_where_paths_do(repo: Repository, tree_of: TreeOf) -> None:
    here = repo.git("mktree", data=b"")
    lines = []
    for _ in range(50):
        here = repo.git("mktree", data=f"040000 tree {here}\t{'d' * 100}\n".encode())
        lines.append(here)
    tree = tree_of(repo.git("commit-tree", "-m", "deep", here))
    assert tree.is_directory("/".join(["d" * 100] * 40))
    assert not tree.is_directory("/".join(["d" * 100] * 41))


def test_a_hundred_thousand_files_are_listed_once_and_quickly(repo: Repository, tree_of: TreeOf) -> None:
    name = repo.blob(b"x")
    entries = "".join(f"100644 blob {name}\tfile{at:05}\n" for at in range(1000))
    inner = repo.git("mktree", data=entries.encode())
    outer = repo.git("mktree", data="".join(f"040000 tree {inner}\td{at:02}\n" for at in range(100)).encode())
    tree = tree_of(repo.git("commit-tree", "-m", "wide", outer))
    found, notices = find_sets(tree, ("",))
    assert (found, notices) == ((), ())
    assert tree.kind("d99/file00999") == "file"
