"""Access tables in restriction lists, and who may relay by them: tests/live/test_tables.py asks a real Postfix."""

from __future__ import annotations

from time import process_time

import pytest

from checker.facts.endpoint import Endpoint
from checker.postfix.access import effect_of
from tests.live import test_tables as live
from tests.postfix.made import endpoint, plain, reason

MAIN = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org
smtpd_restriction_classes = lax strict inner ask
lax = permit
strict = reject_unauth_destination
inner = lax, reject
ask = check_sender_access hash:/etc/postfix/senders
"""

OWN = {
    "senders": "boss@example.org OK\nspam@example.net REJECT\n",
    "clients": "192.0.2.1 OK\n198.51.100 OK\npartner.example OK\n",
    "tops": "com OK\n",
    "hosts": "unknown OK\n",
    "recipients": "postmaster@ OK\nfriend@example.net OK\nexample.org permit_sasl_authenticated, reject\n",
    "bad": "/^[0-9.]+$/ REJECT\n/dynamic/ WARN\n",
    "good": "/^mail\\.partner\\.example$/ OK\n",
    "nets": "10.0.0.0/8 OK\n0.0.0.0/0 REJECT\n::/0 REJECT\n",
    "halves": "0.0.0.0/1 OK\n",
    "some": "45.0.0.0/8 OK\n23.0.0.0/8 OK\n",
    "refused": "example.org REJECT\n",
    "classes": "spam@example.net strict\nboss@example.org ask\n",
}


def relaying(restrictions: str, main: str = MAIN) -> Endpoint:
    return endpoint(f"{main}smtpd_relay_restrictions = {restrictions}\n", files=OWN)


@pytest.mark.parametrize(("value", "relayed"), live.RESULTS.items())
def test_what_a_result_means(value: str, relayed: bool) -> None:
    found = relaying(f"check_sender_access inline:{{{{example.net = {value}}}}}, reject_unauth_destination")
    assert plain(found.smtp.open_relay) is relayed


@pytest.mark.parametrize(
    ("value", "effect"),
    [
        *(("OK", "permit"), ("250", "permit"), ("550", "permit"), ("550 no", "reject"), ("55 no", ("55", "no"))),
        *(("reject\tno", "reject"), ("DISCARD", "reject"), ("hash:/x", "error"), ("250 ok", ("250", "ok"))),
        *(("\u0665", ("\u0665",)), ("Filter smtp:x", "next"), (",", "permit")),
    ],
)
def test_results(value: str, effect: object) -> None:
    assert effect_of(value) == effect


@pytest.mark.parametrize(
    ("restrictions", "opened"),
    [
        ("check_sender_access hash:/etc/postfix/senders", True),
        ("check_sender_access hash:/etc/postfix/classes", True),
        ("ask", True),
        ("check_client_access hash:/etc/postfix/clients", False),
        ("check_client_access hash:/etc/postfix/tops", True),
        ("check_client_access hash:/etc/postfix/hosts", True),
        ("check_client_access cidr:/etc/postfix/nets", False),
        ("check_client_access cidr:/etc/postfix/halves", True),
        ("check_client_access cidr:/etc/postfix/some", False),
        ("check_helo_access hash:/etc/postfix/clients", True),
        ("check_helo_access regexp:/etc/postfix/bad", False),
        ("check_helo_access regexp:/etc/postfix/good", None),
        ("check_client_access regexp:/etc/postfix/good", False),
        ("check_client_access regexp:{{/^mail/ OK}}", None),
        ("check_client_access regexp:{{/^mail/ DUNNO}}", False),
        ("check_client_access regexp:{{/\\.com$$/ OK}}", None),
        ("check_sender_access regexp:{{/@example\\.org$$/ lax}}", None),
        ("check_sender_access regexp:{{/@example\\.org$$/ strict}, {/./ DUNNO}}", False),
        ("check_recipient_access regexp:{{/@example\\.net$$/ OK}}", False),
        ("check_recipient_access hash:/etc/postfix/recipients", False),
        ("check_recipient_access hash:/etc/postfix/tops", True),
        ("hash:/etc/postfix/senders", False),
        ("check_reverse_client_hostname_access hash:/etc/postfix/hosts", False),
        ("check_sender_access hash:/etc/postfix/missing", None),
        ("check_sender_access mysql:/etc/postfix/senders", None),
        ("check_sender_access hash:/etc/postfix/missing, reject", None),
        ("check_sender_mx_access hash:/etc/postfix/missing", False),
        ("check_ccert_access hash:/etc/postfix/missing", False),
        ("reject_sender_login_mismatch, check_sender_access hash:/etc/postfix/senders", None),
        ("permit_mx_backup", None),
    ],
)
def test_who_may_relay(restrictions: str, opened: bool | None) -> None:
    found = relaying(f"{restrictions}, reject_unauth_destination").smtp.open_relay
    if opened is None:
        assert reason(found) == "not-in-set"
    else:
        assert plain(found) is opened


def test_the_entry_that_lets_strangers_pass_is_to_blame() -> None:
    found = relaying("check_sender_access hash:/etc/postfix/senders, reject_unauth_destination").smtp.open_relay
    assert str(found.origins[0].place) == "etc/postfix/senders:1:1"


def test_the_same_sender_must_pass_all_lists() -> None:
    found = relaying(
        "check_sender_access hash:/etc/postfix/senders, reject_unauth_destination",
        MAIN + "smtpd_sender_restrictions = check_sender_access inline:{example.org=REJECT}\n",
    )
    assert plain(found.smtp.open_relay) is False


@pytest.mark.parametrize(
    ("restrictions", "required"),
    [
        ("reject_unauth_destination", False),
        ("permit_sasl_authenticated, reject", True),
        ("check_recipient_access hash:/etc/postfix/refused, reject_unauth_destination", True),
        ("check_recipient_access hash:/etc/postfix/recipients, reject", False),
        ("check_recipient_access inline:{example.net=OK}, reject", False),
        ("check_client_access hash:/etc/postfix/clients, reject", True),
        ("check_helo_access hash:/etc/postfix/clients, reject", False),
        ("check_client_access cidr:/etc/postfix/nets, permit_auth_destination, reject", True),
        ("check_sender_access static:{permit_sasl_authenticated, reject}, permit_auth_destination, reject", True),
        ("check_sender_access regexp:/etc/postfix/bad, permit_sasl_authenticated, reject", True),
    ],
)
def test_whether_a_stranger_must_log_in(restrictions: str, required: bool) -> None:
    assert plain(relaying(restrictions).auth.required) is required


@pytest.mark.parametrize(
    ("restrictions", "names"),
    [
        (
            "check_client_access hash:/etc/postfix/clients, permit_mynetworks, reject",
            "check_client_access permit_mynetworks",
        ),
        ("check_sender_access hash:/etc/postfix/refused, permit_mynetworks, reject", "permit_mynetworks"),
        ("check_sender_access hash:/etc/postfix/missing, reject", "check_sender_access"),
        ("check_sender_access inline:{x=lax}, reject", "check_sender_access"),
        ("check_sender_access inline:{x=strict}, reject", ""),
        ("check_reverse_client_hostname_access static:OK, reject", ""),
        ("check_helo_access regexp:/etc/postfix/bad, ask, reject", "check_sender_access"),
        ("inline:{x=OK}, reject", "inline:{x=ok}"),
        ("inline:{x=DUNNO}, check_policy_service unix:x, reject", "check_policy_service"),
    ],
)
def test_the_names_that_may_let_somebody_pass(restrictions: str, names: str) -> None:
    assert " ".join(plain(relaying(restrictions).smtp.relay_permits)) == names


@pytest.mark.parametrize(("setting", "relayed"), live.DOMAINS.items())
def test_which_domains_are_served(setting: str, relayed: bool) -> None:
    found = endpoint(f"{live.MAIN_CF}{setting}\n", files=live.FILES)
    assert plain(found.smtp.open_relay) is relayed


@pytest.mark.parametrize(("value", "relayed"), live.NETWORKS.items())
def test_whether_networks_hold_a_stranger(value: str, relayed: bool) -> None:
    main = f"{live.MAIN_CF}mynetworks = {value}\nsmtpd_relay_restrictions = permit_mynetworks, reject\n"
    assert plain(endpoint(main, files=live.FILES).smtp.open_relay) is relayed


@pytest.mark.parametrize(("restrictions", "relayed"), live.LISTS.items())
def test_lists_with_tables(restrictions: str, relayed: bool) -> None:
    main = f"{live.MAIN_CF}smtpd_relay_restrictions = {restrictions}, reject_unauth_destination\n"
    assert plain(endpoint(main, files=live.FILES).smtp.open_relay) is relayed


@pytest.mark.parametrize(
    ("setting", "opened"),
    [
        ("relay_domains = hash:/etc/postfix/missing", False),
        ("virtual_mailbox_domains = mysql:/etc/postfix/x.cf", False),
        ("virtual_mailbox_domains = pcre:/etc/postfix/missing", None),
        ("virtual_mailbox_domains = regexp:{{/^.*\\.org$$/ x}}", None),
        ("virtual_mailbox_domains = regexp:{{/^example\\.org$$/ x}}", False),
        ("virtual_mailbox_domains = regexp:{{/./ x}}", True),
        ("virtual_alias_maps = regexp:{{/^(.*)@example\\.org$$/ $$1@example.com}}", False),
        ("relay_domains = co.uk", True),
        ("relay_domains = example.org lan", False),
        ("relay_domains = tcp:127.0.0.1:1", None),
    ],
)
def test_domains_that_are_not_known(setting: str, opened: bool | None) -> None:
    found = endpoint(f"{live.MAIN_CF}{setting}\n").smtp.open_relay
    if opened is None:
        assert reason(found) == "not-in-set"
    else:
        assert plain(found) is opened


@pytest.mark.parametrize("setting", ["relay_domains = static:all", "relay_domains = example.org com"])
def test_the_list_that_takes_in_strangers_is_shown(setting: str) -> None:
    found = endpoint(f"{live.MAIN_CF}{setting}\n").smtp.open_relay
    assert plain(found) is True
    assert next(origin.parameter for origin in found.origins if origin.place) == "relay_domains"


@pytest.mark.parametrize("list_name", ["relay_domains", "mydestination"])
def test_many_domains_are_not_compared_with_one_another(list_name: str) -> None:
    names = " ".join(f"d{number}.example.com" for number in range(20_000))
    started = process_time()
    assert plain(endpoint(f"{live.MAIN_CF}{list_name} = {names}\n").smtp.open_relay) is False
    assert process_time() - started < 5


def test_networks_of_files_are_told() -> None:
    found = endpoint(f"{MAIN}mynetworks = /etc/postfix/list 10.0.0.0/8\n", files={"list": "192.0.2.1 !192.0.2.2\n"})
    assert plain(found.smtp.trusted_networks) == ("192.0.2.1/32", "10.0.0.0/8")


def test_more_kinds_of_strangers_than_are_tried_are_not_known() -> None:
    many = "".join(f"k{at}.example strict, nonesuch{at}\n" for at in range(40))
    main = f"{MAIN}smtpd_relay_restrictions = check_sender_access hash:/etc/postfix/many,\n  check_helo_access {{}}\n"
    lists = main.format("hash:/etc/postfix/many, reject_unauth_destination")
    assert reason(endpoint(lists, files={"many": many}).smtp.open_relay) == "not-in-set"
    few = main.format("hash:/etc/postfix/few, reject_unauth_destination")
    assert plain(endpoint(few, files={"many": many, "few": "x REJECT\n"}).smtp.open_relay) is False


def test_classes_that_tables_name_end() -> None:
    names = [f"c{at}" for at in range(60)]
    main = f"compatibility_level = 3.6\nmyhostname = m.example\nsmtpd_restriction_classes = {' '.join(names)} end\n"
    for at, name in enumerate(names):
        following = names[at + 1] if at + 1 < len(names) else "end"
        main += (
            f"{name} = check_sender_access inline:{{{{a.example = {following} {name}}}, {{b.example = {following}}}}}\n"
        )
    main += "end = DUNNO\nsmtpd_relay_restrictions = c0, reject_unauth_destination\n"
    found = endpoint(main)
    assert plain(found.smtp.open_relay) is False
    assert plain(found.smtp.relay_permits) == ()
