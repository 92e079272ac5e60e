"""Run a module as a program in namespaces of its own: network, mounts, processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SECONDS = 120.0
UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")


@cache
def _obstacle() -> str | None:
    if os.geteuid() != 0:
        return "needs root for namespaces"
    if shutil.which("unshare") is None:
        return "needs unshare"
    refused = subprocess.run([*UNSHARE, "true"], check=False, capture_output=True, text=True, timeout=10)
    return f"namespaces are refused: {refused.stderr.strip()}" if refused.returncode else None


def need_namespaces() -> None:
    """Skip the test, with the reason, where namespaces cannot be had."""
    reason = _obstacle()
    if reason is not None:
        pytest.skip(reason)


def run_inside(module: str, job: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Give the module the job as JSON; return what it answers, and its standard error."""
    done = subprocess.run(
        [*UNSHARE, sys.executable, "-m", module],
        cwd=Path(__file__).resolve().parents[2],
        check=False,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr
