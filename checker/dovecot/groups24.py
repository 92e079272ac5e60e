"""Groups of 2.4: settings that are written once, in ``group @label name { }``, and used by ``@label = name``."""

from __future__ import annotations

from collections.abc import Iterator

from checker.dovecot.merge24 import merge
from checker.dovecot.tree24 import Block24, GroupUse
from checker.dovecot.types import Refused


def check_group(use: GroupUse, root: Block24, defaults: Block24) -> None:
    """Raise Refused unless the group that is used is there."""
    groups = list(_labelled(use.label, root, defaults))
    if not groups:
        raise Refused(f"Unknown group label @{use.label}")
    if all(group.instance != use.name for group in groups):
        raise Refused(f"Unknown group @{use.label}={use.name}")


def merge_groups(root: Block24, defaults: Block24) -> None:
    """Let what groups set count where they are used, unless it is set there."""
    for block in list(root.walk()):
        use_groups(block, root, defaults)


def use_groups(block: Block24, root: Block24, defaults: Block24) -> None:
    """Let what the groups of one block set count there, unless it is set there."""
    for use in block.groups.values():
        for group in _labelled(use.label, root, defaults):
            if group.instance == use.name:
                merge(block, group, overwrite=False)
    block.groups = {}


def _labelled(label: str, root: Block24, defaults: Block24) -> Iterator[Block24]:
    return (block for block in (*root.children.values(), *defaults.children.values()) if block.name == f"@{label}")
