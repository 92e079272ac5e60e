"""Ours against the real doveconf of both generations: what it prints of configurations made at random, what it refuses
and where.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.commands import doveconf
from checker.dovecot.release import release
from tests import oracles
from tests.dovecot.generated import TEXTS_23, TEXTS_24
from tests.dovecot.made import HEAD

BESIDE = re.compile(r"managesieve|sieve")
"""Settings of a package that may or may not be installed beside Dovecot."""

ROOTS = {"debian-12": oracles.ROOT, "debian-13": oracles.DEBIAN_13}
NOT_INSTALLED = "mail_plugin_dir: access(/usr/lib/dovecot/modules) failed"
"""With plugins set, doveconf asks for the directory of the installed ones: it speaks of the machine, not of the
text."""

VIEWS = st.sampled_from(
    [
        ("-n",),
        ("-n", "-x"),
        ("-n", "-P"),
        ("ssl", "listen", "protocols", "nosuch"),
        ("service/imap-login/inet_listener/imap/port", "passdb", "auth_mechanisms", "mail_plugins"),
    ]
)
QUERIES = st.sampled_from([(), ("protocol=imap",), ("protocol=pop3", "local=10.1.2.3"), ("remote=2001:db8::1",)])


def real(platform: str) -> tuple[str, ...]:
    """Return the command line of a platform's doveconf; skip the test if there is none."""
    root = oracles.require_root(ROOTS[platform])
    command = oracles.unpacked("doveconf", root)
    assert command is not None
    return command


def rows(lines: list[str]) -> list[str]:
    """Return each printed setting with the sections around it; the order is not compared."""
    path: list[str] = []
    found: list[str] = []
    for line in map(str.strip, lines):
        if line.startswith("# ") or not line:
            continue
        if line.endswith("{"):
            path.append(line[:-1].strip())
        elif line == "}":
            path.pop()
        else:
            found.append("/".join([*path, line]))
    return sorted(row for row in found if not BESIDE.search(row))


def ours(platform: str, file: Path, asked: Sequence[str]) -> tuple[int, str, str]:
    """Return what our command ends with, prints, and says."""
    parser = argparse.ArgumentParser()
    doveconf.add_arguments(parser)
    arguments = parser.parse_args(["-c", str(file), "--platform", platform, *asked])
    out, said = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        status = doveconf.run(arguments)
    printed = out.buffer
    assert isinstance(printed, io.BytesIO)
    return status, printed.getvalue().decode("utf-8", "surrogateescape"), said.getvalue()


def place(said: str) -> str | None:
    """Return the line that the first fatal error names."""
    found = re.search(r"Fatal: .* line ([0-9]+):", said)
    return found[1] if found else None


def compare(platform: str, file: Path, text: str, query: Sequence[str] = (), view: Sequence[str] = ("-n",)) -> None:
    """Fail unless ours and the real one agree on a text."""
    file.write_text(text)
    asked = [*(word for each in query for word in ("-f", each)), *view]
    command = [*real(platform), "-c", str(file), *asked]
    theirs = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    status, printed, said = ours(platform, file, asked)
    if NOT_INSTALLED in theirs.stderr:
        assert os.environ.get("MAILPOSTURE_NO_SKIP") != "1", (
            "acceptance is not compared: mkdir -p /usr/lib/dovecot/modules"
        )
    else:
        assert (theirs.returncode == 0) == (status == 0), (theirs.stderr, said)
        assert status == 0 or place(theirs.stderr) is None or place(theirs.stderr) == place(said), (theirs.stderr, said)
    if theirs.returncode >= 0:  # a panic loses what is printed before
        assert rows(printed.splitlines()) == rows(theirs.stdout.splitlines())


@pytest.mark.parametrize("platform", ROOTS)
def test_the_real_one_is_of_the_release_that_we_compare_with(platform: str) -> None:
    done = subprocess.run([*real(platform), "-d"], check=False, capture_output=True, text=True, timeout=30)
    assert done.stdout.startswith(f"# {release(None, platform).version}")


@pytest.mark.parametrize("query", [("protocol=imap",), ("protocol=pop3",), ("protocol=imap", "local=10.1.2.3"), ()])
@pytest.mark.parametrize("around", ["protocol imap", "protocol !pop3", "local 10.1.2.3"])
@pytest.mark.parametrize("section", ["mailbox Sent", "passdb pam", "userdb passwd", "namespace inbox", "dict_server x"])
def test_a_section_in_a_filter(tmp_path: Path, section: str, around: str, query: tuple[str, ...]) -> None:
    text = f"{HEAD}{around} {{\n  {section} {{\n  }}\n}}\n"
    compare("debian-13", tmp_path / "dovecot.conf", text, query)


FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=3000)


@FEW
@given(TEXTS_23, QUERIES, VIEWS)
def test_2_3(tmp_path: Path, text: str, query: tuple[str, ...], view: tuple[str, ...]) -> None:
    compare("debian-12", tmp_path / "dovecot.conf", text, query, view)


@FEW
@given(TEXTS_24, QUERIES, VIEWS)
def test_2_4(tmp_path: Path, text: str, query: tuple[str, ...], view: tuple[str, ...]) -> None:
    compare("debian-13", tmp_path / "dovecot.conf", text, query, view)


@pytest.mark.slow
@MANY
@given(TEXTS_23, QUERIES, VIEWS)
def test_2_3_at_length(tmp_path: Path, text: str, query: tuple[str, ...], view: tuple[str, ...]) -> None:
    compare("debian-12", tmp_path / "dovecot.conf", text, query, view)


@pytest.mark.slow
@MANY
@given(TEXTS_24, QUERIES, VIEWS)
def test_2_4_at_length(tmp_path: Path, text: str, query: tuple[str, ...], view: tuple[str, ...]) -> None:
    compare("debian-13", tmp_path / "dovecot.conf", text, query, view)


@pytest.mark.parametrize("version", [f"2.4.{each}" for each in range(7)])
def test_the_versions_that_a_configuration_may_be_of(tmp_path: Path, version: str) -> None:
    text = f"dovecot_config_version = {version}\ndovecot_storage_version = 2.4.0\n"
    compare("debian-13", tmp_path / "dovecot.conf", text, ())
