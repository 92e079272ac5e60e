"""The processes of a Dovecot's services: as whom they run, in which directory, how many (master/service.c)."""

from __future__ import annotations

from collections.abc import Iterator

from checker.derive import Take, converted, derive
from checker.dovecot import types
from checker.dovecot.internal import program_in
from checker.dovecot.release import Release
from checker.dovecot.scope import typed
from checker.dovecot.server import Server
from checker.dovecot.sockets import runs
from checker.facts.process import Process
from checker.values import Known, Value

ROOT = "root"
ALSO_FOR_ROOT = ("quota-status",)
"""Programs that become the user whose mail it is, too, for which no release has a service."""


def processes(server: Server) -> Iterator[Process]:
    """Yield the kinds of process, one for each service that runs."""
    of_root = _made_for_root(server.release)
    for service in server.scope().services():
        running = runs(server, service)
        if not isinstance(running, Known) or running.value:
            yield _process(server, service, of_root)


def _process(server: Server, service: str, of_root: frozenset[object]) -> Process:
    master = server.scope()
    executable = master.service_text(service, "executable")
    renewed = "service_count" if server.release.generation == "2.3" else "restart_request_count"
    return Process(
        id=f"dovecot:{service}",
        origins=executable.origins,
        product=Known("dovecot"),
        source=Known("config"),
        name=Known(service, executable.origins),
        program=converted(executable, lambda text: program_in(text, service)),
        user=converted(master.service_text(service, "user"), lambda user: user or ROOT),
        chroot=master.service_text(service, "chroot"),
        privileged=converted(executable, lambda text: service in of_root or _kind(text or "") in of_root),
        process_limit=_limit(server, service),
        restart_after=_number(master.service_text(service, renewed)),
        settings=master,
    )


def _limit(server: Server, service: str) -> Value[int | None]:
    """Return how many processes there may be: without a limit of its own, ``default_process_limit``, for which 2.3
    writes 0 and 2.4 the setting's name (``doveconf -d`` shows what it stands for).
    """
    own, default = server.scope().service_text(service, "process_limit"), server.scope().text("default_process_limit")

    is_own = server.release.generation == "2.3" or not all(origin.is_default for origin in own.origins)
    is_own = is_own or "service_process_limit" in server.release.filters.get(f"service/{service}", {})

    def compute(take: Take) -> int | None:
        return (take(_number(own)) if is_own else 0) or take(_number(default))

    return derive(compute)


def _number(text: Value[str | None]) -> Value[int | None]:
    """Return a count; ``unlimited`` is 0."""
    return converted(typed(text, types.integer), lambda number: number if isinstance(number, int) else 0)


def _kind(executable: str) -> tuple[str, bool]:
    """Return what tells programs apart: the name and, since the workers of ``auth`` are other processes, ``-w``."""
    return program_in(executable, ""), "-w" in executable.split()


def _made_for_root(release: Release) -> frozenset[object]:
    """Return the services and programs that a release itself starts as root: they become the user whose mail it is, or
    somebody else, when they know who that is.
    """
    is_old = release.generation == "2.3"
    services, prefix = (release.services, "") if is_old else (release.filters, "service_")
    found: set[object] = {_kind(program) for program in ALSO_FOR_ROOT}
    for name, values in services.items():
        if values.get(f"{prefix}executable") and not values.get(f"{prefix}user"):
            found |= {name.removeprefix("service/"), _kind(values[f"{prefix}executable"])}
    return frozenset(found)
