"""What smtpd dies of."""

from __future__ import annotations

import pytest

from tests.postfix.made import endpoint, plain


@pytest.mark.parametrize(
    ("name", "version", "dies"),
    [
        ("smtpd_tls_ciphers", "3.7.11", True),
        ("smtpd_tls_ciphers", "3.10.13", True),
        ("tls_medium_cipherlist", "3.7.11", True),
        ("tls_eecdh_auto_curves", "3.7.11", True),
        ("tls_eecdh_auto_curves", "3.7.13", False),
        ("tls_eecdh_auto_curves", "3.10.13", False),
        ("tls_low_cipherlist", "3.7.11", True),
        ("tls_low_cipherlist", "3.8.0", False),
        ("smtpd_banner", "3.7.11", True),
        ("smtpd_tls_exclude_ciphers", "3.7.11", False),
        ("tls_random_source", "3.7.11", False),
    ],
)
def test_some_parameters_must_not_be_empty(name: str, version: str, dies: bool) -> None:
    each = endpoint(f"compatibility_level = 2\n{name} =\n", version=version)
    assert plain(each.serves) is not dies
    if dies:
        assert name in plain(each.fault)
