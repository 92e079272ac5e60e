"""Where we do not agree with the real doveconf on purpose, with the reason, and what we do instead."""

from __future__ import annotations

import pytest

from checker.dovecot import doveconf23
from checker.dovecot.checks23 import first_error
from checker.dovecot.filters import Filter, network
from checker.dovecot.include import Problem
from checker.dovecot.release import release
from tests.dovecot.described import endpoints
from tests.dovecot.made import fatals, made23, made24, plain


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


def test_capabilities_are_those_of_the_packaged_pigeonhole() -> None:
    """The real one of 2.3 starts managesieve to ask for them, and prints nothing where that fails."""
    printed = doveconf23.defaults(release("2.3.19.1", None), secrets=False)
    (line,) = (line for line in printed if line.startswith("managesieve_sieve_capability"))
    assert " vacation " in line


def test_whether_plugins_are_installed_is_not_asked() -> None:
    """The real one wants ``mail_plugin_dir`` to be there where ``mail_plugins`` names any."""
    read = made23("mail_plugins = quota\nmail_plugin_dir = /nosuch\n")
    assert first_error(read) is None


@pytest.mark.parametrize("generation", ["2.3", "2.4"])
def test_who_is_meant_by_the_name_of_a_host_is_a_case_of_its_own(generation: str) -> None:
    """So that what its filter says is not lost, whichever addresses the name has."""
    found = endpoints("protocols = imap\nlisten = *\nlocal mail.example.org {\n ssl = no\n}\n", generation)
    assert {name: plain(each.tls.mode) for name, each in found.items() if name.startswith("imap:143")} == {
        "imap:143": "starttls",
        "imap:143 local mail.example.org": "none",
    }
