"""Start a real Dovecot where it can reach nobody and nobody can reach it, and observe it as several clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests import oracles
from tests.live.namespaces import need_namespaces, run_inside

SERVER, STRANGER = "192.0.2.25", "198.51.100.7"


@dataclass(frozen=True)
class Client:
    """Who connects to what: the protocol is what the client takes the port for. Where there are ``suites``, TLS comes
    first, and each of them is tried by itself, with the server's ``name``.
    """

    protocol: str
    port: int
    source: str = STRANGER
    server: str = SERVER
    suites: tuple[str, ...] = ()
    name: str | None = None


@dataclass(frozen=True)
class Seen:
    """What a run showed: whether the master started, the addresses and ports that it listens at, its unix sockets by
    path with mode, owner and group, each client's observation (``mail_dialogue.observe``), and the log.
    """

    started: bool
    listening: set[tuple[str, int]]
    unix: dict[str, tuple[str, str, str]]
    clients: dict[Client, dict[str, Any]]
    log: list[str]


def observe(
    platform: str, files: Mapping[str, str], clients: Sequence[Client], directory: Path, last: Sequence[Client] = ()
) -> Seen:
    """Return what the real Dovecot of a Debian offers these clients. Those that a process is to die of come last: it
    takes others with it.

    It runs in namespaces of its own, which end with it. ``files`` are by absolute path; ``directory`` is an empty one
    to work in. Skips the test where namespaces or the programs are not to be had.
    """
    root = oracles.require_root({"debian-12": oracles.ROOT, "debian-13": oracles.DEBIAN_13}[platform])
    need_namespaces()
    directory.mkdir(exist_ok=True)
    job = {
        "root": str(directory),
        "oracle": str(root),
        "ip": oracles.require("ip"),
        "files": dict(files),
        "clients": [[asdict(client) for client in batch] for batch in (clients, last)],
    }
    answer, errors = run_inside("tests.live.inside_dovecot", job)
    sockets = {(address, port) for address, port in answer["listening"]}
    log = [*answer["log"], *errors.splitlines()]
    unix = {path: (mode, owner, group) for path, mode, owner, group in answer["unix"]}
    return Seen(answer["started"], sockets, unix, dict(zip([*clients, *last], answer["seen"], strict=False)), log)
