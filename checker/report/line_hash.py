"""``primaryLocationLineHash``: the fingerprint that GitHub knows a result by, as its upload action computes it."""

from __future__ import annotations

import array
import sys

_WINDOW = 100
_FACTOR = 37
_MASK = (1 << 64) - 1
_LEAVING = pow(_FACTOR, _WINDOW, 1 << 64)
_END = 0xFFFF
_UTF_16 = f"utf-16-{sys.byteorder[0]}e"


def line_hashes(data: bytes) -> list[str]:
    """Return ``hash:n`` of every line of a file, the first line's first; n counts lines with the same hash.

    The hash is rolled over the 100 UTF-16 units from the start of the line, blanks and tabs left out, every kind of
    line end taken as LF.
    """
    units, starts = _units(data)
    units.extend([0] * _WINDOW)
    wanted = set(starts)
    hashes: dict[int, int] = {}
    rolled = 0
    for at, unit in enumerate(units):
        first = at - _WINDOW
        if first < 0:
            rolled = (rolled * _FACTOR + unit) & _MASK
            continue
        if first in wanted:
            hashes[first] = rolled
        rolled = (rolled * _FACTOR + unit - _LEAVING * units[first]) & _MASK
    seen: dict[str, int] = {}
    told = []
    for start in starts:
        digest = format(hashes[start], "x")
        seen[digest] = seen.get(digest, 0) + 1
        told.append(f"{digest}:{seen[digest]}")
    return told


def _units(data: bytes) -> tuple[list[int], list[int]]:
    """Return what is hashed, closed by a mark of the end, and where in it each line starts."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.translate({0x20: None, 0x09: None}).split("\n")
    units: list[int] = []
    starts: list[int] = []
    for line in lines:
        starts.append(len(units))
        units.extend(array.array("H", line.encode(_UTF_16)))
        units.append(0x0A)
    units[-1] = _END
    return units, starts
