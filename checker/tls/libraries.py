"""Which OpenSSL a server is linked with: its platform tells, or it is one of those that its release is built with."""

from __future__ import annotations

from msgspec import Struct

from checker.facts.types import Product
from checker.releases.tables import Number, table, within


class Libraries(Struct, frozen=True):
    """The OpenSSLs that a server may be linked with, and whether there are no others."""

    names: tuple[str, ...]
    all_known: bool = True


def libraries_of(product: Product, release: Number, platform: str | None) -> Libraries:
    """Return the OpenSSLs of a release, by their names in the tables."""
    libraries = table("tls/libraries")
    if platform in libraries["platforms"]:
        return Libraries((libraries["platforms"][platform],))
    rows = (row for row in libraries[product] if within(release, row[0], row[1]))
    return next(Libraries(tuple(names), all_known) for _, _, names, all_known in rows)
