"""What doveconf of 2.3 prints (config-request.c, doveconf.c)."""

from __future__ import annotations

from collections.abc import Callable

from checker.dovecot.checks23 import first_error
from checker.dovecot.config import Block, Configuration23
from checker.dovecot.export23 import Exporter
from checker.dovecot.filters import Filter
from checker.dovecot.listing import Printed, Scope, laid_out, shown_value
from checker.dovecot.merge23 import Merged, conflict_text, joined, merged
from checker.dovecot.release import Release


def show_all(configuration: Configuration23, query: Filter, scope: Scope, *, secrets: bool) -> Printed:
    """Return the whole configuration as one connection gets it, then the blocks of the filters."""
    release = configuration.release
    shown = _shown(release, secrets=secrets)
    merge = merged(configuration, query)
    lines: list[str] = []
    complaints: list[str] = []
    if merge.conflicts:
        complaints.append(conflict_text(merge))
    else:
        rows, lists = Exporter(release, merge, scope).rows()
        lines += laid_out(rows, lists, 0, shown)
    for block in _subset(configuration, query)[1:]:
        rows, lists = Exporter(release, joined([block]), "set").rows()
        heading = _heading(block.filter)
        inside = laid_out(rows, lists, len(heading), shown)
        if inside:
            lines += heading + inside + [f"{'  ' * depth}}}" for depth in reversed(range(len(heading)))]
    return Printed(tuple(lines), first_error(configuration), tuple(complaints))


def show_names(configuration: Configuration23, query: Filter, names: list[str], *, secrets: bool) -> Printed:
    """Return single settings and sections, defaults included."""
    merge = merged(configuration, query)
    if merge.conflicts:
        return Printed((), "Errors in configuration", (conflict_text(merge),) * len(names))
    rows, lists = Exporter(configuration.release, merge, "everything").rows()
    plain = {row.path: row.value for row in rows if not row.is_name}
    shown = _shown(configuration.release, secrets=secrets)
    lines: list[str] = []
    for name in names:
        if name in plain:
            lines.append(f"{name} = {plain[name]}")
        else:
            wanted = [row for row in rows if row.path == name or row.path.startswith(f"{name}/")]
            lines += laid_out(wanted, lists, 0, shown)
    return Printed(tuple(lines), None)


def defaults(release: Release, *, secrets: bool) -> tuple[str, ...]:
    """Return the settings of a release without any file."""
    rows, lists = Exporter(release, Merged(), "default").rows()
    return tuple(laid_out(rows, lists, 0, _shown(release, secrets=secrets)))


def _shown(release: Release, *, secrets: bool) -> Callable[[str, str], str]:
    return lambda name, value: shown_value(name, value, release, secrets=secrets)


def _subset(configuration: Configuration23, query: Filter) -> list[Block]:
    """Return the blocks that may count for a connection of which not all is said, the widest first."""
    chosen = [
        block
        for block in configuration.blocks
        if (query.protocol is None or block.filter.matches_protocol(query)) and _may_match(block.filter, query)
    ]
    return sorted(chosen, key=lambda block: _generality(block.filter))


def _may_match(limits: Filter, query: Filter) -> bool:
    return Filter(
        limits.protocol,
        limits.local if query.local_bits else None,
        limits.local_name if query.local_name is not None else None,
        limits.remote if query.remote_bits else None,
    ).matches_rest(query)


def _generality(limits: Filter) -> tuple[bool, int, int, bool]:
    return (limits.local_name is not None, limits.local_bits, limits.remote_bits, limits.protocol is not None)


def _heading(limits: Filter) -> list[str]:
    """Return the lines that open the sections of a filter."""
    parts: list[str] = []
    if limits.local_bits:
        parts.append(f"local {limits.local}")
    if limits.local_name is not None:
        parts.append(f"local_name {limits.local_name}")
    if limits.remote_bits:
        parts.append(f"remote {limits.remote}")
    if limits.protocol is not None:
        parts.append(f"protocol {limits.protocol}")
    return [f"{'  ' * depth}{part} {{" for depth, part in enumerate(parts)]
