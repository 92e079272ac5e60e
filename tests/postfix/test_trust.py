"""The networks that smtpd lets relay."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checker.facts.trust import Trust
from tests.postfix.made import MX, facts, plain, reason

LIVES = "compatibility_level = 3.6\n"


def trusted(main: str = "", master: str = MX, files: Mapping[str, str] | None = None) -> tuple[Trust, ...]:
    return facts(LIVES + main, master, files=files).trust


def test_each_network_is_a_fact() -> None:
    found = trusted("mynetworks = 127.0.0.0/8, [2001:db8::]/32\n")
    assert [(each.id, plain(each.network), plain(each.bits), plain(each.exposure)) for each in found] == [
        ("postfix:relay:127.0.0.0/8", "127.0.0.0/8", 8, "loopback"),
        ("postfix:relay:2001:db8::/32", "2001:db8::/32", 32, "public"),
    ]


def test_a_network_that_is_left_out_is_none() -> None:
    found = trusted("mynetworks = !10.1.0.0/16, 10.0.0.0/8\n")
    assert [plain(each.network) for each in found] == ["10.0.0.0/8"]


def test_what_stands_behind_a_fault_is_never_reached() -> None:
    found = trusted("mynetworks = 10.0.0.0/8, 10.0.0.1/8, 0.0.0.0/0\n")
    assert [plain(each.network) for each in found] == ["10.0.0.0/8"]


def test_the_members_of_a_table_are_not_known() -> None:
    (each,) = trusted("mynetworks = hash:/etc/postfix/nets\n")
    assert each.id == "postfix:relay:hash:/etc/postfix/nets"
    assert reason(each.network) == reason(each.bits) == reason(each.exposure) == "not-in-set"


def test_networks_of_the_machine_have_a_style() -> None:
    (each,) = trusted()
    assert (each.id, plain(each.style), reason(each.network)) == (
        "postfix:relay:mynetworks_style",
        "host",
        "host-only",
    )
    assert plain(trusted("mynetworks_style = class\n")[0].style) == "class"


def test_explicit_networks_beat_the_style() -> None:
    (each,) = trusted("mynetworks_style = class\nmynetworks = 10.0.0.1\n")
    assert (plain(each.network), plain(each.bits), plain(each.style)) == ("10.0.0.1/32", 32, None)


def test_networks_of_a_template_are_not_known() -> None:
    (each,) = trusted("mynetworks = {{ networks }}\n")
    assert (each.id, reason(each.network)) == ("postfix:relay:mynetworks", "template")


def test_one_list_is_told_once_however_many_services_use_it() -> None:
    master = MX + "587 inet n - n - - smtpd\n"
    assert len(trusted("mynetworks = 10.0.0.0/8\n", master)) == 1
    assert len(trusted("", master)) == 1


def test_a_list_of_one_service_is_its_own() -> None:
    master = MX + "587 inet n - n - - smtpd -o mynetworks=10.0.0.0/8\n"
    found = trusted("mynetworks = 10.0.0.0/8\n", master)
    assert [each.id for each in found] == ["postfix:relay:10.0.0.0/8"] * 2
    assert [each.origins[0].place and each.origins[0].place.path for each in found] == ["main.cf", "master.cf"]


def test_without_smtpd_main_cf_counts() -> None:
    assert [plain(each.network) for each in trusted("mynetworks = 10.0.0.0/8\n", "")] == ["10.0.0.0/8"]


def test_hosts_that_may_name_the_client_have_purposes_of_their_own() -> None:
    found = trusted(
        "mynetworks = 127.0.0.1\n"
        "smtpd_authorized_xclient_hosts = 10.0.0.0/8, !10.1.0.0/16\n"
        "smtpd_authorized_xforward_hosts = [::1]/128\n"
    )
    assert [each.id for each in found] == [
        "postfix:relay:127.0.0.1/32",
        "postfix:xclient:10.0.0.0/8",
        "postfix:xforward:::1/128",
    ]


def test_clients_are_looked_for_by_name_too() -> None:
    found = trusted(
        "mynetworks = a.example.org 127. !b.example.org 10.0.0.0/8\n"
        "smtpd_authorized_xclient_hosts = .example.org 10.0.0.1 hash:/x\n"
    )
    told = {each.id: each.network for each in found}
    assert told.keys() == {
        *("postfix:relay:10.0.0.0/8", "postfix:relay:a.example.org"),
        *("postfix:xclient:10.0.0.1/32", "postfix:xclient:hash:/x", "postfix:xclient:.example.org"),
    }
    assert reason(told["postfix:xclient:hash:/x"]) == "not-in-set"
    assert reason(told["postfix:relay:a.example.org"]) == reason(told["postfix:xclient:.example.org"]) == "dns-only"


def test_networks_of_a_file_stand_in_that_file() -> None:
    found = trusted(
        "mynetworks = /etc/postfix/nets\n",
        files={"nets": "# ours\n10.0.0.0/8\nhash:/etc/postfix/h\n", "h": "192.0.2.1 x\n"},
    )
    assert [(each.id, str(each.origins[0].place)) for each in found] == [
        ("postfix:relay:10.0.0.0/8", "etc/postfix/nets:2:1"),
        ("postfix:relay:192.0.2.1/32", "etc/postfix/h:1:1"),
    ]


@pytest.mark.parametrize(
    ("main", "version", "networks"),
    [
        ("mynetworks = 10.0.0.0/8\n", "3.9.0", ["10.0.0.0/8"]),
        ("mynetworks = 10.0.0.0/8\n", "3.7.11", []),
        ("mynetworks = 10.0.0.0/8\nsmtpd_forbid_bare_newline = normalize\n", "3.7.11", ["10.0.0.0/8"]),
        ("mynetworks = 10.0.0.0/8\nsmtpd_forbid_bare_newline = no\n", "3.9.0", []),
        ("smtpd_forbid_bare_newline_exclusions = 192.0.2.0/24\n", "3.9.0", ["192.0.2.0/24"]),
        ("", "3.9.0", []),
        ("mynetworks = 10.0.0.0/8\n", "3.5.0", []),
    ],
)
def test_clients_that_are_excluded_from_the_check_for_bare_newlines(
    main: str, version: str, networks: list[str]
) -> None:
    found = facts(f"compatibility_level = 2\n{main}", MX, version).trust
    assert [plain(each.network) for each in found if plain(each.purpose) == "bare-newline"] == networks
