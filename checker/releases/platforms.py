"""Which releases the packages of a platform bring, and where the figures are from."""

from __future__ import annotations

from typing import Literal

from checker.errors import UserError
from checker.releases.tables import table

Package = Literal["postfix", "dovecot"]


def packaged(platform: str, package: Package) -> str | None:
    """Return the version that a platform packages, None if the tables do not have it; raise UserError for an unheard-of
    platform.
    """
    if platform not in table("platforms"):
        known = ", ".join(table("platforms"))
        hint = f"known are: {known}; or give an exact --{package}-version"
        raise UserError(f"unknown platform '{platform}'", hint=hint)
    version: str | None = table("platforms")[platform].get(package)
    return version


def last_config(platform: str | None) -> str | None:
    """Return the last ``dovecot_config_version`` that a platform's package takes, None if it is the release's own:
    Debian's security updates of 2.4.1 take those of the releases that the fixes are from.
    """
    found: str | None = table("platforms")[platform].get("dovecot_config") if platform is not None else None
    return found


def chosen(name: str) -> str | None:
    """Return the platform that a user names; ``auto`` leaves it to the files."""
    return None if name == "auto" else name


def family(platform: str | None) -> str:
    """Return what the releases of a platform have in common, such as ``debian``."""
    return (platform or "").partition("-")[0]
