"""Grades and exclusions, and what becomes of TLS where they are wrong."""

from __future__ import annotations

import pytest

from checker.derive import derive
from checker.postfix import cipher_list as module
from checker.postfix.cipher_list import cipher_list, text_of
from checker.releases.tables import table
from checker.tls.ciphers import selects_nothing
from tests.postfix.made import endpoint, plain, scope_of

MEDIUM = "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH"
HIGH = "aNULL:-aNULL:HIGH:@STRENGTH"
MAY = "smtpd_tls_security_level = may\n"


def listed(main: str, *, enforce: bool = False, version: str = "3.7.11") -> str | None:
    scope = scope_of(main, version=version)
    found = plain(derive(lambda take: cipher_list(take, scope, "smtpd_tls", enforce=enforce)))
    return text_of(found) if found else None


@pytest.mark.parametrize(
    ("main", "enforce", "expected"),
    [
        ("", False, MEDIUM),
        ("smtpd_tls_ciphers = high\n", False, HIGH),
        ("smtpd_tls_ciphers = HIGH\n", False, HIGH),
        ("smtpd_tls_ciphers = high\n", True, MEDIUM),
        ("smtpd_tls_mandatory_ciphers = high\n", True, HIGH),
        ("smtpd_tls_mandatory_ciphers = high\n", False, MEDIUM),
        ("smtpd_tls_ciphers = null\n", False, "eNULL:!aNULL"),
        ("tls_medium_cipherlist = AES128-SHA\n", False, "AES128-SHA"),
        ("smtpd_tls_exclude_ciphers = RC4, MD5:kRSA\n", False, f"{MEDIUM}:!RC4:!MD5:!kRSA"),
        ("smtpd_tls_mandatory_exclude_ciphers = RC4\n", False, MEDIUM),
        (
            "smtpd_tls_exclude_ciphers = MD5\nsmtpd_tls_mandatory_exclude_ciphers = RC4\n",
            True,
            f"{MEDIUM}:!MD5:!RC4",
        ),
        ("smtpd_tls_ask_ccert = yes\n", False, f"{MEDIUM}:!aNULL"),
        ("smtpd_tls_req_ccert = yes\n", False, MEDIUM),
        ("smtpd_tls_req_ccert = yes\n", True, f"{MEDIUM}:!aNULL"),
        ("smtpd_tls_ciphers = bogus\n", False, None),
        ("smtpd_tls_ciphers = invalid\n", False, None),
        ("smtpd_tls_ciphers =\n", False, None),
        ("tls_medium_cipherlist =\n", False, None),
        ("smtpd_tls_exclude_ciphers = RC4, !aNULL\n", False, None),
    ],
)
def test_a_grade_stands_for_a_list_from_which_exclusions_take(main: str, enforce: bool, expected: str | None) -> None:
    assert listed(main, enforce=enforce) == expected


@pytest.mark.parametrize("grade", ["low", "export"])
def test_low_grades_mean_medium_in_newer_releases(grade: str) -> None:
    low = f"smtpd_tls_ciphers = {grade}\ntls_{grade}_cipherlist = AES128-SHA\n"
    assert listed(low) == "AES128-SHA"
    assert (listed(low, version="3.8.0") or "").startswith("aNULL:-aNULL:HIGH:MEDIUM:!SEED")


@pytest.mark.parametrize(
    "main",
    [
        "smtpd_tls_ciphers = bogus\n",
        "smtpd_tls_exclude_ciphers = +RC4\n",
        "smtpd_tls_exclude_ciphers = ALL\n",
        "smtpd_tls_exclude_ciphers = AES128/x\n",
        "tls_medium_cipherlist = HIGH:@FOO\n",
        "tls_medium_cipherlist = RC4\n",
        "smtpd_tls_ask_ccert = yes\nsmtpd_tls_cert_file = none\n",
    ],
)
def test_with_a_wrong_list_starttls_is_announced_and_no_handshake_succeeds(main: str) -> None:
    tls = endpoint(MAY + main, platform="debian-12").tls
    assert (plain(tls.mode), plain(tls.versions), plain(tls.min_version)) == ("starttls", (), None)


@pytest.mark.parametrize(
    "main",
    [
        "smtpd_tls_mandatory_ciphers = bogus\n",
        "smtpd_tls_exclude_ciphers = no_such_word\n",
        "smtpd_tls_exclude_ciphers = SHA1, kRSA, kDHE\n",
        "tls_medium_cipherlist = AES128-SHA\n",
        "tls_medium_cipherlist = RC4\nsmtpd_tls_ciphers = high\n",
    ],
)
def test_what_is_wrong_elsewhere_does_no_harm(main: str) -> None:
    assert plain(endpoint(MAY + main, platform="debian-12").tls.max_version) == "TLSv1.3"


def test_the_place_of_a_wrong_grade_is_the_grade() -> None:
    versions = endpoint(f"{MAY}smtpd_tls_ciphers = bogus\n").tls.versions
    assert versions.origins[0].parameter == "smtpd_tls_ciphers"
    assert endpoint(MAY).tls.versions.origins[0].parameter == "smtpd_tls_protocols"


def test_a_list_that_some_library_may_take_is_not_refused() -> None:
    only_weak = f"{MAY}tls_medium_cipherlist = RC4\n"
    assert plain(endpoint(only_weak).tls.versions)
    assert plain(endpoint(only_weak, platform="debian-12").tls.versions) == ()


def test_common_exclusions_leave_suites_of_all_lists_that_postfix_ships() -> None:
    taken = "".join(f":!{alias}" for alias in table("tls/ciphers")["aliases"] if alias.lower() in module._TAKES_LITTLE)
    shipped = {row[3] for name in module._LISTS.values() for row in table("postfix/parameters")[name]} - {""}
    lists = [text for text in shipped if not text.startswith("eNULL")]
    assert len(lists) >= 5
    for library in table("tls/ciphers")["libraries"]:
        assert not any(selects_nothing(text + taken, library) for text in lists)
