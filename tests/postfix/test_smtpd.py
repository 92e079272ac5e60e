"""What smtpd does with a client."""

from __future__ import annotations

import pytest

from checker.facts.endpoint import Endpoint
from checker.values import Open
from tests.postfix.made import endpoint, plain, reason

LIVES = "compatibility_level = 3.6\n"
"""What smtpd needs to run at all: at level 0 it has no restriction that refuses anything."""

NONE, MAY, ENCRYPT = ("none", False), ("starttls", False), ("starttls", True)


def mode(each: Endpoint) -> tuple[object, object]:
    return plain(each.tls.mode), plain(each.tls.required)


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("", NONE),
        ("smtpd_tls_security_level = none\n", NONE),
        ("smtpd_tls_security_level = may\n", MAY),
        ("smtpd_tls_security_level = MAY\n", MAY),
        ("smtpd_tls_security_level = encrypt\n", ENCRYPT),
        ("smtpd_tls_security_level = secure\n", ENCRYPT),
        ("smtpd_use_tls = yes\n", MAY),
        ("smtpd_enforce_tls = yes\n", ENCRYPT),
        ("smtpd_use_tls = no\nsmtpd_enforce_tls = yes\n", ENCRYPT),
        ("smtpd_enforce_tls = yes\nsmtpd_tls_security_level = may\n", MAY),
        ("smtpd_use_tls = yes\nsmtpd_tls_security_level = none\n", NONE),
        ("smtpd_use_tls = yes\nsmtpd_tls_security_level = $not_set\n", MAY),
    ],
)
def test_the_level_beats_the_older_switches(main: str, expected: tuple[str, bool]) -> None:
    assert mode(endpoint(LIVES + main)) == expected


@pytest.mark.parametrize("level", ["none", "may", "dane", ""])
def test_wrapper_mode_beats_the_level(level: str) -> None:
    each = endpoint(f"{LIVES}smtpd_tls_security_level = {level}\n", "-o smtpd_tls_wrappermode=yes")
    assert mode(each) == ("implicit", True)
    assert plain(each.serves) is True


@pytest.mark.parametrize("level", ["dane", "dane-only", "yes", "may,", "halfdane"])
def test_any_other_level_kills_smtpd(level: str) -> None:
    each = endpoint(f"{LIVES}smtpd_tls_security_level = {level}\n")
    assert plain(each.serves) is False
    assert plain(each.fault) == f"invalid TLS level '{level}'"
    assert reason(each.tls.mode) == "invalid"


def test_the_level_decides_whatever_the_older_switches_say() -> None:
    origins = endpoint(LIVES + "smtpd_use_tls = no\n").tls.mode.origins
    assert origins[0].parameter == "smtpd_tls_security_level"


@pytest.mark.parametrize(
    ("keywords", "expected"), [("starttls", NONE), ("silent-discard, STARTTLS", NONE), ("vrfy", MAY)]
)
def test_a_discarded_keyword_disables_the_command(keywords: str, expected: tuple[str, bool]) -> None:
    each = endpoint(f"{LIVES}smtpd_tls_security_level = may\nsmtpd_discard_ehlo_keywords = {keywords}\n")
    assert mode(each) == expected


def test_a_discarded_keyword_does_not_touch_wrapper_mode() -> None:
    assert (
        mode(endpoint(f"{LIVES}smtpd_tls_wrappermode = yes\nsmtpd_discard_ehlo_keywords = starttls\n"))[0] == "implicit"
    )


def test_a_switch_of_a_template_is_unknown_only_where_it_matters() -> None:
    template = "smtpd_tls_wrappermode = {{ wrapper }}\n"
    each = endpoint(f"{LIVES}{template}smtpd_tls_security_level = encrypt\n")
    assert plain(each.tls.required) is True
    assert reason(each.tls.mode) == "template"


PROTOCOLS = "smtpd_tls_protocols = >=TLSv1.1\nsmtpd_tls_mandatory_protocols = >=TLSv1.2\n"


@pytest.mark.parametrize(
    ("main", "lowest"),
    [
        ("smtpd_tls_security_level = may\n", "TLSv1.1"),
        ("smtpd_tls_security_level = encrypt\n", "TLSv1.2"),
        ("smtpd_tls_wrappermode = yes\n", "TLSv1.2"),
        ("smtpd_enforce_tls = yes\n", "TLSv1.2"),
    ],
)
def test_enforced_tls_has_protocols_of_its_own(main: str, lowest: str) -> None:
    each = endpoint(LIVES + PROTOCOLS + main)
    assert (plain(each.tls.min_version), plain(each.tls.max_version)) == (lowest, "TLSv1.3")


def test_without_tls_there_are_no_versions() -> None:
    tls = endpoint(LIVES + PROTOCOLS).tls
    assert (plain(tls.versions), plain(tls.min_version), plain(tls.max_version)) == (None, None, None)


@pytest.mark.parametrize("text", ["TLS1.2", "! SSLv3"])
def test_an_invalid_list_leaves_no_version_but_starttls_is_announced(text: str) -> None:
    each = endpoint(f"{LIVES}smtpd_tls_security_level = may\nsmtpd_tls_protocols = {text}\n")
    assert mode(each) == MAY
    assert plain(each.tls.versions) == ()


def test_the_blank_behind_a_bound_makes_two_words() -> None:
    each = endpoint(LIVES + "smtpd_tls_security_level = may\nsmtpd_tls_protocols = >= TLSv1.2\n")
    assert plain(each.tls.versions) == ("TLSv1.2",)


def test_defaults_permit_old_versions() -> None:
    assert plain(endpoint(LIVES + "smtpd_tls_security_level = may\n").tls.min_version) == "TLSv1"
    old = endpoint("smtpd_tls_security_level = may\n", version="2.10.7")
    assert plain(old.tls.min_version) == "SSLv2"


def test_an_anonymous_server_has_no_tls_1_3() -> None:
    each = endpoint(LIVES + "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = None\n")
    assert plain(each.tls.max_version) == "TLSv1.2"
    assert plain(each.cert.present) is False


@pytest.mark.parametrize(
    ("main", "present"),
    [
        ("", False),
        ("smtpd_tls_cert_file = /c.pem\n", True),
        ("smtpd_tls_cert_file = /c.pem\nsmtpd_tls_key_file =\n", False),
        ("smtpd_tls_chain_files = /c.pem\n", True),
        ("smtpd_tls_chain_files = /c.pem\nsmtpd_tls_cert_file = none\n", True),
        ("smtpd_tls_eccert_file = /c.pem\n", True),
        ("smtpd_tls_eccert_file = /c.pem\nsmtpd_tls_eckey_file =\n", False),
        ("smtpd_tls_dcert_file = /c.pem\nsmtpd_tls_dkey_file = /k.pem\n", True),
        ("smtpd_tls_key_file = /k.pem\n", False),
    ],
)
def test_a_certificate_is_a_chain_or_a_certificate_with_its_key(main: str, present: bool) -> None:
    assert plain(endpoint(LIVES + main).cert.present) is present


AUTH = LIVES + "smtpd_sasl_auth_enable = yes\n"


@pytest.mark.parametrize(
    ("main", "offered", "cleartext"),
    [
        ("", True, True),
        ("smtpd_sasl_auth_enable = no\n", False, False),
        ("smtpd_tls_auth_only = yes\n", False, False),
        ("smtpd_tls_auth_only = yes\nsmtpd_tls_security_level = may\n", True, False),
        ("smtpd_tls_security_level = encrypt\n", True, False),
        ("smtpd_tls_wrappermode = yes\n", True, False),
        ("smtpd_tls_security_level = may\n", True, True),
        ("smtpd_sasl_security_options = noanonymous, NoPlaintext\n", True, False),
        ("smtpd_discard_ehlo_keywords = auth\n", False, False),
        ("smtpd_sasl_exceptions_networks = 0.0.0.0/0\n", True, True),
        (
            "smtpd_tls_auth_only = yes\nsmtpd_tls_security_level = may\nsmtpd_discard_ehlo_keywords = starttls\n",
            False,
            False,
        ),
    ],
)
def test_auth(main: str, offered: bool, cleartext: bool) -> None:
    each = endpoint(AUTH + main)
    assert (plain(each.auth.offered), plain(each.auth.cleartext_allowed)) == (offered, cleartext)


def test_the_sasl_server_offers_the_mechanisms_that_options_leave() -> None:
    each = endpoint(
        AUTH + "smtpd_tls_security_level = may\nsmtpd_sasl_security_options = noplaintext\n"
        "smtpd_sasl_tls_security_options = noanonymous\n"
    )
    before, after = each.auth.mechanisms_before_tls, each.auth.mechanisms_after_tls
    assert isinstance(before, Open)
    assert before.excluded == ("PLAIN", "LOGIN")
    assert isinstance(after, Open)
    assert after.excluded == ("ANONYMOUS",)


def test_without_auth_there_are_no_mechanisms() -> None:
    each = endpoint(LIVES)
    assert plain(each.auth.mechanisms_before_tls) == plain(each.auth.mechanisms_after_tls) == ()


def test_mechanisms_of_a_template_are_not_known() -> None:
    each = endpoint(LIVES + "smtpd_sasl_auth_enable = {{ sasl }}\n")
    assert reason(each.auth.mechanisms_before_tls) == "template"


@pytest.mark.parametrize(
    ("restrictions", "required"),
    [
        ("permit_sasl_authenticated, reject", True),
        ("permit_mynetworks, permit_sasl_authenticated, reject", True),
        ("permit_sasl_authenticated, defer_if_permit", True),
        ("permit_sasl_authenticated, reject_unauth_destination", False),
        ("permit_mynetworks", False),
    ],
)
def test_auth_is_required_where_a_stranger_reaches_nobody(restrictions: str, required: bool) -> None:
    for stage in ("client", "helo", "sender", "relay", "recipient"):
        each = endpoint(f"{LIVES}smtpd_{stage}_restrictions = {restrictions}\n")
        assert plain(each.auth.required) is required, stage


def test_a_table_may_decide_whether_auth_is_required() -> None:
    each = endpoint(LIVES + "smtpd_client_restrictions = check_client_access hash:/x, reject\n")
    assert reason(each.auth.required) == "not-in-set"


@pytest.mark.parametrize(
    ("main", "is_open"),
    [
        ("", False),
        ("mynetworks = 0.0.0.0/0\n", True),
        ("mynetworks = 10.0.0.1/8, 0.0.0.0/0\n", False),
        ("smtpd_relay_restrictions = permit\n", True),
        ("smtpd_relay_restrictions = permit\nsmtpd_recipient_restrictions = reject_unauth_destination\n", False),
        ("smtpd_recipient_restrictions = permit\n", False),
        (
            "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination\n",
            False,
        ),
        ("smtpd_relay_restrictions = permit_auth_destination, reject\n", False),
        ("smtpd_relay_restrictions = c, reject\nsmtpd_restriction_classes = c\nc = permit\n", True),
        ("relay_domains = static:x\n", True),
        ("smtpd_client_restrictions = reject\nmynetworks = 0.0.0.0/0\n", False),
    ],
)
def test_an_open_relay_passes_every_list(main: str, is_open: bool) -> None:
    assert plain(endpoint(LIVES + main).smtp.open_relay) is is_open


def test_a_table_may_open_a_relay() -> None:
    each = endpoint(LIVES + "smtpd_relay_restrictions = check_client_access hash:/x, reject_unauth_destination\n")
    assert reason(each.smtp.open_relay) == "not-in-set"


@pytest.mark.parametrize("name", ["relay_domains", "mydestination", "virtual_mailbox_domains"])
def test_domains_are_those_of_trivial_rewrite(name: str) -> None:
    assert plain(endpoint(LIVES, f"-o {name}=static:x").smtp.open_relay) is False


def test_the_list_with_the_table_decides_that_nothing_is_known() -> None:
    main = "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = check_policy_service inet:h:1, reject\n"
    each = endpoint(LIVES + main)
    assert each.smtp.open_relay.origins[0].parameter == "smtpd_recipient_restrictions"
    assert each.auth.required.origins[0].parameter == "smtpd_recipient_restrictions"


def test_the_networks_decide_an_open_relay() -> None:
    origins = endpoint(LIVES + "mynetworks = 0.0.0.0/0\n").smtp.open_relay.origins
    assert (origins[0].parameter, origins[0].place and origins[0].place.line) == ("mynetworks", 2)


@pytest.mark.parametrize(
    ("main", "permits"),
    [
        ("", ("permit_mynetworks", "permit_sasl_authenticated")),
        (
            "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks, reject\n",
            ("permit_mynetworks",),
        ),
        ("smtpd_relay_restrictions = reject_unauth_destination, permit\n", ()),
    ],
)
def test_relay_permits_are_those_of_the_list_that_protects(main: str, permits: tuple[str, ...]) -> None:
    assert plain(endpoint(LIVES + main).smtp.relay_permits) == permits


@pytest.mark.parametrize(("main", "vrfy"), [("", True), ("disable_vrfy_command = yes\n", False)])
def test_vrfy(main: str, vrfy: bool) -> None:
    assert plain(endpoint(LIVES + main).smtp.vrfy) is vrfy


def test_trusted_networks() -> None:
    found = endpoint(LIVES + "mynetworks = 10.0.0.0/8, !10.1.0.0/16, [::1]\n").smtp.trusted_networks
    assert plain(found) == ("10.0.0.0/8", "::1/128")


def test_trusted_networks_with_a_table_that_is_not_there_are_open() -> None:
    found = endpoint(LIVES + "mynetworks = 10.0.0.0/8, hash:/x\n").smtp.trusted_networks
    assert isinstance(found, Open)
    assert found.members == ("10.0.0.0/8",)


PIPELINING = "smtpd_data_restrictions = reject_unauth_pipelining\nsmtpd_discard_ehlo_keywords = chunking\n"


@pytest.mark.parametrize(
    ("version", "main", "becomes"),
    [
        ("3.7.8", "", "accepted"),
        ("3.7.8", PIPELINING, "rejected"),
        ("3.7.8", "smtpd_data_restrictions = reject_unauth_pipelining\n", "accepted"),
        ("3.7.9", "smtpd_forbid_bare_newline = yes\n", "rejected"),
        ("3.7.10", "smtpd_forbid_bare_newline = yes\n", "normalized"),
        ("3.7.11", "", "accepted"),
        ("3.7.11", "smtpd_forbid_bare_newline = Normalize\n", "normalized"),
        ("3.7.11", "smtpd_forbid_bare_newline = reject\n", "rejected"),
        ("3.7.11", "smtpd_forbid_unauth_pipelining = yes\nsmtpd_discard_ehlo_keywords = chunking\n", "rejected"),
        ("3.9.0", "", "normalized"),
        ("3.9.0", "smtpd_forbid_bare_newline = note\n", "normalized"),
        ("3.9.0", "smtpd_forbid_bare_newline = no\n", "accepted"),
    ],
)
def test_a_bare_newline_by_release(version: str, main: str, becomes: str) -> None:
    each = endpoint(LIVES + main, version=version)
    assert plain(each.smtp.bare_newline) == becomes
    assert plain(each.serves) is True


@pytest.mark.parametrize(
    ("version", "value"),
    [("3.7.9", "normalize"), ("3.8.4", "reject"), ("3.7.11", "note"), ("3.7.11", "bogus"), ("3.7.11", "")],
)
def test_a_bare_newline_setting_that_the_release_does_not_know_kills_smtpd(version: str, value: str) -> None:
    assert plain(endpoint(f"{LIVES}smtpd_forbid_bare_newline = {value}\n", version=version).serves) is False


def cause(main: str = "", options: str = "") -> str:
    each = endpoint(main, options)
    assert plain(each.serves) is False
    assert each.fault.origins[0].place is not None
    return str(plain(each.fault))


def test_smtpd_serves_with_the_defaults_of_level_1() -> None:
    each = endpoint("compatibility_level = 1\n")
    assert (plain(each.serves), plain(each.fault)) == (True, None)


def test_smtpd_dies_without_a_restriction_that_refuses() -> None:
    assert "refuse" in cause()
    assert "refuse" in cause(LIVES + "smtpd_relay_restrictions = permit_mynetworks\n")
    assert "refuse" in cause(LIVES, "-o smtpd_relay_restrictions=permit,reject")


@pytest.mark.parametrize(
    ("main", "message"),
    [
        ("smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = Dovecot\n", "SASL server implementation 'Dovecot'"),
        ("smtpd_use_tls = perhaps\n", "bad boolean 'perhaps'"),
        ("smtpd_recipient_limit = 0x10\n", "bad numerical configuration '0x10'"),
        ("smtpd_timeout = 5 s\n", "bad time '5 s'"),
        ("smtpd_banner = ${x\n", "truncated macro reference"),
        ("myorigin = ${x\n", "truncated macro reference"),
        ("mynetworks = ::1\n", "expecting type:name form instead of '::1'"),
        ("mynetworks = static:\n", "expecting type:name form instead of 'static:'"),
        ("smtpd_restriction_classes = c\nc = c\nsmtpd_relay_restrictions = c\n", "has no end"),
    ],
)
def test_smtpd_dies_of_a_value_that_it_reads(main: str, message: str) -> None:
    assert message in cause(LIVES + main)


@pytest.mark.parametrize("main", ["lmtp_tls_security_level = ${x\n", "made_up = ${x\n", "smtp_use_tls = perhaps\n"])
def test_what_smtpd_does_not_read_does_not_kill_it(main: str) -> None:
    assert plain(endpoint(LIVES + main).serves) is True


@pytest.mark.parametrize(
    ("options", "message"),
    [("-o smtpd_banner = x", "missing '='"), ("-o mynetworks=a, b", "unexpected command-line argument 'b'")],
)
def test_smtpd_dies_of_its_arguments(options: str, message: str) -> None:
    assert message in cause(LIVES, options)


def test_an_option_counts_for_its_service_alone() -> None:
    assert mode(endpoint(LIVES + "smtpd_tls_security_level = may\n", "-o smtpd_tls_security_level=encrypt")) == ENCRYPT


def test_a_name_in_main_cf_takes_the_value_of_the_service() -> None:
    main = LIVES + "smtpd_tls_security_level = $tls_mode\ntls_mode = encrypt\n"
    assert mode(endpoint(main)) == ENCRYPT
    assert mode(endpoint(main, "-o tls_mode=may")) == MAY
