"""How a value came to be, as text."""

from __future__ import annotations

from collections.abc import Sequence

from checker.safe_text import for_terminal, redact
from checker.values import Origin

MAX_VALUE = 200


def chain(origins: Sequence[Origin]) -> str:
    """Return ``name = value: default of Postfix 3.7.11 -> main.cf:12 -> master.cf:40 (-o)``, the decisive step last;
    the origins have it first.
    """
    decisive = origins[0]
    steps = path_of(origins)
    if not decisive.parameter:
        return steps
    value = for_terminal(redact(decisive.parameter, decisive.text), MAX_VALUE)
    return f"{for_terminal(decisive.parameter)} = {value or '(empty)'}: {steps}"


def path_of(origins: Sequence[Origin]) -> str:
    """Return the steps alone."""
    return " -> ".join(dict.fromkeys(step(origin) for origin in reversed(origins)))


def step(origin: Origin) -> str:
    """Return one step of a chain: what it is, and the file and line where that is not said yet."""
    note = for_terminal(origin.note)
    if origin.place is None or origin.is_default:
        return note
    name = for_terminal(origin.place.path.rpartition("/")[2])
    return f"{name}:{origin.place.line}" if note in ("", name) else f"{name}:{origin.place.line} ({note})"
