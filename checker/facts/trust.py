"""A network that has a privilege."""

from __future__ import annotations

from msgspec import Struct

from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.types import Exposure, FactSource, Network, Product, Purpose
from checker.values import ABSENT, Known, Origin, Unknown, Value


class Trust(Struct, frozen=True):
    """One network with one privilege. ``bits`` is the prefix length; ``style`` how the list came to be where no network
    is written (``host``, ``subnet``, ``class``).
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product | None]
    source: Value[FactSource]
    purpose: Value[Purpose]
    network: Value[Network | None] = ABSENT
    bits: Value[int | None] = ABSENT
    exposure: Value[Exposure | None] = Known(None)
    style: Value[str | None] = ABSENT
    settings: Settings = NO_SETTINGS


def unseen(product: Product, purpose: Purpose, name: str, unknown: Unknown, settings: Settings) -> Trust:
    """Return a trust of a configuration whose network cannot be told."""
    return Trust(
        f"{product}:{purpose}:{name}",
        unknown.origins,
        Known(product),
        Known("config"),
        Known(purpose),
        network=unknown,
        bits=unknown,
        exposure=unknown,
        settings=settings,
    )
