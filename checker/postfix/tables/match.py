"""Whether a name or an address is in a list of patterns (util/match_list.c, util/match_ops.c)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Literal

from checker.postfix.tables.lookup import Failure, Hit, find, is_fixed
from checker.postfix.tables.match_list import Pattern
from checker.postfix.tables.rules import parse_network
from checker.values import Reason

Verdict = Literal["in", "out", "error"] | Reason
"""``error``: the walk through the list ends in one, which defers whoever is judged by it."""

Step = Literal["match", "next", "error"] | Reason
Parents = Literal["all", "dotted"]
"""Which patterns take in subdomains: all of them, or those that begin with a dot (match_parent_style(3))."""


def string_verdict(patterns: tuple[Pattern, ...], text: str) -> Verdict:
    """Say whether a text is in a list of texts and tables, such as mydestination."""
    return _walk(patterns, lambda pattern: _text(pattern, text))


def host_verdict(patterns: tuple[Pattern, ...], name: str, parents: Parents) -> Verdict:
    """Say whether a host or domain name is in a list such as relay_domains."""
    return _walk(patterns, lambda pattern: _name(pattern, name, parents))


def client_verdict(patterns: tuple[Pattern, ...], name: str, address: str, parents: Parents) -> Verdict:
    """Say whether a client is in a list such as mynetworks: by its name, or by its address."""

    def either(pattern: Pattern) -> Step:
        by_name = _name(pattern, name, parents)
        if by_name in ("match", "error"):
            return by_name
        by_address = _address(pattern, address)
        return by_name if isinstance(by_name, Reason) and by_address == "next" else by_address

    return _walk(patterns, either)


def _walk(patterns: tuple[Pattern, ...], judge: Callable[[Pattern], Step]) -> Verdict:
    """Return what the first pattern that matches says; of one that may match, what follows may say the same."""
    possible: set[Literal["in", "out", "error"]] = set()
    doubt: Reason | None = None
    for pattern in patterns:
        step = judge(pattern)
        if step == "next":
            continue
        if step == "error":
            possible.add("error")
            break
        possible.add("out" if pattern.negated else "in")
        if step == "match":
            break
        doubt = doubt or step
    else:
        possible.add("out")
    return doubt if doubt is not None and len(possible) > 1 else possible.pop()


def _text(pattern: Pattern, text: str) -> Step:
    if pattern.table is not None:
        return _step(pattern, text)
    return "match" if text == pattern.text else "next"


def _step(pattern: Pattern, key: str) -> Step:
    if pattern.table is None:
        return "next"
    answer = find(pattern.table, key)
    if isinstance(answer, Hit):
        return "match"
    if isinstance(answer, Failure):
        return "error"
    return answer if isinstance(answer, Reason) else "next"


def _name(pattern: Pattern, name: str, parents: Parents) -> Step:
    if pattern.table is None:
        if name == pattern.text:
            return "match"
        suffix = f".{pattern.text}" if parents == "all" else pattern.text if pattern.text.startswith(".") else None
        return "match" if suffix is not None and name.endswith(suffix) and name != suffix else "next"
    step: Step = "next"
    for key in names_above(name, parents) if is_fixed(pattern.table) else (name,):
        found = _step(pattern, key)
        if found in ("match", "error"):
            return found
        step = found if step == "next" else step
    return step


def names_above(name: str, parents: Parents) -> tuple[str, ...]:
    """Return a name and what is looked up after it: the domains above, with or without a dot before them."""
    found = [name]
    at = name.find(".", 1)
    while at >= 0:
        key = name[at + 1 :] if parents == "all" else name[at:]
        if not key:
            break
        found.append(key)
        at = name.find(".", at + 1)
    return tuple(found)


def _address(pattern: Pattern, address: str) -> Step:
    """Judge an address (match_ops.c:match_hostaddr): what is no network is passed over, a bad one is an error."""
    if pattern.table is not None:
        return _step(pattern, address)
    text = pattern.text
    if text in (address, f"[{address}]"):
        return "match"
    is_plain = ":" not in text and "/" not in text
    if (":" in text) != (":" in address) or is_plain or not text.strip("0123456789.") or text.strip(_OF_NETWORKS):
        return "next"
    network = parse_network(text)
    if network is None:
        return "error"
    return "match" if ip_address(address) in network else "next"


_OF_NETWORKS = "0123456789.abcdef:[]/"
