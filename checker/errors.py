"""The one exception for what the user can mend."""

from __future__ import annotations


class UserError(Exception):
    """Something that the user can mend: a bad path, a broken file, a rule that does not load.

    Args:
        message: what is wrong, in one sentence.
        place: where (``path`` or ``path:line:column``), empty if nowhere in particular.
        hint: what to do next, empty if the message says it.

    ``checker.cli`` is the one handler: it prints the three parts and exits with status 2.

    """

    def __init__(self, message: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        then = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{then}"
