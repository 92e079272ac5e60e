"""What is known to be checked about mail, by the programs that smtpd asks."""

from __future__ import annotations

import pytest

from checker.values import Known, Open
from tests.postfix.made import endpoint, facts

LIVES = "compatibility_level = 3.6\n"


@pytest.mark.parametrize(
    ("main", "checks"),
    [
        ("", ()),
        ("smtpd_milters = local:opendkim/opendkim.sock\n", ("dkim", "dkim-sign")),
        ("smtpd_milters = inet:127.0.0.1:8891, inet:localhost:8893\n", ("dkim", "dkim-sign", "dmarc")),
        ("smtpd_milters = unix:/run/clamav/milter.ctl\n", ("malware",)),
        ("content_filter = spamassassin\n", ("spam",)),
        ("smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023, reject\n", ()),
        ("non_smtpd_milters = inet:127.0.0.1:8891\n", ()),
        ("receive_override_options = no_milters\nsmtpd_milters = inet:127.0.0.1:8891\n", ()),
    ],
)
def test_programs_that_are_recognised(main: str, checks: tuple[str, ...]) -> None:
    value = endpoint(LIVES + main).smtp.checks
    assert isinstance(value, Known)
    assert value.value == checks


@pytest.mark.parametrize(
    ("main", "checks", "program"),
    [
        ("smtpd_milters = inet:127.0.0.1:11332\n", ("spf", "dkim", "dmarc", "spam"), "inet:127.0.0.1:11332"),
        ("smtpd_proxy_filter = 127.0.0.1:10024\n", ("spam", "malware"), "127.0.0.1:10024"),
        ("content_filter = smtp-amavis:[127.0.0.1]:10024\n", ("spam", "malware"), "smtp-amavis:[127.0.0.1]:10024"),
        ("smtpd_milters = inet:127.0.0.1:8891, unix:/run/ours\n", ("dkim", "dkim-sign"), "unix:/run/ours"),
        ("smtpd_milters = inet:127.0.0.1:18891\n", (), "inet:127.0.0.1:18891"),
    ],
)
def test_of_others_more_is_possible(main: str, checks: tuple[str, ...], program: str) -> None:
    value = endpoint(LIVES + main).smtp.checks
    assert isinstance(value, Open)
    assert value.members == checks
    assert value.reason.text == f"what {program} checks is its own configuration"


def test_a_policy_service_is_known_by_the_program_behind_its_name() -> None:
    main = "smtpd_relay_restrictions = check_policy_service unix:private/mine, reject\n"
    master = "smtp inet n - n - - smtpd\nmine unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf\n"
    value = facts(LIVES + main, master).endpoints[0].smtp.checks
    assert isinstance(value, Known)
    assert value.value == ("spf",)


def test_a_template_decides() -> None:
    value = endpoint(f"{LIVES}smtpd_milters = {{{{ milters }}}}\n").smtp.checks
    assert not isinstance(value, (Known, Open))


@pytest.mark.parametrize("text", ["{ }", "{}", "{,}"])
def test_a_milter_without_a_name_checks_nothing_known(text: str) -> None:
    assert isinstance(endpoint(f"{LIVES}smtpd_milters = {text}\n").smtp.checks, Open)
