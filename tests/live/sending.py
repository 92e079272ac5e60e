"""Have a real Postfix send mail where it can reach nobody else, and tell what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import oracles
from tests.live.namespaces import need_namespaces, run_inside

SERVERS = {2501: ("starttls", "auth"), 2502: ("auth",), 2503: ("wrapper", "auth")}
"""The servers that mail is sent to, by their ports, and what they can. All have one certificate, their own."""


@dataclass(frozen=True)
class Sent:
    """What a run showed: of each recipient's mail ``status``, ``why``, ``tls`` and ``login``; and the log."""

    mails: dict[str, dict[str, Any]]
    log: list[str]


def send(
    configuration: tuple[str, str],
    recipients: Sequence[str],
    directory: Path,
    files: Mapping[str, str],
    certificate: str,
) -> Sent:
    """Return what became of one mail to each recipient; the configuration is main.cf and master.cf.

    ``directory`` is an empty one to work in; ``certificate`` holds the key and the certificate of the servers. Skips
    the test where namespaces or the programs are not to be had.
    """
    oracles.require("master")
    main_cf, master_cf = configuration
    need_namespaces()
    servers = directory / "servers.pem"
    servers.write_text(certificate)
    root = directory / "root"
    root.mkdir()
    job = {
        "root": str(root),
        "oracle": str(oracles.ROOT),
        "ip": oracles.require("ip"),
        "port": 25,
        "files": {"/etc/postfix/main.cf": main_cf, "/etc/postfix/master.cf": master_cf, **files},
        "servers": SERVERS,
        "recipients": list(recipients),
        "certificate": str(servers),
    }
    answer, _ = run_inside("tests.live.inside_sending", job)
    return Sent(answer["mails"], answer["log"])
