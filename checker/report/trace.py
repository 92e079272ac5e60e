"""How a value came to be, as text."""

from __future__ import annotations

from collections.abc import Sequence

from checker.safe_text import for_terminal, redact, shown
from checker.values import Origin

MAX_VALUE = 200


def chain(origins: Sequence[Origin], default: str = "default") -> str:
    """Return ``name = value: default (Postfix 3.7.11) -> main.cf:12 -> master.cf:40 (-o smtp/inet)``, the decisive step
    last; the origins have it first. ``default`` is the word for what the release brings.
    """
    decisive = origins[0]
    steps = path_of(origins, default)
    if not decisive.parameter:
        return steps
    value = for_terminal(redact(decisive.parameter, decisive.text), MAX_VALUE)
    return f"{for_terminal(decisive.parameter)} = {value or '(empty)'}: {steps}"


def path_of(origins: Sequence[Origin], default: str = "default") -> str:
    """Return the steps alone."""
    return " -> ".join(dict.fromkeys(_step(origin, default) for origin in reversed(origins)))


def _step(origin: Origin, default: str) -> str:
    note = shown(origin.note)
    if origin.is_default:
        return f"{default} ({note})" if note else default
    if origin.place is None:
        return note
    name = for_terminal(origin.place.path.rpartition("/")[2])
    return f"{name}:{origin.place.line}" if note in ("", name) else f"{name}:{origin.place.line} ({note})"
