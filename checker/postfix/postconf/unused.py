"""What postconf(1) says of settings that do not count, or that will not for long (postconf/postconf_unused.c)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from checker.postfix.features import has
from checker.postfix.postconf.names import Names
from checker.releases.tables import number, table


def tell_unused(names: Names, *, master: bool) -> None:
    """Warn of what main.cf and options in master.cf set for nothing; with ``master`` of the latter alone."""
    if master and not has(names.files.release.number, "unused-told-by-master"):
        return
    found = not master and _told(names, "main.cf", names.settings, frozenset())
    for service in names.services:
        found |= _told(names, "master.cf", service.options, service.valid)
    if found and has(names.files.release.number, "deprecation-link"):
        names.warnings.add("See https://www.postfix.org/DEPRECATION_README.html for details")


def _told(names: Names, file: str, settings: Mapping[str, str], valid: Collection[str]) -> bool:
    """Warn of settings of one place; return whether any is deprecated."""
    found = False
    where = f"{names.files.directory}/{file}"
    for name in sorted(settings, key=lambda text: text.encode("utf-8", "surrogateescape")):
        advice = _advice(names, name)
        is_used = name in names.known or name in valid
        if advice and is_used:
            names.warnings.add(f'{where}: support for parameter "{name}" will be removed; instead, {advice}')
        elif advice:
            names.warnings.add(f"{where}: support for parameter {name} has been removed; instead, {advice}")
        elif not is_used:
            names.warnings.add(f"{where}: unused parameter: {name}={settings[name]}")
        found |= bool(advice)
    return found


def _advice(names: Names, name: str) -> str:
    since, other = table("postfix/postconf")["deprecated"].get(name, (None, None))
    if since is None or names.files.release.number < number(since):
        return ""
    return f'specify "{other}"' if other else "do not specify (leave at default)"
