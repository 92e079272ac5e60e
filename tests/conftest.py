"""What all tests share: the oracles, and the promise that nothing is skipped where everything must be there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import oracles

# The same examples in every run, so that a change is to blame for a failure; MAILPOSTURE_EXPLORE=1 looks for new ones.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("explore" if os.environ.get("MAILPOSTURE_EXPLORE") == "1" else "same")

Postconf = Callable[..., subprocess.CompletedProcess[str]]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def postconf() -> Postconf:
    """Give the real postconf, to be called with a directory and arguments."""
    oracles.require("postconf")
    return oracles.run_postconf


@pytest.fixture(scope="session")
def mailposture() -> Command:
    """Give the installed command, to be called with arguments."""
    program = Path(sys.executable).with_name("mailposture")

    def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *args], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that was skipped, where MAILPOSTURE_NO_SKIP=1 says that all it could need is there."""
    del item, call
    report = yield
    if os.environ.get("MAILPOSTURE_NO_SKIP") == "1":
        fail_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Likewise for a module that is skipped as a whole."""
    report = yield
    if os.environ.get("MAILPOSTURE_NO_SKIP") == "1":
        fail_skipped(report)
    return report


def fail_skipped(report: Any) -> None:
    """Turn the report of a skip into one of a failure. An expected failure is no skip."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although MAILPOSTURE_NO_SKIP=1: {report.longrepr[2]}"
