"""What is known of a pattern that is never run."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.postfix.tables.patterns import matches
from checker.postfix.tables.table import Entry, Rule
from tests.postfix.tables.made import found

TEXT = "unlisted-7f3a@unlisted-7f3a.com"


def known(pattern: str, text: str = TEXT, *, negated: bool = False) -> bool | None:
    return matches(Rule("match", negated, Entry(pattern, "x"), pattern=pattern), text)


@pytest.mark.parametrize("pattern", ["/./", "/^/", "/.*/", "/^.*$/", "/^(.*)$/", "!.+!", "/$/", "/.$/", "/./i"])
def test_what_matches_everything(pattern: str) -> None:
    assert known(pattern) is True
    assert known(pattern, negated=True) is False


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "/@example\\.org$/",
            "/^nobody@/",
            "/\\.dynamic\\./",
            "/(foo|bar)\\.example\\.net/",
            "/[0-9]+-pool/",
            "/x{2}yz/",
        ),
        *("/^mail.*example/", "/EXAMPLE/", "/a?bcd/", "#^/etc#", "/[^]x]zz/", "/[[:alpha:]]zz/"),
    ],
)
def test_what_cannot_match_without_a_text_that_is_not_there(pattern: str) -> None:
    assert known(pattern) is False
    assert known(pattern, negated=True) is True


@pytest.mark.parametrize(
    "pattern",
    [
        *("/unlisted/", "/com$/", "/@/", "/^[^.]*$/", "/foo|bar/", "/(?!foo)/", "/z?/", "/z*/", "/z{0,1}/", "/(zzz)?/"),
        *(
            "/^$/",
            "/^.$/",
            "//",
            "/\\x41zz/",
            "/\\101zz/",
            "/zz/x",
            "/(?x)z z/",
            "/zz/!/yy/",
            "/\\Qzz\\E/",
            "/[\\]zz]/",
        ),
        *("/[zz/", "/z{/", "/(foo|bar)/", "/\\<z?/", "/[0-9a]{1,20}/"),
    ],
)
def test_of_most_patterns_nothing_is_known(pattern: str) -> None:
    assert known(pattern) is None
    assert known(pattern, negated=True) is None


@given(st.text(alphabet="ab.*+?^$()[]{}|\\01,-@", max_size=12), st.text(alphabet="ab01@.-", min_size=1, max_size=8))
def test_what_is_known_is_so(body: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of what Python may make of "[[" one day
        try:
            really = re.search(body, text, re.IGNORECASE) is not None
        except (re.error, RecursionError):
            return
    assert known(f"/{body}/", text) in (None, really)


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ("/@example\\.org$/ OK\n/./ REJECT\n", "REJECT"),
        ("/unlisted/ OK\n/./ REJECT\n", "unknown"),
        ("if /unlisted/\n/@example\\.org$/ OK\nendif\n", None),
        ("if /unlisted/\n/./ OK\nendif\n", "unknown"),
        ("if /unlisted/\n/nobody/ OK\nendif\n/./ DUNNO\n", "DUNNO"),
        ("!/nobody/ OK\n", "OK"),
        ("/(.*)/ $1\n", "unknown"),
        ("/.*/ REJECT $1\n", "unknown"),
    ],
)
def test_a_table_of_patterns_answers_where_all_that_counts_is_known(lines: str, value: str | None) -> None:
    assert found("regexp:/etc/postfix/t", TEXT, {"t": lines}) == value
