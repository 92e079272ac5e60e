"""Real programs that tests compare with: unpacked by ``make oracles``, or on the machine's PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent / ".cache" / "oracles"
ROOT = HOME / "root"
"""The unpacked packages of Debian 12, complete with their libraries: it can be the root of a process."""

DEBIAN_13 = HOME / "debian-13"
"""Those of Debian 13: its Dovecot is of the other generation."""

SEARCH = ("usr/sbin", "usr/bin", "sbin", "bin", "usr/lib/postfix/sbin")
LIBRARIES = ("lib/*-linux-gnu", "usr/lib/*-linux-gnu", "usr/lib/postfix", "usr/lib/dovecot")
USERS = "root dovecot dovenull"
"""Users that doveconf looks for. The unpacked one finds them through nss_wrapper(1): the machine need not have them."""

LONG_AGO = 1_000_000_000
"""A modification time; Postfix reads a file twice, with a pause, if it changed within the last second."""


@cache
def unpacked(program: str, root: Path = ROOT) -> tuple[str, ...] | None:
    """Return the command line that runs an unpacked program with the libraries unpacked beside it, or None."""
    loader = next(root.glob("lib64/ld-linux-*.so.*"), None) or next(root.glob("lib/ld-linux-*.so.*"), None)
    found = next((root / place / program for place in SEARCH if (root / place / program).is_file()), None)
    if loader is None or found is None:
        return None
    libraries = ":".join(str(path) for pattern in LIBRARIES for path in sorted(root.glob(pattern)))
    command = (str(loader), "--library-path", libraries, "--argv0", program)
    if program != "doveconf":
        return (*command, str(found))
    wrapper = next(root.glob("usr/lib/*-linux-gnu/libnss_wrapper.so"))
    variables = (f"NSS_WRAPPER_{name.upper()}={accounts(name)}" for name in ("passwd", "group"))
    return ("env", *variables, *command, "--preload", str(wrapper), str(found))


@cache
def accounts(kind: str) -> Path:
    """Return a file that lists the users, as ``passwd`` or ``group`` does."""
    format_ = {"passwd": "{name}:x:{number}:{number}::/:/bin/false\n", "group": "{name}:x:{number}:\n"}[kind]
    lines = [format_.format(name=name, number=number) for number, name in enumerate(USERS.split())]
    path = HOME / kind
    new = path.with_name(f"{kind}.{os.getpid()}")
    new.write_text("".join(lines))
    new.replace(path)
    return path


def require(program: str) -> tuple[str, ...]:
    """Return the command line that runs a program; skip the test if there is none.

    The unpacked one goes before the machine's own, so that every machine of the same release gives the same answers.
    """
    command = unpacked(program)
    if command is not None:
        return command
    installed = shutil.which(program)
    if installed is None:
        pytest.skip(f"needs {program}: {why_unavailable()}")
    return (installed,)


def why_unavailable(root: Path = ROOT) -> str:
    """Say why the oracles are not there."""
    try:
        return root.with_name(f"{root.name}.unavailable").read_text().strip()
    except FileNotFoundError:
        return "run `make oracles` first"


def require_root(root: Path) -> Path:
    """Return a root of unpacked packages; skip the test if it is not there."""
    if not (root / ".stamp").is_file():
        pytest.skip(f"needs the packages of {root.name}: {why_unavailable(root)}")
    return root


def write_configuration(directory: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write configuration files, dated so that Postfix reads them without a pause; return the directory."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(path, (LONG_AGO, LONG_AGO))
    return directory


def run_postconf(directory: Path, *args: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the real postconf(1) of a root on the ``main.cf`` (and ``master.cf``) of a directory.

    Bytes that are not UTF-8 come back as surrogate escapes. A fatal error takes it a second, which it sleeps.
    """
    return subprocess.run(
        [*(unpacked("postconf", root) or require("postconf")), "-c", str(directory), *args],
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        env={"PATH": "/usr/sbin:/usr/bin", "LC_ALL": "C"},
        timeout=30,
    )


def run_postmap(directory: Path, table: str, keys: Sequence[str]) -> dict[str, str]:
    """Return what the real postmap(1) finds in a table for each key that it finds."""
    write_configuration(directory, {"main.cf": "compatibility_level = 3.6\n"})
    done = subprocess.run(
        [*require("postmap"), "-c", str(directory), "-q", "-", table],
        check=False,
        input="".join(f"{key}\n" for key in keys),
        capture_output=True,
        text=True,
        env={"PATH": "/usr/sbin:/usr/bin", "LC_ALL": "C"},
        timeout=30,
    )
    return dict(line.split("\t", 1) for line in done.stdout.splitlines())
