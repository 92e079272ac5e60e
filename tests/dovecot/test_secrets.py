"""What doveconf hides from those who did not ask for it."""

from __future__ import annotations

import pytest

from checker.dovecot.secrets import HIDDEN, REPLACED, hidden

OLD, NEW = (2, 3, 19, 1), (2, 4, 5)


@pytest.mark.parametrize("name", ["doveadm_password", "doveadm_api_key", "auth_policy_hash_nonce", "ssl_dh", "ssl_key"])
def test_some_names_hide_their_value(name: str) -> None:
    assert hidden(name, "hunter2", OLD) == HIDDEN
    assert hidden(name, "", OLD) is None


def test_later_releases_hide_more_names() -> None:
    assert hidden("ssl_server_key_file", "/k.pem", OLD) != HIDDEN
    assert hidden("ssl_server_key_file", "/k.pem", NEW) == HIDDEN


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("password=hunter2 host=x", f"password={REPLACED} host=x"),
        ("secret_api_key = hunter2", f"secret_api_key ={REPLACED} hunter2"),
        ("http://user:hunter2@host/", f"http://{REPLACED}@host/"),
        ("https://host/", "https://host/"),
        ("nopassword=y", "nopassword=y"),
        ("a pass=1;b pass=2", f"a pass={REPLACED};b pass={REPLACED}"),
    ],
)
def test_words_that_look_like_a_secret_hide_what_they_are_set_to(value: str, shown: str) -> None:
    assert hidden("args", value, OLD) == shown


def test_other_values_are_left_alone() -> None:
    assert hidden("hostname", "mail.example.org", OLD) is None
