"""What Dovecot refuses of a service once all is read (master-settings.c:master_settings_verify)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from checker.dovecot.checks_values import number
from checker.dovecot.release import Release

TYPES: Final = ("", "log", "config", "anvil", "login", "startup", "worker")
MIN_VSZ: Final = 1 << 20
WORKER_SINCE: Final = (2, 3, 15)
"""The release that made ``worker`` a type of services."""

ONE_PROCESS: Final = frozenset({"anvil", "auth", "log"})
ONE_PROCESS_23: Final = ONE_PROCESS | {"replicator", "old-stats", "ipc", "indexer", "director"}
ONE_PROCESS_24: Final = ONE_PROCESS | {"indexer"}
POSITIVE_24: Final = (
    ("process_limit", ""),
    ("client_limit", ""),
    ("restart_request_count", ' (did you mean "unlimited"?)'),
    ("idle_kill_interval", ' (did you mean "unlimited"?)'),
)
"""Settings that must not be 0 in 2.4, and what Dovecot adds."""

Value = Callable[[str], str]
"""Returns a setting of one service, by its name in the section."""


def type_error(release: Release, value: Value) -> str | None:
    """Return what is wrong with the type of a service, which is looked at whether or not it runs."""
    kind = value("type")
    known = TYPES if release.number >= WORKER_SINCE else TYPES[:-1]
    return None if kind in known or "%{" in kind or "$" in kind else f"Unknown service type: {kind}"


def service_errors(release: Release, name: str, value: Value, default_process_limit: str) -> Iterator[str]:
    """Yield what is wrong with a service that runs. In 2.4 ``value`` knows only what is written."""
    if value("drop_priv_before_exec") == "yes" and value("chroot"):
        yield f"service({name}): drop_priv_before_exec=yes can't be used with chroot"
    is_old = release.generation == "2.3"
    if not is_old:
        for setting, advice in POSITIVE_24:
            if number(value(setting)) == 0:
                yield f"service({name}): {setting} must be higher than 0{advice}"
    limit = number(value("process_limit")) or number(default_process_limit)
    if limit is not None and (number(value("process_min_avail")) or 0) > limit:
        yield f"service({name}): process_min_avail is higher than process_limit"
    memory = number(value("vsz_limit"))
    if memory is not None and memory < MIN_VSZ and (memory or not is_old):
        yield f"service({name}): vsz_limit is too low"
    if (
        name in (ONE_PROCESS_23 if is_old else ONE_PROCESS_24)
        and (limit is None or limit > 1)
        and value("process_limit")
    ):
        yield f"service({name}): process_limit must be 1"
