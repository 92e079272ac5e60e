"""Tables whose lines are rules: of networks (``cidr:``) and of patterns (``regexp:``, ``pcre:``). No pattern is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network

from msgspec.structs import replace

from checker.networks import IpNetwork
from checker.postfix import types
from checker.postfix.lines import BLANKS, LogicalLine
from checker.postfix.tables.reference import in_braces, stripped_braces
from checker.postfix.tables.table import Entry, Rule
from checker.source import Span

Line = tuple[str, LogicalLine | None]

_IF = r"(?i)if(?![0-9A-Za-z])"
_ENDIF = r"(?i)endif(?![0-9A-Za-z])"
_MARKS = re.compile(r"[!\t\n\v\f\r ]*")
_ADDRESS = r"[0-9A-Fa-f:.]+"


def inline_lines(name: str) -> Iterator[Line] | str:
    """Return the rules that are written in the parameter, or what Postfix says of them (util/dict_stream.c)."""
    inner = in_braces(name)
    rules = [stripped_braces(word) for word in types.words(inner)] if inner is not None else []
    if inner is None or None in rules:
        return f"syntax error in '{name}'"
    texts = (rule for rule in rules if rule is not None)
    return ((text, None) for text in texts if text and not text.startswith("#"))


def rules_of(
    lines: Iterator[Line], read: Callable[[str, Entry], Rule | None], place: Span | None, *, blocks: bool
) -> tuple[tuple[Rule, ...], int]:
    """Return the rules and how many lines are none. ``blocks``: the release knows ``if`` and ``!`` in such a table."""
    rules: list[Rule] = []
    opened: list[int] = []
    skipped = 0
    for text, line in lines:
        rule = _rule(text, Entry("", "", line, place), read, blocks=blocks)
        if rule is None or (rule.operation == "endif" and not opened):
            skipped += 1
            continue
        if rule.operation == "if":
            opened.append(len(rules))
        elif rule.operation == "endif":
            begin = opened.pop()
            rules[begin] = replace(rules[begin], end=len(rules))
        rules.append(rule)
    return tuple(rules), skipped


def _rule(text: str, entry: Entry, read: Callable[[str, Entry], Rule | None], *, blocks: bool) -> Rule | None:
    if not blocks:
        return read(text, entry)
    if re.match(_ENDIF, text):
        return None if text[5:].strip(BLANKS) else Rule("endif", negated=False, entry=entry)
    is_if = re.match(_IF, text)
    body = text[2:] if is_if else text
    marks = _MARKS.match(body)
    assert marks is not None  # noqa: S101 - the expression matches the empty string
    rule = read(body[marks.end() :], entry)
    if rule is None:
        return None
    negated = marks.group().count("!") % 2 == 1
    if is_if:
        garbage = rule.network is not None and rule.entry.value
        return None if garbage else replace(rule, operation="if", negated=negated)
    if rule.network is not None and not rule.entry.value:
        return None
    return replace(rule, negated=negated)


def network_rule(text: str, entry: Entry) -> Rule | None:
    """Return the rule of a line ``network result``, None for a line that Postfix skips (util/dict_cidr.c)."""
    key, *rest = re.split(f"[{BLANKS}]+", text.rstrip(BLANKS), maxsplit=1)
    network = parse_network(key)
    if network is None:
        return None
    value = rest[0] if rest else ""
    return Rule("match", negated=False, entry=replace(entry, key=key, value=value), network=network)


def parse_network(text: str) -> IpNetwork | None:
    """Return a network as Postfix takes it: a whole address, a prefix length, no host bits; brackets around all of it
    or around the address alone (util/cidr_match.c:cidr_match_parse).
    """
    if text.startswith("["):
        inner, bracket, after = text[1:].partition("]")
        if not bracket or (after and not after.startswith("/")) or (after and "/" in inner):
            return None
        text = inner + after
    address, slash, prefix = text.partition("/")
    if not re.fullmatch(_ADDRESS, address) or (slash and not (prefix.isascii() and prefix.isdigit())):
        return None
    try:
        return ip_network(f"{address}{slash}{prefix}")
    except ValueError:
        return None


def pattern_rule(text: str, entry: Entry) -> Rule | None:
    """Return the rule of a line ``/pattern/flags result``, None for a line that Postfix skips for its form
    (util/dict_regexp.c, util/dict_pcre.c).

    The pattern keeps its delimiters and flags, and the second pattern of ``/one/!/other/``.
    """
    if not text or (text[0].isascii() and text[0].isalnum()):
        return None
    end = _pattern_end(text)
    if end is None:
        return None
    value = text[end:].strip(BLANKS)
    return Rule("match", negated=False, entry=replace(entry, key=text[:end], value=value), pattern=text[:end])


def _pattern_end(text: str) -> int | None:
    delimiter = text[0]
    at = 1
    while at < len(text) and text[at] != delimiter:
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        return None
    at += 1
    while at < len(text) and text[at] not in BLANKS and text[at] != "!":
        at += 1
    if text[at : at + 1] != "!":
        return at
    marks = _MARKS.match(text, at)
    assert marks is not None  # noqa: S101 - the expression matches the empty string
    rest = _pattern_end(text[marks.end() :]) if text[marks.end() :] else None
    return None if rest is None else marks.end() + rest
