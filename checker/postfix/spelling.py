"""Names that somebody meant: the known name that differs from a wrong one by a slip of the keyboard."""

from __future__ import annotations

from collections.abc import Iterable

MOST_SLIPS = 2
LEAST_LENGTH = 5
"""Of a shorter name, two slips leave nothing."""
LONGEST = 80
"""A longer name is no name that somebody mistyped."""


def meant(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like a wrong one, None if none differs by so little that it must be meant."""
    if not LEAST_LENGTH <= len(name) <= LONGEST:
        return None
    best: tuple[int, str] | None = None
    plain = name.lower().replace("-", "_")
    for each in known:
        if abs(len(each) - len(plain)) > MOST_SLIPS:
            continue
        slips = _slips(plain, each)
        if slips <= MOST_SLIPS and (best is None or (slips, each) < best):
            best = (slips, each)
    return best[1] if best else None


def _slips(one: str, other: str) -> int:
    """Return how many letters are wrong, missing, too many or swapped with the next; any number above the bound means
    more than the bound (Damerau and Levenshtein, strings aligned).
    """
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        beyond, before, row = before, row, [at]
        for position, candidate in enumerate(other, 1):
            cost = min(before[position] + 1, row[-1] + 1, before[position - 1] + (letter != candidate))
            if at > 1 and position > 1 and letter == other[position - 2] and one[at - 2] == candidate:
                cost = min(cost, beyond[position - 2] + 1)
            row.append(cost)
        if min(row) > MOST_SLIPS:
            return MOST_SLIPS + 1
    return row[-1]
