"""Whether a service leaves out what main.cf asks for."""

from __future__ import annotations

import pytest

from tests.postfix.made import endpoint, plain, reason

MAIN = "content_filter = smtp:[127.0.0.1]:10024\nsmtpd_milters = inet:127.0.0.1:8891\n"


@pytest.mark.parametrize(
    ("main", "options", "bypasses"),
    [
        (MAIN, "", False),
        (MAIN, "-o content_filter=", True),
        (MAIN, "-o smtpd_milters=", True),
        (MAIN, "-o content_filter=smtp:[127.0.0.1]:10028", False),
        (MAIN, "-o smtpd_data_restrictions=", False),
        ("", "-o content_filter=", False),
        ("compatibility_level = 3.6\n", "-o smtpd_relay_restrictions=", True),
        ("smtpd_helo_restrictions = reject_invalid_helo_hostname\n", "-o smtpd_helo_restrictions=$nothing", True),
        (MAIN, "-o smtpd_client_restrictions=permit_mynetworks,reject", False),
    ],
)
def test_it_empties_what_would_not_be_empty(main: str, options: str, bypasses: bool) -> None:
    assert plain(endpoint(main, options).smtp.bypasses_checks) is bypasses


def test_the_option_that_does_it_is_the_place() -> None:
    value = endpoint(MAIN, "-o content_filter=").smtp.bypasses_checks
    first = value.origins[0]
    assert (first.parameter, str(first.place)) == ("content_filter", "master.cf:1:30")


def test_of_a_template_nothing_is_known() -> None:
    assert reason(endpoint("content_filter = {{ filter }}\n", "-o content_filter=").smtp.bypasses_checks) == "template"
    assert plain(endpoint("content_filter = {{ filter }}\n").smtp.bypasses_checks) is False
