"""What a client meets where postscreen answers first."""

from __future__ import annotations

import pytest

from checker.facts.endpoint import Endpoint
from checker.values import Known, Later, Open, settled
from tests.postfix.made import facts, plain, reason

LIVES = "compatibility_level = 3.6\n"


def screened(main: str = "", *, postscreen: str = "", smtpd: str = "", tlsproxy: str | None = "") -> Endpoint:
    """Return the one endpoint of a postscreen with these options of its three services."""
    master = f"smtp inet n - n - 1 postscreen {postscreen}\nsmtpd pass - - n - - smtpd {smtpd}\n"
    if tlsproxy is not None:
        master += f"tlsproxy unix - - n - 0 tlsproxy {tlsproxy}\n"
    (each,) = facts(LIVES + main, master).endpoints
    return each


def test_postscreen_and_the_smtpd_behind_it_are_one_endpoint() -> None:
    each = screened()
    assert (each.id, plain(each.service), plain(each.role)) == ("postfix:smtp/inet:25", "smtp/inet", "mx")


def test_a_pass_service_without_postscreen_is_one_of_its_own() -> None:
    (each,) = facts(LIVES, "smtpd pass - - n - - smtpd\n").endpoints
    assert (each.id, plain(each.exposure), plain(each.role)) == ("postfix:smtpd/pass", "unix", "internal")


@pytest.mark.parametrize(
    ("main", "mode"),
    [
        ("", "none"),
        ("smtpd_tls_security_level = may\n", "starttls"),
        ("smtpd_use_tls = yes\n", "starttls"),
        ("smtpd_tls_security_level = may\npostscreen_tls_security_level = none\n", "none"),
        ("smtpd_tls_security_level = may\npostscreen_discard_ehlo_keywords = starttls\n", "none"),
        ("smtpd_tls_security_level = may\nsmtpd_discard_ehlo_keywords = starttls\n", "none"),
        ("smtpd_tls_wrappermode = no\nsmtpd_enforce_tls = yes\n", "starttls"),
    ],
)
def test_starttls_is_what_both_announce(main: str, mode: str) -> None:
    assert plain(screened(main).tls.mode) == mode


def test_an_option_counts_for_the_process_that_has_it() -> None:
    level = "-o smtpd_tls_security_level=may"
    assert plain(screened(postscreen=level).tls.mode) == "none"
    assert plain(screened(smtpd=level).tls.mode) == "none"
    assert plain(screened(postscreen=level, smtpd=level).tls.mode) == "starttls"


def test_a_bad_level_of_postscreen_is_invalid() -> None:
    each = screened("smtpd_tls_security_level = may\npostscreen_tls_security_level = dane\n")
    assert reason(each.tls.mode) == "invalid"


TLS = "smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2\nsmtpd_tls_cert_file = /c.pem\n"


def test_versions_are_those_that_tlsproxy_or_smtpd_permits() -> None:
    assert plain(screened(TLS).tls.versions) == ("TLSv1.2", "TLSv1.3")
    each = screened(TLS, tlsproxy="-o tlsproxy_tls_protocols=>=TLSv1")
    assert plain(each.tls.min_version) == "TLSv1"
    assert plain(screened(TLS, smtpd="-o smtpd_tls_protocols=TLSv1.1").tls.min_version) == "TLSv1.1"


def test_the_options_of_smtpd_do_not_count_for_tlsproxy() -> None:
    each = screened(TLS, smtpd="-o smtpd_tls_protocols=>=TLSv1.3")
    assert plain(each.tls.versions) == ("TLSv1.2", "TLSv1.3")


def test_the_level_of_tlsproxy_selects_its_protocols() -> None:
    main = TLS + "smtpd_tls_mandatory_protocols = >=TLSv1\n"
    each = screened(main, tlsproxy="-o tlsproxy_tls_security_level=encrypt")
    assert plain(each.tls.min_version) == "TLSv1"


@pytest.mark.parametrize(("tlsproxy", "present"), [("", True), ("-o smtpd_tls_cert_file=", False), (None, True)])
def test_the_certificate_is_that_of_tlsproxy(tlsproxy: str | None, present: bool) -> None:
    assert plain(screened(TLS, tlsproxy=tlsproxy).cert.present) is present


def test_the_session_has_the_settings_of_the_smtpd_behind() -> None:
    each = screened("smtpd_sasl_auth_enable = no\n", smtpd="-o smtpd_sasl_auth_enable=yes")
    assert plain(each.auth.offered) is True
    assert plain(each.settings.get("smtpd_sasl_auth_enable")) is True


def test_the_banner_is_the_teaser_where_there_is_one() -> None:
    main = "myhostname = a.example\nsmtpd_banner = smtpd\n"
    assert plain(screened(main).banner) == "smtpd"
    assert plain(screened(main + "postscreen_greet_banner = wait\n").banner) == "wait"


def test_the_arguments_of_either_may_be_fatal() -> None:
    assert plain(screened(postscreen="stray").serves) is False
    assert plain(screened(smtpd="stray").serves) is False
    assert plain(screened().serves) is True


def test_without_a_pass_service_nobody_is_served() -> None:
    (met,) = facts("", "smtp inet n - n - 1 postscreen\n").endpoints
    assert plain(met.serves) is False
    assert "smtpd pass" in str(plain(met.fault))


SUITES = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /c.pem\n"


def test_suites_are_those_of_tlsproxy_or_of_the_smtpd_behind() -> None:
    strict = "-o smtpd_tls_exclude_ciphers=aNULL,kRSA"
    assert {"anon", "kRSA"} <= known_members(screened(SUITES).tls.cipher_classes)
    assert "kRSA" in known_members(screened(SUITES, smtpd=strict).tls.cipher_classes)
    assert "kRSA" in known_members(screened(SUITES, tlsproxy="-o tlsproxy_tls_exclude_ciphers=kRSA").tls.cipher_classes)
    both = screened(SUITES, smtpd=strict, tlsproxy="-o tlsproxy_tls_exclude_ciphers=aNULL,kRSA").tls
    assert not {"anon", "kRSA"} & known_members(both.cipher_classes)
    assert "TLS_AES_128_GCM_SHA256" in known_members(both.ciphers)


def test_without_a_tlsproxy_suites_are_those_of_the_smtpd_behind() -> None:
    alone = screened(SUITES, smtpd="-o smtpd_tls_exclude_ciphers=kRSA", tlsproxy=None).tls
    assert "kRSA" not in known_members(alone.cipher_classes)
    assert plain(alone.dh_bits) == 2048


def test_what_postscreen_does_not_decide_is_the_smtpds() -> None:
    order = "-o tls_preempt_cipherlist=yes"
    assert plain(screened(SUITES, smtpd=order).tls.server_order) is False
    assert plain(screened(SUITES, smtpd=order, tlsproxy=order).tls.server_order) is True
    assert plain(screened(SUITES, smtpd="-o smtpd_tls_ask_ccert=yes").tls.client_certificate) == "optional"
    assert "secp256r1" in plain(screened(SUITES).tls.groups)


def known_members(value: Later[tuple[str, ...] | None]) -> set[str]:
    settled_value = settled(value)
    assert isinstance(settled_value, Known | Open), settled_value
    return set((settled_value.value if isinstance(settled_value, Known) else settled_value.members) or ())
