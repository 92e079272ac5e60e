"""Files below one root, and nothing else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from checker import tree
from checker.tree import MAX_FILE_BYTES, DiskTree, Fault, MemoryTree, ReadError, normal


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a root with one file, beside a secret."""
    inside = tmp_path / "root"
    (inside / "etc").mkdir(parents=True)
    (inside / "etc/main.cf").write_bytes(b"a = b\n")
    (tmp_path / "secret").write_bytes(b"secret\n")
    return inside


def fault_of(disk: DiskTree | MemoryTree, path: str) -> Fault:
    with pytest.raises(ReadError) as raised:
        disk.read(path)
    return raised.value.fault


@pytest.mark.parametrize(
    ("path", "expected"),
    [("", ""), (".", ""), ("/", ""), ("/etc//x/../y/", "etc/y"), ("../x", "../x"), ("a/../../x", "../x")],
)
def test_paths_are_made_normal(path: str, expected: str) -> None:
    assert normal(path) == expected


def test_a_file_is_read(root: Path) -> None:
    source = DiskTree(root).read("etc/main.cf")
    assert (source.path, source.data) == ("etc/main.cf", b"a = b\n")


def test_paths_are_shown_relative_except_on_this_machine(root: Path) -> None:
    assert DiskTree(root).shown("etc/main.cf") == "etc/main.cf"
    assert DiskTree(Path("/")).shown("etc/main.cf") == "/etc/main.cf"


def test_kinds(root: Path) -> None:
    disk = DiskTree(root)
    kinds = [disk.kind(path) for path in ("", "etc", "etc/main.cf", "etc/none", "../secret")]
    assert kinds == ["directory", "directory", "file", "missing", "outside"]


def test_names_are_sorted(root: Path) -> None:
    (root / "etc/b").touch()
    (root / "etc/a").touch()
    assert DiskTree(root).names("etc") == ("a", "b", "main.cf")


@pytest.mark.parametrize("target", ["../../secret", "/etc/passwd", "../.."])
def test_a_link_that_leaves_the_root_is_not_followed(root: Path, target: str) -> None:
    (root / "etc/link").symlink_to(target)
    disk = DiskTree(root)
    assert disk.kind("etc/link") == "outside"
    assert fault_of(disk, "etc/link") == "outside"
    with pytest.raises(ReadError, match="outside the root"):
        disk.names("etc/link")


def test_a_link_inside_the_root_is_followed(root: Path) -> None:
    (root / "link").symlink_to("etc")
    disk = DiskTree(root)
    assert disk.read("link/main.cf").data == b"a = b\n"
    assert disk.kind("link") == "directory"
    assert not disk.is_directory("link")  # so that a walk does not go round in circles


def test_a_path_that_climbs_out_is_not_read(root: Path) -> None:
    assert fault_of(DiskTree(root), "../secret") == "outside"


def test_a_root_whose_name_begins_like_another_is_not_inside_it(root: Path) -> None:
    (root.parent / "root-other").mkdir()
    (root.parent / "root-other/file").touch()
    assert DiskTree(root).kind("../root-other/file") == "outside"


def test_a_loop_of_links_ends(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    disk = DiskTree(root)
    assert disk.kind("a") in ("outside", "missing")
    with pytest.raises(ReadError):
        disk.read("a")


@pytest.mark.parametrize("path", ["a\0b", "n" * 5000, "d/" * 4000 + "x"])
def test_a_name_that_cannot_be_is_not_read(root: Path, path: str) -> None:
    disk = DiskTree(root)
    assert disk.kind(path) in ("outside", "missing")
    assert not disk.is_directory("n" * 5000)
    with pytest.raises(ReadError):
        disk.read(path)


def test_a_missing_file_is_missing(root: Path) -> None:
    assert fault_of(DiskTree(root), "etc/none") == "missing"


def test_a_dangling_link_is_missing(root: Path) -> None:
    (root / "etc/link").symlink_to("none")
    assert fault_of(DiskTree(root), "etc/link") == "missing"


def test_a_fifo_is_refused_at_once(root: Path) -> None:
    os.mkfifo(root / "fifo")
    assert fault_of(DiskTree(root), "fifo") == "not-a-file"


def test_a_directory_is_no_file(root: Path) -> None:
    assert fault_of(DiskTree(root), "etc") == "not-a-file"


def test_a_socket_is_unreadable(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert fault_of(DiskTree(root), "socket") == "unreadable"


def test_a_file_is_no_directory(root: Path) -> None:
    with pytest.raises(ReadError, match="cannot be listed"):
        DiskTree(root).names("etc/main.cf")


def test_a_file_may_be_as_large_as_the_bound(root: Path) -> None:
    (root / "large").write_bytes(b"x" * MAX_FILE_BYTES)
    assert len(DiskTree(root).read("large").data) == MAX_FILE_BYTES


def test_a_larger_file_is_refused(root: Path) -> None:
    with (root / "large").open("wb") as file:
        file.truncate(1 << 40)  # sparse: to read it whole would take the machine's memory
    assert fault_of(DiskTree(root), "large") == "too-large"


def test_a_file_with_too_many_lines_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_LINES", 3)
    (root / "three").write_bytes(b"\0\n" * 3)
    (root / "four").write_bytes(b"\0\n" * 4)
    assert DiskTree(root).read("three").data == b"\0\n" * 3
    assert fault_of(DiskTree(root), "four") == "too-large"


def test_a_directory_with_too_many_entries_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_ENTRIES", 2)
    for name in "abc":
        (root / "etc" / name).touch()
    with pytest.raises(ReadError, match="more than 2 entries"):
        DiskTree(root).names("etc")


MEMORY = MemoryTree({"etc/postfix/main.cf": b"a = b\n", "top": b""})


def test_files_in_memory_make_directories() -> None:
    kinds = [MEMORY.kind(path) for path in ("", "etc", "/etc/postfix/main.cf", "et")]
    assert kinds == ["directory", "directory", "file", "missing"]
    assert MEMORY.names("") == ("etc", "top")
    assert MEMORY.names("etc/postfix") == ("main.cf",)
    assert MEMORY.is_directory("etc")
    assert not MEMORY.is_directory("top")


def test_files_in_memory_are_read_like_others() -> None:
    assert MEMORY.read("/etc/./postfix/main.cf").data == b"a = b\n"
    assert fault_of(MEMORY, "etc") == "missing"
    assert fault_of(MemoryTree({"x": b"x" * (MAX_FILE_BYTES + 1)}), "x") == "too-large"
