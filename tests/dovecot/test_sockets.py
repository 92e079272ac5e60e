"""Which sockets the master process opens."""

from __future__ import annotations

import pytest

from tests.dovecot.described import BOTH, PROTOCOLS, endpoints, facts, ports, said
from tests.dovecot.made import plain


@pytest.mark.parametrize(
    ("generation", "expected"),
    [("2.3", {110, 995, 143, 993, 587, 4190}), ("2.4", {110, 995, 143, 993, 587, 465, 4190})],
)
def test_each_protocol_has_its_ports_and_465_is_of_2_4_alone(generation: str, expected: set[int]) -> None:
    assert ports(PROTOCOLS, generation) == expected


@pytest.mark.parametrize("generation", BOTH)
def test_a_protocol_that_is_not_enabled_has_no_port(generation: str) -> None:
    assert ports("protocols = imap\n", generation) == {143, 993}


@pytest.mark.parametrize("none", ["protocols = none\n", "protocols =\n"])
def test_no_protocol_at_all(none: str) -> None:
    assert ports(none) == set()


@pytest.mark.parametrize("generation", BOTH)
def test_without_tls_its_ports_vanish(generation: str) -> None:
    assert ports(f"{PROTOCOLS}ssl = no\n", generation) == {110, 143, 587, 4190}


@pytest.mark.parametrize("generation", BOTH)
def test_what_a_filter_says_of_ssl_opens_and_closes_no_port(generation: str) -> None:
    assert ports("protocols = imap\nssl = no\nprotocol imap {\n ssl = yes\n}\n", generation) == {143}
    assert ports("protocols = imap\nprotocol imap {\n ssl = no\n}\n", generation) == {143, 993}


@pytest.mark.parametrize("generation", BOTH)
def test_tls_at_once_goes_by_the_listener_alone_not_by_its_name_or_port(generation: str) -> None:
    text = "service imap-login {\n inet_listener imaps {\n  ssl = no\n }\n inet_listener imap {\n  ssl = yes\n }\n}\n"
    found = endpoints(f"protocols = imap\n{text}", generation)
    assert plain(found["imap:993"].tls.mode) == "starttls"
    assert plain(found["imap:143"].tls.mode) == "implicit"


@pytest.mark.parametrize("generation", BOTH)
def test_port_0_is_no_listener(generation: str) -> None:
    text = "service imap-login {\n inet_listener imap {\n  port = 0\n }\n}\n"
    assert ports(f"protocols = imap\n{text}", generation) == {993}


def test_the_names_of_listeners_know_no_case_in_2_3_alone() -> None:
    text = "protocols = imap\nservice imap-login {\n inet_listener IMAP {\n  port = 0\n }\n}\n"
    assert ports(text) == {993}
    assert ports(text, "2.4") == {143, 993}


@pytest.mark.parametrize("generation", BOTH)
def test_a_service_without_protocol_listens_whatever_is_enabled(generation: str) -> None:
    own = "service own {{\n executable = {}\n inet_listener x {{\n  port = 10143\n }}\n}}\n"
    assert ports(f"protocols =\n{own.format('imap-login')}", generation) == {10143}
    assert ports(f"protocols =\n{own.format('')}", generation) == set()
    found = endpoints(f"protocols =\n{own.format('/usr/lib/dovecot/imap-login -o ssl=no')}", generation)
    assert list(found) == ["imap:10143"]


@pytest.mark.parametrize(
    ("text", "generation", "addresses"),
    [
        ("listen = *\n", "2.3", {"*"}),
        ("listen = 127.0.0.1, ::1\n", "2.3", {"127.0.0.1", "::1"}),
        ("protocol imap {\n listen = 127.0.0.1\n}\n", "2.4", {"*", "::"}),
        ("service imap-login {\n inet_listener imap {\n  address = 10.0.0.1\n }\n}\n", "2.3", {"10.0.0.1"}),
        ("service imap-login {\n inet_listener imap {\n  listen = 10.0.0.1\n }\n}\n", "2.4", {"10.0.0.1"}),
        ("service imap-login {\n listen = 10.0.0.2\n}\n", "2.4", {"10.0.0.2"}),
        ("listen {\n 127.0.0.5 = yes\n}\n", "2.4", {"*", "::", "127.0.0.5"}),
    ],
)
def test_addresses(text: str, generation: str, addresses: set[str]) -> None:
    closed = "service imap-login {\n inet_listener imaps {\n  port = 0\n }\n}\n"
    from_text = endpoints(f"protocols = imap\n{text}{closed}", generation)
    assert {plain(each.port) for each in from_text.values()} == {143}
    assert _addresses(f"protocols = imap\n{text}{closed}", generation) == addresses


def _addresses(text: str, generation: str) -> set[object]:
    return {said(each.address) for each in facts(text, generation).endpoints if plain(each.port) == 143}


@pytest.mark.parametrize(
    ("listen", "exposure"),
    [("*", "public"), ("127.0.0.1", "loopback"), ("10.0.0.1", "private"), ("192.0.2.1", "public")],
)
def test_who_can_reach_it(listen: str, exposure: str) -> None:
    assert plain(endpoints(f"protocols = imap\nlisten = {listen}\n")["imap:143"].exposure) == exposure


def test_the_address_of_a_host_name_is_not_known() -> None:
    endpoint = endpoints("protocols = imap\nlisten = mail.example.org\n")["imap:143"]
    assert (said(endpoint.address), said(endpoint.exposure)) == ("<dns-only>", "<dns-only>")


@pytest.mark.parametrize("generation", BOTH)
def test_lmtp_listens_on_the_network_only_where_it_is_told_to(generation: str) -> None:
    assert ports("protocols = lmtp\n", generation) == set()
    text = "protocols = lmtp\nservice lmtp {\n inet_listener lmtp {\n  port = 24\n }\n}\n"
    assert list(endpoints(text, generation)) == ["lmtp:24"]
