"""The Postfix of the examples does on the wire what its comments say, and what is derived from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command
from tests.live.agreement import Offer, endpoints_derived, offer_derived, offer_seen, open_ports
from tests.live.conftest import KeyPair
from tests.live.dialogue import VERSIONS
from tests.live.postfix import Seen, observe

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PORTS = (25, 465, 587, 2525)


def observed(name: str, directory: Path, files: dict[str, str]) -> Seen:
    configuration = EXAMPLES / name / "etc/postfix"
    main_cf, master_cf = ((configuration / file).read_text() for file in ("main.cf", "master.cf"))
    return observe(main_cf, master_cf, PORTS, directory, files)


@pytest.fixture(scope="module")
def hardened(tmp_path_factory: pytest.TempPathFactory, key_pair: KeyPair) -> Seen:
    files = {"/etc/ssl/private/mail.example.org.pem": key_pair.key + key_pair.certificate}
    return observed("hardened", tmp_path_factory.mktemp("hardened"), files)


@pytest.fixture(scope="module")
def insecure(tmp_path_factory: pytest.TempPathFactory, key_pair: KeyPair) -> Seen:
    files = {
        "/etc/ssl/certs/correo.example.es.pem": key_pair.certificate,
        "/etc/ssl/private/correo.example.es.key": key_pair.key,
    }
    return observed("insecure", tmp_path_factory.mktemp("insecure"), files)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("port", "mode", "required", "auth"),
    [(25, "starttls", False, False), (587, "starttls", True, True), (465, "implicit", True, True)],
)
def test_hardened_protects_every_port(hardened: Seen, port: int, mode: str, required: bool, auth: bool) -> None:
    assert offer_seen(hardened.ports[port]) == Offer(
        banner="mail.example.org ESMTP",
        tls_mode=mode,
        tls_required=required,
        auth_offered=auth,
        cleartext_password=False,
        vrfy=False,
        open_relay=False,
        versions=("TLSv1.2", "TLSv1.3"),
    )


@pytest.mark.slow
def test_hardened_has_no_other_port(hardened: Seen) -> None:
    assert open_ports(hardened) == {25, 465, 587}


@pytest.mark.slow
def test_hardened_starts_without_a_complaint(hardened: Seen) -> None:
    complaints = [line for line in hardened.log if "fatal:" in line or ("master" in line and "warning:" in line)]
    assert not complaints


@pytest.mark.slow
@pytest.mark.parametrize(("port", "mode"), [(25, "none"), (2525, "none"), (465, "starttls"), (587, "starttls")])
def test_insecure_is_as_bad_as_it_says(insecure: Seen, port: int, mode: str) -> None:
    assert offer_seen(insecure.ports[port]) == Offer(
        banner="correo.example.es ESMTP Postfix 3.7.11",
        tls_mode=mode,
        tls_required=False,
        auth_offered=True,
        cleartext_password=True,
        vrfy=True,
        open_relay=True,
        versions=tuple(VERSIONS) if mode == "starttls" else (),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["insecure", "hardened"])
def test_what_is_derived_is_what_is_offered(name: str, mailposture: Command, request: pytest.FixtureRequest) -> None:
    run: Seen = request.getfixturevalue(name)
    derived = endpoints_derived(mailposture, EXAMPLES / name / "etc" / "postfix")
    assert open_ports(run) == derived.keys()
    assert {port: offer_seen(run.ports[port]) for port in derived} == {
        port: offer_derived(endpoint) for port, endpoint in derived.items()
    }
