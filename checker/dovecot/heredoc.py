"""Values of several lines, ``name = <<EOF`` up to a line ``EOF``, which late releases of 2.4 have."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from checker.dovecot.syntax import Statement
from checker.source import Source


def delimiter_of(statement: Statement) -> str:
    """Return what ends the value of a statement, empty if the value ends with its line."""
    if statement.style != "file" or not statement.value.startswith("<"):
        return ""
    return statement.value[1:].lstrip()


class Heredoc(Struct):
    """The lines of a value so far. They are taken as they stand: there are no comments in them."""

    statement: Statement
    delimiter: str
    lines: list[str] = field(default_factory=list)

    def feed(self, source: Source, start: int, number: int) -> Statement | None:
        """Take the physical line that begins at an offset; return the statement if that ends it."""
        end = source.text.find("\n", start)
        line = source.text[start : end if end >= 0 else len(source.text)].removesuffix("\r")
        if line != self.delimiter:
            self.lines.append(line)
            return None
        ended = replace(self.statement.line, number=number)
        value = "\n".join(self.lines)
        return replace(self.statement, value=value, line=ended, style="heredoc", delimiter=self.delimiter)

    def missing(self, number: int) -> Statement:
        """Return the error of a value whose file ends before it does."""
        ended = replace(self.statement.line, number=number)
        return Statement("error", self.statement.key, f"Missing {self.delimiter}", ended)
