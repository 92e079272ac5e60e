"""The processes that master(8) starts."""

from __future__ import annotations

import pytest

from checker.facts.process import Process
from checker.postfix.processes import processes
from tests.postfix.made import configuration, plain


def one(entry: str, main: str = "compatibility_level = 3.6\n") -> Process:
    """Return the process of an entry of master.cf."""
    (found,) = processes(configuration(main, f"{entry}\n"))
    return found


@pytest.mark.parametrize(
    ("entry", "user", "privileged"),
    [
        ("smtp inet n - y - - smtpd", "postfix", False),
        ("local unix - n n - - local", "root", True),
        ("dovecot unix - n n - - pipe flags=DRhu user=vmail:mail argv=/usr/lib/dovecot/deliver", "vmail", True),
        ("policy unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd", "nobody", True),
    ],
)
def test_as_whom_they_run(entry: str, user: str, privileged: bool) -> None:
    found = one(entry)
    assert [plain(found.user), plain(found.privileged)] == [user, privileged]


@pytest.mark.parametrize(
    ("column", "main", "chroot"),
    [
        ("y", "compatibility_level = 3.6\n", "/var/spool/postfix"),
        ("n", "", ""),
        ("-", "compatibility_level = 3.6\n", ""),
        ("-", "compatibility_level = 1\n", ""),
        ("-", "", "/var/spool/postfix"),
        ("y", "queue_directory = /q\n", "/q"),
    ],
)
def test_the_directory_depends_on_the_level_where_nothing_is_said(column: str, main: str, chroot: str) -> None:
    assert plain(one(f"smtp inet n - {column} - - smtpd", main).chroot) == chroot


@pytest.mark.parametrize(
    ("entry", "limit"),
    [("smtp inet n - n - - smtpd", 100), ("smtp inet n - n - 5 smtpd", 5), ("x unix n - n - 0 bounce", 0)],
)
def test_how_many_there_are(entry: str, limit: int) -> None:
    assert plain(one(entry).process_limit) == limit


@pytest.mark.parametrize(
    ("options", "verbose"), [("", False), ("-v", True), ("-vv", True), ("-o a=v", False), ("-o a=b -v", True)]
)
def test_whether_they_tell_all(options: str, verbose: bool) -> None:
    assert plain(one(f"smtp inet n - n - - smtpd {options}").verbose) is verbose


def test_of_duplicates_one_runs() -> None:
    found = processes(configuration("", "smtp inet n - n - - smtpd\nsmtp inet n - n - 1 smtpd\n"))
    assert [plain(each.process_limit) for each in found] == [1]
