"""Start a real Postfix where it can reach nobody and nobody can reach it, and observe its ports."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import oracles

SECONDS = 120.0
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")


@dataclass(frozen=True)
class Seen:
    """What a run showed: whether the master started, each port's observation (``dialogue.observe``), and the log."""

    started: bool
    ports: dict[int, dict[str, Any]]
    log: list[str]


@cache
def obstacle() -> str | None:
    """Say why no Postfix can be started here, or None."""
    if os.geteuid() != 0:
        return "needs root for namespaces"
    if shutil.which("unshare") is None:
        return "needs unshare"
    refused = subprocess.run([*UNSHARE, "true"], check=False, capture_output=True, text=True, timeout=10)
    return f"namespaces are refused: {refused.stderr.strip()}" if refused.returncode else None


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
    reason = obstacle()
    if reason is not None:
        pytest.skip(reason)
    configuration = {"/etc/postfix/main.cf": main_cf, "/etc/postfix/master.cf": master_cf}
    job = {
        "root": str(directory),
        "oracle": str(oracles.ROOT),
        "ip": oracles.require("ip"),
        "ports": list(ports),
        "suites": list(suites),
        "files": {**configuration, **(files or {})},
    }
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-m", "tests.live.inside"],
        cwd=Path(__file__).resolve().parents[2],
        check=False,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return Seen(answer["started"], {int(port): seen for port, seen in answer["ports"].items()}, answer["log"])
