"""Where users and passwords are looked up."""

from __future__ import annotations

import pytest

from checker.facts.authdb import Authdb
from tests.dovecot.described import facts
from tests.dovecot.made import plain

EXT = {"sql": "driver = mysql\n", "ldap": "hosts = x\n", "dict": "uri = x\n"}


def databases(text: str, generation: str = "2.3", **files: str) -> list[Authdb]:
    """Return the databases; files are by their driver."""
    beside = {f"dovecot-{name}.conf.ext": body for name, body in files.items()}
    return list(facts(f"protocols = imap\n{text}", generation, beside).gathered["authdb"].all())


def passdb(*lines: str, **files: str) -> Authdb:
    """Return the one passdb of 2.3."""
    (found,) = databases("passdb {\n" + "".join(f"  {line}\n" for line in lines) + "}\n", **files)
    return found


def passdb24(name: str, *lines: str) -> Authdb:
    """Return the one passdb of 2.4."""
    (found,) = databases(f"passdb {name} {{\n" + "".join(f"  {line}\n" for line in lines) + "}\n", "2.4")
    return found


ARGS = "args = /etc/dovecot/dovecot-{}.conf.ext"


@pytest.mark.parametrize(
    ("driver", "args", "text", "schemes"),
    [
        ("passwd-file", "args = /etc/dovecot/users", "", ("CRYPT",)),
        ("passwd-file", "args = scheme=sha512-crypt username_format=%u /etc/dovecot/users", "", ("SHA512-CRYPT",)),
        ("pam", "args = %s", "", None),
        ("static", "args = password=x", "", ("PLAIN",)),
        ("sql", ARGS.format("sql"), "connect = x\n", ("MD5",)),
        ("sql", ARGS.format("sql"), "default_pass_scheme = BLF-CRYPT\n", ("BLF-CRYPT",)),
        ("sql", ARGS.format("sql"), "default_pass_scheme = SHA512.HEX\n", ("SHA512",)),
        ("ldap", ARGS.format("ldap"), "hosts = x\n", ("CRYPT",)),
        ("ldap", ARGS.format("ldap"), "hosts = x\nauth_bind = yes\n", None),
    ],
)
def test_in_which_scheme_passwords_are_kept(driver: str, args: str, text: str, schemes: tuple[str, ...] | None) -> None:
    files = {driver: text} if text else {}
    assert plain(passdb(f"driver = {driver}", args, **files).schemes) == schemes


def test_without_the_file_of_the_driver_it_is_not_known() -> None:
    assert plain(passdb("driver = sql", ARGS.format("sql")).schemes) == "<not-in-set>"


@pytest.mark.parametrize(
    ("name", "lines", "schemes"),
    [
        ("passwd-file", (), ("CRYPT",)),
        ("sql", (), ("PLAIN",)),
        ("sql", ("default_password_scheme = ARGON2ID",), ("ARGON2ID",)),
        ("mine", ("driver = passwd-file",), ("CRYPT",)),
        ("ldap", ("bind = yes",), None),
        ("pam", (), None),
    ],
)
def test_in_which_scheme_in_2_4(name: str, lines: tuple[str, ...], schemes: tuple[str, ...] | None) -> None:
    assert plain(passdb24(name, *lines).schemes) == schemes


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        (("driver = static", "args = password=x"), True),
        (("driver = static", "args = nopassword=y"), True),
        (("driver = static", "args = proxy=y host=x"), False),
        (("driver = pam", "override_fields = nopassword=y"), True),
        (("driver = pam",), False),
        (("driver = static", "args = nopassword=y", "deny = yes"), False),
    ],
)
def test_one_password_for_everybody(lines: tuple[str, ...], fixed: bool) -> None:
    assert plain(passdb(*lines).fixed_password) is fixed


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        (("password = x",), True),
        (("fields {", "  nopassword = yes", "}"), True),
        (("fields {", "  proxy = y", "}"), False),
    ],
)
def test_one_password_for_everybody_in_2_4(lines: tuple[str, ...], fixed: bool) -> None:
    assert plain(passdb24("static", *lines).fixed_password) is fixed


def test_a_query_may_say_it() -> None:
    text = "driver = mysql\npassword_query = SELECT NULL AS password, 'Y' AS nopassword, host, 'Y' AS proxy FROM p\n"
    found = passdb("driver = sql", ARGS.format("sql"), sql=text)
    assert [plain(found.fixed_password), plain(found.proxy)] == [True, True]


@pytest.mark.parametrize(
    ("lines", "proxy"),
    [
        (("driver = static", "args = proxy=y host=x"), True),
        (("driver = static", "args = proxy_maybe=y host=x"), True),
        (("driver = pam", "default_fields = proxy=n"), False),
        (("driver = pam",), False),
    ],
)
def test_a_login_passed_on(lines: tuple[str, ...], proxy: bool) -> None:
    assert plain(passdb(*lines).proxy) is proxy


@pytest.mark.parametrize(
    ("fields", "clients"),
    [
        ("", ()),
        ("allow_nets=127.0.0.0/8,10.0.0.1", ("127.0.0.0/8", "10.0.0.1/32")),
        ("allow_nets=local,::1", ("::1/128",)),
        ("allow_nets=%{x}", "<invalid>"),
    ],
)
def test_from_where_it_lets_users_in(fields: str, clients: object) -> None:
    assert plain(passdb("driver = pam", f"default_fields = {fields}").clients) == clients


def test_masters_and_refusals() -> None:
    found = databases("passdb {\n driver=passwd-file\n args=/m\n master=yes\n}\npassdb {\n driver=pam\n deny=yes\n}\n")
    assert [(plain(each.master), plain(each.denies)) for each in found] == [(True, False), (False, True)]


def test_users_are_looked_up_elsewhere() -> None:
    found = databases("passdb {\n driver = pam\n}\nuserdb {\n driver = passwd\n}\n")
    assert [(each.id, plain(each.purpose), plain(each.driver)) for each in found] == [
        ("dovecot:passdb/0", "password", "pam"),
        ("dovecot:userdb/1", "user", "passwd"),
    ]


@pytest.mark.parametrize(
    ("generation", "text", "names"),
    [
        (
            "2.3",
            "passdb {\n}\nprotocol imap {\n passdb {\n }\n}\nprotocol !pop3 {\n passdb {\n }\n}\n",
            ["passdb/0", "passdb/1[protocol imap]", "passdb/2[protocol !pop3]"],
        ),
        (
            "2.4",
            "passdb pam {\n}\nprotocol imap {\n passdb static {\n  password = x\n }\n}\n",
            ["passdb/pam", "passdb/static[protocol imap]"],
        ),
    ],
)
def test_those_of_one_protocol(generation: str, text: str, names: list[str]) -> None:
    assert [each.id.removeprefix("dovecot:") for each in databases(text, generation)] == names
