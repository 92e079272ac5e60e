"""Expansion of ``$name`` and ``${...}`` in parameter values, as util/mac_parse.c and util/mac_expand.c do it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from checker.postfix.features import has
from checker.postfix.lines import BLANKS
from checker.releases.tables import Number

MAX_DEPTH = 100
"""Deeper nesting is fatal to Postfix too (util/mac_expand.c)."""

MAX_LENGTH = 1 << 20
MAX_STEPS = 100_000
"""Postfix knows no limit here and would eat the machine's memory."""

Lookup = Callable[[str], str | None]
"""Gives the text of a name as the dictionary holds it (not expanded), None if there is none."""

_PLAIN = re.compile(r"\w+", re.ASCII)
_BRACKETS = {"(": re.compile(r"[()]"), "{": re.compile(r"[{}]")}
_COMPARE = re.compile(r"(==|!=|<=|<|>=|>)(level)?")
_LEVEL = re.compile(r"\d{1,9}(\.\d{1,9}){0,2}", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_LONG_MAX = 2**63 - 1
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FUNCTIONS = ("domain_to_ascii", "domain_to_utf8")


class MacroError(Exception):
    """A syntax error in a value: fatal to every program that expands it."""


def expand(text: str, lookup: Lookup, release: Number) -> str:
    """Return the text with all references expanded; raise MacroError where Postfix dies."""
    try:
        return _Expander(lookup, release).expanded(text, 0)
    except RecursionError:  # a default looked up deep inside one expansion may need a deep one of its own
        raise MacroError("the value nests too deeply") from None


def references(text: str) -> frozenset[str]:
    """Return the names that a text refers to, in either arm of a condition, without expanding anything."""
    found: set[str] = set()
    pending = [text]
    while pending:
        text = pending.pop()
        at = text.find("$")
        while at >= 0:
            opener = text[at + 1 : at + 2]
            end = at + 2
            if opener and opener in "({" and (closer := _closer(text, at + 1)) is not None:
                content = text[at + 2 : closer]
                if name := _PLAIN.match(content.lstrip(BLANKS)):
                    found.add(name.group())
                pending.append(content)
                end = closer + 1
            elif plain := _PLAIN.match(text, at + 1):
                found.add(plain.group())
                end = plain.end()
            at = text.find("$", end)
    return frozenset(found)


class _Expander:
    """The bounds and the dictionary of one expansion."""

    def __init__(self, lookup: Lookup, release: Number) -> None:
        self.lookup = lookup
        self.release = release
        self.steps = 0
        self.length = 0
        self.deepest = 0
        self.known: dict[str, tuple[str, int]] = {}

    def expanded(self, text: str, depth: int) -> str:
        if "$" not in text:
            return text
        out: list[str] = []
        at = 0
        while (dollar := text.find("$", at)) >= 0:
            out.append(text[at:dollar])
            at, piece = self.reference(text, dollar + 1, depth)
            self.length += len(piece)
            if self.length > MAX_LENGTH:
                raise MacroError(f"the value grows beyond {MAX_LENGTH >> 20} MiB when it is expanded")
            out.append(piece)
        out.append(text[at:])
        return "".join(out)

    def reference(self, text: str, at: int, depth: int) -> tuple[int, str]:
        """Return the end of the reference whose ``$`` stands before ``at``, and what it expands to."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise MacroError(f"the value needs more than {MAX_STEPS} expansions")
        self.reach(depth, text)
        opener = text[at : at + 1]
        if opener == "$":
            return at + 1, "$"
        if opener and opener in "{(":
            end = _closer(text, at)
            if end is None:
                raise MacroError(f'truncated macro reference: "{text}"')
            return end + 1, self.braced(text[at + 1 : end], depth)
        plain = _PLAIN.match(text, at)
        if plain is None:
            raise MacroError(f'empty macro name: "{text}"')
        return plain.end(), self.named(plain.group(), depth)

    def reach(self, depth: int, text: str) -> None:
        self.deepest = max(self.deepest, depth)
        if depth >= MAX_DEPTH:
            raise MacroError(f'unreasonable macro call nesting: "{text}"')

    def named(self, name: str, depth: int) -> str:
        """Return the expansion of a name, made once: else names that double each other would take for ever."""
        if name in self.known:
            text, height = self.known[name]
            self.reach(depth + height, name)
            return text
        outer, self.deepest = self.deepest, depth
        found = self.lookup(name)
        text = "" if found is None else self.expanded(found, depth + 1)
        self.known[name] = (text, self.deepest - depth)
        self.deepest = max(self.deepest, outer)
        return text

    def braced(self, content: str, depth: int) -> str:
        """Return what ``${content}`` expands to."""
        body = content.lstrip(BLANKS)
        if body.startswith("{") and has(self.release, "macro-braces"):
            truth, rest = self.relation(body, content, depth)
            if not rest:
                return "true" if truth else ""
            if rest[0] not in "?:":
                raise MacroError(f'"?" or ":" expected at: "...}}>>>{rest}"')
            return self.chosen(truth, rest, depth)
        name = _PLAIN.match(body)
        if name is None:
            raise MacroError(
                f'empty macro name: "{content}"' if not body else f'attribute name syntax error: "{content}"'
            )
        rest = body[name.end() :]
        if rest.startswith("{") and name.group() in _FUNCTIONS and has(self.release, "macro-functions"):
            return _converted(name.group(), self.function_argument(rest, depth))
        tight = rest == rest.lstrip(BLANKS) and body == content
        rest = rest.lstrip(BLANKS)
        if (rest and rest[0] not in "?:") or (not tight and not has(self.release, "macro-blanks")):
            raise MacroError(f'attribute name syntax error: "{content}"')
        if not rest:
            return self.named(name.group(), depth)
        # One look, not expanded: "x = $empty" counts as set (util/mac_expand.c:mac_expand_callback).
        return self.chosen(bool(self.lookup(name.group())), rest, depth)

    def relation(self, body: str, content: str, depth: int) -> tuple[bool, str]:
        """Return the truth of ``{left} op {right}`` and what follows it."""
        left, rest = self.operand(body, content, depth)
        symbol = _COMPARE.match(rest)
        if symbol is None:
            raise MacroError(f'relational operator expected at: "{content}"')
        right, rest = self.operand(rest[symbol.end() :].lstrip(BLANKS), content, depth)
        compare = symbol.group(1)
        if symbol.group(2):
            if not has(self.release, "macro-levels"):
                raise MacroError(f'relational operator expected at: "{content}"')
            return _OPERATORS[compare](_level(left), _level(right)), rest
        if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
            return _OPERATORS[compare](_long(left), _long(right)), rest
        return _OPERATORS[compare](
            left.encode("utf-8", "surrogateescape"), right.encode("utf-8", "surrogateescape")
        ), rest

    def operand(self, text: str, content: str, depth: int) -> tuple[str, str]:
        end = _closer(text, 0) if text.startswith("{") else None
        if end is None:
            raise MacroError(f'"{{" expected, or unbalanced, at: "{content}"')
        return self.expanded(text[1:end], depth + 1), text[end + 1 :].lstrip(BLANKS)

    def chosen(self, truth: bool, rest: str, depth: int) -> str:  # noqa: FBT001 - the truth of a condition
        """Return the arm that a truth selects from ``?a``, ``:b``, ``?{a}:{b}``."""
        if_true, if_false = self.arms(rest)
        arm = if_true if truth else if_false
        return "" if arm is None else self.expanded(arm, depth + 1)

    def arms(self, rest: str) -> tuple[str | None, str | None]:
        sign, text = rest[0], rest[1:]
        loose = text.lstrip(BLANKS)
        if not loose.startswith("{") or not has(self.release, "macro-braces"):
            return (text, None) if sign == "?" else (None, text)
        arm, after = _payload(loose)
        if sign == ":":
            if after:
                raise MacroError(f'unexpected input at: "{after}"')
            return None, arm
        if not after:
            return arm, None
        if after[0] != ":":
            raise MacroError(f'":" expected at: "{after}"')
        other = after[1:].lstrip(BLANKS)
        if not other.startswith("{"):
            return arm, after[1:]
        other_arm, after = _payload(other)
        if after:
            raise MacroError(f'unexpected input at: "{after}"')
        return arm, other_arm

    def function_argument(self, rest: str, depth: int) -> str:
        argument, after = _payload(rest)
        if after:
            raise MacroError(f'unexpected input at: "{after}"')
        return self.expanded(argument, depth + 1)


def _payload(text: str) -> tuple[str, str]:
    """Return the text inside the braces that begin a text, its blanks included, and what follows them."""
    end = _closer(text, 0)
    if end is None:
        raise MacroError(f'unbalanced "{{" in: "{text}"')
    return text[1:end], text[end + 1 :].lstrip(BLANKS)


def _closer(text: str, at: int) -> int | None:
    """Return where the bracket at ``at`` is closed, counting only its own kind."""
    opener = text[at]
    depth = 0
    for match in _BRACKETS[opener].finditer(text, at):
        depth += 1 if match.group() == opener else -1
        if depth == 0:
            return match.start()
    return None


def _long(text: str) -> int:
    """Return a number that fits C's long; another is fatal (util/mac_expand.c:mac_exp_eval)."""
    digits = text.lstrip("0")
    if len(digits) > 19 or int(digits or "0") > _LONG_MAX:
        raise MacroError(f'bad conversion: "{text}"')
    return int(digits or "0")


def _level(text: str) -> tuple[int, ...]:
    """Return a compatibility level; a malformed one is fatal from 3.6 on (global/compat_level.c)."""
    if not _LEVEL.fullmatch(text):
        raise MacroError(f'bad compatibility level: "{text}"')
    parts = tuple(int(part) for part in text.split("."))
    return parts + (0,) * (3 - len(parts))


def _converted(function: str, domain: str) -> str:
    try:
        if function == "domain_to_ascii":
            return domain.encode("idna").decode("ascii")
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        raise MacroError(f'{function}: malformed domain name: "{domain}"') from None
