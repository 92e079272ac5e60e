"""Operators of the rule language that are more than one comparison."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import given
from hypothesis import strategies as st

from checker.policy.operators import is_like


@given(pattern=st.text("ab*?", max_size=6), text=st.text("ab\n", max_size=8))
def test_a_glob_is_that_of_the_standard_library(pattern: str, text: str) -> None:
    assert is_like(text, pattern) == fnmatchcase(text, pattern)
