"""Run a real Postfix in this process's namespaces, have it send mail to servers of several kinds, and print what
became of it as JSON. Started by ``tests.live.sending``. Only the standard library.
"""

from __future__ import annotations

import json
import re
import smtplib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.live.inside import SERVER, build_root, raise_network, start_log, wait_for_start
from tests.live.sink import Sink

SECONDS = 6.0
"""What a client needs at most, unless it dies again and again."""
STATUS = re.compile(r"to=<([^>]*)>.* status=(\w+) \((.*)\)")


def statuses(log: list[str]) -> dict[str, tuple[str, str]]:
    """Return by recipient what became of its mail, and why."""
    found = (STATUS.search(line) for line in log)
    return {match[1]: (match[2], match[3]) for match in found if match}


def send(port: int, recipients: list[str]) -> None:
    """Hand Postfix one mail for each recipient."""
    with smtplib.SMTP(SERVER, port, "client.example", timeout=10) as client:
        for recipient in recipients:
            client.sendmail("sender@example.net", [recipient], "Subject: test\r\n\r\ntest\r\n")


def wait_for_all(log: list[str], count: int) -> None:
    """Wait until it is told of all mails what became of them, or nothing more is: a client that dies tells nothing."""
    known = len(statuses(log))
    since = time.monotonic()
    while known < count and time.monotonic() < since + SECONDS:
        time.sleep(0.05)
        if len(statuses(log)) > known:
            known, since = len(statuses(log)), time.monotonic()


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Start the servers and Postfix, send one mail to each recipient, and return what became of each."""
    root = Path(job["root"])
    log: list[str] = []
    build_root(root, Path(job["oracle"]), job["files"])
    raise_network(job["ip"])
    start_log(root / "dev/log", log)
    sink = Sink(job["certificate"])
    for port, features in job["servers"].items():
        sink.listen((SERVER, int(port)), features)
    command = ["chroot", str(root), "/usr/lib/postfix/sbin/master"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr) as master:
        try:
            if wait_for_start(master, log):
                send(job["port"], job["recipients"])
                wait_for_all(log, len(job["recipients"]))
        finally:
            master.kill()
    told = statuses(log)
    mails = {
        recipient: {
            "status": "sent" if told.get(recipient, ("", ""))[0] == "sent" else "waits",
            "why": told.get(recipient, ("", "nothing is told"))[1],
            **sink.seen.get(recipient, {"tls": None, "login": "none"}),
        }
        for recipient in job["recipients"]
    }
    return {"mails": mails, "logins": {name: sorted(each) for name, each in sink.logins.items()}, "log": log}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
