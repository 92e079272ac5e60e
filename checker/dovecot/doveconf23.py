"""What doveconf of 2.3 prints (config-request.c, doveconf.c)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from checker.dovecot.checks23 import first_error
from checker.dovecot.config import Block, Configuration23
from checker.dovecot.filters import Filter, Network
from checker.dovecot.listing import Row, laid_out, shown_value
from checker.dovecot.merge23 import Merged, conflict_text, merged
from checker.dovecot.names23 import NAME_OF, REPEATABLE, built_in, unescaped
from checker.dovecot.release import Known, Release

Scope = Literal["changed", "set", "all", "everything"]
"""``changed``: what differs from the default; ``set``: what is written; ``everything`` has the hidden settings too."""


ALWAYS_PRINTED = frozenset({"namespace/prefix", "namespace/location"})
"""Settings with variables, in sections that are joined by name: doveconf never takes them for defaults."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What doveconf writes, and what it complains of: ``error`` is what it dies of, None if it ends well."""

    lines: tuple[str, ...]
    error: str | None
    complaints: tuple[str, ...] = ()


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
        rows, lists = _exported(release, merge, scope)
        lines += laid_out(rows, lists, 0, shown)
    for block in _subset(configuration, query)[1:]:
        one = Configuration23(release, configuration.entry, (), (), False, (Block(Filter(), None),))
        one.blocks[0].values.update(block.values)
        one.blocks[0].sections.update(block.sections)
        alone = merged(one, Filter())
        rows, lists = _exported(release, alone, "set")
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
    rows, lists = _exported(configuration.release, merge, "everything")
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
    rows, lists = _exported(release, Merged(), "all")
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
    parts: list[str] = []

    def network(kind: str, given: Network | None) -> None:
        if given is not None and given.bits > 0:
            parts.append(f"{kind} {given}")

    network("local", limits.local)
    if limits.local_name is not None:
        parts.append(f"local_name {limits.local_name}")
    network("remote", limits.remote)
    if limits.protocol is not None:
        parts.append(f"protocol {limits.protocol}")
    return [f"{'  ' * depth}{part} {{" for depth, part in enumerate(parts)]


def _exported(release: Release, merge: Merged, scope: Scope) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    lists: list[str] = []
    for known in release.settings:
        if known.type == "strlist":
            lists.append(f"{known.name}/")
            prefix = f"{known.name}/"
            rows += [
                Row(path, found[0].assignment.text) for path, found in merge.setters.items() if path.startswith(prefix)
            ]
        elif known.type == "list":
            rows += _sections(release, merge, known.name, known.name, scope, lists)
        else:
            rows += _row(release, merge, known, known.name, scope, default=known.default)
    return rows, lists


def _row(  # noqa: PLR0913 - what decides whether a setting is printed
    release: Release,
    merge: Merged,
    known: Known,
    path: str,
    scope: Scope,
    *,
    default: str | None,
    section: bool = False,
) -> Iterator[Row]:
    assignment = merge.assignment(path)
    if assignment is None:
        complete = scope == "everything" or (scope == "all" and not known.hidden)
        if complete and default is not None:
            yield Row(path, default)
        return
    text = assignment.text if assignment.is_file else release.normal(known, assignment.text)
    if scope != "changed" or section or text != default:
        yield Row(path, text)


def _sections(  # noqa: PLR0913, PLR0917 - where we are in the tree of sections
    release: Release, merge: Merged, path: str, kind: str, scope: Scope, lists: list[str]
) -> Iterator[Row]:
    default_parts = built_in(release, path)
    last = kind.rpartition("/")[2]
    name_of = NAME_OF.get(last, "name")
    written = merge.sections.get(path, {})
    for index, part in enumerate(dict.fromkeys([*default_parts, *written])):
        where = f"{path}/{index if kind in REPEATABLE else part}"
        lists.append(f"{where}/")
        repeatable = kind in REPEATABLE
        borrowed = scope == "changed" and not repeatable and _is_borrowed(release, merge, f"{path}/{part}")
        for name in release.inner_names(kind):
            known = release.inner(kind, name)
            if known is None:
                continue
            if name == name_of and not repeatable:
                named = merge.assignment(f"{path}/{part}/{name}")
                own = unescaped(part) if part in default_parts else ""
                yield Row(f"{where}/{name}", named.text if named else own, is_name=True)
            elif known.type == "list":
                yield from _sections(release, merge, f"{path}/{part}/{name}", f"{kind}/{name}", scope, lists)
            else:
                default = known.default if name not in default_parts.get(part, {}) else default_parts[part][name]
                always = f"{kind}/{name}" in ALWAYS_PRINTED
                shown = "everything" if always and scope != "all" else scope
                inner = f"{path}/{part}/{name}"
                if borrowed and not always:
                    continue
                for row in _row(release, merge, known, inner, shown, default=default, section=not repeatable):
                    yield Row(f"{where}/{name}", row.value)


def _is_borrowed(release: Release, merge: Merged, path: str) -> bool:
    """Say whether a section, or the one around it, is none of the block that was asked first."""
    parts = path.split("/")
    return any(
        "/".join(parts[: end + 1]) in merge.borrowed and parts[end] not in built_in(release, "/".join(parts[:end]))
        for end in range(1, len(parts), 2)
    )
