"""A certificate for the live tests."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import oracles


@dataclass(frozen=True)
class KeyPair:
    """A key and its self-signed certificate, as PEM."""

    key: str
    certificate: str


@pytest.fixture(scope="session")
def key_pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    """Make a key and a certificate."""
    directory = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            *oracles.require("openssl"),
            *("req", "-x509", "-config", "/dev/null", "-newkey", "rsa:2048", "-nodes", "-days", "30"),
            *("-subj", "/CN=mail.example.org", "-keyout", "key.pem", "-out", "certificate.pem"),
        ],
        check=True,
        capture_output=True,
        cwd=directory,
    )
    return KeyPair(Path(directory / "key.pem").read_text(), Path(directory / "certificate.pem").read_text())
