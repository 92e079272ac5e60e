"""OpenSSL's cipher lists, held against the openssl at hand."""

from __future__ import annotations

import subprocess
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checker.releases.tables import table
from checker.tls.ciphers import MAX_TEXT, CipherListError, expand, selects_nothing
from checker.tls.library import allowed
from tests import oracles

TABLE = table("tls/ciphers")
LIBRARIES = sorted(TABLE["libraries"])
ALIASES = [*TABLE["aliases"], "ALL"]


@cache
def library_at_hand() -> str:
    """Return the name of the library whose openssl is at hand; skip where the table has none of it."""
    shown = subprocess.run([*oracles.require("openssl"), "version"], check=True, capture_output=True, text=True).stdout
    minor = ".".join(shown.split()[1].split(".")[:2])
    if minor not in LIBRARIES:
        pytest.skip(f"the tables have no OpenSSL {minor}")
    return minor


def asked(text: str, *options: str) -> list[str] | None:
    """Return what the real openssl makes of a list, None where it refuses it."""
    command = [*oracles.require("openssl"), "ciphers", *options, "-v", text]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    return None if done.returncode else [words[0] for words in lines if words[1] != "TLSv1.3"]


def expanded(text: str, library: str) -> list[str] | None:
    """Return what we make of it."""
    try:
        return [suite.name for suite in expand(text, library).suites]
    except CipherListError:
        return None


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_selects_what_it_does_in_the_real_one(alias: str) -> None:
    assert expanded(f"{alias}:@SECLEVEL=0", library_at_hand()) == asked(f"{alias}:@SECLEVEL=0")


WORDS = st.one_of(
    st.sampled_from(ALIASES),
    st.sampled_from(ALIASES),
    st.sampled_from([*TABLE["suites"], "EXPORT", "NOPE", "TLS_RSA_WITH_AES_128_CBC_SHA", "kEECDH", "DEFAULT"]),
)
SELECTIONS = st.lists(WORDS, min_size=1, max_size=3).map("+".join)
RULES = st.one_of(
    st.tuples(st.sampled_from(["", "", "", "!", "-", "+"]), SELECTIONS).map("".join),
    st.sampled_from(["@STRENGTH", "@STRENGTH", "@SECLEVEL=1", "@SECLEVEL=6", "@FOO", "!", "AES128_x", "a/b", "SHA1@"]),
)
BEGINNINGS = st.sampled_from(
    ["", "", "", "DEFAULT", "DEFAULT:", "DEFAULTx", "SUITEB128", "SUITEB128ONLY:", "SUITEB192"]
)


@st.composite
def lists(draw: st.DrawFn) -> str:
    separator = draw(st.sampled_from([":", ":", " ", ",", ";", ":: "]))
    text = draw(BEGINNINGS) + separator.join(draw(st.lists(RULES, min_size=1, max_size=6)))
    return f":{text}" if text.startswith("-") else text  # openssl ciphers takes that for an option


@settings(max_examples=150, deadline=None)
@given(lists())
@example("aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH")
@example("COMPLEMENTOFDEFAULT+HIGH")
@example("HIGH+FIPS")
@example("COMPLEMENTOFDEFAULT+DHE-PSK-NULL-SHA256")
@example("ALL:-kRSA:kRSA:+AESGCM")
@example("ECDHE-RSA-AES128-SHA+SHA1")
@example("AES128-SHA+AES256")
@example("HIGH:!aNULL AES128_x")
def test_a_list_selects_the_same_in_the_same_order(text: str) -> None:
    assert (expanded(text, library_at_hand()) or None) == (asked(text) or None)


@pytest.mark.parametrize("level", range(6))
def test_a_security_level_takes_what_it_takes_in_the_real_one(level: int) -> None:
    text = f"ALL:COMPLEMENTOFALL:@SECLEVEL={level}"
    selected = expand(text, library_at_hand())
    assert selected.level == level
    left = [suite.name for suite in selected.suites if allowed(suite, level)]
    assert left == asked(text, "-s", "-psk", "-srp")


def test_the_names_of_the_table_are_those_of_the_real_one() -> None:
    command = [*oracles.require("openssl"), "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    real = {words[2]: words[0] for words in map(str.split, shown.splitlines()) if "TLSv1.3" not in words}
    ours = {suite.name: suite.iana for suite in expand("ALL:COMPLEMENTOFALL", library_at_hand()).suites}
    assert ours == real


@pytest.mark.parametrize(
    ("text", "library", "members"),
    [
        ("RC4+kRSA", "1.1.1+weak", {"RC4-SHA", "RC4-MD5"}),
        ("3DES+aECDSA", "1.1.1+weak", {"ECDHE-ECDSA-DES-CBC3-SHA"}),
        ("MEDIUM", "1.1.1", {"SEED-SHA", "DHE-RSA-SEED-SHA", "DHE-DSS-SEED-SHA", "ADH-SEED-SHA"}),
        ("AESCCM8+kRSA+MEDIUM", "3.5", {"AES256-CCM8", "AES128-CCM8"}),
        ("TLS_RSA_WITH_AES_128_CBC_SHA", "3.5", {"AES128-SHA"}),
    ],
)
def test_libraries_differ(text: str, library: str, members: set[str]) -> None:
    assert set(expanded(text, library) or ()) == members


@pytest.mark.parametrize("text", ["RC4", "3DES", "SEED", "MEDIUM", "EXPORT", "TLS_RSA_WITH_AES_128_CBC_SHA"])
def test_a_library_selects_nothing_that_it_has_not(text: str) -> None:
    assert selects_nothing(text, "3.0")


def test_a_list_beyond_all_bounds_is_refused() -> None:
    assert expanded("HIGH:" * (MAX_TEXT // 5), "3.0") is not None
    with pytest.raises(CipherListError, match="characters"):
        expand("HIGH:" * MAX_TEXT, "3.0")


@given(st.text(max_size=40), st.sampled_from(LIBRARIES))
def test_any_text_is_read(text: str, library: str) -> None:
    expanded(text, library)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_suite_is_found_by_what_it_has(library: str) -> None:
    suites = expand("ALL:COMPLEMENTOFALL", library).suites
    assert len({(suite.kx, suite.auth, suite.enc, suite.mac) for suite in suites}) == len(suites)
