"""What a server offers of the suites that its list selects."""

from __future__ import annotations

import pytest

from checker.facts.types import CIPHER_CLASSES, TlsVersion
from checker.tls.ciphers import expand
from checker.tls.suites import Offered, classes, every_suite, names, offered

EVERYTHING = "ALL:COMPLEMENTOFALL"
RSA = {"RSA"}


def found(
    text: str = EVERYTHING,
    versions: tuple[TlsVersion, ...] = ("TLSv1.2",),
    authentications: set[str] = RSA,
    level: int = 0,
    library: str = "1.1.1+weak",
) -> Offered:
    return offered(expand(text, library), versions, authentications=authentications, level=level)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AES128-SHA", ("AES", "CBC", "kRSA", "SHA1")),
        ("ECDHE-RSA-AES128-GCM-SHA256", ("AES", "AEAD", "ECDHE")),
        ("DHE-RSA-CHACHA20-POLY1305", ("CHACHA20", "AEAD", "DHE")),
        ("ADH-AES128-SHA", ("anon", "AES", "CBC", "DHE", "SHA1")),
        ("RC4-MD5", ("RC4", "kRSA", "MD5")),
        ("ECDHE-RSA-DES-CBC3-SHA", ("3DES", "CBC", "ECDHE", "SHA1")),
        ("NULL-SHA256", ("NULL", "kRSA")),
        ("IDEA-CBC-SHA", ("IDEA", "CBC", "kRSA", "SHA1")),
        ("SEED-SHA", ("SEED", "CBC", "kRSA", "SHA1")),
        ("AES128-CCM8", ("AES", "AEAD", "CCM8", "kRSA")),
        ("DHE-DSS-CAMELLIA256-SHA256", ("CAMELLIA", "CBC", "DHE", "DSS")),
    ],
)
def test_a_suite_has_its_classes(text: str, expected: tuple[str, ...]) -> None:
    assert classes(found(text, authentications={"RSA", "DSS", "None"})) == expected


def test_every_suite_of_every_library_has_classes() -> None:
    for library in ("1.1.1", "1.1.1+weak", "3.0", "3.5"):
        for suite in expand(EVERYTHING, library).suites:
            assert set(classes(Offered((suite,)))) <= set(CIPHER_CLASSES)
            assert suite.iana in every_suite()


def test_suites_of_tls_13_are_no_matter_of_the_list() -> None:
    only = found("AES128-SHA", ("TLSv1.3",))
    assert names(only) == ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
    assert classes(only) == ("AES", "CHACHA20", "AEAD")
    assert names(found("AES128-SHA", ("TLSv1.2", "TLSv1.3")))[3:] == ("TLS_RSA_WITH_AES_128_CBC_SHA",)


@pytest.mark.parametrize(
    ("text", "versions", "expected"),
    [
        ("AES128-GCM-SHA256", ("TLSv1", "TLSv1.1"), False),
        ("AES128-SHA256", ("TLSv1.1",), False),
        ("AES128-SHA256", ("TLSv1.1", "TLSv1.2"), True),
        ("AES128-SHA", ("SSLv3",), True),
        ("ECDHE-RSA-AES128-SHA", ("SSLv3",), False),
        ("AES128-SHA", (), False),
    ],
)
def test_a_suite_needs_a_version_that_has_it(text: str, versions: tuple[TlsVersion, ...], expected: bool) -> None:
    assert bool(found(text, versions).suites) is expected


def test_a_suite_needs_a_certificate_of_its_kind() -> None:
    assert classes(found(authentications={"None"})).count("anon") == 1
    assert "kRSA" not in classes(found(authentications={"None", "ECDSA"}))
    assert "DSS" not in classes(found(authentications={"RSA", "ECDSA"}))


def test_nothing_gives_a_mail_server_a_shared_key() -> None:
    everybody = {"RSA", "ECDSA", "DSS", "None", "PSK", "SRP"}
    assert not {"PSK", "SRP"} & set(classes(found(authentications=everybody)))


def test_a_security_level_takes_suites_away() -> None:
    assert not {"NULL", "anon", "MD5"} & set(classes(found(authentications={"RSA", "None"}, level=1)))
    assert "kRSA" not in classes(found(level=3))
    assert names(found("AES256-SHA", ("TLSv1.3",), level=5)) == (
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
    )
