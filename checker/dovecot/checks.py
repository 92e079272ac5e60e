"""Checks of both generations."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator


def option_errors(text: str, known: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with ``ssl_options``."""
    for option in text.replace(",", " ").split():
        if option.lower() not in known:
            yield f"ssl_options: unknown flag: '{option}'"


def is_verbose_password(text: str) -> bool:
    """Say whether ``auth_verbose_passwords`` accepts a text: a word, for two of them with a length after a colon."""
    word, colon, length = text.partition(":")
    if word not in ("no", "plain", "sha1", "yes"):
        return False
    return not colon or (word != "no" and length.isascii() and length.isdigit() and int(length[:20]) > 0)


def duplicates(listeners: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong if two listeners are the same."""
    found = sorted(listeners)
    for one, other in itertools.pairwise(found):
        if one == other:
            yield f"duplicate listener: {one}"


def listening_path(path: str, base_dir: str) -> str:
    """Return where a unix or fifo listener is, by its path as written."""
    return path if path.startswith("/") else f"{base_dir}/{path}"
