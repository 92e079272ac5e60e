"""Cipher suites, key exchange and client certificates of smtpd."""

from __future__ import annotations

import pytest

from checker.facts.endpoint import Tls
from checker.values import Open, settled
from tests.postfix.made import endpoint, plain, reason

MAY = "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /etc/mail.pem\n"
ENCRYPT = MAY.replace("may", "encrypt")
TLS13 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")


def tls(main: str, platform: str | None = "debian-12", version: str = "3.7.11") -> Tls:
    return endpoint(main, version=version, platform=platform).tls


def classes(main: str, platform: str | None = "debian-12") -> set[str]:
    return set(plain(tls(main, platform).cipher_classes))


def test_where_there_is_no_tls_there_is_nothing_of_it() -> None:
    none = tls("smtpd_tls_security_level = none\n")
    values = (none.ciphers, none.cipher_classes, none.groups, none.dh_bits, none.server_order, none.client_certificate)
    assert [plain(each) for each in values] == [None] * 6


def test_by_default_postfix_takes_what_comes() -> None:
    ciphers = plain(tls(MAY).ciphers)
    assert ciphers[:3] == TLS13
    assert {"TLS_DH_anon_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"} <= set(ciphers)
    assert {"anon", "kRSA", "CBC", "DHE", "ECDHE"} <= classes(MAY)
    assert not {"NULL", "PSK", "SRP", "DSS", "RC4"} & classes(MAY)


@pytest.mark.parametrize(
    ("main", "has", "lacks"),
    [
        (f"{MAY}smtpd_tls_exclude_ciphers = aNULL, kRSA\n", {"DHE"}, {"anon", "kRSA"}),
        (f"{MAY}smtpd_tls_mandatory_exclude_ciphers = aNULL\n", {"anon"}, set()),
        (f"{ENCRYPT}smtpd_tls_mandatory_exclude_ciphers = aNULL\n", {"kRSA"}, {"anon"}),
        (f"{MAY}smtpd_tls_ask_ccert = yes\n", {"kRSA"}, {"anon"}),
        (f"{MAY}smtpd_tls_ciphers = null\n", {"NULL", "MD5"}, {"anon", "CBC"}),
        (f"{MAY}smtpd_tls_dcert_file = /dsa.pem\n", {"DSS"}, set()),
        (f"{MAY}tls_medium_cipherlist = ALL:@SECLEVEL=2\n", {"kRSA"}, {"anon"}),
        (f"{ENCRYPT}smtpd_tls_req_ccert = yes\ntls_medium_cipherlist = ALL:eNULL\n", {"kRSA"}, {"anon", "NULL"}),
        (f"{MAY}smtpd_tls_protocols = <=TLSv1.1\n", {"CBC"}, {"AEAD", "CHACHA20"}),
        (f"{MAY}smtpd_tls_protocols = >=TLSv1.3\n", {"AEAD"}, {"CBC", "kRSA", "DHE", "ECDHE"}),
        ("smtpd_tls_security_level = may\nsmtpd_tls_cert_file = none\n", {"anon"}, {"kRSA"}),
        (f"{MAY}smtpd_tls_ciphers = bogus\n", set(), {"AES", "AEAD"}),
    ],
)
def test_settings_permit_classes_of_suites(main: str, has: set[str], lacks: set[str]) -> None:
    found = classes(main)
    assert has <= found
    assert not lacks & found


def test_platforms_differ() -> None:
    assert "SEED" in classes(MAY, "debian-11")
    assert "SEED" not in classes(MAY, "debian-12")


def test_without_a_platform_what_all_libraries_have_is_known() -> None:
    found = settled(tls(MAY, None).cipher_classes)
    assert isinstance(found, Open)
    assert {"anon", "kRSA"} <= set(found.members or ())
    assert {"NULL", "EXPORT", "DES"} <= set(found.excluded or ())
    assert not {"SEED", "RC4", "3DES"} & {*(found.members or ()), *(found.excluded or ())}
    strict = f"{MAY}smtpd_tls_exclude_ciphers = aNULL, kRSA, MEDIUM, SHA1, CAMELLIA\n"
    closed = settled(tls(strict, None).cipher_classes)
    assert isinstance(closed, Open)
    assert {"RC4", "3DES", "SEED", "anon", "kRSA"} <= set(closed.excluded or ())


def test_of_libraries_before_the_tables_nothing_is_known() -> None:
    old = tls(MAY, None, "2.11.11")
    assert reason(settled(old.cipher_classes)) == "host-only"
    assert plain(old.dh_bits) == 1024
    assert plain(old.server_order) is False


def test_the_place_of_a_class_is_the_setting_to_change() -> None:
    def place(main: str) -> str:
        return settled(tls(main).cipher_classes).origins[0].parameter

    assert place(MAY) == "smtpd_tls_ciphers"
    assert place(ENCRYPT) == "smtpd_tls_mandatory_ciphers"
    assert place(f"{MAY}smtpd_tls_exclude_ciphers = RC4\n") == "smtpd_tls_exclude_ciphers"
    assert place(f"{MAY}tls_medium_cipherlist = ALL\n") == "tls_medium_cipherlist"


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("", "none"),
        ("smtpd_tls_ask_ccert = yes\n", "optional"),
        ("smtpd_tls_req_ccert = yes\n", "none"),
        ("smtpd_tls_ask_ccert = yes\nsmtpd_tls_req_ccert = yes\n", "optional"),
    ],
)
def test_a_certificate_is_asked_for(main: str, expected: str) -> None:
    assert plain(tls(MAY + main).client_certificate) == expected


def test_a_certificate_is_demanded_only_where_tls_is() -> None:
    assert plain(tls(f"{ENCRYPT}smtpd_tls_req_ccert = yes\n").client_certificate) == "required"
    assert plain(tls(f"{ENCRYPT}smtpd_tls_ask_ccert = yes\n").client_certificate) == "optional"


def test_the_order_is_the_clients_unless_told() -> None:
    assert plain(tls(MAY).server_order) is False
    assert plain(tls(f"{MAY}tls_preempt_cipherlist = yes\n").server_order) is True


CURVES = ("X25519", "X448", "secp256r1", "secp521r1", "secp384r1")


@pytest.mark.parametrize(
    ("main", "platform", "expected"),
    [
        ("", "debian-11", CURVES),
        ("", "debian-12", CURVES),
        ("", "debian-13", (*CURVES[:3], "secp384r1", "secp521r1", "ffdhe2048", "ffdhe3072")),
        ("", "debian-sid", ("X25519MLKEM768", "X25519", "secp256r1", "X448", "secp384r1", "secp521r1")),
        ("smtpd_tls_eecdh_grade = ultra\n", "debian-11", ("secp384r1",)),
        ("smtpd_tls_eecdh_grade = strong\n", "debian-11", ("secp256r1",)),
        ("smtpd_tls_eecdh_grade = none\n", "debian-11", CURVES),
        ("smtpd_tls_eecdh_grade = bogus\n", "debian-11", ("X25519", "secp256r1", "X448", "secp521r1", "secp384r1")),
        ("smtpd_tls_eecdh_grade = ultra\n", "debian-12", CURVES),
        ("tls_eecdh_auto_curves = X25519 secp256r1 nope\n", "debian-12", ("X25519",)),
        ("tls_eecdh_auto_curves = X25519 secp256r1 nope\n", "debian-13", ("X25519", "secp256r1", "ffdhe2048")),
        ("tls_eecdh_auto_curves = X448:P-256\ntls_ffdhe_auto_groups =\n", "debian-13", ("X448", "secp256r1")),
        ("tls_eecdh_auto_curves =\ntls_ffdhe_auto_groups =\n", "debian-13", ("X25519MLKEM768", "X25519", "secp256r1")),
        ("tls_eecdh_auto_curves = nope\ntls_ffdhe_auto_groups =\n", "debian-13", ("X25519", "X448", "secp256r1")),
        ("tls_eecdh_auto_curves = P-256 prime256v1\n", "debian-12", ("X25519", "secp256r1", "X448")),
        ("smtpd_tls_protocols = <=TLSv1.2\n", "debian-13", (*CURVES[:3], "secp384r1", "secp521r1")),
        ("smtpd_tls_protocols = <=TLSv1.2\nsmtpd_tls_exclude_ciphers = kECDHE\n", "debian-13", ()),
    ],
)
def test_groups_are_those_that_the_release_and_the_library_know(
    main: str, platform: str, expected: tuple[str, ...]
) -> None:
    found = plain(tls(MAY + main, platform).groups)
    assert found[: len(expected)] == expected
    assert bool(found) is bool(expected)


@pytest.mark.parametrize(
    ("version", "main", "expected"),
    [
        ("3.0.15", "", 1024),
        ("3.1.0", "", 2048),
        ("3.7.11", "", 2048),
        ("3.7.11", "smtpd_tls_dh1024_param_file = auto\n", 2048),
        ("3.7.11", "smtpd_tls_exclude_ciphers = kDHE\n", None),
        ("3.7.11", "smtpd_tls_protocols = >=TLSv1.3\n", None),
    ],
)
def test_diffie_hellman_parameters_are_built_in(version: str, main: str, expected: int | None) -> None:
    assert plain(tls(MAY + main, None, version).dh_bits) == expected


@pytest.mark.parametrize(("version", "path"), [("3.7.11", "/dh.pem"), ("3.6.0", "auto")])
def test_diffie_hellman_parameters_of_a_file_are_not_known(version: str, path: str) -> None:
    assert reason(settled(tls(f"{MAY}smtpd_tls_dh1024_param_file = {path}\n", None, version).dh_bits)) == "host-only"


def test_for_anonymous_suites_openssl_picks_by_the_suite() -> None:
    anonymous = "smtpd_tls_security_level = may\nsmtpd_tls_cert_file = none\n"
    assert plain(tls(anonymous).dh_bits) == 1024
    assert plain(tls(f"{anonymous}smtpd_tls_exclude_ciphers = AES128, CAMELLIA128\n").dh_bits) == 3072
