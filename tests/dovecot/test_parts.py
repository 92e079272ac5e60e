"""A conf.d without the dovecot.conf that would include it."""

from __future__ import annotations

import pytest

from checker.dovecot.include import generation_of
from checker.dovecot.parts import with_entry
from checker.tree import MemoryTree


def generation(**files: str) -> str:
    """Return the language that the files are taken to be in."""
    tree = MemoryTree({f"etc/dovecot/conf.d/{name}.conf": text.encode() for name, text in files.items()})
    made, entry = with_entry(tree, "etc/dovecot", tuple(sorted(tree.files)))
    return generation_of(made.read(entry))


def test_its_files_are_included_by_an_entry_that_is_made() -> None:
    tree = MemoryTree({"x/conf.d/10-ssl.conf": b"ssl = no\n", "x/conf.d/20-imap.conf": b""})
    made, entry = with_entry(tree, "x", ("x/conf.d/10-ssl.conf", "x/conf.d/20-imap.conf"))
    assert entry == "x/dovecot.conf"
    assert made.read(entry).text == "!include conf.d/10-ssl.conf\n!include conf.d/20-imap.conf\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "2.3"),
        ("ssl = required\n", "2.3"),
        ("disable_plaintext_auth = no\n", "2.3"),
        ("auth_allow_cleartext = yes\n", "2.4"),
        ("ssl_server_cert_file = /etc/c.pem\n", "2.4"),
        ("# auth_allow_cleartext = yes\n", "2.3"),
        ("plugin {\n sieve_plugins = sieve_extprograms\n}\n", "2.3"),
        ("sieve_plugins = sieve_extprograms\n", "2.4"),
    ],
)
def test_the_language_is_told_by_the_settings(text: str, expected: str) -> None:
    assert generation(part=text) == expected


def test_by_those_of_all_files_together() -> None:
    assert generation(a="ssl = yes\n", b="mail_driver = maildir\nmail_path = ~/Maildir\n") == "2.4"


def test_a_file_that_cannot_be_read_does_not_count() -> None:
    made, entry = with_entry(MemoryTree({}), "x", ("x/conf.d/10-ssl.conf",))
    assert generation_of(made.read(entry)) == "2.3"
