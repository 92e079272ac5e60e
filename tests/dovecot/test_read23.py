"""How 2.3 takes statements: sections, filters, types, variables, and what it dies of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.dovecot.config import Configuration23
from tests.dovecot.made import fatals, made23


def values(read: Configuration23, block: int = 0) -> dict[str, str]:
    return {path: each.text for path, each in read.blocks[block].values.items()}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("bogus = 1\n", 1, "Unknown setting: bogus"),
        ("SSL = no\n", 1, "Unknown setting: SSL"),
        ("\ufeffssl = no\n", 1, "Unknown setting: \ufeffssl"),
        ("bogus {\n}\n", 1, "Unknown setting: bogus { bogus"),
        ("Protocol imap {\n}\n", 1, "Unknown setting: Protocol { Protocol"),
        ("service imap {\n  ssl = no\n}\n", 2, "Unknown setting: service { ssl"),
        ("ssl = maybe\n", 1, "Invalid value: maybe"),
        ("ssl = Required\n", 1, "Invalid value: Required"),
        ("disable_plaintext_auth = true\n", 1, "Invalid boolean value: true (use yes or no)"),
        ("service a {\n inet_listener b {\n  port = imap\n }\n}\n", 3, "Invalid port number imap"),
        ("passdb a {\n}\npassdb a {\n}\n", 3, "passdb/a already exists"),
        ("ssl = no\n}\n", 2, "Unexpected '}'"),
        (
            "remote 10.0.0.0/8 {\n auth_mechanisms = plain\n}\n",
            2,
            "Auth settings not supported inside local/remote blocks: auth_mechanisms",
        ),
        ("local 10.0.0.0/33 {\n}\n", 1, "Invalid network mask: 33"),
        (
            "protocol imap {\n local 10.0.0.1 {\n }\n}\n",
            2,
            "protocol { local { .. } } not allowed (use local { protocol { .. } } instead)",
        ),
        ("ssl {\n}\n", 1, "Invalid value: 0"),
        ("= x\n", 1, "Missing key name ('=' at the beginning of line)"),
    ],
)
def test_what_dovecot_dies_of(text: str, line: int, message: str) -> None:
    assert fatals(made23(text).problems)[0] == (line, message)


def test_all_errors_are_told_and_the_rest_is_read() -> None:
    text = "bogus = 1\nssl = maybe\nnosuch {\n inner = 2\n more {\n }\n }}\n}\nhostname = mail.example.org\n"
    read = made23(text)
    assert [line for line, _ in fatals(read.problems)] == [1, 2, 3, 7]
    assert values(read) == {"hostname": "mail.example.org"}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("auth_allow_cleartext", "disable_plaintext_auth"),
        ("disable_plaintxt_auth", "did you mean disable_plaintext_auth?"),
        ("ssl_server_cert_file", "2.4"),
    ],
)
def test_an_unknown_name_comes_with_the_right_one(name: str, hint: str) -> None:
    assert hint in made23(f"{name} = yes\n").problems[0].hint


def test_a_section_left_open_is_told_where_it_begins() -> None:
    (problem,) = made23("ssl = no\nprotocol imap {\n").problems
    assert problem.text.startswith("Missing '}' (section started at")
    assert problem.place.line == 2


def test_auth_settings_are_allowed_in_a_protocol_and_login_settings_everywhere() -> None:
    assert not made23("protocol imap {\n auth_mechanisms = plain\n}\n").problems
    assert not made23("remote 10.0.0.0/8 {\n disable_plaintext_auth = no\n}\n").problems


def test_sections_of_one_name_are_one_and_listeners_count_without_case() -> None:
    read = made23(
        "service imap-login {\n inet_listener IMAP {\n  port = 0\n }\n}\n"
        "service imap-login {\n inet_listener imap {\n  ssl = yes\n }\n}\n"
    )
    assert values(read)["service/imap-login/inet_listener/imap/port"] == "0"
    assert values(read)["service/imap-login/inet_listener/imap/ssl"] == "yes"


def test_unnamed_passdbs_follow_one_another() -> None:
    read = made23("passdb {\n driver = pam\n}\npassdb {\n driver = ldap\n}\n")
    assert [text for path, text in values(read).items() if path.endswith("/driver")] == ["pam", "ldap"]


def test_a_path_of_slashes_reaches_a_built_in_section() -> None:
    assert not made23("service/imap-login/inet_listener/imap/port = 0\n").problems
    assert fatals(made23("service/nosuch/user = x\n").problems)


def test_equal_filters_are_one_and_the_last_line_wins() -> None:
    read = made23("protocol imap {\n ssl = no\n}\nprotocol imap {\n ssl = yes\n}\n")
    assert len(read.blocks) == 2
    assert values(read, 1) == {"ssl": "yes"}


class TestVariables:
    def test_a_setting_itself_is_expanded_where_it_stands(self) -> None:
        read = made23("protocol imap {\n mail_plugins = $mail_plugins x\n}\nmail_plugins = quota\n", expansion="print")
        assert values(read, 1) == {"mail_plugins": " x"}  # the later line came too late

    def test_inside_a_filter_it_is_what_is_around(self) -> None:
        read = made23("mail_plugins = quota\nprotocol imap {\n mail_plugins = $mail_plugins x\n}\n")
        assert values(read, 1) == {"mail_plugins": "quota x"}

    def test_doveconf_shows_other_variables_and_the_daemons_expand_them(self) -> None:
        text = "hostname = h\nlogin_greeting = $hostname x$hostname\n"
        assert values(made23(text, expansion="print"))["login_greeting"] == "$hostname x$hostname"
        assert values(made23(text))["login_greeting"] == "h x$hostname"

    def test_an_unknown_variable_is_fatal_to_the_daemons(self) -> None:
        assert fatals(made23("login_greeting = $nosuch\n").problems) == [(1, "Unknown variable: $nosuch")]
        assert not made23("login_greeting = $nosuch\n", expansion="print").problems

    def test_the_environment_is_not_known(self) -> None:
        read = made23("login_greeting = $ENV:GREETING\n")
        assert read.blocks[0].values["login_greeting"].unknown is not None

    def test_before_2_3_14_only_the_first_word_counts(self) -> None:
        read = made23("hostname = h\nlogin_greeting = x $hostname\n", version="2.3.13")
        assert values(read)["login_greeting"] == "x $hostname"

    def test_a_file_is_never_opened(self) -> None:
        read = made23("ssl_key = </etc/ssl/private/key.pem\n")
        assert values(read)["ssl_key"] == "</etc/ssl/private/key.pem"


class TestObsolete:
    @pytest.mark.parametrize(
        ("text", "path", "value"),
        [
            ("ssl_disable = yes\n", "ssl", "no"),
            ("ssl_protocols = !SSLv3 !TLSv1\n", "ssl_min_protocol", "TLSv1.1"),
            ("ssl_protocols = TLSv1.2\n", "ssl_min_protocol", "TLSv1.2"),
            ("ssl_cert_file = /c.pem\n", "ssl_cert", "</c.pem"),
            ("protocols = imaps\n", "protocols", "imap"),
            ("protocols = imaps\n", "service/imap-login/inet_listener/imap/port", "0"),
            ("protocols = imap managesieve\n", "protocols", "imap sieve"),
            ("listen = *:10143\n", "service/pop3-login/inet_listener/pop3/port", "10143"),
            ("listen = *:10143\n", "listen", "*"),
            ("protocol imap {\n listen = 10.0.0.1\n}\n", "service/imap-login/inet_listener/imap/address", "10.0.0.1"),
            ("login_user = nobody\n", "service/imap-login/user", "nobody"),
            ("auth_user = root\n", "service/auth/user", "root"),
            ("auth default {\n mechanisms = plain login\n}\n", "auth_mechanisms", "plain login"),
            ("auth_cache_size = 10\n", "auth_cache_size", "10M"),
        ],
    )
    def test_old_settings_become_new_ones(self, text: str, path: str, value: str) -> None:
        read = made23(text)
        assert values(read)[path] == value
        assert fatals(read.problems) == []

    def test_imaps_beside_imap_leaves_the_clear_port_open(self) -> None:
        assert "service/imap-login/inet_listener/imap/port" not in values(made23("protocols = imap imaps\n"))

    def test_a_version_that_is_not_understood_sets_nothing(self) -> None:
        read = made23("ssl_protocols = !SSLv2 !SSLv3\n")
        assert "ssl_min_protocol" not in values(read)
        assert any("ignored" in problem.text for problem in read.problems)

    def test_an_old_auth_section_makes_passdbs_and_sockets(self) -> None:
        read = made23(
            "auth default {\n passdb pam {\n }\n socket listen {\n  client {\n   path = /p/auth\n   mode = 0660\n"
            "  }\n }\n}\nssl = no\n"
        )
        assert fatals(read.problems) == []
        assert "pam" in values(read).values()
        assert values(read)["service/auth/unix_listener/\\sp\\sauth/mode"] == "0660"
        assert values(read)["ssl"] == "no"


FRAGMENTS = st.sampled_from(
    [
        b"ssl = no\n",
        b"protocol imap {\n",
        b"local 10.0.0.0/8 {\n",
        b"}\n",
        b"service auth {\n",
        b"unix_listener a/b {\n",
        b"mode = 0660\n",
        b"passdb {\n",
        b"plugin {\n",
        b"x = $x y\n",
        b"auth default {\n",
        b"socket listen {\n",
        b"client {\n",
        b"path = /x-master\n",
        b"!include dovecot.conf\n",
        b"!include *\n",
        b"mail_plugins = $mail_plugins a\n",
        b"listen = a:b:c\n",
        b"a/b/c/d/e/f = 1\n",
        b"service/x/inet_listener/y/port = 1\n",
        b"ssl_protocols = ,\n",
        b"namespace {\n",
        b'mailbox "" {\n',
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(st.one_of(FRAGMENTS, st.binary(max_size=12))).map(b"".join)))
def test_any_bytes_give_a_result(data: bytes) -> None:
    read = made23(data)
    for problem in read.problems:
        assert problem.place.line >= 1
