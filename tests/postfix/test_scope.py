"""The value of a parameter as one program sees it."""

from __future__ import annotations

import pytest

from checker.facts.settings import Plain
from checker.postfix.scope import Scope
from checker.values import ABSENT, Origin
from tests.postfix.made import configuration, plain, reason, scope_of

POSTCONF = None
"""The scope without a program: postconf's own view."""


def text(name: str, main: str = "", options: str = "", program: str | None = "smtpd", version: str = "3.7.11") -> str:
    value = plain(scope_of(main, options, program, version).text(name))
    assert isinstance(value, str), value
    return value


def steps(origins: tuple[Origin, ...]) -> list[tuple[str, str]]:
    return [(each.note, each.text) for each in origins]


def test_the_default_counts_where_nothing_is_set() -> None:
    assert text("smtpd_tls_loglevel") == "0"


def test_main_cf_beats_the_default() -> None:
    assert text("smtpd_tls_loglevel", "smtpd_tls_loglevel = 1\n") == "1"


def test_an_option_beats_main_cf() -> None:
    value = scope_of("mail_name = main\n", "-o mail_name=option").text("mail_name")
    assert plain(value) == "option"
    assert steps(value.origins) == [("-o 25/inet", "option"), ("main.cf", "main"), ("Postfix 3.7.11", "Postfix")]


def test_an_empty_value_is_no_default() -> None:
    assert text("smtpd_banner", "smtpd_banner =\n") == ""
    assert text("smtpd_banner", "", "-o smtpd_banner=") == ""


def test_the_last_duplicate_counts() -> None:
    assert text("mail_name", "mail_name = a\nmail_name = b\n") == "b"


def test_an_option_is_seen_by_what_refers_to_it() -> None:
    main = "smtpd_tls_security_level = $tls_mode\ntls_mode = may\n"
    assert text("smtpd_tls_security_level", main) == "may"
    assert text("smtpd_tls_security_level", main, "-o tls_mode=encrypt") == "encrypt"


def test_an_option_may_refer_to_main_cf_and_to_other_options() -> None:
    assert text("smtpd_banner", "greeting = a\n", "-o smtpd_banner=$greeting$more -o more=b") == "ab"


def test_a_default_that_is_loaded_later_is_empty() -> None:
    main = "smtpd_tls_protocols = $smtpd_tls_mandatory_protocols\n"
    assert text("smtpd_tls_protocols", main) == ""
    assert text("smtpd_tls_protocols", main, program=POSTCONF) == ">=TLSv1"


def test_a_default_that_is_loaded_before_is_there() -> None:
    assert text("smtpd_tls_mandatory_ciphers", "smtpd_tls_mandatory_ciphers = $smtpd_tls_ciphers\n") == "medium"


def test_a_default_of_another_program_is_never_there() -> None:
    main = "smtpd_tls_protocols = $smtp_tls_protocols\n"
    value = scope_of(main).text("smtpd_tls_protocols")
    assert plain(value) == ""
    assert ("smtpd: never loaded", "") in steps(value.origins)


def test_what_is_set_is_there_whoever_loads_it() -> None:
    main = "smtpd_tls_protocols = $smtp_tls_protocols\nsmtp_tls_protocols = TLSv1.3\n"
    assert text("smtpd_tls_protocols", main) == "TLSv1.3"


def test_a_loaded_default_is_expanded_twice_as_in_the_daemons() -> None:
    assert text("smtpd_banner", "smtpd_banner = $$mail_name\n") == "$mail_name"
    assert text("mydestination", "myhostname = a.example\nmydestination = <$myhostname>\n") == "<a.example>"


def test_a_raw_parameter_is_not_expanded() -> None:
    assert text("default_rbl_reply", "default_rbl_reply = $rbl_code $x\n") == "$rbl_code $x"


def test_a_syntax_error_is_the_reason() -> None:
    assert reason(scope_of("smtpd_banner = ${x\n").text("smtpd_banner")) == "invalid"


def test_a_name_that_the_release_does_not_know_is_absent() -> None:
    scope = scope_of("made_up = 1\n")
    assert scope.text("made_up") == ABSENT
    assert scope.get("made_up") == ABSENT
    assert plain(scope.defined("made_up")) == "1"
    assert plain(scope.defined("not_defined")) is None


@pytest.mark.parametrize(
    ("program", "level", "value"),
    [
        ("smtpd", "0", ""),
        ("smtpd", "1", "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"),
        (None, "3.6", "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"),
    ],
)
def test_the_compatibility_level_chooses_defaults(program: str | None, level: str, value: str) -> None:
    assert text("smtpd_relay_restrictions", f"compatibility_level = {level}\n", program=program) == value


@pytest.mark.parametrize(
    ("name", "version", "below", "from_level"),
    [
        ("append_dot_mydomain", "3.7.11", ("0", "yes"), ("1", "no")),
        ("mynetworks_style", "3.7.11", ("1", "subnet"), ("2", "host")),
        ("smtpd_tls_fingerprint_digest", "3.7.11", ("3.5", "md5"), ("3.6", "sha256")),
        ("smtpd_relay_before_recipient_restrictions", "3.7.11", ("2", "no"), ("3.6", "yes")),
        ("smtp_tls_security_level", "3.11.0", ("3.6", ""), ("3.11", "may")),
        ("smtp_tls_security_level", "3.10.0", ("3.6", ""), ("9999", "")),
    ],
)
def test_levels(name: str, version: str, below: tuple[str, str], from_level: tuple[str, str]) -> None:
    for level, value in (below, from_level):
        assert text(name, f"compatibility_level = {level}\n", program=POSTCONF, version=version) == value


def test_the_level_of_a_service_is_its_own() -> None:
    assert text("append_dot_mydomain", "compatibility_level = 0\n", "-o compatibility_level=1") == "no"


def test_a_bad_level_is_fatal_from_3_6_on() -> None:
    main = "compatibility_level = high\n"
    assert reason(scope_of(main).text("append_dot_mydomain")) == "invalid"
    assert text("append_dot_mydomain", main, version="3.5.25") == "no"


@pytest.mark.parametrize(
    ("main", "hostname", "domain"),
    [
        ("myhostname = a.example.org\n", "a.example.org", "example.org"),
        ("myhostname = a\n", "a", "localdomain"),
        ("myhostname = a.$mydomain\n", "a.", ""),
        ("myhostname = $mydomain\n", "localdomain", "localdomain"),
        ("myhostname = a.$made_up\nmade_up = $mydomain\n", "a.", ""),
        ("myhostname = a.$mydomain\nmydomain = b.example\n", "a.b.example", "b.example"),
        ("myhostname = a.$mail_name.org\n", "a.Postfix.org", ".org"),
    ],
)
def test_the_domain_follows_from_the_host_name(main: str, hostname: str, domain: str) -> None:
    scope = scope_of(main, program=POSTCONF)
    assert (plain(scope.text("myhostname")), plain(scope.text("mydomain"))) == (hostname, domain)


def test_a_daemon_makes_its_host_name_while_it_has_no_domain() -> None:
    assert text("myhostname", "myhostname = a.$mydomain\n") == "a."


def test_a_bad_host_name_has_no_domain() -> None:
    assert reason(scope_of("myhostname = ${x\n", program=POSTCONF).text("mydomain")) == "invalid"


@pytest.mark.parametrize("name", ["myhostname", "mydomain", "mynetworks"])
def test_what_the_machine_makes_is_not_known(name: str) -> None:
    assert reason(scope_of().text(name)) == "host-only"


def test_what_a_program_knows_of_itself_cannot_be_set() -> None:
    main = "process_name = x\nservice_name = y\n"
    assert text("smtpd_banner", main + "smtpd_banner = $process_name $service_name\n") == "smtpd 25"
    assert text("mail_version") == "3.7.11"
    assert text("smtpd_banner", "smtpd_banner = $mail_name ($mail_version)\n") == "Postfix (3.7.11)"
    assert text("smtpd_banner", "smtpd_banner = <$service_name>\n", version="3.2.0") == "<>"
    assert text("service_name", program=POSTCONF, version="3.11.6") == "amnesiac"


@pytest.mark.parametrize(
    "value",
    ["{{ hostname }}", "{{- hostname -}}", "<%= @hostname %>", "{% if x %}a{% endif %}", "@@NAME@@", "%%NAME%%"],
)
def test_what_a_template_fills_in_is_not_known(value: str) -> None:
    assert reason(scope_of(f"smtpd_banner = {value}\n").text("smtpd_banner")) == "template"
    assert reason(scope_of(f"smtpd_banner = $x\nx = {value}\n").text("smtpd_banner")) == "template"


def test_postfix_own_braces_are_no_template() -> None:
    assert text("mail_name", "mail_name = ${{a} == {a} ? {b} : {c}}\n") == "b"


@pytest.mark.parametrize(
    ("main", "name", "value"),
    [
        ("smtpd_tls_auth_only = Yes\n", "smtpd_tls_auth_only", True),
        ("smtpd_recipient_limit = 10\n", "smtpd_recipient_limit", 10),
        ("message_size_limit = 99999999999\n", "message_size_limit", 99999999999),
        ("queue_run_delay = 5\n", "queue_run_delay", 5),
        ("maximal_queue_lifetime = 2\n", "maximal_queue_lifetime", 172800),
        ("", "queue_run_delay", 300),
        ("compatibility_level = 3.6\n", "compatibility_level", "3.6"),
        ("smtpd_banner = a  b\n", "smtpd_banner", "a  b"),
    ],
)
def test_a_setting_has_the_type_of_the_tables(main: str, name: str, value: Plain) -> None:
    assert plain(scope_of(main, program=POSTCONF).get(name)) == value


@pytest.mark.parametrize(
    ("main", "name"),
    [
        ("smtpd_tls_auth_only = perhaps\n", "smtpd_tls_auth_only"),
        ("smtpd_recipient_limit = 99999999999\n", "smtpd_recipient_limit"),
        ("queue_run_delay = 5 s\n", "queue_run_delay"),
    ],
)
def test_a_setting_that_postfix_refuses_is_invalid(main: str, name: str) -> None:
    assert reason(scope_of(main, program=POSTCONF).get(name)) == "invalid"


def test_a_list_is_split() -> None:
    assert plain(scope_of("mynetworks = a, b\n").words("mynetworks")) == ("a", "b")


def test_what_is_set_and_loaded_is_known() -> None:
    scope = scope_of("mail_name = x\n", "-o smtpd_banner=y")
    assert scope.is_set("mail_name")
    assert scope.is_set("smtpd_banner")
    assert not scope.is_set("myhostname")
    assert scope.explicit_names() == {"mail_name", "smtpd_banner"}
    assert scope.is_loaded("smtpd_banner")
    assert not scope.is_loaded("smtp_helo_name")
    assert Scope(configuration()).is_loaded("smtp_helo_name")


def test_a_default_would_be_set_at_the_end_of_main_cf_or_at_the_service() -> None:
    main = "mail_name = x\n\n"
    assert str(scope_of(main, program=POSTCONF).anchor) == "main.cf:2:1"
    assert str(scope_of(main).anchor) == "master.cf:1:1"


def test_what_is_written_decides_over_the_default_that_refers_to_it() -> None:
    value = scope_of("smtpd_tls_cert_file = /c.pem\n").text("smtpd_tls_key_file")
    assert plain(value) == "/c.pem"
    assert steps(value.origins)[0] == ("main.cf", "/c.pem")


def test_the_compatibility_level_does_not_decide() -> None:
    value = scope_of("compatibility_level = 2\n").text("mynetworks_style")
    assert value.origins[0].parameter == "mynetworks_style"
    assert "compatibility_level" in [each.parameter for each in value.origins]


def test_long_chains_behind_defaults_of_long_chains_end() -> None:
    def chain(name: str, end: str) -> str:
        links = "".join(f"{name}{at} = ${{{{a}} == {{a}}?{{${name}{at + 1}}}}}\n" for at in range(48))
        return f"{links}{name}48 = {end}\n"

    main = chain("a", "$smtpd_tls_eckey_file") + chain("b", "$smtpd_tls_dkey_file") + chain("c", "$mail_name")
    main += "smtpd_tls_protocols = $a0\nsmtpd_tls_eccert_file = $b0\nsmtpd_tls_dcert_file = $c0\n"
    assert text("smtpd_tls_dkey_file", main) == "Postfix"
    assert reason(scope_of(main).text("smtpd_tls_protocols")) == "invalid"
