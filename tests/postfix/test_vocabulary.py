"""Parameters that hold words of a fixed vocabulary."""

from __future__ import annotations

import pytest

from checker.postfix.vocabulary import vocabulary
from checker.releases.tables import table


@pytest.mark.parametrize(
    ("name", "program", "text", "stranger"),
    [
        ("header_from_format", "smtpd", "Standard", None),
        ("header_from_format", "smtpd", "", ""),
        ("syslog_facility", "smtp", "local3", None),
        ("syslog_facility", "smtp", "Local3", "local3".title()),
        ("inet_protocols", "master", "ipv4, ipv6", None),
        ("inet_protocols", "master", "ipv4 IPv6", "IPv6"),
        ("notify_classes", "smtpd", "", None),
        ("smtp_tls_security_level", "smtp", "", None),
        ("smtp_tls_security_level", "smtp", "required", "required"),
    ],
)
def test_which_word_is_none_of_them(name: str, program: str, text: str, stranger: str | None) -> None:
    words = vocabulary(name, (3, 7, 11), program)
    assert words is not None
    assert words.stranger(text) == stranger


def test_a_program_that_does_not_look_takes_any_word() -> None:
    assert vocabulary("notify_classes", (3, 7, 11), "smtp") is None


def test_words_come_with_releases() -> None:
    new, old = (vocabulary("smtpd_forbid_bare_newline", release, "smtpd") for release in ((3, 9, 0), (3, 7, 11)))
    assert new is not None
    assert old is not None
    assert "note" in new.words
    assert "note" not in old.words
    assert vocabulary("smtpd_forbid_bare_newline", (3, 7, 9), "smtpd") is None


@pytest.mark.parametrize("name", ["words", "bounds"])
def test_tables_name_parameters_that_there_are(name: str) -> None:
    assert table(f"postfix/{name}").keys() <= table("postfix/parameters").keys()


def test_the_default_of_a_release_keeps_its_own_vocabulary() -> None:
    for name, rows in table("postfix/parameters").items():
        for since, _, _, default in rows:
            release = tuple(map(int, since.split(".")))
            for program in ("smtpd", "smtp", "postscreen", "cleanup", "local", "master"):
                words = vocabulary(name, release, program)
                assert words is None or default is None or "$" in default or words.stranger(default) is None, name
