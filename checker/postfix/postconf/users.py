"""What makes a user's own parameter count: that something refers to its name (postconf/postconf_user.c)."""

from __future__ import annotations

import re
from functools import lru_cache

from checker.postfix.features import has
from checker.postfix.postconf.clients import SEPARATORS, clients_in
from checker.postfix.postconf.names import Name, Names, Service, built_in, expanded
from checker.postfix.release import Release
from checker.postfix.scan import scanned


@lru_cache(maxsize=8)
def _default_references(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the built-in names whose defaults refer to others, with what they refer to."""
    return tuple(
        (name, scanned(known.default, release.number).names)
        for name, known in built_in(release).items()
        if known.default and "$" in known.default and not known.is_raw
    )


def register_users(names: Names) -> None:
    """Add the parameters that the user made up to the names that count; drop settings that may not be set.

    Raises PostconfError for a value that cannot be expanded.
    """
    shared: dict[str, dict[str, str]] = {}
    for service in names.services:
        if service.entry.options:
            shared.setdefault(service.entry.label, {}).update(service.entry.options)
        service.has_options = service.entry.label in shared
        service.options = shared.get(service.entry.label, {})
    for service in names.services:
        _scan(names, service.options, service)
    services = [(name, known) for name, known in names.known.items() if known.kind == "service"]
    for name, references in _default_references(names.files.release):
        if name not in names.settings:
            for each in references:
                flag(names, each)
    for name, known in services:
        if name not in names.settings and known.default and (name not in built_in(names.files.release)):
            flag(names, known.default.removeprefix("$"))
    _scan(names, names.settings, None)


def _scan(names: Names, settings: dict[str, str], service: Service | None) -> None:
    """Flag what the settings of an entry or of main.cf refer to; drop those that may not be set."""
    release = names.files.release
    source = f"{names.files.directory}/{'main.cf' if service is None else 'master.cf'}"
    classes = settings.get("smtpd_restriction_classes")
    if classes is not None:
        for each in re.split(f"[{SEPARATORS}]+", expanded(names, classes, settings.get)):  # braces do not group here
            if each:
                flag(names, each, service)
    for name, text in list(settings.items()):
        known = names.known.get(name)
        if known is not None and known.is_read_only:
            names.warnings.add(f"{source}: read-only parameter assignment: {name}={text}")
            del settings[name]
            continue
        if known is not None and known.kind == "legacy":
            names.known[name] = Name("user")
        if known is not None and known.is_raw:
            continue
        scan = scanned(text, release.number)
        for each in scan.names:
            flag(names, each, service)
        names.warnings.lines += scan.errors
        if known is not None and known.kind in ("builtin", "service"):
            _flag_clients(names, expanded(names, text, names.lookup(service)), service)


def _flag_clients(names: Names, value: str, service: Service | None) -> None:
    found = clients_in(value, names.files.release.number)
    file = "main.cf" if service is None else "master.cf"
    path = f"{names.files.directory}/{file}"
    place = path if has(names.files.release.number, "comment-warning") else file
    label = f":{service.entry.label}" if service is not None else ""
    names.warnings.lines += [f"{place}{label}: {fault}" for fault in found.faults]
    names.warnings.lines += [f"{path}: {comment}" for comment in found.comments]
    for each in found.names:
        flag(names, each, service, is_clients=True)
    for kind, path in found.files:
        _tell_of_client_file(names, kind, path)


def _tell_of_client_file(names: Names, kind: str, path: str) -> None:
    """Warn of a client's file that is not there, once. One that is there is not read: it may be any file of the
    machine, and the real warnings about it show what is in it.
    """
    if (kind, path) in names.clients or not has(names.files.release.number, "client-files"):
        return
    names.clients.add((kind, path))
    if not names.files.exists(path):
        names.warnings.add(f'open "{kind}" configuration "{path}": No such file or directory')


def flag(names: Names, name: str, service: Service | None = None, *, is_clients: bool = False) -> None:
    """Let a parameter count since something refers to its name; warn if nothing sets it."""
    is_set = False
    if service is not None and name in service.options:
        is_set = True
        service.valid.add(name)
    elif name in names.settings:
        is_set = True
        names.known.setdefault(name, Name("user"))
    if service is None:
        for each in names.services:
            if name in each.options:
                is_set = True
                each.valid.add(name)
    if not is_set and not is_clients and name not in names.known:
        file = "main.cf" if service is None else "master.cf"
        names.warnings.add(f"{names.files.directory}/{file}: undefined parameter: {name}")
