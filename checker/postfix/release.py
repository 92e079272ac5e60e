"""What one release of Postfix knows: its parameters with types and defaults, and the order in which programs load
them.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Literal

from msgspec import Struct

from checker.errors import UserError
from checker.postfix.scan import scanned
from checker.postfix.types import Bounds
from checker.releases.platforms import family, packaged
from checker.releases.tables import Number, number, table, within

ParameterType = Literal["str", "str_fn", "raw", "bool", "nbool", "int", "nint", "long", "time"]

FIRST: Number = (2, 10, 0)
LAST: Number = (3, 11, 6)
"""The ends of the tables."""

ASSUMED_PLATFORM = "debian-13"
"""What a configuration is judged as where nothing says otherwise: Debian stable."""


class Parameter(Struct, frozen=True):
    """A parameter of a release. ``default`` is the raw text, None where the machine makes it (host name,
    interfaces).
    """

    name: str
    type: ParameterType
    default: str | None


class Release(Struct, frozen=True, dict=True):
    """A release of Postfix, on a platform or as upstream made it. ``number`` goes no further than the tables."""

    version: str
    number: Number
    platform: str | None = None

    @cached_property
    def _known(self) -> dict[str, Parameter | None]:
        return {}

    @property
    def label(self) -> str:
        """Return the name of the release for people."""
        where = f" on {table('platforms')[self.platform]['name']}" if self.platform else ""
        return f"Postfix {self.version}{where}"

    def parameter(self, name: str) -> Parameter | None:
        """Return a built-in parameter, None if the release has no such name."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> Parameter | None:
        patched = table("postfix/platform_parameters").get(family(self.platform), {}).get(name, ())
        for since, until, kind, default in (*table("postfix/parameters").get(name, ()), *patched):
            if within(self.number, since, until):
                return Parameter(name, kind, self._platform_default(name, default))
        return None

    def _platform_default(self, name: str, default: str | None) -> str | None:
        for since, until, text in table("postfix/platform_defaults").get(family(self.platform), {}).get(name, ()):
            if within(number(self.version), since, until):  # a distribution may be ahead of the tables
                return str(text)
        return default

    def bounds(self, name: str) -> Bounds | None:
        """Return what a program demands of a number, a time or the length of a text, None if nothing."""
        for since, until, least, most in table("postfix/bounds").get(name, ()):
            if within(self.number, since, until):
                return Bounds(least, most)
        return None

    def has_vocabulary(self, name: str) -> bool:
        """Say whether a parameter holds words of a fixed vocabulary (``checker.postfix.vocabulary``)."""
        return name in table("postfix/words")

    def names(self) -> list[str]:
        """Return the names of all built-in parameters, sorted."""
        patched = table("postfix/platform_parameters").get(family(self.platform), {})
        return sorted(name for name in {**table("postfix/parameters"), **patched} if self.parameter(name))

    @cached_property
    def default_references(self) -> dict[str, frozenset[str]]:
        """Return the names that defaults refer to, by parameter; those that refer to none are left out."""
        patched = table("postfix/platform_parameters").get(family(self.platform), {})
        rows = {**table("postfix/parameters"), **patched}
        names = (name for name, each in rows.items() if any("$" in (default or "") for *_, default in each))
        parameters = (self.parameter(name) for name in sorted(names))
        return {
            each.name: frozenset(scanned(each.default, self.number).names)
            for each in parameters
            if each is not None and each.default and "$" in each.default and each.type != "raw"
        }

    def load_order(self, program: str) -> dict[str, int] | None:
        """Return the position at which a program loads each parameter, None for a program that the tables do not
        know.
        """
        return _load_order(self.number[:2], program)


@cache
def _load_order(minor: Number, program: str) -> dict[str, int] | None:
    orders = table("postfix/load_order")
    if program not in orders:
        return None
    names: list[str] = []
    for part in ("global", program, "tls"):
        for since, until, order in orders[part]:
            if number(since) <= minor and (until is None or minor <= number(until)):
                names += order.split()
    return dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))  # the first of two counts


def release(version: str | None, platform: str | None) -> Release:
    """Return the release that a version or a platform names; the version wins.

    A version without a patch level means the last one of its branch. Raises UserError for an unheard-of platform or
    version.
    """
    packages = packaged(platform, "postfix") if platform is not None else None
    if version is None:
        platform = platform if packages else ASSUMED_PLATFORM
        version = packages or str(packaged(platform or ASSUMED_PLATFORM, "postfix"))
    parts = number(version)
    if len(parts) < 2 or parts[:2] < FIRST[:2]:
        raise UserError(
            f"unknown Postfix version '{version}'",
            hint=f"give one from {_text(FIRST)} to {_text(LAST)}, such as 3.7.11",
        )
    if len(parts) == 2:
        parts = max((each for each in _patch_levels() if each[:2] == parts), default=(*parts, 0))
        version = _text(parts)
    return Release(version, min(parts[:3], LAST), platform)


@cache
def _patch_levels() -> frozenset[Number]:
    ends = (end for rows in table("postfix/parameters").values() for since, until, *_ in rows for end in (since, until))
    return frozenset(number(end) for end in ends if end) | {LAST}


def _text(parts: Number) -> str:
    return ".".join(map(str, parts))
