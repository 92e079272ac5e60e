"""A setting as somebody wrote it in one place, which may be wrong, useless or without effect.

What a daemon makes of all that is written, the effective value, is ``settings.NAME`` of facts (``facts/settings.py``).
"""

from __future__ import annotations

from msgspec import Struct

from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.types import FactSource, Product, SettingProblem
from checker.values import ABSENT, Known, Origin, Value


class Setting(Struct, frozen=True):
    """One assignment. ``scope`` is ``global`` or the service whose option it is; ``path`` the file; ``secret``: the
    value, which is then not shown, is a password or holds one.

    ``problems``: ``unknown`` (a name that nothing reads), ``misspelt`` (like that, but near a known name), ``foreign``
    (a name of a later release or of another product), ``removed`` (of an earlier release), ``deprecated``, ``shadowed``
    (by a later line), ``no-effect`` (nothing that runs looks at it for what it is for), ``weakens`` (the option
    protects less than the value that the service had without it), ``refuses-mail`` (mail is answered 451 because of
    it), ``disables-tls`` (no handshake succeeds because of it), ``fatal`` (a program that reads it dies). ``advice``
    names what is meant or counts instead; ``programs`` are those running that read it.
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product | None]
    source: Value[FactSource]
    name: Value[str | None] = ABSENT
    value: Value[str | None] = ABSENT
    scope: Value[str | None] = ABSENT
    path: Value[str | None] = ABSENT
    secret: Value[bool] = Known(False)
    problems: Value[tuple[SettingProblem, ...]] = Known(())
    advice: Value[str | None] = ABSENT
    programs: Value[tuple[str, ...]] = Known(())
    settings: Settings = NO_SETTINGS
