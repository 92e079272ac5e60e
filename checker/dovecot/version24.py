"""``dovecot_config_version``: it must come first in a configuration of 2.4, and must not change."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from checker.dovecot.release import Release
from checker.dovecot.syntax import Statement
from checker.dovecot.types import Refused
from checker.releases.platforms import last_config
from checker.releases.tables import number


class ConfigVersion(Struct):
    """What has been said of the version so far: None if nothing, empty if it does not come first."""

    release: Release
    value: str | None = None

    def take(self, statement: Statement, fail: Callable[[str], None]) -> bool:
        """Return True if a statement is done with, False if it is to be applied; raise Refused.

        ``fail`` is told what is wrong with a statement that is to be applied all the same.
        """
        if statement.kind == "error":
            return self.value is None and self.release.number >= (2, 4, 2)  # those releases pass over it
        if statement.kind != "setting" or statement.key != "dovecot_config_version":
            if self.value is None:
                self.value = ""  # said once
                fail("The first setting must be dovecot_config_version")
            return False
        if self.value:
            if self.value != statement.value:
                raise Refused("dovecot_config_version value can't be changed once set")
            return True
        self.value = statement.value
        if statement.style not in ("plain", "quoted"):
            raise Refused("Invalid dovecot_config_version: value is not a string")
        supported = supported_versions(self.release)
        if statement.value not in supported:
            listed = " ".join(supported)
            raise Refused(f"Invalid dovecot_config_version: Currently supported versions are: {listed}")
        return True


def supported_versions(release: Release) -> tuple[str, ...]:
    """Return the values that ``dovecot_config_version`` may have."""
    patch = release.number[2] if len(release.number) > 2 else 0
    later = last_config(release.platform)
    if later is not None and number(later) > release.number:
        patch = number(later)[2]
    elif patch < 2:
        return tuple(dict.fromkeys(("2.4.0", f"2.4.{patch}")))
    return tuple(f"2.4.{each}" for each in range(patch + 1))
