"""Finding configuration sets."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from checker import locate
from checker.errors import UserError
from checker.installed import installed_version, platform_of
from checker.locate import ConfigurationSet, PostfixSet, find_sets, host_of, open_tree
from checker.tree import DiskTree, MemoryTree, ReadError


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a = b\n")


def found(root: Path, *paths: str) -> list[ConfigurationSet]:
    return list(find_sets(DiskTree(root), paths or ("",))[0])


def test_the_two_files_of_a_directory_are_a_set(tmp_path: Path) -> None:
    write(tmp_path, "etc/postfix/main.cf", "etc/postfix/master.cf", "etc/postfix/dynamicmaps.cf")
    assert found(tmp_path) == [PostfixSet("etc/postfix", "etc/postfix/main.cf", "etc/postfix/master.cf")]


def test_either_file_may_be_missing(tmp_path: Path) -> None:
    write(tmp_path, "a/main.cf", "b/master.cf")
    assert found(tmp_path) == [PostfixSet("a", "a/main.cf", None), PostfixSet("b", None, "b/master.cf")]


def test_a_file_means_its_set(tmp_path: Path) -> None:
    write(tmp_path, "a/main.cf", "a/master.cf", "a/other.cf")
    assert found(tmp_path, "a/master.cf") == [PostfixSet("a", "a/main.cf", "a/master.cf")]
    assert found(tmp_path, "a/other.cf") == []


def test_a_set_is_found_once_however_often_it_is_named(tmp_path: Path) -> None:
    write(tmp_path, "b/main.cf", "a/main.cf")
    assert [each.directory for each in found(tmp_path, "b", "", "a/main.cf")] == ["a", "b"]


def test_directories_of_tools_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, ".git/main.cf", "node_modules/x/main.cf", "ok/main.cf")
    assert [each.directory for each in found(tmp_path)] == ["ok"]


def test_a_directory_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a/main.cf").mkdir(parents=True)
    assert found(tmp_path) == []
    write(tmp_path, "a/master.cf")
    assert found(tmp_path) == [PostfixSet("a", None, "a/master.cf")]


def test_links_to_directories_are_not_walked(tmp_path: Path) -> None:
    write(tmp_path, "a/main.cf")
    (tmp_path / "a/again").symlink_to("..")
    (tmp_path / "a/self").symlink_to("self")
    assert [each.directory for each in found(tmp_path)] == ["a"]


def test_a_link_that_leaves_the_root_is_found_but_not_read(tmp_path: Path) -> None:
    write(tmp_path, "secret")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/main.cf").symlink_to("../secret")
    assert found(tmp_path / "root") == [PostfixSet("", "main.cf", None)]
    with pytest.raises(ReadError, match="outside the root"):
        DiskTree(tmp_path / "root").read("main.cf")


def test_a_path_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        found(tmp_path, "none")


class Locked(MemoryTree, frozen=True):
    """Files in memory, of which one directory cannot be listed."""

    def names(self, path: str) -> tuple[str, ...]:
        if path == "locked":
            raise ReadError("unreadable", path, "cannot be listed: Permission denied")
        return MemoryTree.names(self, path)


def test_a_directory_below_that_cannot_be_listed_is_told() -> None:
    sets, notices = find_sets(Locked({"locked/main.cf": b"", "a/main.cf": b""}), ("",))
    assert [each.directory for each in sets] == ["a"]
    assert [(each.level, each.text) for each in notices] == [("warning", "locked: cannot be listed: Permission denied")]


def test_too_many_directories_ask_for_a_narrower_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "MAX_DIRECTORIES", 3)
    write(tmp_path, "a/x", "b/x", "c/x")
    with pytest.raises(UserError, match="more than 3 directories"):
        found(tmp_path)


@pytest.mark.parametrize(
    ("directory", "host"),
    [
        ("etc/postfix", ""),
        ("mx1/etc/postfix", "mx1"),
        ("mx1/usr/local/etc/postfix", "mx1"),
        ("sites/a", "sites/a"),
        ("notetc/postfix", "notetc"),  # named for its product: what lies beside it belongs to it
        ("mail/dovecot", "mail"),
        ("etc/dovecot", ""),
        ("", ""),
    ],
)
def test_the_host_is_what_stands_before_its_own_place(directory: str, host: str) -> None:
    assert host_of(directory) == host


def test_the_root_is_the_git_work_tree(tmp_path: Path) -> None:
    write(tmp_path, "repo/mail/main.cf")
    (tmp_path / "repo/.git").mkdir()
    tree, inside = open_tree(tmp_path / "repo/mail", None)
    assert (tree, inside) == (DiskTree(tmp_path / "repo"), "mail")


def test_a_directory_that_may_not_be_searched_has_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: os.PathLike[str] | str, **options: object) -> os.stat_result:
        if str(path).endswith(".git"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, **options)  # type: ignore[arg-type]  # handed on as it came

    real = os.stat
    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "lstat", lambda path: refuse(path, follow_symlinks=False))
    tree, _ = open_tree(tmp_path, None)
    assert tree.root == tmp_path


def test_without_git_the_root_is_the_directory_given(tmp_path: Path) -> None:
    write(tmp_path, "mail/main.cf")
    assert open_tree(tmp_path / "mail", None) == (DiskTree(tmp_path / "mail"), "")
    assert open_tree(tmp_path / "mail/main.cf", None) == (DiskTree(tmp_path / "mail"), "main.cf")


def test_a_root_that_is_given_stands_for_a_host(tmp_path: Path) -> None:
    write(tmp_path, "etc/postfix/main.cf")
    assert open_tree(tmp_path / "etc/postfix", tmp_path) == (DiskTree(tmp_path, is_host=True), "etc/postfix")


def test_of_a_whole_host_its_own_places_are_looked_at_and_further_instances(tmp_path: Path) -> None:
    write(tmp_path, "etc/postfix/main.cf", "etc/postfix-out/main.cf", "etc/postfixed/main.cf", "home/a/main.cf")
    sets, _ = find_sets(DiskTree(tmp_path, is_host=True), ("",))
    assert [each.directory for each in sets] == ["etc/postfix", "etc/postfix-out"]


@pytest.mark.parametrize("path", ["/etc", "/"])
def test_the_places_of_this_host_have_its_root(path: str) -> None:
    tree, inside = open_tree(Path(path), None)
    assert (tree, inside) == (DiskTree(Path("/"), is_host=True), path.lstrip("/"))


def test_a_link_to_outside_the_root_lies_outside(tmp_path: Path) -> None:
    write(tmp_path, "outside/main.cf")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/link").symlink_to("../outside")
    with pytest.raises(UserError, match="outside the root"):
        open_tree(tmp_path / "root/link", tmp_path / "root")


@pytest.mark.parametrize("name", ["none", "n" * 300, "n" * 5000, "a\0b"])
def test_a_path_that_is_not_there_is_the_users_to_mend(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError):
        open_tree(tmp_path / name, None)


def test_a_relative_path_tells_where_it_was_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as raised:
        open_tree(Path("none"), None)
    assert str(tmp_path) in raised.value.hint


def test_a_root_is_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "file")
    with pytest.raises(UserError, match="the root is no directory"):
        open_tree(tmp_path, tmp_path / "file")


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ('ID=debian\nVERSION_ID="12"\n', "debian-12"),
        ("# c\nID=debian\n", "debian-sid"),
        ("ID=ubuntu\nVERSION_ID=15.10\n", None),
        ("\n=\nID\n", None),
        ("", None),
    ],
)
def test_the_platform_is_what_os_release_says(text: str, platform: str | None) -> None:
    assert platform_of(MemoryTree({"mx/etc/os-release": text.encode()}), "mx") == platform
    assert platform_of(MemoryTree({}), "mx") is None


STANZA = "Package: {}\nStatus: {}\nVersion: {}\nDescription: x\n Package: y\n\n"
INSTALLED = "install ok installed"


@pytest.mark.parametrize(
    ("stanzas", "version"),
    [
        ([("postfix", INSTALLED, "3.7.11-0+deb12u1")], "3.7.11"),
        ([("bash", INSTALLED, "5.2-1"), ("postfix", INSTALLED, "1:3.5.25-0+deb11u1")], "3.5.25"),
        ([("postfix", "deinstall ok config-files", "3.7.11-0")], None),
        ([("postfix-doc", INSTALLED, "3.7.11-0")], None),
        ([("postfix", INSTALLED, "native")], None),
        ([], None),
    ],
)
def test_the_package_database_names_the_upstream_version(
    stanzas: list[tuple[str, str, str]], version: str | None
) -> None:
    text = "".join(STANZA.format(*each) for each in stanzas)
    assert installed_version(MemoryTree({"var/lib/dpkg/status": text.encode()}), "", "postfix") == version


def test_a_stanza_without_a_version_names_none() -> None:
    text = f"Package: postfix\nStatus: {INSTALLED}\n"
    assert installed_version(MemoryTree({"var/lib/dpkg/status": text.encode()}), "", "postfix") is None
