"""The networks that a Dovecot trusts."""

from __future__ import annotations

import pytest

from tests.dovecot.described import BOTH, facts, said


def trusted(text: str, generation: str) -> list[tuple[object, ...]]:
    """Return purpose, network, bits and exposure of each."""
    return [
        (said(each.purpose), said(each.network), said(each.bits), said(each.exposure))
        for each in facts(text, generation).trust
    ]


@pytest.mark.parametrize("generation", BOTH)
class TestTrust:
    def test_by_default_none(self, generation: str) -> None:
        assert trusted("protocols = imap\n", generation) == []

    def test_each_network_with_its_purpose(self, generation: str) -> None:
        text = "login_trusted_networks = 10.1.2.3/8 ::1\nhaproxy_trusted_networks = 0.0.0.0/0\n"
        assert trusted(text, generation) == [
            ("login", "10.0.0.0/8", 8, "private"),
            ("login", "::1/128", 128, "loopback"),
            ("proxy", "0.0.0.0/0", 0, "public"),
        ]

    def test_a_host_name_has_no_known_address(self, generation: str) -> None:
        text = "login_trusted_networks = proxy.example.org\n"
        assert trusted(text, generation) == [("login", "<dns-only>", "<dns-only>", "<dns-only>")]

    def test_an_entry_that_is_no_network_matches_nobody(self, generation: str) -> None:
        assert trusted("login_trusted_networks = 10.0.0.0/99\n", generation) == []

    def test_where_an_include_is_missing_they_are_unknown(self, generation: str) -> None:
        assert {row[1] for row in trusted("!include gone.conf\n", generation)} == {"<not-in-set>"}
