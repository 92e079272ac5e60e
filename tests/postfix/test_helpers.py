"""The helpers that a Postfix asks about mail."""

from __future__ import annotations

from typing import Any

import pytest

from checker.facts.outbound import Outbound
from checker.postfix.outbound import outbound
from tests.postfix.made import configuration, plain, reason

ACCEPT = "milter_default_action = accept\n"
LATER = "smtpd_policy_service_default_action = 450 later\n"
ASKS = "smtpd_client_restrictions = check_policy_service inet:127.0.0.1:1\n"
SERVER = "25 inet n - n - - smtpd\ncleanup unix n - n - 0 cleanup\n"


def made(main: str, master: str = SERVER, version: str = "3.7.11") -> dict[str, Outbound]:
    """Return the helpers by their ids, without the product."""
    found = outbound(configuration("compatibility_level = 3.6\n" + main, master, version))
    return {each.id.removeprefix("postfix:"): each for each in found}


def told(fact: Outbound) -> tuple[Any, ...]:
    return tuple(plain(each) for each in (fact.purpose, fact.address, fact.port, fact.exposure, fact.fails_open))


@pytest.mark.parametrize(
    ("main", "name", "expected"),
    [
        ("smtpd_milters = inet:127.0.0.1:11332\n", "milter:inet:127.0.0.1:11332",
         ("milter", "127.0.0.1", 11332, "loopback", False)),
        ("non_smtpd_milters = unix:run/dkim.sock\n", "milter:unix:run/dkim.sock",
         ("milter", "run/dkim.sock", None, "unix", False)),
        ("smtpd_milters = inet:10.0.0.1:8891\nmilter_default_action = accept\n", "milter:inet:10.0.0.1:8891",
         ("milter", "10.0.0.1", 8891, "private", True)),
        (ACCEPT + "smtpd_milters = { inet:localhost:8891, default_action=tempfail, connect_timeout=10s }\n",
         "milter:inet:localhost:8891", ("milter", "localhost", 8891, "loopback", False)),
        (ACCEPT + "smtpd_milters = { inet:localhost:8891, {default_action = tempfail} }\n",
         "milter:inet:localhost:8891", ("milter", "localhost", 8891, "loopback", False)),
        ("smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policy\n",
         "policy:unix:private/policy", ("policy", "private/policy", None, "unix", False)),
        ("smtpd_data_restrictions = check_policy_service { inet:192.0.2.1:10023, default_action=DUNNO }\n",
         "policy:inet:192.0.2.1:10023", ("policy", "192.0.2.1", 10023, "public", True)),
        (LATER + "smtpd_restriction_classes = grey\ngrey = check_policy_service inet:[::1]:10023\n",
         "policy:inet:[::1]:10023", ("policy", "::1", 10023, "loopback", False)),
        ("smtpd_proxy_filter = 127.0.0.1:10025\n", "filter:127.0.0.1:10025",
         ("filter", "127.0.0.1", 10025, "loopback", False)),
        ("smtpd_proxy_filter = unix:/run/proxy\n", "filter:unix:/run/proxy",
         ("filter", "/run/proxy", None, "unix", False)),
        ("smtpd_proxy_filter = 10025\n", "filter:10025", ("filter", "localhost", 10025, "loopback", False)),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\n",
         "auth:private/auth", ("auth", "private/auth", None, "unix", False)),
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = inet:10.1.1.1:12345\n",
         "auth:inet:10.1.1.1:12345", ("auth", "10.1.1.1", 12345, "private", False)),
    ],
)  # fmt: skip
def test_helpers(main: str, name: str, expected: tuple[Any, ...]) -> None:
    assert told(made(main)[name]) == expected


def test_none_of_their_protocols_has_tls() -> None:
    fact = made("smtpd_milters = inet:127.0.0.1:11332\n")["milter:inet:127.0.0.1:11332"]
    assert (plain(fact.tls.mode), plain(fact.tls.required)) == ("none", False)


@pytest.mark.parametrize(
    "main",
    [
        "",
        "smtpd_sasl_path = private/auth\nsmtpd_sasl_type = dovecot\n",
        "smtpd_sasl_path = private/auth\nsmtpd_sasl_auth_enable = yes\n",
        "smtpd_recipient_restrictions = reject_unauth_destination\n",
    ],
)
def test_nobody_is_asked(main: str) -> None:
    assert made(main) == {}


@pytest.mark.parametrize(("version", "opens"), [("3.7.19", False), ("3.7.20", False), ("2.11.0", False)])
def test_what_happens_by_default_lets_nothing_pass(version: str, opens: bool) -> None:
    (fact,) = made("smtpd_milters = inet:127.0.0.1:1\n", version=version).values()
    assert plain(fact.fails_open) is opens


@pytest.mark.parametrize(
    ("action", "opens"),
    [
        ("DUNNO", True),
        ("permit_mynetworks", True),
        ("PREPEND X-Unchecked: yes", True),
        ("defer_if_permit later", False),
        ("reject_unverified_sender", True),
        ("REJECT away", False),
        ("550 no", False),
        ("HOLD", False),
    ],
)
def test_what_a_policy_service_that_is_away_means(action: str, opens: bool) -> None:
    main = f"{ASKS}smtpd_policy_service_default_action = {action}\n"
    assert plain(made(main)["policy:inet:127.0.0.1:1"].fails_open) is opens


def test_an_action_of_the_users_own_may_mean_anything() -> None:
    main = f"{ASKS}smtpd_policy_service_default_action = grey\n"
    assert reason(made(main)["policy:inet:127.0.0.1:1"].fails_open) == "not-in-set"


def test_before_actions_could_be_chosen_mail_was_deferred() -> None:
    assert plain(made(ASKS, version="2.11.0")["policy:inet:127.0.0.1:1"].fails_open) is False


def test_a_helper_of_two_services_is_one_fact_unless_they_differ() -> None:
    two = SERVER + "587 inet n - n - - smtpd\n"
    assert len(made("smtpd_milters = inet:127.0.0.1:1\n", two)) == 1
    differing = SERVER + "587 inet n - n - - smtpd -o milter_default_action=accept\n"
    found = made("smtpd_milters = inet:127.0.0.1:1\n", differing)
    assert {name: plain(fact.fails_open) for name, fact in found.items()} == {
        "milter:inet:127.0.0.1:1": False,
        "milter:inet:127.0.0.1:1#2": True,
    }


def test_the_place_of_a_name_is_looked_up() -> None:
    (fact,) = made("smtpd_milters = inet:rspamd:11332\n").values()
    assert (plain(fact.address), reason(fact.exposure)) == ("rspamd", "dns-only")


def test_a_table_may_name_milters() -> None:
    (fact,) = made("smtpd_milter_maps = cidr:/etc/postfix/milters\n").values()
    assert reason(fact.address) == reason(fact.exposure) == "not-in-set"
