"""Expansion of ``$name`` and ``${...}`` in parameter values, as util/mac_parse.c and util/mac_expand.c do it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from checker.postfix.features import has
from checker.releases.tables import Number

MAX_DEPTH = 100
"""Deeper nesting is fatal to Postfix too (util/mac_expand.c)."""

MAX_LENGTH = 1 << 20
MAX_STEPS = 100_000
"""Postfix knows no limit here and would eat the machine's memory."""

Lookup = Callable[[str], str | None]
"""Gives the text of a name as the dictionary holds it (not expanded), None if there is none."""

MACRO_BLANKS = " \t\r\n"
"""What may stand around names and operators (CHARS_SPACE): fewer than what begins a continuation."""

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
            end = closer(text, at)
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
        body = content.lstrip(MACRO_BLANKS)
        if body.startswith("{") and has(self.release, "macro-braces"):
            truth, rest = self.relation(body, content, depth)
            if not rest:
                return "true" if truth else ""
            if rest[0] not in "?:":
                raise MacroError(f'"?" or ":" expected at: "...}}>>>{rest}"')
            return self.chosen(truth, rest, depth)
        found = _PLAIN.match(body)
        if found is None and (not content or not has(self.release, "macro-blanks")):
            raise MacroError(
                f'empty macro name: "{content}"' if not body else f'attribute name syntax error: "{content}"'
            )
        name = found.group() if found else ""  # "${ }" and "${?x}" ask for a parameter without a name
        rest = body[len(name) :]
        if rest.startswith("{") and name in _FUNCTIONS and has(self.release, "macro-functions"):
            return _converted(name, self.function_argument(rest, depth))
        tight = rest == rest.lstrip(MACRO_BLANKS) and body == content
        rest = rest.lstrip(MACRO_BLANKS)
        if (rest and rest[0] not in "?:") or (not tight and not has(self.release, "macro-blanks")):
            raise MacroError(f'attribute name syntax error: "{content}"')
        if not rest:
            return self.named(name, depth)
        # One look, not expanded: "x = $empty" counts as set (util/mac_expand.c:mac_expand_callback).
        return self.chosen(bool(self.lookup(name)), rest, depth)

    def relation(self, body: str, content: str, depth: int) -> tuple[bool, str]:
        """Return the truth of ``{left} op {right}`` and what follows it."""
        left, rest = self.operand(body, content, depth)
        symbol = _COMPARE.match(rest)
        if symbol is None:
            raise MacroError(f'relational operator expected at: "{content}"')
        right, rest = self.operand(rest[symbol.end() :].lstrip(MACRO_BLANKS), content, depth)
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
        end = closer(text, 0) if text.startswith("{") else None
        if end is None:
            raise MacroError(f'"{{" expected, or unbalanced, at: "{content}"')
        return self.expanded(text[1:end], depth + 1), text[end + 1 :].lstrip(MACRO_BLANKS)

    def chosen(self, truth: bool, rest: str, depth: int) -> str:  # noqa: FBT001 - the truth of a condition
        """Return the arm that a truth selects from ``?a``, ``:b``, ``?{a}:{b}``."""
        if_true, if_false = self.arms(rest)
        arm = if_true if truth else if_false
        return "" if arm is None else self.expanded(arm, depth + 1)

    def arms(self, rest: str) -> tuple[str | None, str | None]:
        sign, text = rest[0], rest[1:]
        loose = text.lstrip(MACRO_BLANKS)
        if not loose.startswith("{") or not has(self.release, "macro-braces"):
            return (text, None) if sign == "?" else (None, text)
        arm, after = payload(loose)
        if sign == ":":
            if after:
                raise MacroError(f'unexpected input at: "{after}"')
            return None, arm
        if not after:
            return arm, None
        if after[0] != ":":
            raise MacroError(f'":" expected at: "{after}"')
        other = after[1:].lstrip(MACRO_BLANKS)
        if not other.startswith("{"):
            return arm, after[1:]
        other_arm, after = payload(other)
        if after:
            raise MacroError(f'unexpected input at: "{after}"')
        return arm, other_arm

    def function_argument(self, rest: str, depth: int) -> str:
        argument, after = payload(rest)
        if after:
            raise MacroError(f'unexpected input at: "{after}"')
        return self.expanded(argument, depth + 1)


def payload(text: str) -> tuple[str, str]:
    """Return the text inside the braces that begin a text, its blanks included, and what follows them."""
    end = closer(text, 0) if text.startswith("{") else None
    if end is None:
        raise MacroError(f'unbalanced "{{" in: "{text}"')
    return text[1:end], text[end + 1 :].lstrip(MACRO_BLANKS)


def closer(text: str, at: int) -> int | None:
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
