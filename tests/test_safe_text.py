"""What comes from files is shown, not obeyed; and secrets are not shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.safe_text import MAX_SHOWN, SECRET, for_terminal, in_private_key, redact, without_surrogates


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ñ and 漢", "plain, ñ and 漢"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("two\nlines\r\tand a tab", r"two\nlines\r\tand a tab"),
        ("bell\x07 del\x7f csi\x9b", r"bell\x07 del\x7f csi\x9b"),
        ("a\u202eb\u2066c", r"a\u202eb\u2066c"),
        ("soft\u00adhyphen\u200b", r"soft\xadhyphen\u200b"),
        ("broken \udcff byte", r"broken \xff byte"),
        ("tag \U000e0041", r"tag \U000e0041"),
    ],
)
def test_what_a_terminal_would_obey_is_made_visible(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


@given(st.text())
def test_no_text_brings_a_control_character_through(text: str) -> None:
    shown = for_terminal(text)
    assert not {"Cc", "Cs"} & {unicodedata.category(character) for character in shown}
    assert not {"RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI"} & {unicodedata.bidirectional(each) for each in shown}


def test_a_long_text_is_cut() -> None:
    assert len(for_terminal("x" * 100_000)) == MAX_SHOWN + len("...")


def test_bytes_that_are_no_utf_8_can_be_encoded_afterwards() -> None:
    assert without_surrogates("a\udc80\ud800").encode() == rb"a\x80\ud800"


@pytest.mark.parametrize(
    ("parameter", "value", "shown"),
    [
        ("smtp_sasl_password_maps", "static:user:pass", f"static:{SECRET}"),
        (
            "smtp_sasl_password_maps",
            "proxy:mysql:/etc/x.cf, static:user:pass",
            f"proxy:mysql:/etc/x.cf, static:{SECRET}",
        ),
        ("smtp_sasl_password_maps", "inline:{ {example.com = user:pass} }", f"inline:{SECRET}"),
        ("ssl_key_password", "two words", SECRET),
        ("doveadm_api_key", "abc", SECRET),
        ("connect", "host=db user=mail password=abc dbname=mail", f"host=db user=mail password={SECRET} dbname=mail"),
        ("connect", "host=db password='a b'", f"host=db password={SECRET}"),
        ("args", "scheme=PLAIN password={PLAIN}abc", f"scheme=PLAIN password={SECRET}"),
        ("virtual_alias_maps", "pgsql://user:p@ss@db/mail", f"pgsql://user:{SECRET}@db/mail"),
        ("smtpd_sasl_path", "inet:user:pass@127.0.0.1:12345", f"inet:user:{SECRET}@127.0.0.1:12345"),
        ("relayhost", "user:pass@[smtp.example.com]:587", f"user:{SECRET}@[smtp.example.com]:587"),
        ("default_fields", "hash {BLF-CRYPT}$2y$05$abcdef", f"hash {{BLF-CRYPT}}{SECRET}"),
        ("any", "$6$salt$hash", SECRET),
        ("any", "hash:/etc/x static:user:pass", f"hash:/etc/x static:{SECRET}"),
        ("header", "Authorization: Basic dXNlcjpwYXNz", f"Authorization: Basic {SECRET}"),
        (
            "ssl_key",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
            f"-----BEGIN RSA PRIVATE KEY-----{SECRET}-----END RSA PRIVATE KEY-----",
        ),
        ("", "password = two words", f"password = {SECRET}"),
        ("", "  -o smtp_sasl_password_maps=static:user:pass", f"  -o smtp_sasl_password_maps=static:{SECRET}"),
        (
            "",
            "-o { smtp_sasl_password_maps = inline:{ {a = b:c} } } -o x=y",
            f"-o {{ smtp_sasl_password_maps = inline:{SECRET}}} }} -o x=y",
        ),
        (
            "",
            "relay unix - - y - - smtp -o smtp_sasl_password_maps=static:u:p -o x=y",
            f"relay unix - - y - - smtp -o smtp_sasl_password_maps=static:{SECRET} -o x=y",
        ),
    ],
)
def test_a_secret_is_never_shown(parameter: str, value: str, shown: str) -> None:
    assert redact(parameter, value) == shown


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("smtp_sasl_password_maps", "hash:/etc/postfix/sasl_passwd"),
        ("smtp_sasl_password_maps", "lmdb:$config_directory/sasl_passwd"),
        ("doveadm_password", "</run/secrets/doveadm"),
        ("default_password_scheme", "BLF-CRYPT"),
        ("password_query", "SELECT password FROM users WHERE name = '%u'"),
        ("smtpd_tls_security_level", "may"),
        ("smtpd_sender_restrictions", "check_sender_access static:reject"),
        ("always_bcc", "archive@example.org"),
        ("relayhost", "[smtp.example.com]:587"),
        ("virtual_alias_maps", "inline:{{postmaster=root@example.org}}, hash:/etc/x@y"),
        ("milter_connect_macros", "j {daemon_name} {auth_type}"),
        ("", "submission on *:587 accepts passwords without TLS"),
        ("", "the server accepts basic authentication: forbid it"),
    ],
)
def test_what_is_no_secret_stays_as_it_is(parameter: str, value: str) -> None:
    assert redact(parameter, value) == value


@given(st.text(alphabet="abc-_:=/$ '\"{}@"), st.text(alphabet="abcdefghij0123456789", min_size=6))
def test_a_password_does_not_come_through_whatever_surrounds_it(before: str, password: str) -> None:
    assert password not in redact("ssl_key_password", password)
    assert f"={password}" not in redact("args", f"{before} password={password} more")


def test_the_inside_of_a_private_key_is_known_by_what_stands_above() -> None:
    begin = "ssl_key = -----BEGIN PRIVATE KEY-----\nMIIE\n"
    assert in_private_key(begin)
    assert not in_private_key(f"{begin}-----END PRIVATE KEY-----\n")
    assert not in_private_key("-----BEGIN CERTIFICATE-----\n")
