"""What one host costs in a process that runs already, beside the start of the real postconf.

usage: python benchmarks/warm.py

The host is Debian's: main.cf and master.cf as its package brings them. Run in turn, medians compared.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from checker.analysis import describe
from checker.commands.postconf import add_arguments, lines_of
from checker.postfix.postconf.files import Warnings
from checker.result import Target
from checker.tree import DiskTree

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / ".cache" / "oracles" / "root" / "usr" / "share" / "postfix"
FILES = {"main.cf": "main.cf.debian", "master.cf": "master.cf.dist"}
ROUNDS = 31
MOST_MS = 10.0
"""What the description of the host may take."""


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> int:
    """Measure and print; return the exit status."""
    program = shutil.which("postconf")
    if program is None or not PACKAGE.is_dir():
        print("no real postconf, or no files of Debian's: install Postfix, run `make oracles`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name, "etc", "postfix")
        directory.mkdir(parents=True)
        for file, source in FILES.items():
            (directory / file).write_bytes((PACKAGE / source).read_bytes())
            os.utime(directory / file, (1_000_000_000, 1_000_000_000))  # the real one reads a new file twice
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        add_arguments(parser)
        arguments = parser.parse_args(["-n", "-c", str(directory)])
        works: dict[str, Callable[[], object]] = {
            "postconf -n in the process": lambda: lines_of(arguments, Warnings([])),
            "all facts of the host": lambda: describe(DiskTree(Path(name)), ("",), Target()),
            "the real postconf -n": lambda: subprocess.run(
                [program, "-n", "-c", directory], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            ),
        }
        taken: dict[str, list[float]] = {each: [] for each in works}
        for _ in range(ROUNDS):
            for each, work in works.items():
                taken[each].append(milliseconds(work))
    medians = {each: statistics.median(times) for each, times in taken.items()}
    real = medians["the real postconf -n"]
    print(f"{ROUNDS} interleaved runs each, medians:")
    for each, its in medians.items():
        print(f"{each:<28} {its:>6.1f} ms  {its / real:.2f} x the real postconf -n")
    print(f"the facts take {medians['all facts of the host'] / MOST_MS:.2f} of the limit of {MOST_MS:g} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
