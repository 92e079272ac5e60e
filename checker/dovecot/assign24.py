"""What a setting of 2.4 does to the block that it stands in: plain values, and the two kinds of lists."""

from __future__ import annotations

from checker.dovecot.config import Assignment
from checker.dovecot.release import Known, Release
from checker.dovecot.tree24 import Block24, ListValue
from checker.dovecot.types import LISTS, Refused, boolean, check, list_members
from checker.dovecot.variables24 import variables

NOT_IN_GROUPS = ("import_environment", "base_dir", "dovecot_storage_version")


def assign(block: Block24, known: Known, assignment: Assignment, release: Release, defaults: Block24) -> None:
    """Set a setting, or a member of a list (``listen/127.0.0.1``), by the assignment's name; raise Refused.

    ``defaults`` are the blocks of the release itself.
    """
    name, text = assignment.name, assignment.text
    if known.name in NOT_IN_GROUPS and block.is_group:
        raise Refused(f"{known.name} cannot currently be defined inside groups")
    if known.type == "filters":
        raise Refused(f"Setting is a named list filter, use '{known.name} {text} {{'")
    if known.type == "filter":
        raise Refused(f"Setting is a named filter, use '{known.name} {{'")
    if known.type in LISTS:
        _assign_list(block, known, assignment, defaults)
    else:
        block.values[name] = assignment
        if not assignment.is_file:
            check(known.type, text, "2.4")
            if release.number >= (2, 4, 2) and known.type != "file":
                variables(text)
    if known.name in release.auth_settings and block.is_limited:
        raise Refused(f"Auth settings not supported inside local/remote blocks: {name}")


def _assign_list(block: Block24, known: Known, assignment: Assignment, defaults: Block24) -> None:
    """Add a member to a list, or replace the list by what one string says; raise Refused."""
    text = assignment.text
    _, slash, member = assignment.name.partition("/")
    if slash:
        if known.type == "boollist" and "%{" not in text and "$" not in text:
            boolean(text)
        value = block.lists.setdefault(known.name, ListValue(_default_members(block, known.name, defaults)))
        value.members[member] = assignment
        value.place = assignment.place
        return
    members: tuple[str, ...] = ()
    if known.type == "boollist":
        members = list_members(text)
    elif text:
        raise Refused(f"Setting is a string list, use '{known.name} {{'")
    made = {each: Assignment(each, "yes", assignment.place) for each in members}
    block.lists[known.name] = ListValue(made, stops=True, place=assignment.place, spelled=members)


def _default_members(block: Block24, name: str, defaults: Block24) -> dict[str, Assignment]:
    """Return what a list that is written in a block of its own is added to: the built-in list of that filter."""
    default: Block24 | None = defaults
    for each in block.path():
        default = default.child(each.key) if default is not None else None
    found = default.lists.get(name) if default is not None else None
    return dict(found.members) if found is not None else {}
