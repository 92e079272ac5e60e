"""TLS protocol lists, as tls/tls_misc.c:tls_proto_mask_lims reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.facts.types import TLS_VERSIONS, TlsVersion
from checker.postfix.protocols import permitted
from checker.releases.tables import Number

NEW: Number = (3, 7, 11)
OLD: Number = (3, 5, 25)
SINCE_SSL3 = TLS_VERSIONS[1:]
SINCE_1, SINCE_11, SINCE_12 = TLS_VERSIONS[2:], TLS_VERSIONS[3:], TLS_VERSIONS[4:]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("", SINCE_SSL3),
        (">=TLSv1", SINCE_1),
        (">=TLSv1.2", SINCE_12),
        (">=tlsv1.2", SINCE_12),
        (">=0303", SINCE_12),
        (">=0x0303", SINCE_12),
        (">=TLSv1, <=TLSv1.2", ("TLSv1", "TLSv1.1", "TLSv1.2")),
        ("<=TLSv1", ("SSLv3", "TLSv1")),
        (">=+0303", SINCE_12),
        (">=0", SINCE_SSL3),
        (">=", SINCE_SSL3),
        ("<=", SINCE_SSL3),
        (">=0305", SINCE_SSL3),
        ("<=9", SINCE_SSL3),
        ("<=0", SINCE_SSL3),
        ("!SSLv2, !SSLv3", SINCE_1),
        ("!SSLv2:!SSLv3:!TLSv1", SINCE_11),
        ("!sslv2 !sslv3\t!tlsv1,!tlsv1.1", SINCE_12),
        ("TLSv1.2", ("TLSv1.2",)),
        ("TLSv1.3 TLSv1.2", SINCE_12),
        ("SSLv3", ("SSLv3",)),
        ("!TLSv1.3", ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2")),
        (">= TLSv1.2", ("TLSv1.2",)),
        (">=TLSv1.2, TLSv1.3", ("TLSv1.3",)),
    ],
)
def test_what_a_list_permits(text: str, versions: tuple[TlsVersion, ...]) -> None:
    assert permitted(text, NEW) == versions


@pytest.mark.parametrize("text", ["TLSv1.2, !TLSv1.2", ">=TLSv1.3, <=TLSv1.2"])
def test_a_list_may_permit_nothing(text: str) -> None:
    assert permitted(text, NEW) == ()


@pytest.mark.parametrize(
    "text",
    ["! SSLv3", "TLS1.2", "all", ">TLSv1.2", ">=TLSv1.2 # modern", "!TLS1", "=>TLSv1.2", ">=TLSv1.4", ">=3_03"],
)
def test_an_invalid_list_disables_tls(text: str) -> None:
    assert permitted(text, NEW) is None


def test_bounds_came_with_3_6() -> None:
    assert permitted(">=TLSv1.2", OLD) is None
    assert permitted("<=TLSv1.2", OLD) is None
    assert permitted(">=TLSv1.2", (3, 6, 0)) == SINCE_12


def test_sslv2_is_gone_since_3_6() -> None:
    assert permitted("", OLD) == TLS_VERSIONS
    assert permitted("!SSLv3", (3, 6, 0)) == SINCE_1


@given(st.text() | st.lists(st.sampled_from([*TLS_VERSIONS, ">=", "<=", "!", ",", " ", ":", "0303"])).map("".join))
def test_any_text_is_a_list_or_invalid(text: str) -> None:
    for release in (OLD, NEW):
        versions = permitted(text, release)
        assert versions is None or list(versions) == sorted(set(versions), key=TLS_VERSIONS.index)
