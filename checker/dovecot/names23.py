"""What the paths of 2.3 name: ``service/imap-login/inet_listener/imap/port`` and the like (settings-parser.c)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from checker.dovecot.config import Block
from checker.dovecot.release import Known, Release

ALIASES = {"mail": "mail_location", "doveadm_proxy_port": "doveadm_port"}
NAMESPACE_ALIASES = {"mail": "location", "mail_location": "location"}
REPEATABLE = frozenset({"passdb", "userdb"})
"""Sections of which each is one of its own; of all others, those with one name are one."""

NAME_OF = {"unix_listener": "path", "fifo_listener": "path", "metric": "metric_name"}
"""The setting that holds a section's name where it is not called ``name``."""


@lru_cache(4096)
def escaped(name: str) -> str:
    """Return a section's name as it stands in a path."""
    for char, escape in (("\\", "\\\\"), ("=", "\\e"), ("/", "\\s"), (" ", "\\_"), (",", "\\+")):
        name = name.replace(char, escape)
    return name


def unescaped(part: str) -> str:
    """Return the name that stands in a path."""
    if "\\" not in part:
        return part
    result: list[str] = []
    at = 0
    while at < len(part):
        if part[at] == "\\" and at + 1 < len(part):
            at += 1
            result.append({"e": "=", "s": "/", "_": " ", "+": ","}.get(part[at], part[at]))
        else:
            result.append(part[at])
        at += 1
    return "".join(result)


@cache
def built_in(release: Release, path: str) -> Mapping[str, Mapping[str, str]]:
    """Return the built-in sections of a list (``service``, ``service/auth/unix_listener``) by their part of a path,
    with what they set.
    """
    if path == "service":
        return {escaped(name): values for name, values in release.services.items()}
    parts = path.split("/")
    result: dict[str, dict[str, str]] = {}
    if parts[0] == "service" and len(parts) == 3:
        for key, value in release.services.get(unescaped(parts[1]), {}).items():
            if key.startswith(f"{parts[2]}/"):
                _, part, name = key.split("/")
                result.setdefault(part, {})[name] = value
    return result


def section_part(release: Release, block: Block, path: str, part: str) -> str | None:
    """Return a section's own spelling, None if there is none: names count without regard to case."""
    for each in (*built_in(release, path), *block.sections.get(path, {})):
        if each.lower() == part.lower():
            return each
    return None


def known(release: Release, block: Block, path: str) -> Known | None:
    """Return the setting, list or section that a path names in a block, None if there is no such thing."""
    parts = path.split("/")
    root = release.setting(ALIASES.get(parts[0], parts[0]))
    if len(parts) == 1 or root is None:
        return root
    if root.type == "strlist":
        return Known(parts[-1], "str", None) if len(parts) == 2 else None
    if root.type != "list" or len(parts) == 2 or section_part(release, block, parts[0], parts[1]) is None:
        return None
    inner = release.inner(parts[0], _unaliased(parts[0], parts[2]))
    if len(parts) == 3 or inner is None:
        return inner
    if inner.type != "list" or len(parts) != 5:
        return None
    if section_part(release, block, "/".join(parts[:3]), parts[3]) is None:
        return None
    return release.inner(f"{parts[0]}/{parts[2]}", parts[4])


def canonical(release: Release, block: Block, path: str) -> str:
    """Return a path with the sections' own spelling and without aliases."""
    parts = path.split("/")
    if len(parts) == 1:
        return ALIASES.get(path, path)
    for index in (1, 3):
        if len(parts) > index + 1:
            parts[index] = section_part(release, block, "/".join(parts[:index]), parts[index]) or parts[index]
    if len(parts) == 3:
        parts[2] = _unaliased(parts[0], parts[2])
    return "/".join(parts)


def _unaliased(section: str, name: str) -> str:
    return NAMESPACE_ALIASES.get(name, name) if section == "namespace" else name
