"""Programs of others, put into .cache/integrations by ``make integrations``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
HOME = PROJECT / ".cache" / "integrations"
MULTITOOL = HOME / "node_modules" / "@microsoft" / "sarif-multitool-linux"


def require(program: str) -> Path:
    """Return the path of a program; skip the test if it is not there."""
    path = MULTITOOL / program if program == "Sarif.Multitool" else HOME / "venv" / "bin" / program
    if not path.is_file():
        reason = HOME / "unavailable"
        pytest.skip(f"needs {program}: {reason.read_text().strip() if reason.exists() else 'run `make integrations`'}")
    return path


def run(program: str, *arguments: str | Path, directory: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; it finds the others on its path."""
    path = require(program)
    return subprocess.run(
        [path, *arguments],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=directory,
        env={
            "PATH": f"{path.parent}:/usr/bin:/bin",
            "HOME": str(directory),
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
        },
        timeout=300,
    )
