"""Values that stand for others: ``<path``, ``$ENV:NAME``, and settings: ``$name`` in 2.3, ``$SET:name`` in 2.4."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct

from checker.dovecot.include import Reader
from checker.dovecot.release import Release
from checker.dovecot.syntax import Statement
from checker.dovecot.types import Refused
from checker.tree import ReadError
from checker.values import Reason

_BLANKS = re.compile(r" [ \t]*")
"""What separates the words of a value that holds a ``$``: it is written as one space (config_write_keyvariable)."""

Expansion = Literal["print", "daemon", "files"]
"""What ``$name`` becomes: doveconf prints it as it stands, the daemons have it expanded where it stands. With ``files``
``<path`` is replaced as well.
"""

Environment = Mapping[str, str] | None
"""The environment of ``$ENV:``, None where it is not known."""


class Text(Struct, frozen=True):
    """The text of a value, and why it is not known if it is not."""

    text: str
    unknown: Reason | None = None


Lookup = Callable[[str, bool], Text]
"""Returns what a setting is where a value refers to it, by its name and whether it is set by that value; raises
Refused.
"""


class Expander(Struct, frozen=True):
    """How one reading of a configuration expands values."""

    release: Release
    expansion: Expansion
    environment: Environment
    reader: Reader

    @property
    def waits(self) -> bool:
        """Say whether variables are expanded only once all is read."""
        return self.release.number >= (2, 4, 2) and self.expansion != "print"

    def is_file(self, statement: Statement) -> bool:
        """Say whether a value is left to be the content of a file."""
        return statement.style == "file" and self.expansion != "files"

    def text(self, statement: Statement, lookup: Lookup) -> Text:
        """Return the value of a setting that is being read; raise Refused."""
        if statement.style == "file":
            return self._content(statement)
        if statement.style == "heredoc":
            end = statement.delimiter
            is_shown = self.expansion != "daemon" and statement.value
            return Text(f"<<{end}\n{statement.value}\n{end}" if is_shown else statement.value)
        if statement.style == "variable":
            return self.expanded(statement.key, statement.value, lookup)
        return Text(statement.value)

    def _content(self, statement: Statement) -> Text:
        if self.expansion != "files":
            return Text(f"<{statement.value}")
        try:
            return Text(self.reader.content(statement.value))
        except ReadError as error:
            raise Refused(f"{statement.key}: Can't open file {error.place}: {error.message}") from None

    def opened(self, path: str) -> str:
        """Return the value of a setting that names a file. With ``files`` that is opened: raise Refused if it cannot
        be.
        """
        if self.expansion != "files" or not path or path.startswith(("inline:", "<")) or "%{" in path:
            return path
        try:
            self.reader.content(path)
        except ReadError as error:
            raise Refused(f"open({error.place}) failed: {error.message}") from None
        return self.reader.absolute(path)

    def expanded(self, key: str, value: str, lookup: Lookup, *, at_end: bool = False) -> Text:
        """Return a value with the words that are variables replaced; raise Refused.

        A setting's own name is always replaced at once. ``at_end``: all is read, and what waited is replaced too.
        """
        sign = "$" if self.release.generation == "2.3" else "$SET:"
        only_first = self.release.number < (2, 3, 14)
        keeps = self.expansion == "print" or (self.waits and not at_end)
        result: list[str] = []
        unknown: Reason | None = None
        for index, word in enumerate(value.split(" ") if only_first else _BLANKS.split(value)):
            itself = word == f"{sign}{key}"
            if (keeps and not itself) or (only_first and index > 0):
                result.append(word)
            elif word.startswith("$ENV:") and not only_first:
                if self.environment is None:
                    unknown = Reason("host-only", f"{word} is of the environment of the daemon")
                result.append((self.environment or {}).get(word[5:], ""))
            elif word.startswith(sign):
                found = lookup(word.removeprefix(sign), itself)
                unknown = unknown or found.unknown
                result.append(found.text)
            else:
                result.append(word)
        return Text(" ".join(result), unknown)
