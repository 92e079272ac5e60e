"""The processes that master(8) starts: as whom, in which directory, how many (master/master_ent.c)."""

from __future__ import annotations

from checker.derive import Take, derive
from checker.facts.process import Process
from checker.postfix.endpoints import running_services
from checker.postfix.master_cf import FIELDS, FLAGS, Service
from checker.postfix.scope import COMPATIBILITY_LEVEL, Configuration, Scope
from checker.values import Known, Origin, Value

CHROOT, UNPRIVILEGED, LIMIT = (FIELDS.index(name) for name in ("chroot", "unprivileged", "process_limit"))
ROOT = "root"

CALLS_OTHERS = ("pipe", "spawn")
"""Programs that run another one as the user in their argument ``user=``."""


def processes(configuration: Configuration) -> tuple[Process, ...]:
    """Return the kinds of process of a Postfix, one for each entry of master.cf that runs."""
    return tuple(_process(configuration, service) for service in running_services(configuration))


def _process(configuration: Configuration, service: Service) -> Process:
    scope = configuration.scope(service.command, service)
    entry = (_column(service, len(FIELDS) - 1),)
    unprivileged = service.fields[UNPRIVILEGED] != "n"
    rights = (_column(service, UNPRIVILEGED),)
    return Process(
        id=f"postfix:{service.label}",
        origins=entry,
        product=Known("postfix"),
        source=Known("config"),
        name=Known(service.name, entry),
        program=Known(service.command, entry),
        user=_user(scope, service, unprivileged=unprivileged),
        chroot=_chroot(scope, service),
        privileged=Known(not unprivileged, rights),
        verbose=Known(_is_verbose(service), entry),
        process_limit=_limit(scope, service),
        restart_after=scope.integer("max_use"),
        settings=scope,
    )


def _column(service: Service, number: int) -> Origin:
    return Origin(f"master.cf: {service.label}", service.column(number), FIELDS[number], service.fields[number])


def _user(scope: Scope, service: Service, *, unprivileged: bool) -> Value[str | None]:
    """Return whom it runs as; of pipe(8) and spawn(8), whom they run the other program as."""
    if service.command in CALLS_OTHERS:
        for word in service.words[len(FIELDS) :]:
            name, equals, account = word.text.partition("=")
            if name == "user" and equals:
                place = service.line.span(word.start, word.end)
                return Known(account.partition(":")[0], (Origin(f"master.cf: {service.label}", place, name, account),))
    if unprivileged:
        return scope.text("mail_owner")
    return Known(ROOT, (_column(service, UNPRIVILEGED),))


def _chroot(scope: Scope, service: Service) -> Value[str | None]:
    """Return the directory that it locks itself into: without a word about it, none since level 1 of compatibility."""
    column, origin = service.fields[CHROOT], _column(service, CHROOT)
    queue, level = scope.text("queue_directory"), scope.text(COMPATIBILITY_LEVEL)

    def compute(take: Take) -> str:
        locked = column == "y" or (column == "-" and _is_below_1(take(level)))
        take(Known(None, (origin,)))
        return (take(queue) or "") if locked else ""

    return derive(compute)


def _is_below_1(level: str | None) -> bool:
    major = (level or "0").partition(".")[0].strip()
    return not major.isdecimal() or int(major[:9]) < 1


def _limit(scope: Scope, service: Service) -> Value[int | None]:
    text = service.fields[LIMIT]
    if text == "-":
        return scope.integer("default_process_limit")
    return Known(int(text[:9]) if text.isdecimal() else None, (_column(service, LIMIT),))


def _is_verbose(service: Service) -> bool:
    """Say whether an option ``-v`` is among the arguments, alone or with other letters."""
    given = (word.text for word in service.words[len(FIELDS) :])
    return any(text.startswith("-") and "v" in text and set(text[1:]) <= FLAGS for text in given)
