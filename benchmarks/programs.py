"""Whole-process time and memory of `check` on one host, side by side with other linters on one small file each.

usage: python benchmarks/programs.py [ROUNDS]

All programs run in turn, ROUNDS times, so that they share whatever else the machine does; medians are compared. Only
ratios say something: seconds depend on the machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PEERS = PROJECT / ".cache" / "bench" / "bin"
HOST = PROJECT / "examples" / "hardened"

PROGRAMS: dict[str, list[str | Path]] = {
    "mailposture": [PEERS / "mailposture", "check", "--profile", "all", HOST],
    "yamllint": [PEERS / "yamllint", PROJECT / "benchmarks" / "small.yaml"],
    "gixy-ng": [PEERS / "gixy", PROJECT / "benchmarks" / "small.conf"],
}
LIMITS = {"yamllint": 2.0, "gixy-ng": 1.0}
"""How many times the time of a peer `check` may take."""

MOST_MEMORY = 40.0
"""MiB that `check` may take."""


def measured(command: list[str | Path]) -> tuple[float, float]:
    """Return seconds and MiB of one run of a program, from its start to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def main() -> int:
    """Measure and print; return the exit status."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    missing = [name for name, command in PROGRAMS.items() if not Path(command[0]).is_file()]
    if missing:
        print(f"not installed: {', '.join(missing)}; `make bench` does that", file=sys.stderr)
        return 2
    for command in PROGRAMS.values():
        measured(command)  # caches of the file system and of compiled modules are warm for all
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, command in PROGRAMS.items():
            runs[name].append(measured(command))
    medians = {name: tuple(map(statistics.median, zip(*each, strict=True))) for name, each in runs.items()}
    seconds, memory = medians["mailposture"]
    print(f"{rounds} interleaved runs each, medians of whole processes:")
    print(f"{'program':<12} {'ms':>8} {'MiB':>8}  mailposture takes")
    for name, (its_seconds, its_memory) in medians.items():
        ratio = "" if name == "mailposture" else f"{seconds / its_seconds:.2f} x its time (limit {LIMITS[name]:g} x)"
        print(f"{name:<12} {its_seconds * 1000:>8.0f} {its_memory:>8.1f}  {ratio}")
    print(f"memory of mailposture: {memory / MOST_MEMORY:.2f} of the limit of {MOST_MEMORY:g} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
