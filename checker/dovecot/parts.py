"""A conf.d whose dovecot.conf is not there: its files are read as if one included them."""

from __future__ import annotations

import posixpath
import re

from checker.tree import ReadError, Tree, WithFile

_OF_24 = re.compile(
    r"^\s*(auth_allow_cleartext|ssl_server_\w+|ssl_server\s*\{|mail_driver|mail_path|passdb \w+ \{|userdb \w+ \{)",
    re.MULTILINE,
)
"""What only 2.4 understands."""

_VERSIONS = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"


def with_entry(tree: Tree, directory: str, parts: tuple[str, ...]) -> tuple[Tree, str]:
    """Return a tree with a dovecot.conf that includes these files, and its path."""
    entry = posixpath.join(directory, "dovecot.conf")
    includes = "".join(f"!include {posixpath.relpath(part, directory or '.')}\n" for part in parts)
    is_24 = any(_OF_24.search(_text(tree, part)) for part in parts)
    text = f"{_VERSIONS if is_24 else ''}{includes}"
    return WithFile(tree, entry, text.encode("utf-8", "surrogateescape")), entry


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).text
    except ReadError:
        return ""
