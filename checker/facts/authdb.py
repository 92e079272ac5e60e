"""Where a server looks up users and their passwords."""

from __future__ import annotations

from msgspec import Struct

from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.types import AuthdbPurpose, FactSource, Network, Product
from checker.values import ABSENT, Known, Origin, Value


class Authdb(Struct, frozen=True):
    """One database, or one way to ask another program: a passdb or a userdb of Dovecot.

    ``driver`` is its kind in the product's words (``sql``, ``passwd-file``, ``static``). ``schemes`` are those in which
    passwords may be stored, upper case, without the encoding: each entry may name its own, this is what an entry
    without one has; absent where the driver keeps none. ``fixed_password``: everybody has the same password, or needs
    none. ``master``: who logs in by it may become another user. ``proxy``: it does not check the password but passes
    the login on to another server. ``clients`` are the networks from which alone it lets users in, empty for all.
    ``denies``: whoever is found is refused.
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product | None]
    source: Value[FactSource]
    purpose: Value[AuthdbPurpose]
    driver: Value[str | None] = ABSENT
    schemes: Value[tuple[str, ...] | None] = ABSENT
    fixed_password: Value[bool] = Known(False)
    master: Value[bool] = Known(False)
    proxy: Value[bool] = Known(False)
    denies: Value[bool] = Known(False)
    clients: Value[tuple[Network, ...]] = Known(())
    settings: Settings = NO_SETTINGS
