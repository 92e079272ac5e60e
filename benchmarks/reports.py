"""Time to write SARIF against JSON, for many findings.

usage: python benchmarks/reports.py [FINDINGS]
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from checker.report.formats import rendered
from checker.report.style import Style
from checker.report.summary import Gate, exit_of
from checker.report.view import View
from checker.result import SEVERITIES, Finding, Related, Result
from checker.source import Source, Span
from checker.values import Origin

HOSTS, RULES, ROUNDS = 50, 40, 5


def made(count: int) -> Result:
    """Return a result of many findings, each with related places and a trace."""
    sources = {f"host{n}/main.cf": b"smtpd_tls_auth_only = no\n" * (count // HOSTS + 2) for n in range(HOSTS)}
    findings = tuple(_finding(number) for number in range(count))
    files = {path: Source(path, data) for path, data in sources.items()}
    return Result("recommended", "en", (), findings, (), RULES, files, str(Path.cwd()))


def _finding(number: int) -> Finding:
    path, line = f"host{number % HOSTS}/main.cf", number // HOSTS + 1
    place = Span(path, line, 1, line, 25)
    return Finding(
        rule=f"rule-{number % RULES}",
        code=f"ABC-{number % RULES:03}",
        severity=SEVERITIES[number % len(SEVERITIES)],
        status="fail",
        system=f"host{number % HOSTS}",
        subject=f"postfix:submission/inet:{number}",
        title="Passwords travel encrypted",
        message=f"submission/inet on port {number} accepts passwords without TLS",
        why="Whoever listens on the way reads the password.",
        remedy="smtpd_tls_auth_only = yes",
        place=place,
        related=(
            Related(Span(path, 1, 1, 1, 9), "exposure is public"),
            Related(Span(path, 2, 1, 2, 9), "protocol is smtp"),
        ),
        trace=(
            Origin("main.cf", place, "smtpd_tls_auth_only", "no"),
            Origin("Postfix 3.7.11", Span(path, 1, 1, 1, 9), "smtpd_tls_auth_only", "no", is_default=True),
        ),
        controls={"rfc8314": ("4.1",)},
        identity=(str(number),),
    )


def main() -> int:
    """Measure and print; return the exit status."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    gate = Gate()
    result = made(count)
    outcome = exit_of(result, gate)
    view = View(result, Style(), gate, Path.cwd())
    taken: dict[str, list[float]] = {"json": [], "sarif": []}
    for _ in range(ROUNDS):
        for name, times in taken.items():
            start = time.perf_counter()
            rendered(name, view, outcome)  # the first one loads the module too
            times.append(time.perf_counter() - start)
    json, sarif = (statistics.median(times) for times in taken.values())
    print(f"{count} findings: SARIF takes {sarif / json:.2f} x the time of JSON, {sarif - json:+.2f} s (limit +1 s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
