"""What the tables say of releases."""

from __future__ import annotations

import pytest

from checker.dovecot.release import release
from checker.errors import UserError


def test_a_version_wins_over_a_platform() -> None:
    chosen = release("2.3.13", "debian-12")
    assert (chosen.version, chosen.platform, chosen.generation) == ("2.3.13", "debian-12", "2.3")


@pytest.mark.parametrize(
    ("platform", "version"), [("debian-11", "2.3.13"), ("debian-12", "2.3.19.1"), ("debian-13", "2.4.1")]
)
def test_a_platform_names_its_release(platform: str, version: str) -> None:
    assert release(None, platform).version == version


def test_without_either_it_is_what_the_generation_is_packaged_as() -> None:
    assert release(None, None, "2.3").version == "2.3.19.1"
    assert release(None, None, "2.4").version == "2.4.1"


@pytest.mark.parametrize("version", ["2.2.36", "3.0.0", "2.5", "x", "2"])
def test_an_unheard_of_version_is_refused(version: str) -> None:
    with pytest.raises(UserError):
        release(version, None)


def test_an_unheard_of_platform_is_refused() -> None:
    with pytest.raises(UserError):
        release(None, "debian-1")


def test_names_are_those_of_the_release() -> None:
    assert release("2.3.13", None).setting("ssl_cipher_suites") is None
    assert release("2.3.19.1", None).setting("ssl_cipher_suites") is not None
    assert release("2.3.19.1", None).setting("auth_allow_cleartext") is None


def test_submissions_is_of_2_4_alone() -> None:
    assert "inet_listener/submissions/port" not in release("2.3.19.1", None).services["submission-login"]
    assert "service/submission-login|inet_listener/submissions" in release("2.4.1", None).filters
