"""Cipher suites, key exchange and client certificates of Dovecot's listeners."""

from __future__ import annotations

from typing import Any

import pytest

from checker.facts.endpoint import Tls
from checker.values import Later, Open, Unknown, settled
from tests.dovecot.described import BOTH, CERTIFICATE, endpoints
from tests.dovecot.made import plain as known

DH = {"2.3": "ssl_dh = </etc/dh.pem\n", "2.4": "ssl_server_dh_file = /etc/dh.pem\n"}
REQUEST = {
    "2.3": "ssl_ca = </etc/ca.pem\nssl_verify_client_cert = yes\n",
    "2.4": "ssl_server_ca_file = /etc/ca.pem\nssl_server_request_client_cert = yes\n",
}
ORDER = {"2.3": "ssl_prefer_server_ciphers = yes\n", "2.4": "ssl_server_prefer_ciphers = server\n"}
TLS13 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")


def plain(value: Later[Any]) -> Any:
    return known(settled(value))


def tls(text: str, generation: str, listener: str = "imap:993", **options: str) -> Tls:
    return endpoints(f"protocols = imap\n{CERTIFICATE[generation]}{text}", generation, **options)[listener].tls


def classes(text: str, generation: str, **options: str) -> set[str]:
    return set(plain(tls(text, generation, **options).cipher_classes))


@pytest.mark.parametrize("generation", BOTH)
def test_by_default_every_suite_makes_a_key_for_the_session(generation: str) -> None:
    found = classes("", generation)
    assert {"ECDHE", "CBC", "AEAD"} <= found
    assert not {"kRSA", "DHE", "anon", "NULL", "DSS", "PSK"} & found


@pytest.mark.parametrize("generation", BOTH)
def test_finite_fields_need_parameters(generation: str) -> None:
    assert "DHE" in classes(DH[generation], generation)
    given, none = tls(DH[generation], generation), tls("", generation)
    bits = settled(given.dh_bits)
    assert isinstance(bits, Unknown)
    assert bits.reason.kind == "host-only"
    assert plain(none.dh_bits) is None


@pytest.mark.parametrize("generation", BOTH)
def test_a_list_selects(generation: str) -> None:
    assert plain(tls("ssl_cipher_list = AES128-SHA\n", generation).ciphers) == (
        *TLS13,
        "TLS_RSA_WITH_AES_128_CBC_SHA",
    )
    assert "anon" in classes("ssl_cipher_list = ALL\n", generation)
    assert "anon" not in classes("ssl_cipher_list = ALL:@SECLEVEL=1\n", generation)


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize("text", ["ssl_cipher_list = nope\n", "ssl_cipher_list = HIGH:@X\n", "ssl_curve_list = nope\n"])
def test_with_a_wrong_list_no_handshake_succeeds(text: str, generation: str) -> None:
    found = tls(text, generation)
    assert (plain(found.mode), plain(found.versions), plain(found.ciphers)) == ("implicit", (), ())


def test_without_a_list_the_newer_generation_leaves_openssl_its_own() -> None:
    assert plain(tls("ssl_cipher_list =\n", "2.3").versions) == ()
    assert "kRSA" in classes("ssl_cipher_list =\n", "2.4")


@pytest.mark.parametrize("generation", BOTH)
def test_suites_of_tls_13_have_a_list_of_their_own(generation: str) -> None:
    own = "ssl_cipher_list = AES128-SHA\nssl_cipher_suites = nope:TLS_AES_128_CCM_SHA256\n"
    assert plain(tls(own, generation).ciphers)[0] == "TLS_AES_128_CCM_SHA256"


def test_an_older_release_has_no_such_list() -> None:
    assert plain(tls("", "2.3", platform="debian-11").ciphers)[:3] == TLS13


@pytest.mark.parametrize("generation", BOTH)
def test_groups(generation: str) -> None:
    assert plain(tls("ssl_curve_list = X25519:P-384\n", generation).groups) == ("X25519", "secp384r1")
    assert ("X25519MLKEM768" in plain(tls("", generation).groups)) is (generation == "2.4")


@pytest.mark.parametrize("generation", BOTH)
def test_order_and_client_certificates(generation: str) -> None:
    plainly = tls("", generation)
    assert (plain(plainly.server_order), plain(plainly.client_certificate)) == (False, "none")
    assert plain(tls(ORDER[generation], generation).server_order) is True
    assert plain(tls(REQUEST[generation], generation).client_certificate) == "optional"
    demanded = f"{REQUEST[generation]}auth_ssl_require_client_cert = yes\n"
    assert plain(tls(demanded, generation).client_certificate) == "required"


@pytest.mark.parametrize("generation", BOTH)
def test_where_there_is_no_tls_there_is_nothing_of_it(generation: str) -> None:
    none = tls("ssl = no\n", generation, "imap:143")
    values = (none.ciphers, none.cipher_classes, none.groups, none.dh_bits, none.server_order, none.client_certificate)
    assert [plain(each) for each in values] == [None] * 6


def test_without_a_platform_what_all_libraries_have_is_known() -> None:
    found = settled(tls("ssl_cipher_list = MEDIUM:HIGH\n", "2.4", version="2.4.1").cipher_classes)
    assert isinstance(found, Open)
    assert "kRSA" in (found.members or ())
    assert not {"RC4", "SEED"} & {*(found.members or ()), *(found.excluded or ())}
    old = settled(tls("", "2.3", version="2.3.13").cipher_classes)
    assert isinstance(old, Unknown)
