"""The configured products, and the hosts that they make up."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from checker.facts.endpoint import Endpoint
from checker.facts.outbound import Outbound
from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.trust import Trust
from checker.facts.types import FactSource, Product, Release
from checker.facts.written import Setting, Written
from checker.source import Source
from checker.values import Known, Origin, Reason, Value


class Software(Struct, frozen=True):
    """One configuration set: which product and release it is judged as, and whether the product starts with it.

    ``assumed`` says why this release, where nobody named it. ``starts`` is false with the place of what the product
    dies of, true if nothing in the files at hand stops it.
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product]
    source: Value[FactSource]
    release: Value[Release]
    platform: Value[str | None]
    assumed: Value[str | None]
    starts: Value[bool] = Known(True)
    files: tuple[Source, ...] = ()
    settings: Settings = NO_SETTINGS


Fact = Endpoint | Outbound | Trust | Setting | Software


class System(Struct, frozen=True):
    """One host: all facts that belong together. ``missing`` names, by kind of fact, why some may not be known (a
    master.cf that is not there).
    """

    id: str
    origins: tuple[Origin, ...]
    software: tuple[Software, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    outbound: tuple[Outbound, ...] = ()
    trust: tuple[Trust, ...] = ()
    written: tuple[Written, ...] = ()
    missing: tuple[tuple[str, Reason], ...] = ()
    settings: Settings = NO_SETTINGS

    def facts(self, kind: str) -> Sequence[Fact | System]:
        """Return the host's facts of a kind (``endpoint``, ``outbound``, ``trust``, ``setting``, ...)."""
        if kind == "setting":
            return tuple(setting for written in self.written for setting in written.settings())
        kinds: dict[str, Sequence[Fact | System]] = {
            "endpoint": self.endpoints,
            "outbound": self.outbound,
            "trust": self.trust,
            "software": self.software,
            "system": (self,),
        }
        return kinds[kind]
