"""What an entry of a TLS policy table says. What a real Postfix does with such entries: tests/live/test_sending.py."""

from __future__ import annotations

import pytest

from checker.postfix.tls_policy import Policy, parse_policy

NOW = (3, 7, 11)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("encrypt", Policy("encrypt")),
        ("Dane-Only", Policy("dane-only")),
        ("encrypt protocols=>=TLSv1.2 ciphers=high", Policy("encrypt", protocols=">=TLSv1.2")),
        ("encrypt, protocols=!SSLv3:!TLSv1", Policy("encrypt", protocols="!SSLv3:!TLSv1")),
        ("secure match=nexthop match=.example.com", Policy("secure", matches=True)),
        ("verify tafile=/etc/ssl/partner.pem", Policy("verify", has_trust_anchor=True)),
        ("may servername=mx.example.com connection_reuse=Yes", Policy("may")),
        ("none whatever", Policy("none")),
    ],
)
def test_entries(text: str, policy: Policy) -> None:
    assert parse_policy(text, NOW) == policy


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "the policy is empty"),
        ("halfdane", "invalid security level 'halfdane'"),
        ("may; encrypt", "invalid security level 'may;'"),
        ("encrypt high", "malformed attribute 'high'"),
        ("encrypt colour=red", "invalid attribute name 'colour'"),
        ("encrypt ciphers=", "attribute 'ciphers' is empty"),
        ("encrypt ciphers=high ciphers=high", "attribute 'ciphers' is given twice"),
        ("encrypt match=mx.example.com", "attribute 'match' is invalid at level 'encrypt'"),
        ("dane tafile=/x", "attribute 'tafile' is invalid at level 'dane'"),
        ("may connection_reuse=maybe", "attribute 'connection_reuse' has the bad value 'maybe'"),
        ("may servername=192.0.2.1", "attribute 'servername' names no host: '192.0.2.1'"),
        ("may servername=-x", "attribute 'servername' names no host: '-x'"),
    ],
)
def test_an_error_is_never_ignored(text: str, fault: str) -> None:
    assert parse_policy(text, NOW).fault == fault


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("dane", (2, 11, 0)),
        ("secure tafile=/x", (2, 11, 0)),
        ("may servername=mx.example.com", (3, 4, 0)),
        ("may connection_reuse=no", (3, 4, 0)),
        ("may enable_rpk=no", (3, 9, 0)),
        ("secure policy_type=sts policy_ttl=60", (3, 10, 0)),
        ("secure { match = mx.example.com }", (3, 10, 0)),
    ],
)
def test_what_older_releases_do_not_know(text: str, since: tuple[int, int, int]) -> None:
    before = (since[0], since[1] - 1, 99)
    assert (bool(parse_policy(text, before).fault), parse_policy(text, since).fault) == (True, "")


@pytest.mark.parametrize(
    "text",
    [
        "secure policy_ttl=60",
        "secure policy_type=sts policy_ttl=1h",
        "secure policy_type=mta-sts",
        "secure { match",
    ],
)
def test_what_plugins_say_must_be_right_too(text: str) -> None:
    assert parse_policy(text, (3, 10, 0)).fault
