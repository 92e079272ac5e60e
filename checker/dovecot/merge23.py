"""What 2.3 makes of the blocks that match a connection (config-filter.c).

The most specific block is asked first and the first that sets a setting wins. Where a later one that is not wider than
the one before it sets it too there is a conflict, and whoever asks gets an error: clients are refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from checker.dovecot.config import Assignment, Block, Configuration23
from checker.dovecot.filters import Filter

MERGED_KEYWISE = ("plugin/", "dict/", "service/", "namespace/", "metric/", "event_exporter/", "passdb/", "userdb/")
"""Lists and sections are joined, never in conflict."""


class Setter(Struct, frozen=True):
    """Who sets a value: the assignment, and the block that it stands in."""

    assignment: Assignment
    block: Block


class Merged(Struct):
    """The settings that a connection gets. ``setters`` are by path, the one that wins first.

    ``borrowed`` are named sections that the block asked first does not have: doveconf takes what they set for defaults.
    """

    setters: dict[str, list[Setter]] = field(default_factory=dict)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)
    conflicts: dict[str, Setter] = field(default_factory=dict)
    borrowed: set[str] = field(default_factory=set)

    def assignment(self, path: str) -> Assignment | None:
        """Return what sets a path, None if nothing does."""
        found = self.setters.get(path)
        return found[0].assignment if found else None


def matching(blocks: Sequence[Block], query: Filter) -> list[Block]:
    """Return the blocks that match a connection, the most specific first."""
    return sorted((block for block in blocks if block.filter.matches(query)), key=_specificity)


def _specificity(block: Block) -> tuple[bool, int, int, bool]:
    limits = block.filter
    return (limits.local_name is None, -limits.local_bits, -limits.remote_bits, limits.protocol is None)


def merged(configuration: Configuration23, query: Filter) -> Merged:
    """Return what a connection gets."""
    return joined(matching(configuration.blocks, query))


def joined(blocks: Sequence[Block]) -> Merged:
    """Return what blocks set together, the first of them before the others."""
    result = Merged()
    before: Block | None = None
    for block in blocks:
        clashes = before is not None and not _is_wider(block.filter, before.filter)
        for path, assignment in block.values.items():
            setter = Setter(assignment, block)
            if path in result.setters and clashes and not path.startswith(MERGED_KEYWISE):
                result.conflicts.setdefault(path, setter)
            result.setters.setdefault(path, []).append(setter)
        for path, names in block.sections.items():
            if before is not None:
                result.borrowed |= {f"{path}/{part}" for part in names if part not in result.sections.get(path, {})}
            result.sections.setdefault(path, {}).update(names)
        before = block
    return result


def _is_wider(wide: Filter, narrow: Filter) -> bool:
    """Say whether a filter asks for no more than another that matches the same connection."""
    return (
        wide.local_bits <= narrow.local_bits
        and wide.remote_bits <= narrow.remote_bits
        and not (wide.local_name is not None and narrow.local_name is None)
        and not (wide.protocol is not None and narrow.protocol is None)
    )


def conflict_text(merge: Merged) -> str:
    """Return what Dovecot says of the first conflict."""
    path, setter = next(iter(merge.conflicts.items()))
    place = setter.block.place
    where = f"{place.path}:{place.line}" if place is not None else "the top level"
    return f"Conflict in setting {path} found from filter at {where}"
