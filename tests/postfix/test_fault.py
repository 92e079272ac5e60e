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


@pytest.mark.parametrize(
    ("milters", "culprit"),
    [
        ("{ inet:127.0.0.1:1,", "do not pair"),
        ("inet:127.0.0.1:2, { inet:127.0.0.1:1 }x", "do not pair"),
        ("{ }", "no milter"),
        ("{ inet:127.0.0.1:1, bogus=x }", "'bogus=x'"),
        ("{ inet:127.0.0.1:1, bogus }", "'bogus'"),
        ("{ inet:127.0.0.1:1 }", None),
        ("{ inet:127.0.0.1:1, default_action=accept, {command_timeout = 5s} }", None),
        ("foo", None),
    ],
)
def test_a_malformed_milter(milters: str, culprit: str | None) -> None:
    """Seen of Postfix 3.7.11, whose smtpd dies of these when a client comes."""
    main = f"compatibility_level = 2\nsmtpd_milters = {milters}\n"
    found = endpoint(main)
    assert plain(found.serves) is (culprit is None)
    assert culprit is None or culprit in plain(found.fault)
    for spared in ("smtpd_milter_maps = cidr:/etc/postfix/clients\n", "receive_override_options = no_milters\n"):
        assert plain(endpoint(main + spared).serves) is True
