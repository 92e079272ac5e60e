"""What a Postfix listens on."""

from __future__ import annotations

import pytest

from checker.postfix.endpoints import running_services
from tests.postfix.made import configuration, facts, plain

LIVES = "compatibility_level = 3.6\n"
SMTPD = "{} inet n - n - - smtpd\n"


def ids(master: str, main: str = "") -> list[str]:
    return [each.id for each in facts(LIVES + main, master).endpoints]


def running(master: str, main: str = "", version: str = "3.7.11") -> list[str]:
    services = running_services(configuration(main, master, version))
    return [f"{each.name} {each.command}" for each in services]


def test_smtpd_and_postscreen_are_endpoints_and_nothing_else_is() -> None:
    master = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\npickup unix n - n 60 1 pickup\n"
    assert ids(master) == ["postfix:smtp/inet:25"]


def test_each_address_is_one_endpoint() -> None:
    found = facts(LIVES + "inet_interfaces = 127.0.0.1, 192.0.2.1\n", SMTPD.format("25")).endpoints
    assert [(each.id, plain(each.address)) for each in found] == [
        ("postfix:25/inet:25", "127.0.0.1"),
        ("postfix:25/inet:25#2", "192.0.2.1"),
    ]


def test_an_id_names_no_address() -> None:
    assert ids(SMTPD.format("127.0.0.1:smtp") + SMTPD.format("[::1]:25")) == [
        "postfix:smtp/inet:25",
        "postfix:25/inet:25",
    ]


def test_a_port_that_is_not_known_has_no_number() -> None:
    assert ids(SMTPD.format("strange")) == ["postfix:strange/inet"]


@pytest.mark.parametrize(
    ("name", "protocol", "role"),
    [
        ("25", "smtp", "mx"),
        ("smtp", "smtp", "mx"),
        ("2525", "smtp", "mx"),
        ("587", "submission", "submission"),
        ("submission", "submission", "submission"),
        ("465", "submission", "submission"),
        ("smtps", "submission", "submission"),
        ("submissions", "submission", "submission"),
        ("127.0.0.1:25", "smtp", "internal"),
        ("localhost:587", "submission", "internal"),
        ("192.0.2.1:25", "smtp", "mx"),
    ],
)
def test_what_a_port_is_for(name: str, protocol: str, role: str) -> None:
    (each,) = facts(LIVES, SMTPD.format(name)).endpoints
    assert (plain(each.protocol), plain(each.role)) == (protocol, role)


def test_a_port_that_demands_a_login_is_for_submission() -> None:
    master = "2525 inet n - n - - smtpd -o smtpd_client_restrictions=permit_sasl_authenticated,reject\n"
    (each,) = facts(LIVES, master).endpoints
    assert (plain(each.protocol), plain(each.role)) == ("smtp", "submission")


def test_a_unix_socket_is_internal() -> None:
    (each,) = facts(LIVES, "x unix - - n - - smtpd\n").endpoints
    assert (each.id, plain(each.exposure), plain(each.port), plain(each.role)) == (
        "postfix:x/unix",
        "unix",
        None,
        "internal",
    )


def test_an_option_does_not_move_a_listener() -> None:
    (each,) = facts(LIVES, "smtp inet n - n - - smtpd -o inet_interfaces=loopback-only\n").endpoints
    assert plain(each.exposure) == "public"


def test_the_entry_is_the_first_origin() -> None:
    (each,) = facts(LIVES, "# c\n" + SMTPD.format("25")).endpoints
    assert str(each.origins[0].place) == "master.cf:2:1"


@pytest.mark.parametrize("command", ["/usr/lib/postfix/sbin/smtpd", "sbin/smtpd"])
def test_a_command_with_a_path_is_never_run(command: str) -> None:
    (each,) = facts(LIVES, f"25 inet n - n - - {command}\n").endpoints
    assert plain(each.serves) is False
    assert "no program" in str(plain(each.fault))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("smtp", "25"),
        ("25", "smtp"),
        (":25", "25"),
        ("smtps", "465"),
        ("submissions", "smtps"),
        ("10.0.0.1:25", "10.0.0.1:smtp"),
    ],
)
def test_of_duplicates_the_last_counts(first: str, second: str) -> None:
    master = f"{first} inet n - n - - smtpd -v\n{second} inet n - n - - smtpd\n"
    assert running(master) == [f"{second} smtpd"]


@pytest.mark.parametrize(("first", "second"), [("25", "127.0.0.1:25"), ("127.0.0.1:25", "localhost:25"), ("a", "b")])
def test_other_names_of_an_address_are_no_duplicates(first: str, second: str) -> None:
    assert len(running(SMTPD.format(first) + SMTPD.format(second))) == 2


def test_the_type_tells_services_apart() -> None:
    assert len(running("smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n")) == 2


@pytest.mark.parametrize(
    ("disabled", "left"),
    [
        ("", ["25", "587", "x"]),
        ("inet", ["x"]),
        ("25/inet", ["587", "x"]),
        ("25.inet", ["587", "x"]),
        ("smtp/inet", ["25", "587", "x"]),
        ("!587/inet, inet", ["587", "x"]),
        ("inet, !587/inet", ["x"]),
        ("unix, 587/inet", ["25"]),
    ],
)
def test_disabled_services_do_not_run(disabled: str, left: list[str]) -> None:
    master = SMTPD.format("25") + SMTPD.format("587") + "x unix - - n - - smtp\n"
    names = [each.split()[0] for each in running(master, f"master_service_disable = {disabled}\n")]
    assert names == left


@pytest.mark.parametrize(("disabled", "left"), [("25/inet", "smtp smtpd"), ("smtp/inet", "25 smtpd")])
def test_a_disabled_entry_is_no_duplicate(disabled: str, left: str) -> None:
    master = "smtp inet n - n - - smtpd\n25 inet n - n - - smtpd\n"
    assert running(master, f"master_service_disable = {disabled}\n") == [left]


def test_without_a_master_cf_nothing_runs() -> None:
    made = configuration()
    assert running_services(type(made)(made.path, made.release, made.main, None)) == ()
