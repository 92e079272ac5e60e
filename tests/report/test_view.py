"""Paths are shown so that the reader can open them from where he stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.report.view import shown_path


@pytest.mark.parametrize(
    ("path", "root", "directory", "shown"),
    [
        ("etc/postfix/main.cf", "/repo", "/repo", "etc/postfix/main.cf"),
        ("etc/postfix/main.cf", "/repo", "/repo/etc", "postfix/main.cf"),
        ("etc/postfix/main.cf", "/repo", "/repo/docs", "../etc/postfix/main.cf"),
        ("main.cf", "/repo/mail", "/repo", "mail/main.cf"),
        ("main.cf", "/repo/mail", "/home/user", "/repo/mail/main.cf"),
        ("/etc/postfix/main.cf", "/", "/home/user", "/etc/postfix/main.cf"),
        ("/etc/postfix/main.cf", "/", "/etc", "postfix/main.cf"),
        ("/etc/postfix/main.cf", "/repo", "/repo", "/etc/postfix/main.cf"),
        ("main.cf", "", "/home/user", "main.cf"),
    ],
)
def test_a_path_is_shown_from_the_directory(path: str, root: str, directory: str, shown: str) -> None:
    assert shown_path(path, root, Path(directory)) == shown
