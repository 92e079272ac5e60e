"""Which OpenSSL a server is linked with."""

from __future__ import annotations

from checker.releases.tables import table
from checker.tls.libraries import libraries_of

LIBRARIES = table("tls/libraries")


def test_the_platform_tells_the_library() -> None:
    assert libraries_of("postfix", (3, 7, 11), "debian-12").names == ("3.0",)
    assert libraries_of("dovecot", (2, 4, 1), "debian-13").names == ("3.5",)
    assert set(LIBRARIES["platforms"]) <= set(table("platforms"))
    assert len(libraries_of("postfix", (3, 10, 8), "alpine-3.22").names) > 1


def test_without_a_platform_there_are_several() -> None:
    assert len(libraries_of("postfix", (3, 7, 11), None).names) > 1
    assert not libraries_of("postfix", (2, 11, 11), None).all_known
    assert not libraries_of("dovecot", (2, 3, 21), None).all_known
    assert libraries_of("dovecot", (2, 4, 1), None).all_known


def test_every_library_has_its_tables() -> None:
    named = {
        *LIBRARIES["platforms"].values(),
        *(name for product in ("postfix", "dovecot") for row in LIBRARIES[product] for name in row[2]),
    }
    assert named == set(table("tls/ciphers")["libraries"]) == set(LIBRARIES["groups"])
    assert set(LIBRARIES["groups"].values()) == set(table("tls/groups")["libraries"])
