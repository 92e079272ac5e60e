"""What postconf accepts and the daemon dies of: a real Postfix says that it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.conftest import KeyPair
from tests.live.postfix import Seen, observe
from tests.live.test_generated import INTERNAL_SERVICES
from tests.postfix.made import facts, plain
from tests.postfix.traps import DEADLY, HARMLESS, MAIN_CF, STOPS_ALL, STOPS_NOTHING

PORT = 20001
SERVICE = f"{PORT} inet n - n - - smtpd\n"
AT_ONCE = 34
"""Services that one run has: those that die keep their clients waiting."""

POSTSCREEN = f"""\
{PORT} inet n - n - {{}} postscreen -o postscreen_greet_wait=1s -o postscreen_cache_map= {{}}
smtpd pass - - n - - smtpd
"""


def seen(directory: Path, key_pair: KeyPair, main: str, master: str, ports: range = range(PORT, PORT + 1)) -> Seen:
    directory.mkdir()
    files = {"/etc/ssl/private/mail.pem": key_pair.key + key_pair.certificate}
    return observe(MAIN_CF + main, INTERNAL_SERVICES + master, ports, directory, files)


def greets(run: Seen, port: int = PORT) -> bool:
    """Say whether a client gets further than to be greeted."""
    return "ehlo" in run.ports[port] or "ehlo_tls" in run.ports[port]


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(DEADLY) + len(HARMLESS), AT_ONCE))
def test_services_die_of_what_is_derived(start: int, tmp_path: Path, key_pair: KeyPair) -> None:
    options = (*DEADLY, *HARMLESS)[start : start + AT_ONCE]
    ports = range(PORT, PORT + len(options))
    master = "".join(f"{port} inet n - n - - smtpd {each}\n" for port, each in zip(ports, options, strict=True))
    run = seen(tmp_path / "root", key_pair, "", master, ports)
    assert run.started
    observed = {each: greets(run, port) for port, each in zip(ports, options, strict=True)}
    derived = {plain(each.port): plain(each.serves) for each in facts(MAIN_CF, master).endpoints}
    assert observed == {each: derived[port] for port, each in zip(ports, options, strict=True)}, "\n".join(run.log)


@pytest.mark.slow
@pytest.mark.parametrize("lines", STOPS_ALL + STOPS_NOTHING)
def test_the_master_starts_or_not_as_is_derived(lines: str, tmp_path: Path, key_pair: KeyPair) -> None:
    run = seen(tmp_path / "root", key_pair, f"{lines}\n", SERVICE)
    derived = plain(facts(f"{MAIN_CF}{lines}\n", SERVICE).software.starts)
    assert run.started is derived, "\n".join(run.log)
    assert run.started is False or greets(run)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "port", "command"),
    [
        ("020002", 20002, "smtpd"),
        ("99999", 34463, "smtpd"),
        ("20003", 20003, "./smtpd"),
        ("20004", 20004, "/usr/lib/postfix/sbin/smtpd"),
        ("20005", 20005, "smptd"),
    ],
)
def test_which_port_and_program_there_is(name: str, port: int, command: str, tmp_path: Path, key_pair: KeyPair) -> None:
    master = f"{name} inet n - n - - {command}\n"
    run = seen(tmp_path / "root", key_pair, "", master, range(port, port + 1))
    (endpoint,) = facts(MAIN_CF, master).endpoints
    assert plain(endpoint.port) == port
    assert greets(run, port) is plain(endpoint.serves), "\n".join(run.log)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("main", "column", "options"),
    [
        ("", "1", ""),
        ("", "-", ""),
        ("default_process_limit = 1\n", "-", ""),
        ("postscreen_greet_action = bogus\n", "1", ""),
        ("", "1", "-o postscreen_upstream_proxy_protocol=bogus"),
        ("", "1", "-o postscreen_tls_security_level=bogus"),
        ("", "1", "-o postscreen_command_time_limit=5S"),
    ],
)
def test_what_postscreen_dies_of(main: str, column: str, options: str, tmp_path: Path, key_pair: KeyPair) -> None:
    master = POSTSCREEN.format(column, options)
    run = seen(tmp_path / "root", key_pair, main, master)
    (endpoint,) = facts(MAIN_CF + main, master).endpoints
    assert greets(run) is plain(endpoint.serves), "\n".join(run.log)
