"""Includes: in which order files are read, and what is said of those that are not."""

from __future__ import annotations

import pytest

from checker.analysis import describe
from checker.dovecot.include import MAX_DEPTH, MAX_FILES, generation_of
from checker.dovecot.read23 import read23
from checker.dovecot.release import release
from checker.dovecot.scope23 import Scope23
from checker.result import Target
from checker.source import Source
from checker.tree import MemoryTree
from tests.dovecot.made import fatals, made23, made24, plain, scope23


def greeting(text: str, files: dict[str, str]) -> str:
    return made23(text, files).blocks[0].values["login_greeting"].text


def test_a_pattern_is_read_in_the_order_of_bytes_and_without_dot_files() -> None:
    files = {f"d/{name}.conf": f"login_greeting = $login_greeting {name}\n" for name in ("a", "B", "9", "10")}
    files["d/.hidden.conf"] = "login_greeting = hidden\n"
    assert greeting("login_greeting = x\n!include d/*.conf\n", files) == "x 10 9 B a"


def test_braces_give_the_order_of_their_alternatives() -> None:
    files = {f"{name}.conf": f"login_greeting = $login_greeting {name}\n" for name in "abc"}
    assert greeting("login_greeting = x\n!include {c,a}.conf\n", files) == "x c a"


def test_the_rest_of_the_including_file_comes_after() -> None:
    assert (
        greeting("login_greeting = 1\n!include a.conf\nlogin_greeting = 3\n", {"a.conf": "login_greeting = 2\n"}) == "3"
    )


def test_a_relative_pattern_is_relative_to_the_file_that_says_it() -> None:
    files = {"d/a.conf": "!include b.conf\n", "d/b.conf": "login_greeting = inner\n"}
    assert greeting("!include d/a.conf\n", files) == "inner"


def test_a_file_may_open_a_section_that_another_closes() -> None:
    read = made23("protocol imap {\n!include a.conf\n", {"a.conf": "mail_plugins = quota\n}\n"})
    assert not read.problems
    assert read.blocks[1].values["mail_plugins"].text == "quota"


def test_a_file_may_be_included_twice_but_not_inside_itself() -> None:
    assert not made23("!include a.conf\n!include a.conf\n", {"a.conf": "ssl = no\n"}).problems
    cycle = made23("!include a.conf\n", {"a.conf": "!include dovecot.conf\n"})
    assert fatals(cycle.problems) == [(1, "Recursive include file: etc/dovecot/dovecot.conf")]


@pytest.mark.parametrize("pattern", ['"a.conf"', "~/a.conf", "$HOME/a.conf", "b*.conf", "= a.conf"])
def test_what_matches_no_file_is_fatal(pattern: str) -> None:
    read = made23(f"ssl = no\n!include {pattern}\n", {"a.conf": ""})
    assert fatals(read.problems) == [(2, "No matches")]


def test_a_missing_file_may_be_tried() -> None:
    assert not made23("!include_try b.conf\n").problems


def test_an_error_in_a_file_that_is_tried_is_fatal_all_the_same() -> None:
    read = made23("!include_try a.conf\n", {"a.conf": "bogus = 1\n"})
    assert [problem.place.path for problem in read.problems] == ["etc/dovecot/a.conf"]
    assert fatals(read.problems) == [(1, "Unknown setting: bogus")]


def test_a_directory_is_read_as_nothing() -> None:
    read = made23("!include d\n", {"d/a.conf": "bogus = 1\n"})
    assert [problem.kind for problem in read.problems] == ["warning"]


def test_what_lies_outside_is_unknown_not_missing() -> None:
    read = read23(MemoryTree({"x.conf": b"!include /etc/mail/x.conf\n"}), "x.conf", release("2.3.19.1", None))
    (problem,) = read.problems
    assert problem.kind == "unknown"
    assert "/etc/mail/x.conf" in problem.text
    assert read.doubt is not None


def test_an_absolute_pattern_is_looked_up_below_the_host_of_the_set() -> None:
    files = {"h/etc/dovecot/dovecot.conf": b"!include /etc/mail/x.conf\n", "h/etc/mail/x.conf": b"ssl = no\n"}
    read = read23(MemoryTree(files), "h/etc/dovecot/dovecot.conf", release("2.3.19.1", None))
    assert read.blocks[0].values["ssl"].place.path == "h/etc/mail/x.conf"


def test_depth_and_number_of_files_are_bounded() -> None:
    deep = {f"f{at}.conf": f"!include f{at + 1}.conf\n" for at in range(MAX_DEPTH + 5)}
    read = made23("!include f0.conf\n", deep)
    assert read.problems[-1].kind == "unknown"
    wide = {f"g{at}.conf": f"!include g{at + 1}.conf\n" * 4 for at in range(20)}
    read = made23("!include g0.conf\n", wide | {"g20.conf": ""})
    assert len(read.files) <= MAX_FILES
    assert any(problem.kind == "unknown" for problem in read.problems)


def test_too_many_alternatives_are_refused() -> None:
    assert "too many" in made23(f"!include {'{a,b}' * 40}\n").problems[0].text


def test_a_continuation_may_go_on_in_the_including_file() -> None:
    read = made23("!include a.conf\nworld\n", {"a.conf": "login_greeting = hello \\\n"})
    assert read.blocks[0].values["login_greeting"].text == "hello world"


def test_the_generation_is_told_by_the_first_setting() -> None:
    assert generation_of(Source("f", b"# x\n\ndovecot_config_version = 2.4.1\n")) == "2.4"
    assert generation_of(Source("f", b"protocols = imap\ndovecot_config_version = 2.4.1\n")) == "2.3"
    assert generation_of(Source("f", b"")) == "2.3"


def test_without_protocols_d_the_packages_files_tell_the_protocols() -> None:
    text = "!include_try /usr/share/dovecot/protocols.d/*.protocol\n!include conf.d/*.conf\n"
    files = {"x/dovecot.conf": text.encode(), "x/conf.d/20-imap.conf": b"", "x/conf.d/20-pop3.conf": b""}
    scope = Scope23(read23(MemoryTree(files), "x/dovecot.conf", release(None, "debian-12")))
    assert plain(scope.text("protocols")) == "imap pop3"


def test_nothing_at_all_is_a_configuration() -> None:
    assert not made23("").problems
    assert plain(scope23("").text("ssl")) == "yes"
    assert fatals(made24("").problems) == []


def test_a_copied_etc_does_not_say_which_protocols_are_installed() -> None:
    entry = "!include_try /usr/share/dovecot/protocols.d/*.protocol\n!include conf.d/*.conf\n"
    files = {
        "mx/etc/dovecot/dovecot.conf": entry.encode(),
        "mx/etc/dovecot/conf.d/20-imap.conf": b"protocol imap {\n}\n",
    }
    found = describe(MemoryTree(files), ("",), Target(platform="debian-12"))
    assert {each.id for each in found.systems[0].endpoints} >= {"dovecot:imap-login/imap:143"}
