"""OpenSSL's cipher lists: which suites a text such as ``HIGH:!aNULL:@STRENGTH`` selects, and in which order.

The language is that of openssl-ciphers(1), as ssl/ssl_ciph.c:ssl_create_cipher_list reads it. Suites, their attributes
and their order are those of one library (``releases/tls/ciphers.json``), never of the machine at hand: libraries differ
in which suites they have and in what they call HIGH or MEDIUM. TLS 1.3 has a list of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from checker.tls.library import Library, Suite, Wanted, library

MAX_TEXT = 4096
"""A longer list is not expanded. The longest that names every suite has less."""

TLS13_SUITES = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
"""The suites of TLS 1.3 that every library offers unless it is told otherwise, in its order."""


class Expansion(Struct, frozen=True):
    """What a list selects. ``level`` is the security level that it sets, None where it sets none."""

    suites: tuple[Suite, ...]
    level: int | None = None


class CipherListError(Exception):
    """A list that OpenSSL refuses as a whole."""


_SEPARATORS = ": ;,"
_WORD = re.compile(r"[A-Za-z0-9.=-]*")
_WORD_WITH_STANDARD_NAMES = re.compile(r"[A-Za-z0-9.=_-]*")
_SUITE_B = (  # in the order in which they are looked for (ssl_ciph.c:check_suiteb_cipher_list)
    ("SUITEB128ONLY", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ("SUITEB128C2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ("SUITEB128", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"),
    ("SUITEB192", "ECDHE-ECDSA-AES256-GCM-SHA384"),
)


@lru_cache(maxsize=256)
def expand(text: str, name: str) -> Expansion:
    """Return what a list selects from the suites of a library; raise CipherListError where OpenSSL refuses it."""
    if len(text) > MAX_TEXT:
        raise CipherListError(f"the cipher list has more than {MAX_TEXT} characters")
    known = library(name)
    for prefix, suites in _SUITE_B:
        if text.startswith(prefix):
            text = suites
            break
    rules = _Rules(known)
    if text.startswith("DEFAULT"):
        rules.apply(known.default)
        text = text.removeprefix("DEFAULT").removeprefix(":")
    rules.apply(text)
    if not rules.active:
        raise CipherListError("the cipher list selects nothing")
    return Expansion(tuple(rules.active), rules.level)


def selects_nothing(text: str, name: str) -> bool:
    """Say whether OpenSSL refuses a list: it is malformed, or leaves no suite."""
    try:
        expand(text, name)
    except CipherListError:
        return True
    return False


class _Rules:
    """The state of reading a list: the suites that are in, those that may yet come in, and the security level."""

    def __init__(self, library: Library) -> None:
        self.active: list[Suite] = []
        self.level: int | None = None
        self._waiting = list(library.suites)
        self._library = library
        self._word = _WORD_WITH_STANDARD_NAMES if library.standard_names else _WORD

    def apply(self, text: str) -> None:
        """Read a list to its end (ssl_ciph.c:ssl_cipher_process_rulestr)."""
        at = 0
        while at < len(text):
            rule = text[at] if text[at] in "-+!@" else ""
            at += len(rule)
            if not rule and text[at] in _SEPARATORS:
                at += 1
                continue
            if rule == "@":
                word = self._read(text, at)
                self._command(word)
                at = _next_separator(text, at)
                continue
            at, wanted, name = self._selection(text, at)
            if wanted is not None:
                self._change(rule, wanted, name)

    def _read(self, text: str, at: int) -> str:
        matched = self._word.match(text, at)
        if matched is None or not matched.group():
            raise CipherListError("the cipher list has a sign where a word must be")
        return matched.group()

    def _selection(self, text: str, at: int) -> tuple[int, Wanted | None, str]:
        """Return where the reading goes on, what words joined by ``+`` want together (None: they are no such words, or
        contradict each other), and the suite that the last of them names.
        """
        wanted: Wanted = {}
        while True:
            word = self._read(text, at)
            at += len(word)
            more = text[at : at + 1] == "+"
            at += more
            part = self._library.words.get(word)
            if part is None or not _narrow(wanted, part):
                return _next_separator(text, at), None, ""
            if not more:
                named = self._library.named.get(word)
                return at, wanted, named.name if named else ""

    def _command(self, word: str) -> None:
        if word == "STRENGTH":
            self.active.sort(key=lambda suite: -suite.bits)
        elif len(word) == len("SECLEVEL=n") and word.startswith("SECLEVEL=") and word[-1] in "012345":
            self.level = int(word[-1])
        else:
            raise CipherListError(f"there is no @{word} in cipher lists")

    def _change(self, rule: str, wanted: Wanted, name: str) -> None:
        chosen = self._library.selected(wanted)
        if name:
            chosen &= {name}
        found = [suite for suite in self.active if suite.name in chosen]
        rest = [suite for suite in self.active if suite.name not in chosen]
        if rule == "":
            self.active += [suite for suite in self._waiting if suite.name in chosen]
            self._waiting = [suite for suite in self._waiting if suite.name not in chosen]
        elif rule == "+":
            self.active = rest + found
        elif rule == "-":  # what went last comes first when it is let in again
            self.active, self._waiting = rest, found + self._waiting
        else:
            self.active = rest
            self._waiting = [suite for suite in self._waiting if suite.name not in chosen]


def _next_separator(text: str, at: int) -> int:
    while at < len(text) and text[at] not in _SEPARATORS:
        at += 1
    return at


def _narrow(wanted: Wanted, part: Wanted) -> bool:
    """Add what one word wants to what the others want; say whether anything is left."""
    if "strength" in part and "strength" not in wanted:
        wanted.pop("default", None)  # a first class of strength overwrites it
    for attribute, values in part.items():
        wanted[attribute] = wanted[attribute] & values if attribute in wanted else values
        if not wanted[attribute]:
            return False
    return True
