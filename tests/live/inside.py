"""Run a real Postfix in this process's namespaces, observe its ports, and print what was seen as JSON.

Started by ``tests.live.postfix`` as the first process of network, mount and PID namespaces of its own: when it ends,
the kernel kills every daemon and drops every mount. Only the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.live.dialogue import Observation, observe

POSTFIX, POSTDROP, NOBODY = 101, 102, 65534
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
SASL_MECHANISMS = {"PLAIN": "plaintext", "LOGIN": "plaintext", "CRAM-MD5": "dictionary\tactive"}
SERVER, STRANGER = "192.0.2.25", "198.51.100.7"
START_SECONDS = 15.0
CLIENTS = 8


def mount(*args: str) -> None:
    """Mount something; raise CalledProcessError."""
    subprocess.run(["mount", *args], check=True)


def build_system(root: Path, oracle: Path) -> None:
    """Make a root in memory with Debian's programs and libraries, and the devices that daemons ask for."""
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(root))
    for name in ("usr", "lib", "lib64"):
        if (oracle / name).is_symlink():
            (root / name).symlink_to((oracle / name).readlink())
            continue
        (root / name).mkdir()
        mount("--bind", str(oracle / name), str(root / name))
    for name in ("dev", "tmp", "etc"):
        (root / name).mkdir()
    for device in ("null", "urandom"):
        (root / "dev" / device).touch()
        mount("--bind", f"/dev/{device}", str(root / "dev" / device))


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Write files, named by their absolute paths in the root."""
    for name, text in files.items():
        path = root / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def build_root(root: Path, oracle: Path, files: dict[str, str]) -> None:
    """Make a root for the daemons in memory: Debian's programs, and the files of the test."""
    build_system(root, oracle)
    for name in ("etc/postfix", "var/lib/postfix", "var/spool/postfix/pid"):
        (root / name).mkdir(parents=True)
    shutil.copy(oracle / "etc/services", root / "etc/services")
    texts = {
        "etc/passwd": f"root:x:0:0::/:\npostfix:x:{POSTFIX}:{POSTFIX}::/:\nnobody:x:{NOBODY}:{NOBODY}::/:\n",
        "etc/group": f"root:x:0:\npostfix:x:{POSTFIX}:\npostdrop:x:{POSTDROP}:\nnogroup:x:{NOBODY}:\n",
        "etc/hosts": f"127.0.0.1 localhost\n{SERVER} server.example\n",
    }
    write_files(root, {**texts, **files})
    spool = root / "var/spool/postfix"
    for name in (*QUEUES, "private", "public", "maildrop"):
        (spool / name).mkdir()
        os.chown(spool / name, POSTFIX, POSTDROP if name in ("public", "maildrop") else 0)
    os.chown(root / "var/lib/postfix", POSTFIX, POSTFIX)


def raise_network(ip: list[str]) -> None:
    """Give the namespace a server's address, and a stranger's that is none of the server's own."""
    for command in (
        "link set lo up",
        f"address add {SERVER}/32 dev lo",
        f"route add local {STRANGER}/32 dev lo",
    ):
        subprocess.run([*ip, *command.split()], check=True)


def serve(listener: socket.socket, greeting: bytes) -> None:
    """Greet whoever connects, and keep the connection."""
    kept = []
    while True:
        connection, _ = listener.accept()
        connection.sendall(greeting)
        kept.append(connection)


def start_sasl(path: Path) -> None:
    """Listen as a Dovecot authentication server does; nobody logs in."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen()
    mechanisms = "".join(f"MECH\t{name}\t{kind}\n" for name, kind in SASL_MECHANISMS.items())
    greeting = f"VERSION\t1\t2\n{mechanisms}SPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n".encode()
    threading.Thread(target=serve, args=(listener, greeting), daemon=True).start()


def start_log(path: Path, lines: list[str]) -> None:
    """Collect what the daemons log."""
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(str(path))
    path.chmod(0o666)

    def collect() -> None:
        while True:
            lines.append(receiver.recv(8192).decode("latin-1").rstrip("\n\0"))

    threading.Thread(target=collect, daemon=True).start()


def wait_for_start(master: subprocess.Popen[bytes], log: list[str]) -> bool:
    """Return true when the master says that it has opened its listeners; false when it is dead or the time is over."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and master.poll() is None:
        if any("daemon started" in line for line in log):
            return True
        time.sleep(0.02)
    return False


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Start Postfix, look at the ports, and return what was seen with the daemons' log."""
    root = Path(job["root"])
    log: list[str] = []
    build_root(root, Path(job["oracle"]), job["files"])
    raise_network(job["ip"])
    start_log(root / "dev/log", log)
    start_sasl(root / "var/spool/postfix/private/auth")
    command = ["chroot", str(root), "/usr/lib/postfix/sbin/master"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr) as master:
        try:
            started = wait_for_start(master, log)
            ports: dict[int, Observation] = {}
            if started:
                with ThreadPoolExecutor(CLIENTS) as clients:
                    seen = clients.map(
                        lambda port: observe((SERVER, port), STRANGER, job.get("suites", ())), job["ports"]
                    )
                    ports = dict(zip(job["ports"], seen, strict=True))
        finally:
            master.kill()
    return {"started": started, "ports": ports, "log": log}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
