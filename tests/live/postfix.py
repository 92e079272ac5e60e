"""Start a real Postfix where it can reach nobody and nobody can reach it, and observe its ports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import oracles
from tests.live.namespaces import need_namespaces, run_inside


@dataclass(frozen=True)
class Seen:
    """What a run showed: whether the master started, each port's observation (``dialogue.observe``), and the log."""

    started: bool
    ports: dict[int, dict[str, Any]]
    log: list[str]


def observe(
    main_cf: str,
    master_cf: str,
    ports: Sequence[int],
    directory: Path,
    files: Mapping[str, str] | None = None,
    *,
    suites: Sequence[str] = (),
) -> Seen:
    """Return what a real Postfix of Debian 12 with this configuration offers to a stranger on these ports.

    It runs in namespaces of its own, which end with it. An authentication server listens at ``private/auth`` of the
    queue. ``directory`` is an empty one to work in; ``files`` are more files, by absolute path, and ``suites``
    cipher suites to be tried one by one. Skips the test where namespaces or the programs are not to be had.
    """
    oracles.require("master")
    need_namespaces()
    configuration = {"/etc/postfix/main.cf": main_cf, "/etc/postfix/master.cf": master_cf}
    job = {
        "root": str(directory),
        "oracle": str(oracles.ROOT),
        "ip": oracles.require("ip"),
        "ports": list(ports),
        "suites": list(suites),
        "files": {**configuration, **(files or {})},
    }
    answer, _ = run_inside("tests.live.inside", job)
    return Seen(answer["started"], {int(port): seen for port, seen in answer["ports"].items()}, answer["log"])
