"""The daemon's value of any parameter in a fact's scope, as ``settings.NAME`` in rules."""

from __future__ import annotations

from typing import Protocol

from checker.values import ABSENT, Value

Plain = bool | int | str | tuple[str, ...] | None
"""What a typed parameter may hold."""


class Settings(Protocol):
    """A scope's parameters."""

    def get(self, name: str) -> Value[Plain]:
        """Return the daemon's value of a parameter, typed by the release's tables; absent if the release has no such
        parameter.
        """


class _NoSettings:
    """The settings of a fact that has none, such as one seen on the wire."""

    def get(self, name: str) -> Value[Plain]:
        del name
        return ABSENT


NO_SETTINGS: Settings = _NoSettings()
