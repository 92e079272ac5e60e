"""What one host costs in a process that runs already, beside the start of the real postconf and doveconf.

usage: python benchmarks/warm.py

The hosts are Debian's: the files of etc/postfix and of etc/dovecot as the packages bring them. Run in turn, medians
compared.
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
from collections.abc import Callable, Mapping
from pathlib import Path

from checker.analysis import describe
from checker.commands.postconf import add_arguments, lines_of
from checker.dovecot import doveconf23
from checker.dovecot.filters import Filter
from checker.dovecot.read23 import read23
from checker.dovecot.release import release
from checker.postfix.postconf.files import Warnings
from checker.result import Target
from checker.tree import DiskTree

PROJECT = Path(__file__).resolve().parent.parent
SHARE = PROJECT / ".cache" / "oracles" / "root" / "usr" / "share"
POSTFIX = {"main.cf": "main.cf.debian", "master.cf": "master.cf.dist"}
ROUNDS = 31
MOST_MS = 10.0
"""What the description of a host with Postfix may take."""

Works = Mapping[str, Callable[[], object]]


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def quietly(*command: str | Path) -> Callable[[], object]:
    """Return the run of a program."""
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def of_postfix(root: Path, program: str) -> Works:
    """Write Debian's Postfix and return what is compared."""
    directory = root / "etc" / "postfix"
    directory.mkdir(parents=True)
    for file, source in POSTFIX.items():
        (directory / file).write_bytes((SHARE / "postfix" / source).read_bytes())
        os.utime(directory / file, (1_000_000_000, 1_000_000_000))  # the real one reads a new file twice
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    add_arguments(parser)
    arguments = parser.parse_args(["-n", "-c", str(directory)])
    return {
        "postconf -n in the process": lambda: lines_of(arguments, Warnings([])),
        "all facts of the host": lambda: describe(DiskTree(root), ("",), Target()),
        "the real postconf -n": quietly(program, "-n", "-c", directory),
    }


def of_dovecot(root: Path, program: str) -> Works:
    """Write Debian's Dovecot, conf.d and all, and return what is compared."""
    directory = root / "etc" / "dovecot"
    (directory / "conf.d").mkdir(parents=True)
    for file in [*(SHARE / "dovecot").glob("*.conf*"), *(SHARE / "dovecot" / "conf.d").iterdir()]:
        if file.is_file():
            (directory / file.relative_to(SHARE / "dovecot")).write_bytes(file.read_bytes())
    debian_12 = release(None, "debian-12")

    def shown() -> object:
        configuration = read23(DiskTree(root), "etc/dovecot/dovecot.conf", debian_12, expansion="print")
        return doveconf23.show_all(configuration, Filter(), "changed", secrets=False)

    return {
        "doveconf -n in the process": shown,
        "all facts of the host": lambda: describe(DiskTree(root), ("",), Target(platform="debian-12")),
        "the real doveconf -n": quietly(program, "-n", "-c", directory / "dovecot.conf"),
    }


def medians_of(works: Works) -> dict[str, float]:
    """Run them in turn and return the medians in milliseconds."""
    taken: dict[str, list[float]] = {each: [] for each in works}
    for _ in range(ROUNDS):
        for each, work in works.items():
            taken[each].append(milliseconds(work))
    return {each: statistics.median(times) for each, times in taken.items()}


def main() -> int:
    """Measure and print; return the exit status."""
    if not SHARE.is_dir():
        print("no files of Debian's packages: run `make oracles`", file=sys.stderr)
        return 2
    for name, build in (("postconf", of_postfix), ("doveconf", of_dovecot)):
        program = shutil.which(name)
        if program is None:
            print(f"no real {name}: install its package", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory() as directory:
            medians = medians_of(build(Path(directory), program))
        real = medians[f"the real {name} -n"]
        print(f"{ROUNDS} interleaved runs each, medians:")
        for each, its in medians.items():
            print(f"{each:<28} {its:>6.1f} ms  {its / real:.2f} x the real {name} -n")
        if name == "postconf":
            print(f"the facts take {medians['all facts of the host'] / MOST_MS:.2f} of the limit of {MOST_MS:g} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
