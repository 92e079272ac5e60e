"""What Dovecot accepts as a value, and how it prints it."""

from __future__ import annotations

import pytest

from checker.dovecot import types
from checker.dovecot.types import Refused, check, list_members, normal


@pytest.mark.parametrize(
    ("kind", "text", "printed"),
    [
        ("bool", "YES", "yes"),
        ("bool", "y", "yes"),
        ("bool", "1", "yes"),
        ("bool", "No", "no"),
        ("uint", "007", "7"),
        ("octal", "0660", "0660"),
        ("octal", "666", "01232"),  # without a leading zero the mode is decimal
        ("time", "1440 mins", "1 days"),
        ("time", "60s", "1 mins"),
        ("time", "0", "0"),
        ("time", "2000 ms", "2 secs"),
        ("msecs", "250 ms", "250 ms"),
        ("size", "10240k", "10 M"),
        ("size", "1 GiB", "1 G"),
        ("size", "7", "7 B"),
        ("port", "0143", "143"),
        ("no:yes:required", "required", "required"),
        ("str", " anything ", " anything "),
    ],
)
def test_accepted(kind: str, text: str, printed: str) -> None:
    check(kind, text, "2.3")
    assert normal(kind, text) == printed


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("bool", text) for text in ("true", "on", "0", "n", "", "yes ")),
        *(("uint", text) for text in ("-1", "0x10", "1 ", "", "4294967296", "9" * 30)),
        ("octal", "0888"),
        *(("time", text) for text in ("30", "3 fortnights", "", "1500 ms", "99999999 weeks")),
        *(("size", text) for text in ("10X", "10 bi", "1e3", "")),
        *(("port", text) for text in ("imap", "70000", "-1")),
        *(("no:yes:required", text) for text in ("Required", "", "maybe")),
    ],
)
def test_refused(kind: str, text: str) -> None:
    with pytest.raises(Refused):
        check(kind, text, "2.3")


def test_2_4_takes_words_for_no_limit_and_leaves_variables_alone() -> None:
    check("uint", "unlimited", "2.4")
    check("port", "%{env:PORT}", "2.4")
    check("bool", "$SET:ssl", "2.4")
    with pytest.raises(Refused):
        check("uint", "unlimited", "2.3")


def test_the_members_of_a_list() -> None:
    assert list_members('a, b  "c d" "e\\"f"') == ("a", "b", "c d", 'e"f')
    for text in ('a"b', '"a"b', '"a', '"a\\'):
        with pytest.raises(Refused):
            list_members(text)


def test_words_are_split_at_blanks_and_commas() -> None:
    assert types.words(" a, b\tc ") == ("a", "b", "c")
