"""The grammar of ``%{...}`` in values of 2.4 (lib-var-expand: var-expand-lexer.l, var-expand-parser.y): whether a value
is well formed, and which variables it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checker.dovecot.types import Refused

_OUTSIDE = r"(?s)(?P<VALUE>%%\{|[^%]+)|(?P<OCBRACE>%\{)|(?P<PERC>%)"
_INSIDE = r"""(?sx)(?P<CCBRACE>\})|(?P<blank>[ \t])|(?P<PERC>%)|(?P<PIPE>\|)|(?P<OBRACE>\()|(?P<CBRACE>\))
    |(?P<COMMA>,)|(?P<EQ>=)|(?P<PLUS>\+)|(?P<MINUS>-)|(?P<STAR>\*)|(?P<SLASH>/)|(?P<NUMBER>[0-9]+)
    |(?P<NAME>[a-zA-Z\x80-\U0010ffff][a-zA-Z0-9_/;:.\x80-\U0010ffff-]*)
    |(?P<VALUE>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<open>['"].*)|(?P<skipped>.)"""
"""Not compiled here: that takes long, and few values have variables."""

END = "end of file"
OPERATORS = ("PLUS", "MINUS", "STAR", "SLASH", "PERC")


class Variable(Struct, frozen=True):
    """One ``%{name | filters}``. ``is_plain``: a name and nothing else, whose value is the value."""

    name: str
    start: int
    end: int
    is_plain: bool


def variables(text: str) -> tuple[Variable, ...]:
    """Return the variables of a value; raise Refused for one that is not well formed."""
    if "%{" not in text:
        return ()
    found: list[Variable] = []
    at = 0
    while at < len(text):
        matched = re.compile(_OUTSIDE).match(text, at)
        assert matched is not None  # noqa: S101 - the expression matches any character
        at = matched.end()
        if matched.lastgroup == "OCBRACE":
            parser = _Parser(text, _tokens(text, at))
            parser.filters()
            found.append(Variable(parser.name, matched.start(), parser.end, parser.is_plain))
            at = parser.end
    return tuple(found)


def _tokens(text: str, start: int) -> Iterator[tuple[str, str, int]]:
    """Yield the tokens after a ``%{``: kind, text, and where each ends."""
    for matched in re.compile(_INSIDE).finditer(text, start):
        kind = matched.lastgroup or ""
        if kind == "open":
            break
        if kind not in ("blank", "skipped"):  # the lexer writes what it does not know to nowhere
            yield kind, matched[0], matched.end()
    yield END, "", len(text)


class _Parser:
    """Reads one variable by recursive descent."""

    def __init__(self, text: str, tokens: Iterator[tuple[str, str, int]]) -> None:
        self.text = text
        self.tokens = tokens
        self.kind, self.token, self.end = next(tokens)
        self.name = ""
        self.is_plain = True

    def filters(self) -> None:
        """Read all up to the closing brace."""
        self._filter()
        self.name = self.name or ""
        while self.kind == "PIPE":
            self.is_plain = False
            self._next()
            self._filter()
        if self.kind != "CCBRACE":
            self._refuse()

    def _filter(self) -> None:
        if self.kind in ("PIPE", "CCBRACE"):
            return
        self.name = self.name or self.token
        self._expect("NAME")
        if self.kind == "OBRACE":
            self.is_plain = False
            self._next()
            self._argument()
            while self.kind == "COMMA":
                self._next()
                self._argument()
            self._expect("CBRACE")
        if self.kind in OPERATORS:
            self.is_plain = False
            self._next()
            self._number_or("NAME")

    def _argument(self) -> None:
        if self.kind == "NAME":
            self._next()
            if self.kind == "EQ":
                self._next()
                self._number_or("NAME", "VALUE")
            return
        self._number_or("VALUE")

    def _number_or(self, *kinds: str) -> None:
        if self.kind == "MINUS":
            self._next()
            self._expect("NUMBER")
            return
        self._expect("NUMBER", *kinds)

    def _expect(self, *kinds: str) -> None:
        if self.kind not in kinds:
            self._refuse()
        self._next()

    def _next(self) -> None:
        self.kind, self.token, self.end = next(self.tokens)

    def _refuse(self) -> None:
        raise Refused(f"{self.text}: syntax error, unexpected {self.kind}")
