"""Ours against the real doveconf 2.3.19.1, where it is installed: on configurations made at random."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.dovecot.doveconf23 import show_all
from checker.dovecot.filters import Filter, network
from checker.dovecot.read23 import read23
from checker.dovecot.release import release
from checker.tree import DiskTree

VERSION = "2.3.19.1"
BESIDE = re.compile(r"managesieve|sieve")
"""Settings of a package that may or may not be installed beside Dovecot."""


@cache
def real() -> str:
    """Return the path of the real doveconf of the release that we compare with; skip the test if there is none."""
    found = shutil.which("doveconf")
    if found is None:
        pytest.skip("needs doveconf: it is not installed")
    version = subprocess.run([found, "-d"], check=False, capture_output=True, text=True, timeout=30).stdout
    if not version.startswith(f"# {VERSION} "):
        pytest.skip(f"needs doveconf {VERSION}: another release is installed")
    return found


NAMES = ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32", "10.1.2.3")
SETTINGS = st.sampled_from(
    [
        "ssl = no",
        "ssl = yes",
        "ssl = required",
        "ssl = maybe",
        "disable_plaintext_auth = no",
        "mail_plugins = $mail_plugins acl",
        "mail_plugins = quota",
        "hostname = a#b",
        'login_greeting = "x # y"',
        "login_greeting = it's # x",
        "listen = 127.0.0.1",
        "auth_failure_delay = 90 secs",
        "auth_cache_size = 10240k",
        "bogus = 1",
        "ssl_min_protocol = TLSv1.3",
        "verbose_ssl = Y",
        "mail_max_keyword_length = 07",
        "ssl_options = no_ticket",
        "ssl_dh = <dh.pem",
        "login_trusted_networks = 10.0.0.0/8 \\",
        "# comment",
        "",
        "auth_mechanisms = plain login",
        "plugin/x = y",
    ]
)


def section(heading: str, body: list[str]) -> list[str]:
    return [f"{heading} {{", *(f"  {line}" for line in body), "}"]


def blocks(children: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    headings = st.one_of(
        st.sampled_from(["protocol imap", "protocol !pop3", "protocol pop3", "local_name *.example.org"]),
        st.sampled_from(NAMES).map("local {}".format),
        st.sampled_from(NAMES).map("remote {}".format),
    )
    return st.builds(section, headings, children)


LISTENER = st.builds(
    section,
    st.sampled_from(["inet_listener imap", "inet_listener IMAPS", "inet_listener other", "unix_listener a/b"]),
    st.lists(
        st.sampled_from(["port = 0", "port = 10143", "ssl = yes", "mode = 0660", "mode = 666", "user = x"]), max_size=3
    ),
)
SERVICE = st.builds(
    section,
    st.sampled_from(["service imap-login", "service auth", "service own"]),
    st.lists(st.one_of(LISTENER, st.sampled_from([["user = x"], ["client_limit = 5"]])), max_size=3).map(
        lambda parts: [line for part in parts for line in part]
    ),
)
PASSDB = st.builds(section, st.just("passdb"), st.lists(st.sampled_from(["driver = pam", "args = a b"]), max_size=2))
NAMESPACE = st.builds(
    section,
    st.sampled_from(["namespace inbox", "namespace"]),
    st.lists(st.sampled_from(["inbox = yes", "prefix = x/"])),
)
LINES = st.lists(SETTINGS, max_size=4)
TEXTS = st.lists(st.one_of(LINES, blocks(LINES), blocks(blocks(LINES)), SERVICE, PASSDB, NAMESPACE), max_size=6).map(
    lambda parts: "".join(f"{line}\n" for part in parts for line in part)
)
QUERIES = st.sampled_from([(), ("protocol=imap",), ("protocol=pop3", "local=10.1.2.3"), ("remote=2001:db8::1",)])


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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, QUERIES)
def test_what_is_printed_and_what_is_refused(tmp_path: Path, text: str, query: tuple[str, ...]) -> None:
    file = tmp_path / "dovecot.conf"
    file.write_text(text)
    asked = [word for each in query for word in ("-f", each)]
    theirs = subprocess.run(
        [real(), "-c", str(file), "-n", *asked], check=False, capture_output=True, text=True, timeout=30
    )
    read = read23(DiskTree(tmp_path), file.name, release(VERSION, "debian-12"), expansion="print")
    if read.fatal is not None:
        assert theirs.returncode == 89
        line = re.search(r"Fatal: .* line ([0-9]+):", theirs.stderr)
        assert line is None or int(line[1]) == read.fatal.number
        return
    given_values = dict(each.split("=", 1) for each in query)
    where = Filter(
        given_values.get("protocol"),
        network(given_values["local"]) if "local" in given_values else None,
        None,
        network(given_values["remote"]) if "remote" in given_values else None,
    )
    ours = show_all(read, where, "changed", secrets=False)
    assert (theirs.returncode == 0) == (ours.error is None), theirs.stderr
    assert rows(list(ours.lines)) == rows(theirs.stdout.splitlines())
