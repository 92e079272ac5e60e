"""What one line says."""

from __future__ import annotations

import pytest

from checker.dovecot.lines import Generation
from checker.dovecot.syntax import Statement, parse_statement
from tests.dovecot.made import logical


def parsed(text: str, generation: Generation = "2.3", *, strict: bool = False) -> Statement:
    return parse_statement(logical(f"{text}\n", generation)[0], generation, strict_escapes=strict)


@pytest.mark.parametrize(
    ("text", "key", "value", "style"),
    [
        ("a = b", "a", "b", "plain"),
        ("a=b", "a", "b", "plain"),
        ("a =", "a", "", "plain"),
        ("a = b  c ; // d", "a", "b  c ; // d", "plain"),
        ("a = { b }", "a", "{ b }", "plain"),
        ('a = "b"', "a", "b", "quoted"),
        ("a = 'b'", "a", "b", "quoted"),
        ('a = "b" c "d"', "a", 'b" c "d', "quoted"),
        ("a = \"b'", "a", "\"b'", "plain"),
        (r'a = "\x\"\\"', "a", r"x\"\\"[0] + '"\\', "quoted"),
        ("a = <b", "a", "b", "file"),
        ("a = <  b", "a", "b", "file"),
        ("a = <<b", "a", "<b", "file"),
        ('a = "<b"', "a", "<b", "quoted"),
        ("a = $b c", "a", "$b c", "variable"),
        ('a = "$b"', "a", "$b", "quoted"),
        ("a/b/c = d", "a/b/c", "d", "plain"),
    ],
)
def test_a_setting(text: str, key: str, value: str, style: str) -> None:
    statement = parsed(text)
    assert (statement.kind, statement.key, statement.value, statement.style) == ("setting", key, value, style)


@pytest.mark.parametrize(
    ("text", "key", "name"),
    [
        ("service {", "service", ""),
        ("service imap {", "service", "imap"),
        ('local_name "a b" {', "local_name", "a b"),
        ("protocol 'imap' {", "protocol", "'imap'"),  # single quotes are no quotes here
        ("protocol imap { # comment", "protocol", "imap"),
    ],
)
def test_a_section(text: str, key: str, name: str) -> None:
    statement = parsed(text)
    assert (statement.kind, statement.key, statement.value) == ("open", key, name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("protocol imap{", "Expecting '{'"),
        ("protocol imap", "Expecting '{'"),
        ("ssl required", "Expecting '{'"),
        ("local_name a b {", "Expecting '{'"),
        ("passdb { driver = pam }", "Garbage after '{'"),
        ("passdb { }", "Garbage after '{'"),
        ("} }", "Expecting '{'"),
        ("mail_plugins += quota", "Expecting '{'"),
    ],
)
def test_what_is_no_statement(text: str, message: str) -> None:
    for generation in ("2.3", "2.4"):
        statement = parsed(text, generation)
        assert (statement.kind, statement.value) == ("error", message)


def test_an_end_and_an_include() -> None:
    assert parsed("}").kind == "close"
    assert (parsed("!include conf.d/*.conf").kind, parsed("!include conf.d/*.conf").value) == (
        "include",
        "conf.d/*.conf",
    )
    assert parsed("!include_try a").kind == "include_try"
    assert parsed("!include = a").value == "= a"


def test_a_quoted_name_is_of_2_4() -> None:
    assert parsed('"a b" = c', "2.4").key == "a b"
    assert parsed('"a = c').key == '"a'


def test_a_group_is_of_2_4() -> None:
    statement = parsed("group @tls strict {", "2.4")
    assert (statement.kind, statement.key, statement.value) == ("group", "@tls", "strict")
    assert parsed("group @tls {", "2.4").kind == "error"


def test_later_releases_take_two_escapes_only() -> None:
    assert parsed(r'a = "\\ \""', "2.4", strict=True).value == '\\ "'
    assert parsed(r"a = '\''", "2.4", strict=True).kind == "error"
    assert parsed(r"a = '\''", "2.4").value == "'"


def test_the_place_of_a_value() -> None:
    place = parsed("ssl =  required").value_place
    assert (place.column, place.end_column) == (8, 16)
