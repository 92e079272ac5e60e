"""The value that a client of 2.4 gets."""

from __future__ import annotations

from checker.dovecot.scope24 import Scope24
from checker.values import Known
from tests.dovecot.made import made24, plain, scope24


def test_the_last_filter_wins_however_specific_the_others_are() -> None:
    text = "local 10.1.0.0/16 {\n ssl = required\n}\nlocal 10.0.0.0/8 {\n ssl = no\n}\n"
    assert plain(scope24(text, "imap", local="10.1.2.3").text("ssl")) == "no"


def test_a_filter_beats_the_top_level_also_where_that_comes_later() -> None:
    text = "local 0.0.0.0/0 {\n ssl = required\n}\nssl = no\n"
    assert plain(scope24(text, "imap", local="2001:db8::1").text("ssl")) == "required"


def test_opening_a_filter_again_does_not_move_it() -> None:
    text = "protocol imap {\n}\nremote 10.0.0.0/8 {\n ssl = no\n}\nprotocol imap {\n ssl = required\n}\n"
    assert plain(scope24(text, "imap", remote="10.0.0.1").text("ssl")) == "no"


def test_a_service_beats_a_later_connection_filter() -> None:
    text = "service imap-login {\n auth_allow_cleartext = no\n}\nremote 10.0.0.0/8 {\n auth_allow_cleartext = yes\n}\n"
    assert plain(scope24(text, "imap", "imap-login", remote="10.0.0.1").boolean("auth_allow_cleartext")) is False
    assert plain(scope24(text, "pop3", "pop3-login", remote="10.0.0.1").boolean("auth_allow_cleartext")) is True


def test_a_setting_inside_a_service_counts_for_its_processes_alone() -> None:
    text = "service imap-login {\n auth_allow_cleartext = yes\n}\n"
    assert plain(scope24(text, "imap", "imap-login").boolean("auth_allow_cleartext")) is True
    assert plain(scope24(text, "imap").boolean("auth_allow_cleartext")) is False


def test_a_role_beats_a_protocol() -> None:
    text = "ssl_server {\n ssl_min_protocol = TLSv1.3\n}\nprotocol imap {\n ssl_min_protocol = TLSv1\n}\n"
    assert plain(scope24(text, "imap", role="ssl_server").text("ssl_min_protocol")) == "TLSv1.3"
    assert plain(scope24(text, "imap").text("ssl_min_protocol")) == "TLSv1"


class TestListeners:
    def test_listeners_are_the_built_in_ones_with_what_is_changed(self) -> None:
        scope = scope24("service imap-login {\n inet_listener imap {\n  port = 0\n }\n inet_listener X {\n }\n}\n")
        assert scope.listeners("imap-login") == ("imap", "imaps", "X")
        assert plain(scope.listener_text("imap-login", "imap", "port")) == "0"
        assert plain(scope.listener_text("imap-login", "imaps", "port")) == "993"
        assert plain(scope.listener_text("imap-login", "imaps", "ssl")) == "yes"
        assert plain(scope.service_text("imap-login", "protocol")) == "imap"

    def test_names_count_by_case(self) -> None:
        scope = scope24("service imap-login {\n inet_listener IMAP {\n  port = 0\n }\n}\n")
        assert plain(scope.listener_text("imap-login", "imap", "port")) == "143"

    def test_a_listener_outside_of_any_service_is_that_of_every_service(self) -> None:
        scope = scope24("inet_listener imap {\n port = 0\n}\n")
        assert plain(scope.listener_text("imap-login", "imap", "port")) == "0"

    def test_listen_is_looked_up_from_the_inside(self) -> None:
        inner = " listen = 10.0.0.2\n inet_listener imaps {\n  listen = 10.0.0.3\n }\n"
        text = f"listen = 10.0.0.1\nservice imap-login {{\n{inner}}}\n"
        scope = scope24(text)
        found = [
            plain(scope.listener_text(service, listener, "listen"))
            for service, listener in (("imap-login", "imaps"), ("imap-login", "imap"), ("pop3-login", "pop3"))
        ]
        assert found == ["10.0.0.3", "10.0.0.2", "10.0.0.1"]

    def test_2_4_has_a_port_for_submission_with_tls(self) -> None:
        assert scope24("").listeners("submission-login") == ("submission", "submissions")


class TestLists:
    def test_a_block_in_a_filter_adds_and_a_string_replaces(self) -> None:
        base = "mail_plugins = quota\n"
        block = f"{base}protocol imap {{\n mail_plugins {{\n  imap_quota = yes\n }}\n}}\n"
        assert plain(scope24(block, "imap").words("mail_plugins")) == ("quota", "imap_quota")
        string = f"{base}protocol imap {{\n mail_plugins = imap_quota\n}}\n"
        assert plain(scope24(string, "imap").words("mail_plugins")) == ("imap_quota",)

    def test_no_takes_away_what_is_around(self) -> None:
        text = "mail_plugins = quota acl\nprotocol imap {\n mail_plugins {\n  acl = no\n }\n}\n"
        assert plain(scope24(text, "imap").words("mail_plugins")) == ("quota",)

    def test_the_default(self) -> None:
        assert plain(scope24("").words("listen")) == ("*", "::")
        assert plain(scope24("").get("protocols")) == ()


def test_a_group_sets_what_is_not_set_where_it_is_used() -> None:
    group = "group @tls strict {\n ssl = required\n ssl_min_protocol = TLSv1.3\n}\n"
    scope = scope24(f"{group}@tls = strict\nssl = yes\n")
    assert plain(scope.text("ssl")) == "yes"
    assert plain(scope.text("ssl_min_protocol")) == "TLSv1.3"


def test_the_chain_names_every_step_the_decisive_one_first() -> None:
    value = scope24("ssl = no\nservice imap-login {\n ssl = required\n}\n", "imap", "imap-login").text("ssl")
    assert isinstance(value, Known)
    assert [(origin.note, origin.text) for origin in value.origins] == [
        ("service imap-login", "required"),
        ("top level", "no"),
        ("Dovecot 2.4.1", "yes"),
    ]


def test_the_config_version_selects_among_defaults() -> None:
    old = Scope24(made24("", "2.4.5"))
    assert plain(old.text("passdb_default_password_scheme")) == "PLAIN"
    assert plain(old.get("auth_failure_delay")) == 2


def test_unlimited_stays_a_word() -> None:
    assert plain(scope24("mail_sort_max_read_count = unlimited\n").get("mail_sort_max_read_count")) == "unlimited"
