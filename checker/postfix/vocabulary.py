"""Parameters that hold words of a fixed vocabulary: any other word kills the programs that ask (util/name_code.c,
util/name_mask.c).
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from checker.releases.tables import Number, table, within

Form = Literal["word", "exact", "list"]
"""One word in any case, one word as it is, or several words as they are."""


class Vocabulary(Struct, frozen=True):
    """The words that a parameter may hold, and the programs that die of another (``*``: all)."""

    programs: tuple[str, ...]
    form: Form
    words: tuple[str, ...]

    def stranger(self, text: str) -> str | None:
        """Return the first word of a text that is none of these, None if all are."""
        if self.form == "list":
            return next((word for word in re.split(r"[, \t\r\n]+", text) if word and word not in self.words), None)
        word = text.lower() if self.form == "word" else text
        return None if word in self.words else text


def vocabulary(name: str, release: Number, program: str) -> Vocabulary | None:
    """Return the vocabulary that a program holds a parameter to in a release; None if it takes any text."""
    for since, until, programs, form, words in table("postfix/words").get(name, ()):
        if within(release, since, until) and (programs == "*" or program in programs.split()):
            return Vocabulary(tuple(programs.split()), form, tuple(words))
    return None
