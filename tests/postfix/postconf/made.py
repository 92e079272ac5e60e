"""What our postconf prints, in the form in which the real one's output is looked at."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from checker.commands.postconf import add_arguments, lines_of
from checker.postfix.postconf.files import Warnings


def printed(directory: Path, mode: str, version: str, platform: str | None = None) -> tuple[str, list[str]]:
    """Return standard output and warnings for a command line; raise PostconfError where it is refused."""
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    add_arguments(parser)
    given = ["-c", str(directory), "--postfix-version", version, *(["--platform", platform] if platform else [])]
    arguments = parser.parse_intermixed_args([*mode.split(), *given])
    warnings = Warnings([])
    lines = lines_of(arguments, warnings)
    return "".join(f"{line}\n" for line in lines), [readable(text) for text in warnings.lines]


def readable(text: str) -> str:
    """Return a text as Postfix logs it."""
    return "".join(each if " " <= each <= "~" else "?" * len(each.encode("utf-8", "surrogateescape")) for each in text)


def said(stderr: str) -> Counter[str]:
    """Return what the real one warns of; the order of its lines is that of a hash table."""
    mark = "postconf: warning: "
    return Counter(line[len(mark) :] for line in stderr.splitlines() if line.startswith(mark))
