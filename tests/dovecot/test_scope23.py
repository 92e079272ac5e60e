"""The value that a client of 2.3 gets."""

from __future__ import annotations

import pytest

from checker.dovecot.read23 import read23
from checker.dovecot.release import release
from checker.dovecot.scope23 import Scope23
from checker.tree import MemoryTree
from checker.values import Known, OneOf, Unknown
from tests.dovecot.made import ENTRY, made23, plain, scope23, tree


def test_the_most_specific_filter_wins_wherever_it_stands() -> None:
    text = "local 10.1.0.0/16 {\n ssl = required\n}\nlocal 10.0.0.0/8 {\n ssl = no\n}\n"
    assert plain(scope23(text, "imap", local="10.1.2.3").text("ssl")) == "required"
    assert plain(scope23(text, "imap", local="10.2.2.3").text("ssl")) == "no"
    assert plain(scope23(text, "imap", local="192.0.2.1").text("ssl")) == "yes"


def test_a_global_line_after_a_filter_does_not_change_the_filter() -> None:
    text = "protocol imap {\n ssl = required\n}\nssl = no\n"
    assert plain(scope23(text, "imap").text("ssl")) == "required"
    assert plain(scope23(text, "pop3").text("ssl")) == "no"


class TestConflicts:
    TEXT = "remote 10.0.0.0/8 {\n ssl = no\n}\nprotocol imap {\n ssl = required\n}\n"

    def test_two_filters_of_which_neither_is_wider_refuse_the_client(self) -> None:
        scope = scope23(self.TEXT.replace("remote", "local"), "imap", local="10.1.2.3")
        assert scope.conflict is not None
        assert "Conflict in setting ssl" in scope.conflict[0]
        assert isinstance(scope.text("ssl"), Unknown)

    def test_other_clients_and_other_settings_are_not_concerned(self) -> None:
        assert scope23(self.TEXT, "imap", remote="192.0.2.1").conflict is None
        assert scope23(self.TEXT, "pop3", remote="10.1.2.3").conflict is None
        assert plain(scope23(self.TEXT, "imap", remote="10.1.2.3").text("listen")) == "*, ::"

    def test_a_wider_filter_yields(self) -> None:
        text = "remote 10.0.0.0/8 {\n ssl = no\n}\nremote 10.1.0.0/16 {\n protocol imap {\n  ssl = yes\n }\n}\n"
        scope = scope23(text, "imap", remote="10.1.2.3")
        assert scope.conflict is None
        assert plain(scope.text("ssl")) == "yes"


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_a_filter_without_bits_counts_for_all_where_the_top_level_is_silent(address: str) -> None:
    text = "local 0.0.0.0/0 {\n ssl = required\n}\n"
    assert plain(scope23(text, "imap", local=address).text("ssl")) == "required"
    assert plain(scope23(f"{text}ssl = no\n", "imap", local=address).text("ssl")) == "no"


def test_the_chain_names_every_step_the_decisive_one_first() -> None:
    value = scope23("ssl = no\nprotocol imap {\n ssl = required\n}\n", "imap").text("ssl")
    assert isinstance(value, Known)
    steps = [(origin.note, origin.text, origin.place.line if origin.place else 0) for origin in value.origins]
    assert steps == [
        ("protocol imap", "required", 3),
        ("top level", "no", 1),
        ("Dovecot 2.3.19.1 on Debian 12", "yes", 4),
    ]
    assert value.origins[-1].is_default


def test_types() -> None:
    scope = scope23("disable_plaintext_auth = NO\nauth_cache_size = 10k\nauth_failure_delay = 2 mins\n")
    assert plain(scope.boolean("disable_plaintext_auth")) is False
    assert plain(scope.get("auth_cache_size")) == 10240
    assert plain(scope.get("auth_failure_delay")) == 120
    assert plain(scope.words("listen")) == ("*", "::")
    assert plain(scope.get("auth_allow_cleartext")) is None  # 2.3 has no such setting


class TestServices:
    def test_listeners_are_the_built_in_ones_with_what_is_changed(self) -> None:
        scope = scope23("service imap-login {\n inet_listener imap {\n  port = 0\n }\n inet_listener x {\n }\n}\n")
        assert scope.listeners("imap-login") == ("imap", "imaps", "x")
        assert plain(scope.listener_text("imap-login", "imap", "port")) == "0"
        assert plain(scope.listener_text("imap-login", "imaps", "port")) == "993"
        assert plain(scope.listener_text("imap-login", "x", "port")) == "0"
        assert plain(scope.service_text("imap-login", "protocol")) == "imap"

    def test_a_socket_is_known_by_its_path(self) -> None:
        path = "/var/spool/postfix/private/auth"
        scope = scope23(f"service auth {{\n unix_listener {path} {{\n  mode = 0660\n }}\n}}\n")
        assert path in scope.listeners("auth", "unix_listener")
        assert "login/login" in scope.listeners("auth", "unix_listener")
        assert plain(scope.listener_text("auth", path, "mode", "unix_listener")) == "0660"

    def test_a_mode_without_a_leading_zero_is_decimal(self) -> None:
        scope = scope23("service auth {\n unix_listener a {\n  mode = 666\n }\n}\n")
        assert plain(scope.get("service/auth/unix_listener/a/mode")) == "1232"

    def test_a_service_of_the_user_is_one(self) -> None:
        assert "mine" in scope23("service mine {\n executable = imap-login\n}\n").services()

    def test_a_default_that_is_another_setting(self) -> None:
        value = scope23("default_login_user = nobody\n").service_text("imap-login", "user")
        assert plain(value) == "nobody"

    def test_sections_in_order(self) -> None:
        scope = scope23("passdb {\n driver = pam\n}\npassdb {\n driver = ldap\n}\n")
        assert [plain(scope.text(f"{path}/driver")) for path in scope.sections("passdb")] == ["pam", "ldap"]


def test_without_a_platform_the_default_of_protocols_depends_on_the_build() -> None:
    scope = Scope23(read23(tree(""), ENTRY, release("2.3.19.1", None)))
    value = scope.text("protocols")
    assert isinstance(value, OneOf)
    assert [(condition, plain(each)) for condition, each in value.alternatives] == [
        ("Debian's build", ""),
        ("upstream", "imap pop3 lmtp"),
    ]
    assert plain(Scope23(made23("")).text("protocols")) == ""


def test_where_an_include_is_not_seen_defaults_are_unknown() -> None:
    text = b"ssl = required\n!include /elsewhere/x.conf\n"
    scope = Scope23(read23(MemoryTree({"x.conf": text}), "x.conf", release(None, "debian-12")))
    assert plain(scope.text("ssl")) == "required"
    assert plain(scope.text("disable_plaintext_auth")) == "<not-in-set>"


@pytest.mark.parametrize(("version", "default"), [("2.3.4", "TLSv1"), ("2.3.14", "TLSv1"), ("2.3.15", "TLSv1.2")])
def test_defaults_are_those_of_the_release(version: str, default: str) -> None:
    assert plain(Scope23(made23("", version=version)).text("ssl_min_protocol")) == default
