"""The configured products, and the hosts that they make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from checker.facts.authdb import Authdb
from checker.facts.endpoint import Endpoint
from checker.facts.gathered import Gathered
from checker.facts.outbound import Outbound
from checker.facts.process import Process
from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.trust import Trust
from checker.facts.types import FactSource, Product, Release
from checker.facts.written import Setting
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


Fact = Endpoint | Outbound | Trust | Authdb | Process | Setting | Software


class System(Struct, frozen=True):
    """One host: all facts that belong together. ``gathered`` are those that are looked for when they are asked for, by
    kind. ``built_in`` are listeners that a release brings and no file mentions: nobody has changed them, and no rule
    judges them. ``missing`` names, by kind of fact, why some may not be known (a master.cf that is not there).
    """

    id: str
    origins: tuple[Origin, ...]
    software: tuple[Software, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    trust: tuple[Trust, ...] = ()
    gathered: Mapping[str, tuple[Gathered[Any], ...]] = field(default_factory=dict)
    built_in: tuple[Gathered[Endpoint], ...] = ()
    missing: tuple[tuple[str, Reason], ...] = ()
    settings: Settings = NO_SETTINGS

    def facts(self, kind: str) -> Sequence[Fact | System]:
        """Return the host's facts of a kind (``endpoint``, ``outbound``, ``trust``, ``setting``, ...)."""
        kinds: dict[str, Sequence[Fact | System]] = {
            "endpoint": self.endpoints,
            "trust": self.trust,
            "software": self.software,
            "system": (self,),
        }
        return (*kinds.get(kind, ()), *(fact for each in self.gathered.get(kind, ()) for fact in each.all()))

    def everything(self, kind: str) -> Sequence[Fact | System]:
        """Return the facts of a kind, with the listeners that no file mentions."""
        more = self.built_in if kind == "endpoint" else ()
        return (*self.facts(kind), *(fact for each in more for fact in each.all()))
