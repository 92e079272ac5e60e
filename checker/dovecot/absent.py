"""Includes whose files are not there: on a host that is fatal; where only a part of a host is kept, such as in a
repository, the package or another role may bring the file.
"""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from checker.dovecot.include import Problem
from checker.dovecot.server import Configuration
from checker.source import Source

_INCLUDE = r"!include\s+(\S+)"
_NO_MATCHES = "No matches"
_DATABASES = r"auth-[\w-]+\.(conf\.ext|inc|ext|conf)"
"""Files that by custom hold passdbs and userdbs, and nothing else that any fact depends on."""


_HINT = "Dovecot starts only if the package or something else brings the file"


def awaited(configuration: Configuration) -> Problem | None:
    """Return the first include that something else must bring a file for, None if all are there."""
    return next((problem for problem in configuration.problems if problem.hint == _HINT), None)


def excused(configuration: Configuration) -> Configuration:
    """Return a configuration in which an include without a match is no fault, but what it would set is unknown."""
    sources = {source.path: source for source in configuration.files}
    return replace(configuration, problems=tuple(_excused(problem, sources) for problem in configuration.problems))


def _excused(problem: Problem, sources: dict[str, Source]) -> Problem:
    source = sources.get(problem.place.path)
    named = re.search(_INCLUDE, source.line(problem.place.line)) if source else None
    if problem.kind != "fatal" or problem.text != _NO_MATCHES or named is None:
        return problem
    pattern = named[1]
    if re.fullmatch(_DATABASES, posixpath.basename(pattern)):
        text = f"{pattern} is not in the set: its passdbs and userdbs are unknown"
        return replace(problem, kind="warning", text=text, hint=_HINT)
    return replace(problem, kind="unknown", text=f"{pattern} is not in the set: what it sets is unknown", hint=_HINT)
