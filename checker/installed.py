"""What a host's own files say of it: its platform, and which version of a package is installed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from checker.releases.platforms import Package
from checker.releases.tables import table
from checker.tree import ReadError, Tree

OS_RELEASE = "etc/os-release"
DPKG = "var/lib/dpkg/status"
APK = ("lib/apk/db/installed", "usr/lib/apk/db/installed")

_UPSTREAM = re.compile(r"(?:\d+:)?(\d+(?:\.\d+)*)")
"""Without epoch, what was repacked (``+dfsg1``) and the revision of the package."""

_DEBIAN_NAMES: Mapping[Package, str] = {"postfix": "postfix", "dovecot": "dovecot-core"}


def platform_of(tree: Tree, host: str) -> str | None:
    """Return the platform that a host's os-release(5) names, if the tables know it: by its version as far as that goes
    (``9`` of ``9.4``), and for what is rebuilt from another's packages by that one.
    """
    text = _text(tree, posixpath.join(host, OS_RELEASE))
    fields = {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in text.splitlines())}
    parts = fields.get("VERSION_ID", "sid").split(".")
    for name in (fields.get("ID", ""), *fields.get("ID_LIKE", "").split()):
        for length in range(len(parts), 0, -1):
            platform = f"{name}-{'.'.join(parts[:length])}"
            if platform in table("platforms"):
                return platform
    return None


def installed_version(tree: Tree, host: str, package: Package) -> str | None:
    """Return the upstream version of an installed package, by the host's package database: dpkg's or apk's."""
    name = _DEBIAN_NAMES[package]
    for stanza in f"\n{_text(tree, posixpath.join(host, DPKG))}".split("\nPackage: ")[1:]:
        if stanza.startswith(f"{name}\n") and "\nStatus: install ok installed" in stanza:
            return _upstream(stanza, "Version: ")
    for path in APK:
        for stanza in _text(tree, posixpath.join(host, path)).split("\n\n"):
            if f"\nP:{package}\n" in f"\n{stanza}\n":
                return _upstream(stanza, "V:")
    return None


def _upstream(stanza: str, mark: str) -> str | None:
    line = next((line for line in stanza.splitlines() if line.startswith(mark)), "")
    found = _UPSTREAM.match(line, len(mark))
    return found[1] if found else None


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).text
    except ReadError:
        return ""
