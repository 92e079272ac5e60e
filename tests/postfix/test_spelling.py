"""Which name is meant by a wrong one."""

from __future__ import annotations

import pytest

from checker.postfix.spelling import meant

KNOWN = ("smtpd_banner", "smtpd_timeout", "smtp_timeout", "relayhost", "biff")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("smtpd_baner", "smtpd_banner"),
        ("smtpd_bannner", "smtpd_banner"),
        ("smtpd_bannre", "smtpd_banner"),
        ("msptd_banner", "smtpd_banner"),
        ("SMTPD-BANNER", "smtpd_banner"),
        ("relay_host", "relayhost"),
        ("smtpx_timeout", "smtp_timeout"),
        ("smtpd_banners_of_ours", None),
        ("bif", None),
        ("nothing_like_it", None),
        ("x" * 200, None),
    ],
)
def test_two_slips_at_most(name: str, expected: str | None) -> None:
    assert meant(name, KNOWN) == expected
