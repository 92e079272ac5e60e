"""Facts that are looked for when somebody asks for them: most runs ask for few of the kinds that are many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Gathered(Generic[T]):
    """Facts of one kind in one configuration."""

    def __init__(self, look: Callable[[], tuple[T, ...]]) -> None:
        self._look = look
        self._found: tuple[T, ...] | None = None

    def all(self) -> tuple[T, ...]:
        """Return the facts."""
        if self._found is None:
            self._found = self._look()
        return self._found
