"""One Dovecot, and what its processes ask for."""

from __future__ import annotations

import pytest

from checker.dovecot.scope import Connection
from checker.dovecot.server import Server
from tests.dovecot.made import made23, made24, plain


def test_a_scope_is_made_once_so_that_alternatives_keep_their_identity() -> None:
    server = Server(made23("protocols = imap\n"))
    assert server.scope() is server.scope(Connection())
    assert server.scope().text("ssl") is server.scope().text("ssl")


@pytest.mark.parametrize(
    ("text", "protocols"), [("imap pop3", ("imap", "pop3")), ("none", ()), ("", ()), ("managesieve", ("sieve",))]
)
def test_the_protocols_of_2_3(text: str, protocols: tuple[str, ...]) -> None:
    assert plain(Server(made23(f"protocols = {text}\n")).protocols()) == protocols


def test_those_of_2_4_may_be_a_block() -> None:
    assert plain(Server(made24("protocols = imap, pop3\nprotocols {\n pop3 = no\n lmtp = yes\n}\n")).protocols()) == (
        "imap",
        "lmtp",
    )


NESTED = "local 192.0.2.1 {\n remote 10.0.0.0/8 {\n  ssl = no\n }\n}\n"


def test_a_filter_inside_another_asks_for_both() -> None:
    for server in (Server(made23(NESTED)), Server(made24(NESTED))):
        assert "local 192.0.2.1 remote 10.0.0.0/8" in map(str, server.filters())


def test_a_group_is_no_filter() -> None:
    text = "group @auth strict {\n auth_allow_cleartext = no\n}\n"
    assert Server(made24(text)).filters() == ()
