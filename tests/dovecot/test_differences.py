"""Where we do not agree with the real doveconf on purpose, with the reason, and what we do instead."""

from __future__ import annotations

import pytest

from checker.dovecot.filters import Filter, network
from checker.dovecot.include import Problem
from tests.dovecot.made import fatals, made23, made24


@pytest.mark.parametrize("kind", ["local", "remote"])
def test_the_name_of_a_host_is_not_looked_up(kind: str) -> None:
    """The real one resolves it on the machine where it runs, and dies if it cannot."""
    read = made23(f"{kind} localhost {{\n  ssl = no\n}}\n")
    assert not read.problems
    assert not read.blocks[1].filter.matches(Filter(local=network("127.0.0.1"), remote=network("127.0.0.1")))


def test_what_no_resolver_takes_is_refused() -> None:
    text = "local 10.1.2.256 {\n}\n"
    assert fatals(made23(text).problems) == [(1, "gethostbyname(10.1.2.256) failed: Name or service not known")]


def test_a_user_may_be_one_of_another_machine() -> None:
    """The real one looks ``default_login_user`` up."""
    assert not made23("default_login_user = nosuch\n").problems


def test_absolute_includes_are_not_read_without_the_host_that_they_are_on() -> None:
    """The real one reads them from the machine where it runs."""
    problems: tuple[Problem, ...] = made24("!include /srv/elsewhere/*.conf\n").problems
    assert not fatals(problems) or fatals(problems)[0][1] == "No matches"


def test_the_syntax_of_event_filters_is_not_checked() -> None:
    """It says nothing of how clients connect."""
    assert not made24("log_debug = ((\n").problems


def test_control_characters_are_escaped_where_they_are_shown() -> None:
    """The real one sends them to the terminal; the message of the problem has them as they are."""
    assert fatals(made23("\x1b[0m = x\n").problems) == [(1, "Unknown setting: \x1b[0m")]
