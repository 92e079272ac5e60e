"""What a Dovecot connects to."""

from __future__ import annotations

import pytest

from checker.facts.outbound import Outbound
from tests.dovecot.described import facts
from tests.dovecot.made import plain


def connections(text: str, generation: str = "2.3", **files: str) -> dict[str, Outbound]:
    """Return the connections by id; files are by what stands between ``dovecot-`` and ``.conf.ext``."""
    beside = {f"dovecot-{name}.conf.ext": body for name, body in files.items()}
    found = facts(f"protocols = imap submission\n{text}", generation, beside).gathered["outbound"].all()
    return {each.id.removeprefix("dovecot:"): each for each in found}


def database(driver: str, text: str) -> dict[str, Outbound]:
    """Return the connections of a passdb of 2.3 with the settings of its driver."""
    section = f"passdb {{\n  driver = {driver}\n  args = /etc/dovecot/dovecot-{driver}.conf.ext\n}}\n"
    return connections(section, **{driver: text})


def protection(found: Outbound) -> list[object]:
    return [plain(each) for each in (found.tls.mode, found.tls.required, found.verified)]


@pytest.mark.parametrize(
    ("driver", "connect", "name", "protected"),
    [
        ("mysql", "host=10.0.0.1 dbname=m user=u password=p", "mysql:10.0.0.1", ["none", False, False]),
        ("mysql", "host=10.0.0.1 ssl_ca=/c", "mysql:10.0.0.1", ["starttls", "<host-only>", False]),
        ("mysql", "host=h ssl_ca=/c ssl_verify_server_cert=yes port=3307", "mysql:h:3307", ["starttls", True, True]),
        ("mysql", "host=localhost dbname=m", "mysql:unix", ["none", False, False]),
        ("mysql", "host=/run/mysqld.sock", "mysql:/run/mysqld.sock", ["none", False, False]),
        ("pgsql", "host=h dbname=m", "pgsql:h", ["starttls", False, False]),
        ("pgsql", "host=h sslmode=disable", "pgsql:h", ["none", False, False]),
        ("pgsql", "host=h sslmode=require", "pgsql:h", ["starttls", True, False]),
        ("pgsql", "host=h sslmode=verify-ca", "pgsql:h", ["starttls", True, False]),
        ("pgsql", "host='h' sslmode=verify-full", "pgsql:h", ["starttls", True, True]),
        ("pgsql", "dbname=m", "pgsql:unix", ["none", False, False]),
    ],
)
def test_sql_servers(driver: str, connect: str, name: str, protected: list[object]) -> None:
    ((found, fact),) = database("sql", f"driver = {driver}\nconnect = {connect}\n").items()
    assert found == f"auth:{name}"
    assert protection(fact) == protected


def test_each_host_of_a_connect_string() -> None:
    found = database("sql", "driver = mysql\nconnect = host=a host=b dbname=m\n")
    assert list(found) == ["auth:mysql:a", "auth:mysql:b"]


def test_a_file_is_no_connection() -> None:
    assert database("sql", "driver = sqlite\nconnect = /var/lib/db\n") == {}


@pytest.mark.parametrize(
    ("text", "name", "protected"),
    [
        ("hosts = h", "ldap:h", ["none", False, False]),
        ("hosts = h:1389\ntls = yes", "ldap:h:1389", ["starttls", True, True]),
        ("hosts = h\ntls = yes\ntls_require_cert = allow", "ldap:h", ["starttls", True, False]),
        ("uris = ldaps://h", "ldap:h", ["implicit", True, True]),
        ("uris = ldaps://h:1636\ntls_require_cert = never", "ldap:h:1636", ["implicit", True, False]),
        ("uris = ldapi:///", "ldap:unix", ["none", False, False]),
    ],
)
def test_ldap_servers(text: str, name: str, protected: list[object]) -> None:
    ((found, fact),) = database("ldap", f"{text}\n").items()
    assert found == f"auth:{name}"
    assert protection(fact) == protected


@pytest.mark.parametrize(
    ("text", "credentials", "cleartext"),
    [
        ("hosts = h\ndn = cn=x\ndnpass = p\n", True, True),
        ("hosts = h\nauth_bind = yes\n", True, True),
        ("uris = ldaps://h\nauth_bind = yes\n", True, False),
        ("hosts = h\n", False, None),
    ],
)
def test_passwords_that_go_to_ldap(text: str, credentials: bool, cleartext: bool | None) -> None:
    (found,) = database("ldap", text).values()
    assert [plain(found.credentials), plain(found.cleartext_allowed)] == [credentials, cleartext]


def test_servers_of_2_4() -> None:
    text = """\
ssl_client_require_valid_cert = no
passdb sql {
  sql_driver = mysql
  mysql db.example.org {
    ssl = yes
  }
}
userdb sql {
  sql_driver = pgsql
  pgsql pg.example.org {
    parameters {
      sslmode = verify-full
    }
  }
}
passdb ldap {
  ldap_uris = ldap://10.0.0.1
  ldap_starttls = yes
}
"""
    found = connections(text, "2.4")
    assert {name: protection(fact) for name, fact in found.items()} == {
        "auth:mysql:db.example.org": ["starttls", "<host-only>", False],
        "auth:pgsql:pg.example.org": ["starttls", True, True],
        "auth:ldap:10.0.0.1": ["starttls", True, False],
    }
    assert plain(found["auth:ldap:10.0.0.1"].exposure) == "private"


def test_a_server_of_2_4_that_all_databases_share() -> None:
    text = "sql_driver = mysql\nmysql h {\n user = x\n}\npassdb sql {\n}\nuserdb sql {\n}\n"
    assert list(connections(text, "2.4")) == ["auth:mysql:h"]


@pytest.mark.parametrize("generation", ["2.3", "2.4"])
@pytest.mark.parametrize(
    ("text", "name", "protected"),
    [
        ("imapc_host = h\n", "proxy:imap:h:143", ["none", False, False]),
        ("imapc_host = h\nimapc_port = 993\nimapc_ssl = imaps\n", "proxy:imap:h:993", ["implicit", True, True]),
        (
            "pop3c_host = h\npop3c_ssl = starttls\npop3c_ssl_verify = no\n",
            "proxy:pop3:h:110",
            ["starttls", True, False],
        ),
        ("submission_relay_host = h\n", "relay:smtp:h:25", ["none", False, False]),
        ("submission_relay_host = h\nsubmission_relay_ssl = smtps\n", "relay:smtp:h:25", ["implicit", True, True]),
        ("auth_policy_server_url = http://h:4001/\n", "auth-policy:http:h:4001", ["none", False, False]),
        ("auth_policy_server_url = https://u:p@h/\n", "auth-policy:http:h", ["implicit", True, True]),
    ],
)
def test_other_servers(generation: str, text: str, name: str, protected: list[object]) -> None:
    ((found, fact),) = connections(text, generation).items()
    assert found == name
    assert protection(fact) == protected


@pytest.mark.parametrize(("text", "opens"), [("", True), ("auth_policy_reject_on_fail = yes\n", False)])
def test_what_happens_without_the_policy_server(text: str, opens: bool) -> None:
    (found,) = connections(f"auth_policy_server_url = https://h/\n{text}").values()
    assert plain(found.fails_open) is opens


@pytest.mark.parametrize(
    ("fields", "protected"),
    [
        ("", ["none", False, False]),
        ("ssl=yes", ["implicit", True, True]),
        ("ssl=any-cert", ["implicit", True, False]),
        ("starttls=yes", ["starttls", True, True]),
        ("starttls=any-cert", ["starttls", True, False]),
    ],
)
def test_where_logins_are_passed_on_to(fields: str, protected: list[object]) -> None:
    section = f"passdb {{\n  driver = static\n  args = proxy=y host=192.0.2.7 port=143 {fields}\n}}\n"
    ((found, fact),) = connections(section).items()
    assert found == "proxy:other:192.0.2.7:143"
    assert protection(fact) == protected


def test_token_servers() -> None:
    text = "introspection_url = https://id.example.org/introspect\ntokeninfo_url = http://127.0.0.1/?t=\n"
    found = database("oauth2", text)
    assert {name: protection(fact)[0] for name, fact in found.items()} == {
        "auth:http:127.0.0.1": "none",
        "auth:http:id.example.org": "implicit",
    }


def test_dictionaries() -> None:
    section = "dict {\n  quota = mysql:/etc/dovecot/dovecot-dict.conf.ext\n  other = file:/x\n}\n"
    assert list(connections(section, dict="connect = host=10.0.0.1 dbname=m\n")) == ["dict:mysql:10.0.0.1"]


def test_files_of_drivers_are_files_of_the_set() -> None:
    section = "passdb {\n  driver = sql\n  args = /etc/dovecot/dovecot-sql.conf.ext\n}\n"
    made = facts(section, "2.3", {"dovecot-sql.conf.ext": "driver = mysql\n"})
    assert [each.path for each in made.software.files][-1] == "etc/dovecot/dovecot-sql.conf.ext"
