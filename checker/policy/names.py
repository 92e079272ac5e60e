"""The nearest right name, for errors about a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

_FEW = 8


def nearest(name: str, right: Iterable[str]) -> str:
    """Return a hint: the right name most like this one, or all of them where they are few."""
    from difflib import get_close_matches  # noqa: PLC0415 - only an error needs it

    names = list(dict.fromkeys(right))
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"one of: {', '.join(names)}" if 0 < len(names) <= _FEW else ""
