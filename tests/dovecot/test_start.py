"""Whether Dovecot starts."""

from __future__ import annotations

import pytest

from tests.dovecot.described import BOTH, facts, said
from tests.dovecot.made import HEAD_LINES, plain

LISTENERS = "service imap-login {\n inet_listener a {\n  port = 143\n }\n}\n"


def start(text: str, generation: str = "2.3", **files: str) -> tuple[object, int | None]:
    """Return whether it starts, and the line of what stops it."""
    starts = facts(text, generation, files).software.starts
    place = starts.origins[0].place if starts.origins else None
    head = HEAD_LINES if generation == "2.4" else 0
    return said(starts), place.line - head if place else None


@pytest.mark.parametrize("generation", BOTH)
def test_a_good_configuration_starts(generation: str) -> None:
    assert start("protocols = imap\nssl = required\n", generation) == (True, None)


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ssl = no\nbogus = 1\n", 2),
        ("ssl = maybe\n", 1),
        ("service imap-login {\n", None),
        ("protocols = imap imap4\n", 1),
        (f"protocols = imap\n{LISTENERS}", 4),
        ("protocols = imap\nlisten = *, 127.0.0.1\n", 2),
    ],
)
def test_what_stops_it_is_told_with_its_place(generation: str, text: str, line: int | None) -> None:
    starts, found = start(text, generation)
    assert starts is False
    assert line is None or found == line


@pytest.mark.parametrize("text", ["service lmtp {\n inet_listener a {\n  port = 143\n }\n}\n"])
def test_listeners_of_services_that_do_not_run_are_in_nobodys_way(text: str) -> None:
    assert start(f"protocols = imap\n{text}") == (True, None)


def test_the_contradiction_of_2_4() -> None:
    assert start("ssl = required\nauth_allow_cleartext = yes\n", "2.4")[0] is False
    assert start("ssl = required\ndisable_plaintext_auth = no\n", "2.3")[0] is True


@pytest.mark.parametrize("generation", BOTH)
def test_a_line_of_a_template_leaves_it_open(generation: str) -> None:
    assert start("protocols = imap\n{{ more }}\n", generation) == ("<template>", 2)


@pytest.mark.parametrize(
    ("generation", "text"),
    [
        ("2.3", "listen =\n"),
        ("2.4", "listen =\n"),
        ("2.4", "listen =\nservice imap-login {\n inet_listener imap {\n  listen = 127.0.0.1\n }\n}\n"),
        ("2.4", "listen = *:10143\n"),
        ("2.4", "listen = a$b\n"),
        ("2.4", "service imap-login {\n process_limit = 0\n}\n"),
    ],
)
@pytest.mark.parametrize("version", ["2.4.1", "2.4.5"])
def test_what_the_master_refuses_though_doveconf_may_not(generation: str, text: str, version: str) -> None:
    made = facts(f"protocols = imap\n{text}", generation, version=version if generation == "2.4" else None)
    starts = made.software.starts
    assert plain(starts) is False
    assert starts.origins[0].place is not None


@pytest.mark.parametrize(
    "text",
    [
        "listen = localhost\n",
        "listen = mail.example.org\n",
        "listen = 127.0.0.1\nservice imap-login {\n inet_listener imap {\n  listen =\n }\n}\n",
        "listen = 127.0.0.1\nservice imap-login {\n listen =\n}\n",
    ],
)
def test_what_it_takes(text: str) -> None:
    made = facts(f"protocols = imap\n{text}", "2.4")
    assert plain(made.software.starts) is True
    assert [each for each in made.endpoints if plain(each.port) == 143]


@pytest.mark.parametrize(
    ("generation", "text", "message"),
    [
        ("2.3", "syslog_facility = no\n", "Unknown syslog_facility: no"),
        ("2.4", "oauth2_introspection_url = https://h/\n", "Missing oauth2_introspection_mode"),
        ("2.4", "http_client_max_parallel_connections = 0\n", "http_client_max_parallel_connections must not be 0"),
        ("2.4", "quota_warning_threshold = above\n", "quota_warning_threshold: Invalid value: above"),
    ],
)
def test_values_that_stop_it(generation: str, text: str, message: str) -> None:
    starts = facts(text, generation).software.starts
    assert (plain(starts), starts.origins[0].note) == (False, message)


def test_a_value_that_stops_later_releases() -> None:
    text = "protocols = imap\nlast_valid_uid = 0\n"
    assert plain(facts(text, "2.4", version="2.4.1").software.starts) is True
    assert plain(facts(text, "2.4", version="2.4.5").software.starts) is False
