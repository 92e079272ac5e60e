"""Lists of patterns, with the files and tables in them."""

from __future__ import annotations

import pytest

from checker.postfix.tables.match import Parents, client_verdict, host_verdict, string_verdict
from checker.postfix.tables.match_list import MAX_DEPTH, Pattern, patterns_of
from checker.values import Reason
from tests.postfix.tables.made import tables

FILES = {
    "list": "Example.ORG, !a.example.com\n#x.example\n .example.com # y.example\n\thash:/etc/postfix/h\n",
    "h": "Hash.example x\nnet x\n",
    "again": "/etc/postfix/again example.org\n",
}


def patterns(text: str) -> tuple[Pattern, ...]:
    return patterns_of(tuple(text.split()), tables(FILES))


def test_a_file_stands_for_its_patterns() -> None:
    assert [(each.negated, each.text, str(each.place)) for each in patterns("!/etc/postfix/list")] == [
        (True, "example.org", "etc/postfix/list:1:1"),
        (False, "a.example.com", "etc/postfix/list:1:14"),
        (True, ".example.com", "etc/postfix/list:3:2"),
        (True, "hash:/etc/postfix/h", "etc/postfix/list:4:2"),
    ]


def test_a_file_that_names_itself_ends() -> None:
    found = patterns("/etc/postfix/again")
    assert len(found) == MAX_DEPTH + 1
    assert found[0].table is not None
    assert found[0].table.kind == "unseen"


@pytest.mark.parametrize(
    ("text", "name", "verdict"),
    [
        ("example.org", "example.org", "in"),
        ("example.org", "a.example.org", "out"),
        ("Example.ORG", "example.org", "in"),
        ("!example.org static:x", "example.org", "out"),
        ("!example.org static:x", "example.com", "in"),
        ("hash:/etc/postfix/h", "hash.example", "in"),
        ("hash:/etc/postfix/h", "a.net", "out"),
        ("/etc/postfix/list", "hash.example", "in"),
        ("/etc/postfix/list", "y.example", "out"),
        ("inline:{Example.org=x}", "example.org", "out"),
        ("fail:x example.org", "example.org", "error"),
        ("example.org fail:x", "example.org", "in"),
        ("hash:/x", "example.org", "unknown"),
        ("hash:/x static:x", "example.org", "in"),
        ("!hash:/x !static:x", "example.org", "out"),
        ("hash:/x fail:x", "example.org", "unknown"),
        ("/x", "example.org", "unknown"),
        ("", "example.org", "out"),
    ],
)
def test_a_list_of_texts(text: str, name: str, verdict: str) -> None:
    found = string_verdict(patterns(text), name)
    assert ("unknown" if isinstance(found, Reason) else found) == verdict


@pytest.mark.parametrize(
    ("text", "name", "parents", "verdict"),
    [
        ("com", "a.com", "all", "in"),
        (".com", "a.com", "all", "out"),
        ("com", "a.com", "dotted", "out"),
        (".com", "a.com", "dotted", "in"),
        (".com", ".com", "dotted", "in"),
        ("om", "a.com", "all", "out"),
        ("*", "a.com", "all", "out"),
        ("hash:/etc/postfix/h", "b.a.net", "all", "in"),
        ("hash:/etc/postfix/h", "b.a.net", "dotted", "out"),
        ("inline:{.net=x}", "b.a.net", "dotted", "in"),
        ("regexp:{{/^net$/ x}}", "b.a.net", "all", "unknown"),
        ("regexp:{{/^net\\.nothing$/ x}}", "b.a.net", "all", "out"),
    ],
)
def test_a_list_of_hosts(text: str, name: str, parents: Parents, verdict: str) -> None:
    found = host_verdict(patterns_of((text,), tables(FILES)), name, parents)
    assert ("unknown" if isinstance(found, Reason) else found) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("192.0.2.0/24", "in"),
        ("192.0.2.7", "in"),
        ("[192.0.2.7]", "in"),
        ("192.0.2.1/24", "error"),
        ("[2001:db8::1]/32", "out"),
        ("2001:db8::/32", "error"),
        ("192.0.2. 192.0.2 0/x", "out"),
        ("mail.example.org", "in"),
        ("example.org", "in"),
        ("cidr:{{192.0.2.0/24 x}}", "in"),
        ("inline:{192.0.2.0/24=x}", "out"),
        ("inline:{192.0.2=x}", "out"),
        ("inline:{org=x}", "in"),
        ("!10.0.0.0/8 !192.0.2.0/24 0.0.0.0/0", "out"),
        ("hash:/x 192.0.2.0/24", "in"),
        ("hash:/x", "unknown"),
    ],
)
def test_a_list_of_clients(text: str, verdict: str) -> None:
    words = (text,) if "{" in text else tuple(text.split())
    found = client_verdict(patterns_of(words, tables(FILES)), "mail.example.org", "192.0.2.7", "all")
    assert ("unknown" if isinstance(found, Reason) else found) == verdict
