"""The kinds of process that a server runs."""

from __future__ import annotations

from msgspec import Struct

from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.types import FactSource, Product
from checker.values import ABSENT, Origin, Value


class Process(Struct, frozen=True):
    """One kind of process.

    ``program`` is the file name of what it executes. ``user`` is whom it runs as once it works, ``chroot`` the
    directory that it locks itself into (empty: none). ``privileged``: it keeps root's rights or starts with them, since
    its work needs them. ``process_limit`` is how many there may be at a time, ``restart_after`` how many clients one
    serves before a new one takes its place, 0 for no limit.
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product | None]
    source: Value[FactSource]
    name: Value[str]
    program: Value[str | None] = ABSENT
    user: Value[str | None] = ABSENT
    chroot: Value[str | None] = ABSENT
    privileged: Value[bool | None] = ABSENT
    verbose: Value[bool | None] = ABSENT
    process_limit: Value[int | None] = ABSENT
    restart_after: Value[int | None] = ABSENT
    settings: Settings = NO_SETTINGS
