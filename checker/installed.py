"""What a host's own files say of it: its platform, and which version of a package is installed."""

from __future__ import annotations

import posixpath
import re

from checker.releases.tables import table
from checker.tree import ReadError, Tree

OS_RELEASE = "etc/os-release"
PACKAGE_DATABASE = "var/lib/dpkg/status"

_UPSTREAM = re.compile(r"Version: (?:\d+:)?(\d+(?:\.\d+)*)")
"""Without epoch, what was repacked (``+dfsg1``) and the revision of the package."""


def platform_of(tree: Tree, host: str) -> str | None:
    """Return the platform that a host's os-release names, if the tables know it."""
    text = _text(tree, posixpath.join(host, OS_RELEASE))
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    name = f"{fields.get('ID', '').strip(chr(34))}-{fields.get('VERSION_ID', 'sid').strip(chr(34))}"
    return name if name in table("platforms") else None


def installed_version(tree: Tree, host: str, package: str) -> str | None:
    """Return the upstream version of an installed Debian package, by the host's package database."""
    text = _text(tree, posixpath.join(host, PACKAGE_DATABASE))
    for stanza in f"\n{text}".split("\nPackage: ")[1:]:
        if stanza.startswith(f"{package}\n") and "\nStatus: install ok installed" in stanza:
            for line in stanza.splitlines():
                if line.startswith("Version: "):
                    upstream = _UPSTREAM.match(line)
                    return upstream[1] if upstream else None
    return None


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).text
    except ReadError:
        return ""
