"""From the files of a Dovecot to its facts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.dovecot.describe import release_of
from checker.facts.fields import field_value, fields_of
from checker.tree import MemoryTree
from tests.dovecot.described import BOTH, facts, ports, said
from tests.dovecot.made import plain

PROTOCOLS_D = "!include_try /usr/share/dovecot/protocols.d/*.protocol\n!include_try conf.d/*.conf\n"


def test_the_software_is_named() -> None:
    software = facts("protocols = imap\n", files={"conf.d/10-ssl.conf": "ssl = no\n"}).software
    assert (software.id, plain(software.product), plain(software.platform)) == (
        "dovecot:etc/dovecot",
        "dovecot",
        "debian-12",
    )
    assert plain(software.settings.get("verbose_proctitle")) is False


@pytest.mark.parametrize(
    ("head", "version", "judged_as"),
    [
        ("", None, "2.3.19.1"),
        ("", "2.3.13", "2.3.13"),
        ("dovecot_config_version = 2.4.0\n", None, "2.4.1"),
        ("dovecot_config_version = 2.4.4\n", None, "2.4.5"),
        ("dovecot_config_version = 2.4.4\n", "2.4.2", "2.4.2"),
    ],
)
def test_the_release_follows_the_language_unless_it_is_given(head: str, version: str | None, judged_as: str) -> None:
    from_text = f"{head}protocols = imap\n"
    tree = MemoryTree({"dovecot.conf": from_text.encode()})
    assert release_of(tree, "dovecot.conf", version, None).version == judged_as


class TestProtocolsOfPackages:
    """A set that is no host and lies at no host's place: the directory of the packages is not to be seen."""

    ENTRY = "roles/mail/files/dovecot.conf"

    @pytest.mark.parametrize("generation", BOTH)
    def test_the_files_of_the_packages_tell(self, generation: str) -> None:
        files = {"conf.d/20-imap.conf": "", "conf.d/20-managesieve.conf": ""}
        found = facts(PROTOCOLS_D, generation, files, entry=self.ENTRY)
        assert {plain(each.port) for each in found.endpoints} == {143, 993, 4190}

    @pytest.mark.parametrize("generation", BOTH)
    def test_without_them_it_is_unknown(self, generation: str) -> None:
        found = facts(PROTOCOLS_D, generation, entry=self.ENTRY)
        assert [kind for kind, _ in found.missing] == ["endpoint"]
        assert "<not-in-set>" in {said(each.serves) for each in found.endpoints}


def test_a_setting_of_the_other_generation_is_told_with_the_name_to_use() -> None:
    notices = facts("auth_allow_cleartext = yes\n").notices
    assert [(notice.level, notice.place.line if notice.place else 0) for notice in notices] == [("error", 1)]
    assert "disable_plaintext_auth" in notices[0].hint


def test_what_is_right_is_judged_beside_what_is_wrong() -> None:
    assert ports("protocols = imap\nbogus = 1\nservice imap-login {\n inet_listener imaps {\n  port = 0\n }\n}\n") == {
        143
    }


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(BOTH))
def test_any_bytes_give_facts(data: bytes, generation: str) -> None:
    found = facts(b"protocols = imap\n" + data, generation)
    for endpoint in found.endpoints:
        for name in fields_of("endpoint"):
            field_value(endpoint, name)


WORDS = st.sampled_from(
    [
        "protocols = imap pop3",
        "ssl = required",
        "ssl = {{ x }}",
        "listen = *, [::]",
        "listen = ::1 a.example",
        "login_trusted_networks = 10.0.0.0/8 x ::/0",
        "auth_allow_cleartext = yes",
        "disable_plaintext_auth = no",
        "ssl_min_protocol = \x00",
        "service imap-login {",
        "inet_listener imap {",
        "unix_listener x/y {",
        "port = 99999999999",
        "port = -1",
        "mode = 0999",
        "executable = imap-login -o ssl",
        "executable = -o",
        "remote 10.0.0.0/8 {",
        "local ::/0 {",
        "protocol !imap {",
        "!include *",
        "!include_try /etc/dovecot/x",
        "}",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=14), st.sampled_from(BOTH))
def test_any_lines_give_facts(lines: list[str], generation: str) -> None:
    found = facts("".join(f"{line}\n" for line in lines), generation)
    assert said(found.software.starts) in (True, False, "<not-in-set>", "<template>")
    assert len(found.endpoints) < 3000
