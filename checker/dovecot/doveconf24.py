"""What doveconf of 2.4 prints (doveconf.c, config-request.c)."""

from __future__ import annotations

from checker.dovecot.checks24 import Checking, errors
from checker.dovecot.filters import Filter
from checker.dovecot.groups24 import merge_groups, use_groups
from checker.dovecot.listing import Printed, Scope
from checker.dovecot.merge24 import copied, merge, merge_matching, prefixed
from checker.dovecot.release import Release
from checker.dovecot.tree24 import Block24, Configuration24, built_in
from checker.dovecot.write24 import Writer


def show_all(
    configuration: Configuration24,
    query: Filter | None,
    scope: Scope,
    checking: Checking = Checking(),  # noqa: B008 - it is frozen
    *,
    secrets: bool,
) -> Printed:
    """Return the whole configuration, filters that match a connection merged into what is around them."""
    root = prefixed(copied(configuration.root, None), configuration.release)
    if query is not None and not _lacks_group(configuration):
        if not _merge_used_groups(configuration.release, root, query):
            return Printed((), "a filter that matches uses a group, over which this release panics")
        merge_matching(root, query)
    writer = Writer(configuration.release, configuration.config_version, secrets=secrets)
    lines = [f"dovecot_config_version = {configuration.config_version}"] if configuration.config_version else []
    lines += writer.settings(root, scope, 0, None)
    given = built_in(configuration.release)
    for child in root.children.values():
        if not child.is_group or given.child(child.key) is None:  # a group that is built in is taken for that
            lines += writer.block(child, 0, ())
    lines += [f"@{use.label} = {use.name}" for use in root.groups.values()]
    error = next(errors(configuration.release, root, configuration.root, checking), None)
    return Printed(tuple(lines), error or _lost_section(configuration.root, root))


def _lacks_group(configuration: Configuration24) -> bool:
    """Say whether a group that is used is not there: releases that find that late then merge nothing."""
    fatal = configuration.fatal
    return fatal is not None and fatal.text.startswith("Unknown group")


def _merge_used_groups(release: Release, root: Block24, query: Filter) -> bool:
    """Let filters that match have what the groups set that they use; return False where the release panics instead."""
    for block in list(root.walk()):
        if block.groups and block.name is None and block.parent is not None and _matches(block, query):
            if release.number < (2, 4, 2):
                return False
            use_groups(block, root, built_in(release))
    return True


def _matches(block: Block24, query: Filter) -> bool:
    return all(each.name is None and each.limits.matches(query) for each in block.path())


LOOKED_UP = ("mailbox", "passdb", "userdb", "language", "metric")
"""Sections that the checks of settings look up by name, as doveconf 2.4.1 shows; others are read where they stand."""


def _lost_section(written: Block24, merged: Block24) -> str | None:
    """Return the error of a section that stands in a filter alone: merged for ``-f``, the real one looks for it as if
    there were no connection, where only a ``protocol !...`` matches, and finds none.
    """
    nobody = Filter(protocol="")
    found = [block for block in written.walk() if block.name is None and block.limits.matches(nobody)]
    known = {child.key for block in found for child in block.children.values()}
    for child in merged.children.values():
        if child.name in LOOKED_UP and child.key not in known:
            name, instance = child.name, child.instance
            return f"Failed to get {name} {instance}: Filter {name}={instance} unexpectedly not found"
    return None


def show_names(
    configuration: Configuration24,
    query: Filter | None,
    names: list[str],
    checking: Checking = Checking(),  # noqa: B008 - it is frozen
    *,
    secrets: bool,
) -> Printed:
    """Return single settings and sections, groups and defaults included."""
    release = configuration.release
    moves = release.number < (2, 4, 2)
    root = copied(configuration.root, None)
    if moves:
        prefixed(root, release)
    if not _lacks_group(configuration):
        merge_groups(root, built_in(release))
        if query is not None:
            merge_matching(root, query)
    error = next(errors(release, root, configuration.root, checking), None) or _lost_section(configuration.root, root)
    if configuration.fatal is None and error is None:  # else doveconf stops before it has the defaults of lists
        defaults = copied(built_in(release), None)
        merge(root, prefixed(defaults, release) if moves else defaults, overwrite=False)
    writer = Writer(release, configuration.config_version, secrets=secrets)
    lines: list[str] = []
    for name in names:
        lines += writer.settings(root, "everything", 0, name)
        for child in root.children.values():
            lines += writer.block(child, 0, tuple(name.split("/")))
    return Printed(tuple(lines), None)


def defaults(release: Release, *, secrets: bool) -> tuple[str, ...]:
    """Return the settings of a release without any file."""
    root = prefixed(copied(built_in(release), None), release)
    writer = Writer(release, "", secrets=secrets)
    lines = writer.settings(root, "default", 0, None)
    for child in root.children.values():
        lines += writer.block(child, 0, ())
    return tuple(lines)
