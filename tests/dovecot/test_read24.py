"""How 2.4 takes statements: the head of the file, named filters, lists, groups, variables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.dovecot.read24 import read24
from checker.dovecot.release import release
from checker.dovecot.tree24 import Block24, Configuration24
from tests.dovecot.made import ENTRY, HEAD, HEAD_LINES, fatals, made24, tree


def first(text: str, version: str = "2.4.1") -> tuple[int, str]:
    """Return the first error of a text after the head, by its line in that text."""
    line, message = fatals(made24(text, version).problems)[0]
    return (line or 0) - HEAD_LINES, message


def at(read: Configuration24, *path: str) -> Block24:
    """Return the block at a path of ``kind`` or ``kind name``."""
    block = read.root
    for part in path:
        kind, _, name = part.partition(" ")
        block = next(
            each
            for each in block.children.values()
            if (each.name or "", each.instance or "") == (kind, name) or str(each.limits) == part
        )
    return block


class TestHead:
    @pytest.mark.parametrize(
        ("text", "number", "message"),
        [
            ("ssl = no\n", 1, "The first setting must be dovecot_config_version"),
            ("!include x\n", 1, "The first setting must be dovecot_config_version"),
            ("}\n", 1, "The first setting must be dovecot_config_version"),
            ("dovecot_config_version = 2.4.0\n", None, "dovecot_storage_version setting must be set"),
            (f"{HEAD}dovecot_config_version = 2.4.1\n", 3, "dovecot_config_version value can't be changed once set"),
            (
                "dovecot_config_version = 2.5.0\n",
                1,
                "Invalid dovecot_config_version: Currently supported versions are: 2.4.0 2.4.1",
            ),
        ],
    )
    def test_what_the_file_must_begin_with(self, text: str, number: int, message: str) -> None:
        read = read24(tree(text), ENTRY, release("2.4.1", None))
        assert fatals(read.problems)[0] == (number, message)

    def test_the_same_version_may_be_said_again(self) -> None:
        assert not made24("dovecot_config_version = 2.4.0\n").problems

    def test_an_empty_file_lacks_the_storage_version(self) -> None:
        read = read24(tree(""), ENTRY, release("2.4.1", None))
        assert [text for _, text in fatals(read.problems)] == ["dovecot_storage_version setting must be set"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("bogus = 1\n", 1, "bogus: Unknown setting: bogus"),
        ("plugin {\n}\n", 1, "Unknown section name: plugin"),
        ("disable_plaintext_auth = yes\n", 1, "disable_plaintext_auth: Unknown setting: disable_plaintext_auth"),
        ("ssl = Required\n", 1, "ssl: Invalid value: Required"),
        ("passdb {\n}\n", 1, "passdb { } is missing section name"),
        ("ssl_server x {\n}\n", 1, "ssl_server { } must not have a section name"),
        ("ssl_server {\n cert = x\n}\n", 2, "cert: Unknown setting: cert (ssl_server_cert not found either.)"),
        (
            "service a {\n remote 10.0.0.1 {\n }\n}\n",
            2,
            "service { remote { .. } } not allowed (use remote { service { .. } } instead)",
        ),
        ("service a {\n service b {\n }\n}\n", 2, "service { .. } not allowed under service { .. }"),
        ('local_name "a b" {\n}\n', 1, "Multiple names no longer supported in local_name value"),
        (
            "remote 10.0.0.0/8 {\n auth_mechanisms = plain\n}\n",
            2,
            "auth_mechanisms: Auth settings not supported inside local/remote blocks: auth_mechanisms",
        ),
        ("imap_id_send = a\n", 1, "imap_id_send: Setting is a string list, use 'imap_id_send {'"),
        ("protocols {\n imap = maybe\n}\n", 2, "imap: Invalid boolean value: maybe (use yes or no)"),
        ("ssl_server = x\n", 1, "ssl_server: Setting is a named filter, use 'ssl_server {'"),
        ("service = x\n", 1, "service: Setting is a named list filter, use 'service x {'"),
        ("protocol imap {\n group @a b {\n }\n}\n", 2, "groups must defined at top-level, not under filters"),
        ("@nosuch = a\n", 1, "Unknown group label @nosuch"),
        (
            "auth_failure_delay = 30\n",
            1,
            "auth_failure_delay: Time interval '30' is missing units (add e.g. 's' for seconds)",
        ),
    ],
)
def test_what_dovecot_dies_of(text: str, line: int, message: str) -> None:
    assert first(text) == (line, message)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("disable_plaintext_auth", "auth_allow_cleartext"),
        ("mail_location", "2.3"),
        ("ssl_min_protocl", "ssl_min_protocol"),
    ],
)
def test_an_unknown_name_comes_with_the_right_one(name: str, hint: str) -> None:
    assert hint in made24(f"{name} = x\n").problems[0].hint


class TestNamedFilters:
    def test_a_name_that_is_completed_by_the_filter_is_set_around_it(self) -> None:
        read = made24("ssl_server {\n cert_file = /c.pem\n ssl_min_protocol = TLSv1.3\n}\n")
        assert read.root.values["ssl_server_cert_file"].text == "/c.pem"
        assert at(read, "ssl_server").values["ssl_min_protocol"].text == "TLSv1.3"
        assert "ssl_min_protocol" not in read.root.values

    def test_a_list_filter_completes_names_inside_itself(self) -> None:
        read = made24("service imap-login {\n inet_listener imaps {\n  ssl = no\n }\n}\n")
        listener = at(read, "service imap-login", "inet_listener imaps")
        assert list(listener.values) == ["inet_listener_ssl"]

    def test_its_own_name_completes_names_first(self) -> None:
        read = made24("passdb static {\n password = x\n}\n")
        assert list(at(read, "passdb static").values) == ["passdb_static_password"]

    def test_any_setting_may_stand_in_any_filter(self) -> None:
        read = made24("service imap-login {\n auth_allow_cleartext = yes\n}\n")
        assert at(read, "service imap-login").values["auth_allow_cleartext"].text == "yes"

    def test_blocks_of_one_name_are_one_and_case_counts(self) -> None:
        read = made24(
            "namespace a {\n inbox = yes\n}\nnamespace a {\n prefix = x/\n}\nnamespace A {\n inbox = yes\n}\n"
        )
        assert [block.instance for block in read.root.children.values()] == ["a", "A"]

    def test_a_path_of_slashes_leads_into_filters(self) -> None:
        read = made24("service/imap-login/inet_listener/imap/port = 0\nprotocols/imap = yes\n")
        assert at(read, "service imap-login", "inet_listener imap").values["inet_listener_port"].text == "0"
        assert read.root.lists["protocols"].members["imap"].text == "yes"


class TestLists:
    def members(self, text: str, name: str) -> dict[str, str]:
        return {key: each.text for key, each in made24(text).root.lists[name].members.items()}

    def test_a_string_replaces(self) -> None:
        assert self.members("listen = 10.0.0.1, 10.0.0.2\n", "listen") == {"10.0.0.1": "yes", "10.0.0.2": "yes"}

    def test_a_block_adds_to_what_is_built_in(self) -> None:
        assert list(self.members("listen {\n 127.0.0.5 = yes\n}\n", "listen")) == ["*", "::", "127.0.0.5"]
        assert list(self.members("auth_mechanisms {\n login = yes\n}\n", "auth_mechanisms")) == ["plain", "login"]

    def test_no_removes(self) -> None:
        assert self.members("protocols = imap pop3\nprotocols {\n pop3 = no\n}\n", "protocols")["pop3"] == "no"

    def test_an_empty_string_clears_a_string_list(self) -> None:
        assert self.members("imap_id_send {\n name = x\n}\nimap_id_send =\n", "imap_id_send") == {}


class TestGroups:
    TEXT = "group @tls strict {\n ssl = required\n}\n"

    def test_a_group_is_used_where_it_is_named(self) -> None:
        read = made24(f"{self.TEXT}@tls = strict\n")
        assert not read.problems
        assert read.root.groups["tls"].name == "strict"

    def test_later_releases_want_it_defined_before(self) -> None:
        text = f"@tls = strict\n{self.TEXT}"
        assert not made24(text).problems
        assert first(text, "2.4.5") == (1, "Unknown group label @tls")

    def test_a_group_does_not_use_groups(self) -> None:
        assert first("group @a b {\n @c = d\n}\n") == (2, "Recursive include groups not allowed")

    def test_some_groups_are_built_in(self) -> None:
        assert not made24("@mailbox_defaults = english\n").problems


class TestVariables:
    LATE = "login_greeting = $SET:hostname\nhostname = later\n"

    def value(self, text: str, version: str = "2.4.1") -> str:
        return made24(text, version).root.values["login_greeting"].text

    def test_only_whole_words_with_the_long_form_are_variables(self) -> None:
        assert self.value("hostname = h\nlogin_greeting = $SET:hostname x$SET:hostname $hostname\n") == (
            "h x$SET:hostname $hostname"
        )

    def test_early_releases_expand_where_it_stands_later_ones_at_the_end(self) -> None:
        assert self.value(self.LATE) == ""
        assert self.value(self.LATE, "2.4.5") == "later"

    def test_a_list_is_no_text(self) -> None:
        message = "Failed to expand $SET:protocols: Setting type can't be expanded to string"
        assert first("login_greeting = $SET:protocols\n") == (1, message)

    def test_doveconf_expands_a_setting_itself_alone(self) -> None:
        text = "login_greeting = a\nlogin_greeting = $SET:login_greeting $SET:hostname\n"
        read = made24(text, expansion="print")
        assert read.root.values["login_greeting"].text == "a $SET:hostname"

    @pytest.mark.parametrize("version", ["2.4.1", "2.4.5"])
    def test_all_values_of_an_enumeration_are_taken_for_its_default(self, version: str) -> None:
        assert first("ssl = $SET:ssl\n", version) == (1, "ssl: Invalid value: yes:no:required")

    def test_a_variable_that_is_not_closed_is_refused_by_early_releases_once_all_is_read(self) -> None:
        text = "mail_home = %{user\nssl = maybe\n"
        assert first(text) == (2, "ssl: Invalid value: maybe")
        assert fatals(made24(text).problems)[1] == (None, "%{user: syntax error, unexpected end of file")
        assert first(text, "2.4.5") == (1, "mail_home: %{user: syntax error, unexpected end of file")

    def test_the_files_that_settings_name_are_opened_where_values_are_expanded(self) -> None:
        text = "ssl_server_key_file = nosuch.pem\nssl_server_cert_file = dovecot.conf\n"
        assert not made24(text).problems
        (refused,) = fatals(made24(text, expansion="files").problems)
        assert refused[0] == 1 + HEAD_LINES
        assert refused[1].startswith("ssl_server_key_file: open(etc/dovecot/nosuch.pem) failed: ")


def test_later_releases_pass_over_what_is_no_statement_before_the_head() -> None:
    for version, expected in (("2.4.1", "Expecting '{'"), ("2.4.5", "dovecot_storage_version setting must be set")):
        read = read24(tree("x y\n"), ENTRY, release(version, None))
        assert fatals(read.problems)[0][1] == expected


def test_a_required_setting_is_asked_for_at_the_end_of_its_filter() -> None:
    line, message = first("metric x {\n}\n")
    assert (line, "is required to have metric_filter" in message) == (2, True)


FRAGMENTS = st.sampled_from(
    [
        b"ssl = no\n",
        b"protocol imap {\n",
        b"local 10.0.0.0/8 {\n",
        b"}\n",
        b"service auth {\n",
        b"unix_listener a/b {\n",
        b"mode = 0660\n",
        b"passdb pam {\n",
        b"ssl_server {\n",
        b"cert_file = <x\n",
        b"group @a b {\n",
        b"@a = b\n",
        b"protocols {\n",
        b'"a b" = yes\n',
        b'listen = "a\n',
        b"!include dovecot.conf\n",
        b"a/b/c/d = 1\n",
        b"service/a/b = c\n",
        b"ssl {\n",
        b"login_greeting = $SET:login_greeting $ENV:X %{\n",
        b'namespace "" {\n',
        b"mailbox x {\n",
        b"group x y {\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.lists(st.one_of(FRAGMENTS, st.binary(max_size=12))).map(b"".join)),
    st.sampled_from(["2.4.1", "2.4.5"]),
)
def test_any_bytes_give_a_result(data: bytes, version: str) -> None:
    for text in (data, HEAD.encode() + data):
        read = read24(tree(text), ENTRY, release(version, None))
        for problem in read.problems:
            assert problem.place.line >= 1
