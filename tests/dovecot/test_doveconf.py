"""What doveconf prints, of either generation."""

from __future__ import annotations

import textwrap

import pytest

from checker.dovecot import doveconf23, doveconf24
from checker.dovecot.filters import Filter, network
from tests.dovecot.made import HEAD, made23, made24


def shown23(text: str, query: Filter | None = None, *, secrets: bool = False) -> str:
    read = made23(text, expansion="print")
    assert read.fatal is None, read.fatal
    printed = doveconf23.show_all(read, query or Filter(), "changed", secrets=secrets)
    return "".join(f"{line}\n" for line in printed.lines)


def shown24(text: str, query: Filter | None = None, *, secrets: bool = False) -> str:
    read = made24(text, expansion="print")
    assert read.fatal is None, read.fatal
    printed = doveconf24.show_all(read, query, "changed", secrets=secrets)
    return "".join(f"{line}\n" for line in printed.lines if line.strip() not in HEAD.splitlines())


class Test23:
    def test_what_equals_the_default_is_left_out_and_values_are_uniform(self) -> None:
        assert shown23("ssl = yes\nauth_cache_ttl = 1440 mins\ndisable_plaintext_auth = NO\n") == (
            "auth_cache_ttl = 1 days\ndisable_plaintext_auth = no\n"
        )

    def test_values_are_quoted_where_they_need_it(self) -> None:
        assert shown23("login_greeting = it's # x\n") == 'login_greeting = "it\\\'s # x"\n'

    def test_sections_are_nested_and_sorted(self) -> None:
        text = """\
            service auth {
              unix_listener /p/auth {
                mode = 0660
              }
              user = x
            }
            """
        assert shown23(textwrap.dedent(text)) == textwrap.dedent(text)

    def test_a_section_in_which_nothing_is_set_is_left_out(self) -> None:
        assert shown23("service imap-login {\n}\n") == ""

    def test_in_a_named_section_what_is_written_is_shown_even_if_it_is_the_default(self) -> None:
        text = "service imap-login {\n  inet_listener imap {\n    port = 143\n  }\n}\n"
        assert shown23(text) == text

    def test_filters_follow_with_all_that_they_set(self) -> None:
        text = "local 10.0.0.0/8 {\n  protocol imap {\n    ssl = yes\n  }\n}\n"
        assert shown23(text) == text

    def test_a_connection_gets_its_filters_merged_and_they_are_shown_all_the_same(self) -> None:
        text = "protocol imap {\n  ssl = no\n}\n"
        assert shown23(text, Filter("imap")) == f"ssl = no\n{text}"

    def test_a_filter_without_bits_is_shown_as_if_global(self) -> None:
        assert shown23("local 0.0.0.0/0 {\n ssl = no\n}\n") == "ssl = no\nssl = no\n"

    def test_secrets_are_hidden_unless_asked_for(self) -> None:
        text = "doveadm_password = hunter2\n"
        assert "hunter2" not in shown23(text)
        assert shown23(text, secrets=True) == text

    def test_a_section_asked_for_by_name_loses_its_outer_names(self) -> None:
        printed = doveconf23.show_names(made23(""), Filter(), ["service/imap-login/inet_listener"], secrets=False)
        assert printed.lines[:3] == ("service imap {", "  inet_listener {", "    address = ")

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("protocols = nosuch\n", "protocols: Unknown protocol: nosuch"),
            ("listen =\n", "listen can't be set empty"),
            ("ssl_options = no_sslv3\n", "ssl_options: unknown flag: 'no_sslv3'"),
            ("ssl_verify_client_cert = yes\n", "ssl_verify_client_cert set, but ssl_ca not"),
            ("auth_verbose_passwords = sha1:0\n", "auth_verbose_passwords: Invalid value"),
            ("passdb {\n}\n", "passdb is missing driver"),
            (
                "protocols = imap\nservice imap-login {\n inet_listener imap {\n  port = 993\n }\n}\n",
                "duplicate listener: 993:",
            ),
        ],
    )
    def test_what_is_refused_at_the_end(self, text: str, error: str) -> None:
        assert doveconf23.show_all(made23(text), Filter(), "changed", secrets=False).error == error

    def test_a_conflict_that_a_nested_filter_meets_is_refused_at_the_end(self) -> None:
        text = "local 10.0.0.0/8 {\n protocol imap {\n  ssl = no\n }\n}\nprotocol imap {\n ssl = no\n}\n"
        error = doveconf23.show_all(made23(text), Filter(), "changed", secrets=False).error
        assert error == "Conflict in setting ssl found from filter at etc/dovecot/dovecot.conf:6"

    def test_two_listeners_at_one_path_are_refused(self) -> None:
        text = "service own {\n unix_listener auth-userdb {\n }\n}\n"
        error = doveconf23.show_all(made23(text), Filter(), "changed", secrets=False).error
        assert error == "duplicate listener: /run/dovecot/auth-userdb"

    def test_a_conflict_of_some_clients_is_no_error_of_the_files(self) -> None:
        text = "local 10.0.0.0/8 {\n ssl = no\n}\nprotocol imap {\n ssl = no\n}\n"
        assert doveconf23.show_all(made23(text), Filter(), "changed", secrets=False).error is None
        printed = doveconf23.show_all(made23(text), Filter("imap", network("10.0.0.1")), "changed", secrets=False)
        assert printed.complaints == ("Conflict in setting ssl found from filter at etc/dovecot/dovecot.conf:4",)


class Test24:
    def test_values_are_shown_as_they_are_written(self) -> None:
        assert shown24("auth_cache_ttl = 1440 mins\nssl = required\n") == "auth_cache_ttl = 1440 mins\nssl = required\n"

    def test_settings_are_shown_in_the_filter_of_their_name(self) -> None:
        text = "ssl_server {\n  cert_file = /c.pem\n}\n"
        assert shown24("ssl_server_cert_file = /c.pem\n") == text
        assert shown24(text) == text

    def test_lists_keep_the_form_in_which_they_are_written(self) -> None:
        assert shown24("protocols = imap, pop3\n") == "protocols = imap pop3\n"
        assert shown24("protocols {\n imap = yes\n}\n") == "protocols {\n  imap = yes\n}\n"

    def test_a_named_section_is_shown_though_nothing_is_set_in_it(self) -> None:
        assert shown24("passdb pam {\n}\n") == "passdb pam {\n}\n"

    def test_a_connection_gets_its_filters_merged_and_they_are_gone(self) -> None:
        text = "protocol imap {\n ssl = no\n}\nprotocol pop3 {\n ssl = required\n}\n"
        assert shown24(text, Filter("imap")) == "ssl = no\n"
        assert shown24("local 10.0.0.0/8 {\n ssl = no\n}\n", Filter(local=network("10.0.0.1"))) == "ssl = no\n"

    def test_a_nested_filter_is_merged_last(self) -> None:
        text = "local 10.0.0.0/8 {\n protocol imap {\n  ssl = no\n }\n}\nprotocol imap {\n ssl = required\n}\n"
        assert shown24(text, Filter("imap", network("10.0.0.1"))) == "ssl = no\n"

    def test_groups_are_shown_as_they_are_used(self) -> None:
        text = "group @tls strict {\n  ssl = required\n}\n@tls = strict\n"
        assert shown24(text) == text

    def test_single_settings_have_defaults_and_groups(self) -> None:
        read = made24("group @tls strict {\n ssl = required\n}\n@tls = strict\n", expansion="print")
        printed = doveconf24.show_names(read, None, ["ssl", "listen"], secrets=False)
        assert printed.lines == ("ssl = required", "listen = * ::")

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("protocols = nosuch\n", "protocols: Unknown protocol: nosuch"),
            (
                "ssl = required\nauth_allow_cleartext = yes\n",
                "auth_allow_cleartext=yes has no effect with ssl=required",
            ),
            ("ssl_options = no_compression\n", "ssl_options: unknown flag: 'no_compression'"),
            ("remote 10.0.0.1 {\n service a {\n }\n}\n", "listen can't be set empty"),
            ("remote 10.0.0.1 {\n listen = *\n service a {\n }\n}\n", "Unexpectedly didn't find service auth"),
            (
                "protocols = imap\nservice imap-login {\n inet_listener imap {\n  port = 993\n }\n}\n",
                "duplicate listener: 993:*",
            ),
            ("service own {\n unix_listener auth-userdb {\n }\n}\n", "duplicate listener: /run/dovecot/auth-userdb"),
        ],
    )
    def test_what_is_refused_at_the_end(self, text: str, error: str) -> None:
        assert doveconf24.show_all(made24(text, expansion="print"), None, "changed", secrets=False).error == error

    @pytest.mark.parametrize(
        "text",
        [
            "service own {\n unix_listener auth-userdb {\n  mode = 0\n }\n}\n",
            "service own {\n inet_listener a {\n  port = 5\n  listen = ::1\n }\n inet_listener b {\n port = 5\n }\n}\n",
            "protocol imap {\n service/imap-login/client_limit = 5\n}\n",
        ],
    )
    def test_what_is_not_refused(self, text: str) -> None:
        assert doveconf24.show_all(made24(text, expansion="print"), None, "changed", secrets=False).error is None

    def test_later_releases_leave_protocols_to_the_daemon(self) -> None:
        read = made24("protocols = nosuch\n", "2.4.5", expansion="print")
        assert doveconf24.show_all(read, None, "changed", secrets=False).error is None
