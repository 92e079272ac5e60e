"""The endpoints of a Dovecot: names, origins, what is open."""

from __future__ import annotations

import pytest

from tests.dovecot.described import BOTH, endpoints, facts, said
from tests.dovecot.made import plain


@pytest.mark.parametrize("generation", BOTH)
def test_a_proxy_in_front_is_told(generation: str) -> None:
    text = "protocols = imap\nservice imap-login {\n inet_listener imap {\n  haproxy = yes\n }\n}\n"
    found = endpoints(text, generation)
    assert [plain(found[name].proxied) for name in ("imap:143", "imap:993")] == [True, False]


@pytest.mark.parametrize("generation", BOTH)
def test_an_id_tells_service_port_and_case_apart_and_no_address(generation: str) -> None:
    text = "protocols = imap\nlisten = 192.0.2.1 192.0.2.2\nremote 10.0.0.0/8 {\n ssl = no\n}\n"
    ids = [each.id for each in facts(text, generation).endpoints]
    assert [each for each in ids if ":143" in each] == [
        "dovecot:imap-login/imap:143",
        "dovecot:imap-login/imap:143:remote 10.0.0.0/8",
        "dovecot:imap-login/imap:143#2",
        "dovecot:imap-login/imap:143:remote 10.0.0.0/8#2",
    ]
    assert len(ids) == len(set(ids))


def test_how_a_listener_came_to_be_is_told_what_is_written_first() -> None:
    text = "protocols = imap\nservice imap-login {\n inet_listener imap {\n  port = 10143\n }\n}\n"
    found = next(each for each in facts(text).endpoints if plain(each.port) == 10143)
    assert [origin.place.line for origin in found.origins if origin.place and not origin.is_default] == [4]
    assert found.origins[-1].is_default


@pytest.mark.parametrize(
    ("protocol", "role"),
    [("imap", "access"), ("pop3", "access"), ("sieve", "access"), ("submission", "submission")],
)
def test_roles(protocol: str, role: str) -> None:
    assert {plain(each.role) for each in facts(f"protocols = {protocol}\n").endpoints} == {role}


def test_without_a_platform_it_depends_on_the_build_whether_a_port_of_2_3_is_open() -> None:
    found = facts("ssl = yes\n", version="2.3.19.1").endpoints
    assert {said(each.serves) for each in found if plain(each.protocol) in ("imap", "pop3")} == {"<host-only>"}
    assert not [each for each in found if plain(each.protocol) in ("submission", "sieve")]
    assert {said(each.serves) for each in facts("protocols = imap\n", version="2.3.19.1").endpoints} == {True}


def test_where_an_include_is_missing_a_port_that_is_built_in_is_of_its_protocol_still() -> None:
    found = facts("protocols = imap\n!include gone.conf\n").endpoints
    ours = [each for each in found if plain(each.service) == "imap-login/imap"]
    assert [(plain(each.protocol), said(each.port), said(each.tls.mode)) for each in ours] == [
        ("imap", "<not-in-set>", "<not-in-set>")
    ]
