"""Notices of commands whose standard output is data."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from checker.result import Notice
from checker.safe_text import for_terminal, shown


def tell(notices: Iterable[Notice]) -> None:
    """Say on standard error what must be known to read the data rightly."""
    for notice in notices:
        place = f"{notice.place}: " if notice.place else ""
        sys.stderr.write(f"mailposture: {notice.level}: {for_terminal(place)}{shown(notice.text)}\n")
        if notice.hint:
            sys.stderr.write(f"hint: {shown(notice.hint)}\n")
