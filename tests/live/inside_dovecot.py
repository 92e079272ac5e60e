"""Run a real Dovecot in this process's namespaces, observe it as several clients, and print what was seen as JSON.

Started by ``tests.live.dovecot`` as the first process of network, mount and PID namespaces of its own. Only the
standard library.
"""

from __future__ import annotations

import ipaddress
import json
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.live.dialogue import Observation, accepted_suites
from tests.live.inside import CLIENTS, START_SECONDS, build_system, mount, start_log, write_files
from tests.live.mail_dialogue import observe

NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "10.0.0.0/8", "172.16.0.0/12")
"""All of their addresses are the namespace's own, as servers and as clients."""

USERS = {"root": 0, "mail": 8, "dovecot": 120, "dovenull": 121, "postfix": 122, "nobody": 65534}
LISTENING = "0A"
"""The state in /proc/net/tcp."""


def build_root(root: Path, oracle: Path, files: dict[str, str]) -> None:
    """Make a root for the daemons in memory: Debian's programs, and the files of the test."""
    build_system(root, oracle)
    for name in ("proc", "run/dovecot", "var/lib/dovecot", "var/spool/postfix/private"):
        (root / name).mkdir(parents=True)
    (root / "var/run").symlink_to("../run")
    mount("-t", "proc", "proc", str(root / "proc"))
    # What the packages write when they are installed lies in a directory of theirs.
    mount("-t", "tmpfs", "tmpfs", str(root / "usr/share/dovecot/protocols.d"))
    texts = {
        "etc/passwd": "".join(f"{name}:x:{number}:{number}::/:\n" for name, number in USERS.items()),
        "etc/group": "".join(f"{name}:x:{number}:\n" for name, number in USERS.items()),
        "etc/hosts": "127.0.0.1 localhost\n192.0.2.25 server.example\n",
    }
    write_files(root, {**texts, **files})


def raise_network(ip: list[str]) -> None:
    """Give the namespace all addresses of the networks; IPv6 has its loopback address alone."""
    for command in ("link set lo up", *(f"route add local {network} dev lo" for network in NETWORKS)):
        subprocess.run([*ip, *command.split()], check=True)


def listening() -> list[tuple[str, int]]:
    """Return the addresses and ports that are listened at."""
    found = set()
    for name in ("tcp", "tcp6"):
        for row in Path("/proc/self/net", name).read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == LISTENING:
                address, port = fields[1].split(":")
                words = [bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8)]
                found.add((str(ipaddress.ip_address(b"".join(words))), int(port, 16)))
    return sorted(found)


def unix_sockets(root: Path) -> list[tuple[str, str, str, str]]:
    """Return the path, mode, owner and group of each unix socket that Dovecot made."""
    names = {number: name for name, number in USERS.items()}
    found = []
    for top in ("run/dovecot", "var/spool/postfix", "tmp"):
        for path in (root / top).rglob("*"):
            status = path.lstat()
            if stat.S_ISSOCK(status.st_mode):
                mode = f"{stat.S_IMODE(status.st_mode):04o}"
                found.append((f"/{path.relative_to(root)}", mode, names[status.st_uid], names[status.st_gid]))
    return sorted(found)


def wait_for_start(master: subprocess.Popen[bytes], log: list[str]) -> bool:
    """Return true when the master says that it runs; false when it is dead or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and master.poll() is None:
        if any("starting up" in line for line in log):
            return True
        time.sleep(0.02)
    return False


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Start Dovecot, look at it as each client, and return what was seen with the daemons' log."""
    root = Path(job["root"])
    log: list[str] = []
    build_root(root, Path(job["oracle"]), job["files"])
    raise_network(job["ip"])
    start_log(root / "dev/log", log)
    command = ["chroot", str(root), "/usr/sbin/dovecot", "-F"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr) as master:
        try:
            started = wait_for_start(master, log)
            open_sockets, unix = listening(), unix_sockets(root)
            seen: list[Observation] = []
            if started:
                for batch in job["clients"]:
                    with ThreadPoolExecutor(CLIENTS) as clients:
                        seen += clients.map(_observed, batch)
        finally:
            master.kill()
    return {"started": started, "listening": open_sockets, "unix": unix, "seen": seen, "log": log}


def _observed(client: dict[str, Any]) -> Observation:
    address = (client["server"], client["port"])
    seen = observe(address, client["source"], client["protocol"])
    if client["suites"]:
        name, source = client["name"], client["source"]
        seen["suites"] = accepted_suites(address, source, client["suites"], implicit=True, name=name)
    return seen


if __name__ == "__main__":
    os.umask(0o022)
    json.dump(run(json.load(sys.stdin)), sys.stdout)
