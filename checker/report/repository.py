"""Paths as a code host knows them: from the top of the repository, whatever the run saw them from."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from checker.report.view import View


def base_of(view: View) -> str:
    """Return the directory that a code host counts paths from: the Git work tree that holds the files, else the
    directory of the run where the files are below it, else their root.
    """
    root = Path(view.result.root)
    if not view.result.root:
        return ""
    for each in (root, *root.parents):
        if os.path.lexists(each / ".git"):
            return str(each)
    return str(view.directory if view.directory in root.parents and root != Path("/") else root)


def path_in(base: str, path: str, view: View) -> str:
    """Return a path of the result as seen from the base, links resolved, since a code host shows no link's target;
    absolute where it is not below the base.
    """
    if not base:
        return path
    real = os.path.realpath(os.path.join(view.result.root, path))  # noqa: PTH118 - an absolute path replaces the root
    inside = base != "/" and real.startswith(f"{base}/")
    return real[len(base) + 1 :] if inside else real


def uri(path: str) -> str:
    """Return the URI of a path: a relative reference, or ``file:`` for an absolute one."""
    coded = quote(os.fsencode(path), safe="/")
    return f"file://{coded}" if path.startswith("/") else coded
