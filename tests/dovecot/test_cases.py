"""Which kinds of client are told apart."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dovecot.described import BOTH, endpoints
from tests.dovecot.made import plain

IMAP = "protocols = imap\nlisten = *\nservice imap-login {\n inet_listener imaps {\n  port = 0\n }\n}\n"


def cases(text: str, generation: str = "2.3") -> list[str]:
    """Return the cases of the IMAP port; the stranger's is empty."""
    return [name.removeprefix("imap:143").strip() for name in endpoints(IMAP + text, generation)]


def test_without_networks_all_are_alike() -> None:
    assert cases("protocol imap {\n ssl = required\n}\n") == [""]


def test_each_network_of_a_filter_is_one() -> None:
    text = "remote 10.0.0.0/8 {\n ssl = no\n}\nlocal 192.0.2.1 {\n remote 10.1.0.0/16 {\n  ssl = yes\n }\n}\n"
    assert cases(text) == [
        "",
        "remote 10.0.0.0/8",
        "remote 10.1.0.0/16",
        "local 192.0.2.1",
        "local 192.0.2.1 remote 10.0.0.0/8",
        "local 192.0.2.1 remote 10.1.0.0/16",
    ]


def test_those_of_other_protocols_and_address_families_are_not() -> None:
    assert cases("protocol pop3 {\n ssl = no\n}\nremote 2001:db8::/32 {\n ssl = no\n}\n") == [""]


def test_a_filter_for_all_addresses_singles_out_nobody() -> None:
    assert cases("remote 0.0.0.0/0 {\n ssl = required\n}\n") == [""]


def test_a_listener_at_one_address_is_always_there() -> None:
    text = "protocols = imap\nlisten = 192.0.2.1\nlocal 192.0.2.1 {\n ssl = required\n}\n"
    found = endpoints(text)
    assert set(found) == {"imap:143", "imap:993"}
    assert plain(found["imap:143"].tls.required) is True


def test_a_case_is_of_clients_that_no_narrower_one_has() -> None:
    text = "remote 10.0.0.0/8 {\n ssl = required\n}\nremote 10.0.0.0/16 {\n ssl = no\n}\n"
    for generation in BOTH:
        found = endpoints(IMAP + text, generation)
        assert plain(found["imap:143 remote 10.0.0.0/8"].tls.required) is True
        assert plain(found["imap:143 remote 10.0.0.0/16"].tls.required) is False


def test_a_network_that_narrower_ones_cover_has_no_clients_of_its_own() -> None:
    text = "".join(f"remote {net} {{\n ssl = no\n}}\n" for net in ("10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9"))
    assert cases(text) == ["", "remote 10.0.0.0/9", "remote 10.128.0.0/9"]


def test_what_is_trusted_may_differ_between_filters() -> None:
    text = "login_trusted_networks = 10.0.0.0/8\nremote 10.1.0.0/16 {\n login_trusted_networks = 192.0.2.9\n}\n"
    found = endpoints(IMAP + text)
    assert plain(found["imap:143 trusted 10.0.0.0/8"].auth.cleartext_allowed) is True
    assert plain(found["imap:143 remote 10.1.0.0/16"].auth.cleartext_allowed) is False


def test_a_bad_entry_ends_the_trusted_networks() -> None:
    assert cases("login_trusted_networks = 10.0.0.0/8 10.1.0.0/99 172.16.0.0/12\n") == ["", "trusted 10.0.0.0/8"]


def test_filters_at_odds_refuse_their_clients_in_2_3() -> None:
    text = "protocol imap {\n ssl = required\n}\nlocal 192.0.2.1 {\n ssl = no\n}\n"
    found = endpoints(IMAP + text)
    assert plain(found["imap:143 local 192.0.2.1"].serves) is False
    assert "Conflict" in str(plain(found["imap:143 local 192.0.2.1"].fault))
    assert plain(found["imap:143"].serves) is True
    assert plain(endpoints(IMAP + text, "2.4")["imap:143 local 192.0.2.1"].serves) is True


def test_the_exposure_of_a_case_is_no_wider_than_its_network() -> None:
    found = endpoints(f"{IMAP}remote 10.0.0.0/8 {{\n ssl = no\n}}\n")
    assert plain(found["imap:143 remote 10.0.0.0/8"].exposure) == "private"
    assert plain(found["imap:143"].exposure) == "public"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 255), st.integers(8, 32)), max_size=90))
def test_their_number_is_bounded(networks: list[tuple[int, int]]) -> None:
    text = "".join(f"remote 10.{byte}.0.0/{bits} {{\n ssl = no\n}}\n" for byte, bits in networks)
    assert len(cases(text)) <= 64
