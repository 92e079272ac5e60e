"""Which names a value refers to, without expanding anything: util/mac_expand.c with MAC_EXP_FLAG_SCAN."""

from __future__ import annotations

import re

from msgspec import Struct

from checker.postfix.expand import MACRO_BLANKS, MacroError, closer, payload
from checker.postfix.features import has
from checker.releases.tables import Number

MAX_DEPTH = 100
"""Deeper nesting is an error to Postfix, too (util/mac_expand.c)."""

_PLAIN = re.compile(r"\w*", re.ASCII)
_OPERATOR = re.compile(r"(?:==|!=|<=?|>=?)(?![<>!=?+*/~&|%-])(\w*)", re.ASCII)


class Scan(Struct, frozen=True):
    """The names that a text refers to, in either arm of conditions, each as often as it is there, and the errors in it.

    After an error in a reference the names behind it are not looked at, as in Postfix.
    """

    names: tuple[str, ...]
    errors: tuple[str, ...] = ()


def scanned(text: str, release: Number) -> Scan:
    """Return the names that a text refers to."""
    if "$" not in text:
        return Scan(())
    scanner = _Scanner(release)
    scanner.text(text, 0)
    return Scan(tuple(scanner.names), tuple(scanner.errors))


class _Scanner:
    """One scan: what was found so far."""

    def __init__(self, release: Number) -> None:
        self.release = release
        self.names: list[str] = []
        self.errors: list[str] = []
        self.failed = False

    def text(self, text: str, depth: int) -> None:
        at = 0
        while (dollar := text.find("$", at)) >= 0:
            opener = text[dollar + 1 : dollar + 2]
            if opener == "$":
                at = dollar + 2
                continue
            if opener and opener in "({":
                end = closer(text, dollar + 1)
                if end is None:
                    self.errors.append(f'truncated macro reference: "{text}"')
                    return
                content, at = text[dollar + 2 : end], end + 1
            else:
                found = _PLAIN.match(text, dollar + 1)
                assert found is not None  # noqa: S101 - the expression matches the empty string
                content, at = found.group(), found.end()
            if not content:
                self.errors.append(f'empty macro name: "{text}"')
                return
            if not self.failed:
                self.tried(content, depth + 1)

    def tried(self, content: str, depth: int) -> None:
        try:
            self.reference(content, depth)
        except MacroError as error:
            self.failed = True
            self.errors.append(str(error))

    def reference(self, content: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise MacroError(f'unreasonable macro call nesting: "{content}"')
        body = content.lstrip(MACRO_BLANKS)
        if body.startswith("{") and has(self.release, "macro-braces"):
            rest = self.relation(body, depth)
        else:
            name = _PLAIN.match(body)
            assert name is not None  # noqa: S101 - the expression matches the empty string
            behind = body[name.end() :]
            rest = behind.lstrip(MACRO_BLANKS)
            if rest.startswith("{") and rest == behind and has(self.release, "macro-functions"):
                inner, rest = payload(rest)
                self.text(inner, depth)
            elif (rest and rest[0] not in "?:") or (
                (rest != behind or body != content) and not has(self.release, "macro-blanks")
            ):
                raise MacroError(f'attribute name syntax error: "{content}"')
            else:
                self.names.append(name.group())
        if rest and rest[0] not in "?:":
            raise MacroError(f'"?" or ":" expected at: "{rest}"')
        if rest:
            self.arms(rest, depth)

    def relation(self, body: str, depth: int) -> str:
        left, rest = payload(body)
        operator = _OPERATOR.match(rest)
        if operator is None or operator.group(1) not in ("", "level"):
            raise MacroError(f'relational operator expected at: "{rest}"')
        if operator.group(1) and not has(self.release, "macro-levels"):
            raise MacroError(f'"{{expression}}" expected at: "{rest}"')
        right, rest = payload(rest[operator.end() :].lstrip(MACRO_BLANKS))
        self.text(left, depth)
        self.text(right, depth)
        return rest

    def arms(self, rest: str, depth: int) -> None:
        sign, text = rest[0], rest[1:]
        loose = text.lstrip(MACRO_BLANKS)
        if not loose.startswith("{") or not has(self.release, "macro-braces"):
            self.text(text, depth)
            return
        arm, after = payload(loose)
        self.text(arm, depth)
        if after and (sign == ":" or after[0] != ":"):
            raise MacroError(f'unexpected input at: "{after}"')
        if after:
            self.arms(after, depth)
