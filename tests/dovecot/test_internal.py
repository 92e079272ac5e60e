"""The services behind the login processes, where the network reaches them."""

from __future__ import annotations

import pytest

from checker.facts.endpoint import Endpoint
from tests.dovecot.described import BOTH, CERTIFICATE, endpoints
from tests.dovecot.made import plain


def listening(generation: str, service: str, name: str, *lines: str, more: str = "") -> Endpoint:
    """Return the endpoint of one more listener, at port 10000."""
    inner = "".join(f"    {line}\n" for line in ("port = 10000", *lines))
    section = f"service {service} {{\n  inet_listener {name} {{\n{inner}  }}\n}}\n"
    text = f"protocols = imap lmtp\nlisten = *\n{CERTIFICATE[generation]}{more}{section}"
    (found,) = (each for each in endpoints(text, generation).values() if plain(each.port) == 10000)
    return found


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize(
    ("service", "name", "protocol"),
    [
        ("auth", "sasl", "auth"),
        ("doveadm", "tcp", "doveadm"),
        ("doveadm", "http", "http"),
        ("doveadm", "HTTP", "doveadm"),
        ("stats", "http", "http"),
        ("stats", "reader", "stats"),
        ("dict", "x", "dict"),
        ("lmtp", "x", "lmtp"),
        ("indexer", "x", "other"),
    ],
)
def test_what_they_speak(generation: str, service: str, name: str, protocol: str) -> None:
    assert plain(listening(generation, service, name).protocol) == protocol


def test_in_2_4_the_type_goes_before_the_name() -> None:
    assert plain(listening("2.4", "doveadm", "http", "type = tcp").protocol) == "doveadm"
    assert plain(listening("2.4", "doveadm", "x", "type = http").protocol) == "http"


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize(
    ("service", "name", "mode"),
    [
        ("doveadm", "tcp", "implicit"),
        ("doveadm", "http", "implicit"),
        ("lmtp", "x", "implicit"),
        ("auth", "sasl", "none"),
        ("dict", "x", "none"),
        ("stats", "reader", "none"),
    ],
)
def test_ssl_of_a_listener_means_nothing_to_some(generation: str, service: str, name: str, mode: str) -> None:
    assert plain(listening(generation, service, name, "ssl = yes").tls.mode) == mode


def test_the_metrics_of_2_3_die_of_tls() -> None:
    assert plain(listening("2.3", "stats", "http", "ssl = yes").serves) is False
    assert plain(listening("2.4", "stats", "http", "ssl = yes").serves) is True


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize(
    ("name", "more", "offered"),
    [
        ("tcp", "", False),
        ("tcp", "doveadm_password = x\n", True),
        ("tcp", "doveadm_api_key = x\n", False),
        ("http", "doveadm_api_key = x\n", True),
        ("http", "", False),
    ],
)
@pytest.mark.parametrize("ssl", ["yes", "no"])
def test_doveadm_takes_its_password_as_it_comes(generation: str, name: str, more: str, ssl: str, offered: bool) -> None:
    found = listening(generation, "doveadm", name, f"ssl = {ssl}", more=f"ssl = required\n{more}")
    assert plain(found.auth.offered) is offered
    assert plain(found.auth.required) is True
    assert plain(found.auth.cleartext_allowed) is (offered and ssl == "no")


@pytest.mark.parametrize("generation", BOTH)
def test_auth_takes_passwords_in_clear_whatever_is_required(generation: str) -> None:
    found = listening(generation, "auth", "sasl", more="ssl = required\nauth_mechanisms = plain cram-md5\n")
    assert plain(found.auth.cleartext_allowed) is True
    assert plain(found.auth.mechanisms_before_tls) == ("PLAIN", "CRAM-MD5")
    assert plain(found.socket.use) == "client"


@pytest.mark.parametrize("generation", BOTH)
@pytest.mark.parametrize(("name", "use"), [("x-userdb", "userdb"), ("x-master", "master")])
def test_other_sockets_of_auth_answer_without_a_password(generation: str, name: str, use: str) -> None:
    found = listening(generation, "auth", name)
    assert plain(found.socket.use) == use
    assert plain(found.auth.offered) is False
    assert plain(found.auth.required) is False


@pytest.mark.parametrize("generation", BOTH)
def test_a_policy_service(generation: str) -> None:
    text = (
        "service quota-status {\n  executable = quota-status -p postfix\n  inet_listener {\n    port = 12340\n  }\n}\n"
    )
    text = text.replace("inet_listener {", "inet_listener x {")
    (found,) = (each for each in endpoints(f"listen = *\n{text}", generation).values() if plain(each.port) == 12340)
    assert [plain(found.protocol), plain(found.role)] == ["policy", "internal"]
