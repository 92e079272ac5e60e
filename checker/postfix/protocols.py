"""TLS protocol lists, as tls/tls_misc.c:tls_proto_mask_lims reads them."""

from __future__ import annotations

import re

from checker.facts.types import TLS_VERSIONS, TlsVersion
from checker.postfix.features import has
from checker.releases.tables import Number

_BY_NAME: dict[str, TlsVersion] = {version.lower(): version for version in TLS_VERSIONS}
_BY_CODE: dict[int, TlsVersion] = dict(enumerate(TLS_VERSIONS[1:], 0x0300))

_CODE = re.compile(r"[+-]?(0x)?[0-9a-f]{1,8}", re.ASCII | re.IGNORECASE)


def permitted(text: str, release: Number) -> tuple[TlsVersion, ...] | None:
    """Return the versions that a list permits, oldest first; None if Postfix finds it invalid and disables TLS.

    The blank of ``>= TLSv1.2`` makes two words: no floor, and TLSv1.2 alone.
    """
    known = TLS_VERSIONS[1:] if has(release, "openssl-without-sslv2") else TLS_VERSIONS
    included: set[TlsVersion] = set()
    excluded: set[TlsVersion] = set()
    floor, ceiling = 0, len(TLS_VERSIONS)
    for word in re.split(r"[, \t\r\n:]+", text):
        if word.startswith((">=", "<=")) and has(release, "protocol-bounds"):
            bound = _bound(word[2:])
            if bound is None:
                return None
            if word.startswith(">"):
                floor = bound
            else:
                ceiling = bound or ceiling
            continue
        version = _BY_NAME.get(word.removeprefix("!").lower())
        if word and version is None:
            return None
        if version is not None:
            (excluded if word.startswith("!") else included).add(version)
    return tuple(
        version
        for version in known
        if version not in excluded
        and (not included or version in included)
        and floor <= TLS_VERSIONS.index(version) <= ceiling
    )


def _bound(text: str) -> int | None:
    """Return the rank of a bound; 0 for none at all, None if it is invalid. A number that is no version bounds nothing:
    OpenSSL refuses it, and Postfix does not look.
    """
    if text.lower() in _BY_NAME:
        return TLS_VERSIONS.index(_BY_NAME[text.lower()])
    if text and not _CODE.fullmatch(text):
        return None
    version = _BY_CODE.get(int(text or "0", 16))
    return TLS_VERSIONS.index(version) if version else 0
