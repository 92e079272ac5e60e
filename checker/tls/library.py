"""One OpenSSL by the tables: its cipher suites below TLS 1.3 in their order, and what the words of its lists mean."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from checker.releases.tables import table


class Suite(Struct, frozen=True):
    """A cipher suite below TLS 1.3 in OpenSSL's words. ``bits`` is its strength as OpenSSL counts it, ``strength`` its
    classes, and ``version`` the first protocol version that has it.
    """

    name: str
    iana: str
    kx: str
    auth: str
    enc: str
    mac: str
    version: str
    bits: int
    strength: frozenset[str]
    is_default: bool


Wanted = dict[str, frozenset[str]]
"""For each attribute that counts, the values that a suite may have."""


class Library(Struct, frozen=True):
    """One OpenSSL: its suites in order, what its words select, and its default list."""

    suites: tuple[Suite, ...]
    words: dict[str, Wanted]
    named: dict[str, Suite]
    default: str
    standard_names: bool
    having: dict[tuple[str, str], frozenset[str]]

    def selected(self, wanted: Wanted) -> frozenset[str]:
        """Return the names of the suites that have what is wanted."""
        found = frozenset(suite.name for suite in self.suites) if not wanted else None
        for attribute, values in wanted.items():
            members = frozenset[str]().union(*(self.having.get((attribute, value), ()) for value in values))
            found = members if found is None else found & members
        return found or frozenset()


@lru_cache(maxsize=8)
def library(name: str) -> Library:
    """Return a library by its name in the tables."""
    data = table("tls/ciphers")
    row = data["libraries"][name]
    classes = {each: frozenset(row[each].split()) for each in ("HIGH", "MEDIUM", "LOW", "FIPS")}
    left_out = frozenset(row["COMPLEMENTOFDEFAULT"].split())
    suites = []
    for each in row["order"].split():
        iana, version, kx, auth, enc, mac = data["suites"][each]
        strength = frozenset(word for word, members in classes.items() if each in members)
        strength |= {"NONE"} if enc == "None" else set()  # a class without a word
        bits = row["strength_bits"][enc]
        suites.append(Suite(each, iana, kx, auth, enc, mac, version, bits, strength, each not in left_out))
    words: dict[str, Wanted] = {
        alias: {attribute: frozenset(values) for attribute, values in wanted.items()}
        for alias, wanted in data["aliases"].items()
        if alias != "CBC" or row["cbc_alias"]
    }
    encrypted = frozenset(suite.enc for suite in suites) - {"None"}
    words["ALL"] = {"enc": encrypted}
    words["FIPS"] = words["FIPS"] | {"enc": encrypted}
    named = {suite.name: suite for suite in suites}
    if row["standard_names"]:
        named |= {suite.iana: suite for suite in suites}
    words |= {each: _attributes(suite) for each, suite in named.items()}
    return Library(tuple(suites), words, named, row["default"], row["standard_names"], _by_attribute(suites))


def _by_attribute(suites: list[Suite]) -> dict[tuple[str, str], frozenset[str]]:
    """Return the names of the suites that have each value of each attribute."""
    found: dict[tuple[str, str], set[str]] = {}
    for suite in suites:
        held = [(each, getattr(suite, each)) for each in ("kx", "auth", "enc", "mac", "version")]
        held += [("strength", each) for each in suite.strength]
        for pair in held if suite.is_default else [*held, ("default", "no")]:
            found.setdefault(pair, set()).add(suite.name)
    return {pair: frozenset(names) for pair, names in found.items()}


def _attributes(suite: Suite) -> Wanted:
    """Return what a suite's name wants where other words follow it; its version is no part of that."""
    wanted = {each: frozenset([getattr(suite, each)]) for each in ("kx", "auth", "enc", "mac")}
    if suite.strength:
        wanted["strength"] = suite.strength
    return wanted if suite.is_default else wanted | {"default": frozenset(["no"])}


_LEAST_BITS = (0, 80, 112, 128, 192, 256)
_FORWARD_SECRET = frozenset({"DH", "ECDH", "DHEPSK", "ECDHEPSK"})


def allowed(suite: Suite, level: int) -> bool:
    """Say whether a security level lets a suite be used (ssl/ssl_cert.c:ssl_security_default_callback)."""
    if level <= 0:
        return True
    return (
        suite.bits >= _LEAST_BITS[min(level, 5)]
        and suite.auth != "None"
        and suite.mac != "MD5"
        and not (suite.mac == "SHA1" and level >= 4)
        and not (suite.enc.startswith("RC4") and level >= 2)
        and not (suite.kx not in _FORWARD_SECRET and level >= 3)
    )
