"""Key exchange groups, under the names and in the syntax of each library."""

from __future__ import annotations

import subprocess

import pytest

from checker.releases.tables import table
from checker.tls import groups
from tests import oracles
from tests.tls.test_ciphers import library_at_hand

OWN = {
    "1.1.1": ("X25519", "secp256r1", "X448", "secp521r1", "secp384r1"),
    "3.5": ("X25519MLKEM768", "X25519", "secp256r1", "X448", "secp384r1", "secp521r1", "ffdhe2048", "ffdhe3072"),
}


@pytest.mark.parametrize("library", OWN)
def test_a_library_has_groups_of_its_own(library: str) -> None:
    assert groups.default_groups(library) == OWN[library]


@pytest.mark.parametrize(
    ("name", "library", "as_object", "expected"),
    [
        ("prime256v1", "1.1.1", True, "secp256r1"),
        ("P-256", "3.0", True, "secp256r1"),
        ("secp256r1", "3.0", True, None),
        ("secp256r1", "3.0", False, "secp256r1"),
        ("secp256r1", "1.1.1", False, None),
        ("x25519", "3.0", True, None),
        ("x25519", "3.0", False, "X25519"),
        ("p-256", "3.0", False, None),
        ("p-256", "3.5", False, "secp256r1"),
        ("ffdhe2048", "1.1.1", False, None),
        ("ffdhe2048", "3.0", True, "ffdhe2048"),
        ("X25519MLKEM768", "3.0", False, None),
        ("X25519MLKEM768", "3.5", False, "X25519MLKEM768"),
    ],
)
def test_names_are_those_of_the_library(name: str, library: str, as_object: bool, expected: str | None) -> None:
    assert groups.group_of(name, library, as_object=as_object) == expected


NAMES = sorted({name for row in table("tls/groups")["groups"].values() for name in (*row["nid"], *row["names"])})


@pytest.mark.parametrize("word", [*NAMES, "DEFAULT", "?X25519", "?nope", "x448", "P-256/X25519", "nope", "p-384"])
def test_a_word_is_taken_where_the_real_one_takes_it(word: str) -> None:
    command = [*oracles.require("openssl"), "s_client", "-groups", word, "-connect", "127.0.0.1:1"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    refused = "SSL_CONF_cmd" in done.stderr or "Error with command" in done.stderr
    assert groups.accepts(word, library_at_hand()) is not refused


@pytest.mark.parametrize(
    ("words", "library", "expected"),
    [
        ("X25519 prime256v1", "3.0", ("X25519", "secp256r1")),
        ("P-256 prime256v1", "3.0", ()),
        ("P-256 prime256v1", "3.5", ("secp256r1",)),
        ("?X25519MLKEM768 DEFAULT", "3.5", OWN["3.5"]),
        ("P-256 DEFAULT -X25519 -X25519MLKEM768", "3.5", ("secp256r1", *OWN["3.5"][3:])),
        ("?nope X448/*P-384", "3.5", ("X448", "secp384r1")),
    ],
)
def test_a_list_is_read_as_the_library_does(words: str, library: str, expected: tuple[str, ...]) -> None:
    assert groups.listed(words.split(), library) == expected


def test_a_group_serves_the_versions_that_it_is_for() -> None:
    some = ("X25519MLKEM768", "X25519", "brainpoolP256r1", "ffdhe2048")
    assert groups.usable(some, below_13=True, tls13=False) == ("X25519", "brainpoolP256r1")
    assert groups.usable(some, below_13=False, tls13=True) == ("X25519MLKEM768", "X25519", "ffdhe2048")
    assert groups.usable(some, below_13=False, tls13=False) == ()
    assert set(some) <= set(groups.every_group())
