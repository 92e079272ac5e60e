"""What an entry of smtp_tls_policy_maps says, as smtp/smtp_tls_policy.c:tls_policy_lookup_one reads it."""

from __future__ import annotations

import re
from typing import get_args

from msgspec import Struct

from checker.facts.types import TlsLevel
from checker.postfix import types
from checker.postfix.features import Feature, has
from checker.releases.tables import Number

LEVELS: tuple[TlsLevel, ...] = get_args(TlsLevel)
"""All levels that there are (tls/tls_level.c)."""

DANE: frozenset[TlsLevel] = frozenset({"dane", "dane-only"})

ATTRIBUTES: dict[str, Feature | None] = {
    "ciphers": None,
    "protocols": None,
    "match": None,
    "exclude": None,
    "tafile": "dane",
    "servername": "tls-servername",
    "connection_reuse": "tls-servername",
    "enable_rpk": "raw-public-keys",
    "policy_ttl": "tlsrpt",
    "policy_type": "tlsrpt",
    "policy_domain": "tlsrpt",
    "policy_string": "tlsrpt",
    "mx_host_pattern": "tlsrpt",
    "policy_failure": "tlsrpt",
}
"""The attributes of an entry, and with what they came."""

REPEATABLE = frozenset({"match", "tafile", "connection_reuse", "enable_rpk", "policy_string", "mx_host_pattern"})
PLUGIN = frozenset({"policy_ttl", "policy_domain", "policy_string", "mx_host_pattern", "policy_failure"})
"""What only goes with ``policy_type``."""

_LABEL = r"[A-Za-z0-9_](?:[-\w]*[A-Za-z0-9_])?"
_HOST_NAME = rf"(?a)(?![\d.]+$){_LABEL}(?:\.{_LABEL})*"


class Policy(Struct, frozen=True):
    """One entry: its level and what else decides. With a ``fault`` mail to its destinations is deferred."""

    level: TlsLevel | None
    protocols: str | None = None
    matches: bool = False
    has_trust_anchor: bool = False
    fault: str = ""


def level_named(text: str, release: Number) -> TlsLevel | None:
    """Return a security level by name, None if the release has none of that name."""
    level = next((each for each in LEVELS if each == text.lower()), None)
    return None if level in DANE and not has(release, "dane") else level


def parse_policy(text: str, release: Number) -> Policy:
    """Read the result of a lookup. An error in it is never ignored: it could mean less security than was meant."""
    words = types.words(text) if has(release, "tlsrpt") else tuple(filter(None, re.split(r"[, \t\r\n]+", text)))
    if not words:
        return Policy(None, fault="the policy is empty")
    level = level_named(words[0], release)
    if level is None:
        return Policy(None, fault=f"invalid security level '{words[0]}'")
    if level == "none":
        return Policy(level)  # attributes are ignored
    attributes: list[tuple[str, str]] = []
    for word in words[1:]:
        inner = word[1:-1].strip() if word.startswith("{") and word.endswith("}") else word
        name, equals, value = (part.strip() for part in inner.partition("="))
        fault = _fault(level, name.lower(), value, [known for known, _ in attributes], release)
        if not equals or fault:
            return Policy(level, fault=fault if equals else f"malformed attribute '{word}'")
        attributes.append((name.lower(), value))
    given = dict(attributes)
    if "policy_type" not in given and PLUGIN & given.keys():
        return Policy(level, fault="attributes of a policy plugin without policy_type")
    return Policy(level, given.get("protocols"), "match" in given, "tafile" in given)


def _fault(level: TlsLevel, name: str, value: str, seen: list[str], release: Number) -> str:
    """Return what is wrong with an attribute, empty if nothing."""
    feature = ATTRIBUTES.get(name)
    if name not in ATTRIBUTES or (feature and not has(release, feature)):
        return f"invalid attribute name '{name}'"
    if name in seen and name not in REPEATABLE:
        return f"attribute '{name}' is given twice"
    if name in ("ciphers", "match", "tafile") and not value:
        return f"attribute '{name}' is empty"
    if name == "match" and level not in ("fingerprint", "verify", "secure"):
        return f"attribute 'match' is invalid at level '{level}'"
    if name == "tafile" and level not in ("verify", "secure"):
        return f"attribute 'tafile' is invalid at level '{level}'"
    if name in ("connection_reuse", "enable_rpk") and value.lower() not in ("yes", "no"):
        return f"attribute '{name}' has the bad value '{value}'"
    if name in ("servername", "policy_domain") and not re.fullmatch(_HOST_NAME, value):
        return f"attribute '{name}' names no host: '{value}'"
    if name == "policy_type" and value.lower() not in ("tlsa", "sts", "no-policy-found"):
        return f"attribute 'policy_type' has the bad value '{value}'"
    if name == "policy_ttl" and not (value.isascii() and value.isdigit()):
        return f"attribute 'policy_ttl' has the bad value '{value}'"
    return ""
