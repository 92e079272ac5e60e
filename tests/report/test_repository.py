"""Paths are told as a code host knows them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.report.repository import base_of, path_in, uri
from checker.report.style import Style
from checker.report.summary import Gate
from checker.report.view import View
from tests.report.made import result


def seen(root: Path | str, directory: Path) -> View:
    return View(result(root=str(root)), Style(), Gate(), directory)


def told(path: str, root: Path | str, directory: Path) -> str:
    view = seen(root, directory)
    return path_in(base_of(view), path, view)


def test_in_a_repository_they_count_from_its_top(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "image").mkdir()
    assert told("etc/postfix/main.cf", tmp_path, tmp_path / "docs") == "etc/postfix/main.cf"
    assert told("etc/postfix/main.cf", tmp_path / "image", tmp_path) == "image/etc/postfix/main.cf"
    assert told("etc/postfix/main.cf", tmp_path / "image", Path("/nowhere")) == "image/etc/postfix/main.cf"


def test_elsewhere_they_count_from_where_the_run_was_started_if_that_is_above(tmp_path: Path) -> None:
    assert told("main.cf", tmp_path / "mail", tmp_path) == "mail/main.cf"
    assert told("main.cf", tmp_path / "mail", Path("/nowhere")) == "main.cf"


def test_those_of_a_host_are_absolute(tmp_path: Path) -> None:
    assert told("/nowhere/postfix/main.cf", "/", tmp_path) == "/nowhere/postfix/main.cf"


def test_links_are_resolved(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "main.cf").write_text("")
    (tmp_path / "link").symlink_to("real")
    assert told("link/main.cf", tmp_path, tmp_path) == "real/main.cf"


@pytest.mark.parametrize(
    ("path", "coded"),
    [
        ("etc/postfix/main.cf", "etc/postfix/main.cf"),
        ("/etc/postfix/main.cf", "file:///etc/postfix/main.cf"),
        ("a b/ñ:%/main.cf", "a%20b/%C3%B1%3A%25/main.cf"),
        (os.fsdecode(b"mail-\xff/main.cf"), "mail-%FF/main.cf"),
        ("http://evil/main.cf", "http%3A//evil/main.cf"),
    ],
)
def test_as_a_uri_a_path_is_nothing_but_a_path(path: str, coded: str) -> None:
    assert uri(path) == coded
