"""Trees of 2.4 put together: filters that match, and settings shown inside the filter of their name."""

from __future__ import annotations

from itertools import islice

from checker.dovecot.filters import Filter
from checker.dovecot.release import Release
from checker.dovecot.tree24 import Block24, ListValue


def copied(block: Block24, parent: Block24 | None) -> Block24:
    """Return a copy of a tree whose blocks and lists may be changed."""
    made = Block24(parent, block.order, block.limits, block.name, block.instance, block.place)
    made.values = dict(block.values)
    made.lists = {
        name: ListValue(dict(value.members), value.stops, value.place, value.spelled)
        for name, value in block.lists.items()
    }
    made.groups = dict(block.groups)
    made.is_listed = block.is_listed
    made.children = {key: copied(child, made) for key, child in block.children.items()}
    return made


def prefixed(root: Block24, release: Release) -> Block24:
    """Move settings into the named filter that their name begins with, as doveconf shows them."""
    kinds = sorted((known.name for known in release.settings if known.type == "filter"), key=len, reverse=True)

    def home(block: Block24, name: str) -> Block24:
        kind = next((kind for kind in kinds if name.startswith(f"{kind}_")), None)
        own = "/".join(part for part in (block.name, block.instance) if part).replace("/", "_")
        if kind is None or kind == own:
            return block
        wanted = Block24(block, block.order, name=kind)
        found = block.child(wanted.key)
        if found is None:
            block.children[wanted.key] = wanted
            found = wanted
        return found

    for block in list(root.walk()):
        for name in list(block.values):
            holder = home(block, name)
            if holder is not block:
                holder.values[name] = block.values.pop(name)
        for name in list(block.lists):
            holder = home(block, name)
            if holder is not block:
                holder.lists[name] = block.lists.pop(name)
    return root


def merge(into: Block24, source: Block24, *, overwrite: bool) -> None:
    """Set in one tree what another sets, everywhere or only where nothing is set."""
    for name, assignment in source.values.items():
        if overwrite or name not in into.values:
            into.values[name] = assignment
    for name, value in source.lists.items():
        if overwrite or name not in into.lists:
            into.lists[name] = value
    children = list(source.children.values())
    for child in children:
        same = into.child(child.key)
        if same is None:
            same = Block24(into, child.order, child.limits, child.name, child.instance, child.place)
            same.is_listed = child.is_listed
            into.children[same.key] = same
        merge(same, child, overwrite=overwrite)
        # A block that is merged into its own parent may get more children on the way: doveconf merges those as well.
        children += islice(source.children.values(), len(children), None)


def merge_matching(root: Block24, query: Filter) -> None:
    """Merge the blocks that match a connection into what is around them, in the order in which doveconf does.

    A block that is done with stays until the end: what is merged into it by a later one is lost with it.
    """
    pending = sorted((block for block in root.walk() if block is not root), key=lambda block: block.rank)
    done: dict[int, Block24] = {}
    while pending:
        block = pending.pop(0)
        if id(block) in done or block.name is not None or block.parent is None or _incomplete(block.limits, query):
            continue
        before = {id(each) for each in root.walk()}
        if block.limits.matches(query):
            merge(block.parent, block, overwrite=True)
        done |= {id(each): each for each in block.walk()}
        for each in root.walk():
            if id(each) in before:
                continue
            if each.parent is not None and id(each.parent) in done:
                done[id(each)] = each
            else:
                pending.append(each)
    for block in done.values():
        if block.parent is not None:
            siblings = block.parent.children
            block.parent.children = {key: each for key, each in siblings.items() if id(each) not in done}


def _incomplete(limits: Filter, query: Filter) -> bool:
    """Say whether a query does not tell enough to know if a block matches."""
    return (
        (limits.protocol is not None and query.protocol is None)
        or (limits.local_name is not None and query.local_name is None)
        or (limits.local_bits > 0 and query.local is None)
        or (limits.remote_bits > 0 and query.remote is None)
    )
