"""What postconf accepts and the daemon dies of."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from checker.values import Known
from tests import oracles
from tests.postfix.made import configuration, facts, plain
from tests.postfix.traps import DEADLY, HARMLESS, MAIN_CF, STOPS_ALL, STOPS_NOTHING

SERVICE = "25 inet n - n - - smtpd {}\n"


@pytest.mark.parametrize("options", DEADLY)
def test_a_service_dies_of_its_options(options: str) -> None:
    (endpoint,) = facts(MAIN_CF, SERVICE.format(options)).endpoints
    assert plain(endpoint.serves) is False
    assert isinstance(endpoint.fault, Known)
    assert endpoint.fault.value
    place = endpoint.fault.origins[0].place
    assert place is not None
    assert (place.path, place.line) == ("master.cf", 1)


@pytest.mark.parametrize("options", HARMLESS)
def test_a_service_lives_with_its_options(options: str) -> None:
    (endpoint,) = facts(MAIN_CF, SERVICE.format(options)).endpoints
    assert plain(endpoint.serves) is True
    assert plain(endpoint.fault) is None


@pytest.mark.parametrize("line", STOPS_ALL)
def test_nothing_starts_with_a_line(line: str) -> None:
    starts = facts(f"{MAIN_CF}{line}\n", SERVICE.format("")).software.starts
    assert plain(starts) is False
    place = starts.origins[0].place
    assert place is not None
    assert (place.path, place.line) == ("main.cf", MAIN_CF.count("\n") + 1)


@pytest.mark.parametrize("lines", STOPS_NOTHING)
def test_postfix_starts_with_lines(lines: str) -> None:
    made = facts(f"{MAIN_CF}{lines}\n", SERVICE.format(""))
    assert plain(made.software.starts) is True
    assert plain(made.endpoints[0].serves) is True


@pytest.mark.parametrize(
    ("master", "starts"),
    [
        ("99999 inet n - n - - smtpd\n", True),
        ("0 inet n - n - - smtpd\n", True),
        ("25 inet y - n - - smtpd\n", False),
        ("25 inet - - n - - smtpd\n", False),
        ("25 inet n - n ? - smtpd\n", False),
        ("25 inet n - n - x smtpd\n", False),
    ],
)
def test_what_master_makes_of_the_columns(master: str, starts: bool) -> None:
    assert plain(facts(MAIN_CF, master).software.starts) is starts


@pytest.mark.parametrize(("name", "port"), [("020025", 20025), ("99999", 34463), ("65561", 25)])
def test_a_number_of_a_port_is_cut_as_the_library_does(name: str, port: int) -> None:
    assert plain(facts(MAIN_CF, f"{name} inet n - n - - smtpd\n").endpoints[0].port) == port


@pytest.mark.parametrize(
    ("main", "column", "fault"),
    [
        ("", "1", None),
        ("", "-", "postscreen requires a process limit of 1"),
        ("", "0", "postscreen requires a process limit of 1"),
        ("default_process_limit = 1\n", "-", "postscreen_post_queue_limit: '1' is less than 5"),
        ("postscreen_greet_action = bogus\n", "1", "postscreen_greet_action has no value 'bogus'"),
        ("postscreen_tls_security_level = bogus\n", "1", "invalid TLS level 'bogus'"),
        ("postscreen_upstream_proxy_protocol = x\n", "1", "postscreen_upstream_proxy_protocol has no value 'x'"),
    ],
)
def test_what_postscreen_dies_of(main: str, column: str, fault: str | None) -> None:
    master = f"25 inet n - n - {column} postscreen\nsmtpd pass - - n - - smtpd\n"
    assert plain(facts(MAIN_CF + main, master).endpoints[0].fault) == fault


def test_a_program_that_there_is_not_serves_nobody() -> None:
    (endpoint,) = facts(MAIN_CF, "25 inet n - n - - smptd\n").endpoints
    assert plain(endpoint.fault) == "there is no program 'smptd': smtpd is meant"
    assert (plain(endpoint.serves), plain(endpoint.port), plain(endpoint.protocol)) == (False, 25, "other")


def test_a_program_of_somebody_elses_may_be_there() -> None:
    (endpoint,) = facts(MAIN_CF, "25 inet n - n - - our-own-server\n").endpoints
    assert plain(endpoint.serves).kind == "host-only"


def test_a_program_by_a_path_in_its_own_directory_is_found() -> None:
    assert plain(facts(MAIN_CF, "25 inet n - n - - ./smtpd\n").endpoints[0].serves) is True


def test_the_level_was_a_number_before_it_was_a_release() -> None:
    main = MAIN_CF.replace("compatibility_level = 3.6", "compatibility_level = {}")
    old, new = ((main.format(level), SERVICE.format(""), "3.5.25") for level in ("3.6", "2"))
    assert plain(facts(*old).software.starts) is False
    assert plain(facts(*new).software.starts) is True


@pytest.mark.parametrize("options", [each for each in DEADLY if "${" not in each])
def test_postconf_takes_what_is_deadly(options: str, tmp_path: Path) -> None:
    files = {"main.cf": MAIN_CF, "master.cf": SERVICE.format(options)}
    directory = oracles.write_configuration(tmp_path / "postfix", files)
    done = subprocess.run(
        [*oracles.require("postconf"), "-c", directory, "-M"], check=False, capture_output=True, text=True, timeout=10
    )
    assert done.returncode == 0
    assert "fatal" not in done.stderr


def test_a_template_is_not_taken_for_a_value() -> None:
    made = configuration("myhostname = {{ .FQDN }}\nsmtpd_timeout = {{ timeout }}\n", SERVICE.format(""))
    assert made.main is not None
    assert plain(facts("compatibility_level = 3.6\nmyhostname = {{ .FQDN }}\n").software.starts) is True
