"""What a server offers of the cipher suites that its list selects, and what these have that a policy may forbid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from checker.facts.types import CIPHER_CLASSES, TLS_VERSIONS, CipherClass, TlsVersion
from checker.releases.tables import table
from checker.tls.ciphers import TLS13_SUITES, Expansion
from checker.tls.library import Suite, allowed

_KEY_EXCHANGES: dict[str, tuple[CipherClass, ...]] = {
    "RSA": ("kRSA",),
    "DH": ("DHE",),
    "ECDH": ("ECDHE",),
    "PSK": ("PSK",),
    "RSAPSK": ("PSK", "kRSA"),
    "DHEPSK": ("PSK", "DHE"),
    "ECDHEPSK": ("PSK", "ECDHE"),
    "SRP": ("SRP",),
}
_AUTHENTICATIONS: dict[str, tuple[CipherClass, ...]] = {"None": ("anon",), "DSS": ("DSS",)}
_ENCRYPTIONS: dict[str, tuple[CipherClass, ...]] = {
    "None": ("NULL",),
    "3DES": ("3DES", "CBC"),
    "RC4": ("RC4",),
    "RC2": ("RC2", "CBC"),
    "IDEA": ("IDEA", "CBC"),
    "SEED": ("SEED", "CBC"),
    "Camellia": ("CAMELLIA", "CBC"),
    "AES": ("AES", "CBC"),
    "AESGCM": ("AES",),
    "AESCCM": ("AES",),
    "AESCCM8": ("AES", "CCM8"),
    "ARIAGCM": ("ARIA",),
    "CHACHA20/POLY1305": ("CHACHA20",),
}
_MACS: dict[str, tuple[CipherClass, ...]] = {"MD5": ("MD5",), "SHA1": ("SHA1",), "AEAD": ("AEAD",)}
_TLS13: dict[str, tuple[CipherClass, ...]] = {
    "TLS_AES_256_GCM_SHA384": ("AES", "AEAD"),
    "TLS_CHACHA20_POLY1305_SHA256": ("CHACHA20", "AEAD"),
    "TLS_AES_128_GCM_SHA256": ("AES", "AEAD"),
    "TLS_AES_128_CCM_SHA256": ("AES", "AEAD"),
    "TLS_AES_128_CCM_8_SHA256": ("AES", "AEAD", "CCM8"),
}


_RANKS: dict[str, int] = {version: rank for rank, version in enumerate(TLS_VERSIONS)}


class Offered(Struct, frozen=True):
    """The suites of a server: those below TLS 1.3, and the names of those of TLS 1.3."""

    suites: tuple[Suite, ...] = ()
    tls13: tuple[str, ...] = ()


def offered(
    selected: Expansion,
    versions: Sequence[TlsVersion],
    *,
    authentications: Iterable[str],
    level: int,
    tls13: Sequence[str] = TLS13_SUITES,
) -> Offered:
    """Return the suites that a client of the permitted versions can get.

    A suite needs the version that brought it, a way of authentication that the server has (``RSA``, ``ECDSA``, ``DSS``,
    ``None``), and what the security level lets pass. Neither Postfix nor Dovecot can be given what PSK and SRP need.
    """
    older = [TLS_VERSIONS.index(version) for version in versions if version != "TLSv1.3"]
    newest, known = max(older, default=-1), frozenset(authentications)
    return Offered(
        tuple(
            suite
            for suite in selected.suites
            if suite.auth in known
            and _KEY_EXCHANGES[suite.kx][0] not in ("PSK", "SRP")
            and _RANKS[suite.version] <= newest
            and allowed(suite, level)
        ),
        tuple(name for name in tls13 if level < 4 or "128" not in name) if "TLSv1.3" in versions else (),
    )


def names(found: Offered) -> tuple[str, ...]:
    """Return the IANA names, in the order of preference."""
    return (*found.tls13, *(suite.iana for suite in found.suites))


def tls13_suites(text: str) -> tuple[str, ...]:
    """Return the suites that a list for TLS 1.3 names, OpenSSL's own where it is empty; it leaves out what it does not
    know (ssl/ssl_ciph.c:ciphersuite_cb).
    """
    return tuple(dict.fromkeys(name for name in text.split(":") if name in _TLS13)) if text else TLS13_SUITES


def every_suite() -> tuple[str, ...]:
    """Return the IANA names of the suites of all libraries."""
    return (*_TLS13, *(row[0] for row in table("tls/ciphers")["suites"].values()))


def classes(found: Offered) -> tuple[CipherClass, ...]:
    """Return what the suites have, in the order of the type."""
    held: set[CipherClass] = {each for name in found.tls13 for each in _TLS13[name]}
    for suite in found.suites:
        held.update(_KEY_EXCHANGES[suite.kx])
        held.update(_AUTHENTICATIONS.get(suite.auth, ()))
        held.update(_ENCRYPTIONS[suite.enc.partition("(")[0]])
        held.update(_MACS.get(suite.mac, ()))
    return tuple(each for each in CIPHER_CLASSES if each in held)
