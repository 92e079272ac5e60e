"""What one release knows."""

from __future__ import annotations

import pytest

from checker.errors import UserError
from checker.postfix.release import LAST, Parameter, release


def default(name: str, version: str, platform: str | None = None) -> str | None:
    parameter = release(version, platform).parameter(name)
    assert parameter is not None, (name, version)
    return parameter.default


def test_the_tables_of_a_platform_are_those_of_its_release() -> None:
    made = release(None, "debian-12")
    assert (made.version, made.number) == ("3.7.11", (3, 7, 11))
    assert made.label == "Postfix 3.7.11 on Debian 12"


def test_a_version_beats_the_platform() -> None:
    assert release("3.5.25", "debian-12").number == (3, 5, 25)


def test_nothing_said_means_debian_stable() -> None:
    assert release(None, None).platform == "debian-13"


def test_a_branch_means_its_last_patch_level() -> None:
    assert release("3.6", None).number > (3, 6, 14)
    assert release("3.11", None).number == LAST


@pytest.mark.parametrize("version", ["3.11.9", "3.12.1", "3.99", "4.0.0"])
def test_beyond_the_tables_their_end_counts(version: str) -> None:
    made = release(version, None)
    assert made.number == LAST
    assert made.version.startswith(version)


@pytest.mark.parametrize("version", ["", "3", "x", "2.9.6", "1.0", "9" * 5000])
def test_an_unheard_of_version_is_the_users_to_mend(version: str) -> None:
    with pytest.raises(UserError, match="unknown Postfix version") as raised:
        release(version, None)
    assert "2.10.0" in raised.value.hint


def test_an_unheard_of_platform_names_those_that_are_known() -> None:
    with pytest.raises(UserError, match="unknown platform 'solaris'") as raised:
        release(None, "solaris")
    assert "debian-12" in raised.value.hint


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        ("3.5.22", None),
        ("3.5.23", "bool"),
        ("3.5.24", "str"),
        ("3.7.8", None),
        ("3.7.9", "bool"),
        ("3.7.10", "str"),
        ("3.8.3", None),
        ("3.8.4", "bool"),
        ("3.8.5", "str"),
        ("3.9.0", "str"),
    ],
)
def test_backports_are_exact_by_patch_level(version: str, kind: str | None) -> None:
    parameter = release(version, None).parameter("smtpd_forbid_bare_newline")
    assert (parameter.type if parameter else None) == kind


@pytest.mark.parametrize(
    ("name", "version", "text"),
    [
        ("smtpd_forbid_bare_newline", "3.8.5", "no"),
        ("smtpd_forbid_bare_newline", "3.9.0", "normalize"),
        ("smtpd_tls_mandatory_protocols", "2.10.7", "!SSLv2"),
        ("smtpd_tls_mandatory_protocols", "2.10.8", "!SSLv2, !SSLv3"),
        ("smtpd_tls_mandatory_protocols", "3.6.0", ">=TLSv1"),
        ("smtpd_tls_protocols", "2.10.7", ""),
        ("smtpd_relay_restrictions", "2.10.0", "permit_mynetworks, reject_unauth_destination"),
        ("disable_vrfy_command", "3.7.11", "no"),
    ],
)
def test_defaults_by_release(name: str, version: str, text: str) -> None:
    assert default(name, version) == text


def test_a_distribution_changes_defaults() -> None:
    assert default("daemon_directory", "3.7.11") == "/usr/libexec/postfix"
    assert default("daemon_directory", "3.7.11", "debian-12") == "/usr/lib/postfix/sbin"


def test_a_distribution_may_be_ahead_of_the_tables() -> None:
    assert default("tls_eecdh_auto_curves", "3.11.7", "debian-sid") == "?X25519MLKEM768:DEFAULT"


def test_what_the_machine_makes_has_no_default() -> None:
    assert default("myhostname", "3.7.11") is None


def test_a_name_that_came_later_is_no_parameter() -> None:
    assert release("3.3.0", None).parameter("smtpd_tls_chain_files") is None
    assert release("3.4.0", None).parameter("smtpd_tls_chain_files") == Parameter("smtpd_tls_chain_files", "str", "")
    assert "smtpd_tls_chain_files" not in release("3.3.0", None).names()
    assert "smtpd_tls_chain_files" in release("3.4.0", None).names()


def test_a_program_loads_parameters_in_its_order() -> None:
    order = release("3.7.11", None).load_order("smtpd")
    assert order is not None
    assert order["myhostname"] < order["mydomain"] < order["smtpd_tls_security_level"]
    assert "smtp_tls_security_level" not in order


def test_a_program_that_is_not_known_has_no_order() -> None:
    assert release("3.7.11", None).load_order("no-such-daemon") is None
