"""The cipher list that smtpd(8) and tlsproxy(8) give to OpenSSL, and whether TLS can be had with it.

A grade stands for a list, and exclusions are appended to it (tls/tls_misc.c:tls_set_ciphers). What is wrong with
either comes to light only when a client asks for TLS: it gets its 220, and then the connection is dropped.
"""

from __future__ import annotations

import re

from checker.derive import Take, derive
from checker.postfix.features import has
from checker.postfix.scope import Scope
from checker.values import Known, Unknown

_SEPARATORS = re.compile(r"[, \t\r\n:]+")

_LISTS = {
    "high": "tls_high_cipherlist",
    "medium": "tls_medium_cipherlist",
    "low": "tls_low_cipherlist",
    "export": "tls_export_cipherlist",
    "null": "tls_null_cipherlist",
}

_TAKES_LITTLE = frozenset(
    {"anull", "enull", "null", "adh", "aecdh", "exp", "export", "low", "des", "3des", "rc4", "rc2", "rc5", "idea"}
    | {"seed", "camellia", "aria", "aesccm", "aesccm8", "md5", "sha", "sha1", "dss", "adss", "krsa", "kdh", "kecdh"}
    | {"kdhe", "kedh", "dhe", "edh", "psk", "srp", "krb5"}
)
"""Exclusions that leave suites of every list that Postfix ships, null apart: no need to expand it to know that."""


def cipher_list(take: Take, scope: Scope, prefix: str, *, enforce: bool) -> tuple[str, ...] | None:
    """Return the list of the grade and what is excluded from it, None where Postfix itself refuses the grade or an
    exclusion.
    """
    parts = [f"{prefix}_exclude_ciphers", *([f"{prefix}_mandatory_exclude_ciphers"] if enforce else [])]
    words = [word for name in parts for word in words_of(take(scope.text(name)) or "")]
    if asks_certificate(take, scope, prefix, enforce=enforce):
        words.append("aNULL")
    chosen = f"{prefix}_mandatory_ciphers" if enforce else f"{prefix}_ciphers"
    grade = (take(scope.text(chosen)) or "").lower()
    if grade in ("low", "export") and has(scope.release.number, "low-grades-are-medium"):
        grade = "medium"
    if grade not in _LISTS:
        return None
    base = take(scope.text(_LISTS[grade]))
    # The one to change: what is written takes from the list, or makes it, or names it; else the grade.
    take(scope.text(next((name for name in (*parts, _LISTS[grade]) if scope.is_set(name)), chosen)))
    if not base or any(word.startswith(("!", "+", "-", "@")) for word in words):
        return None
    return (base, *words)


def text_of(parts: tuple[str, ...]) -> str:
    """Return the list for OpenSSL."""
    return ":!".join(parts)


def words_of(text: str) -> list[str]:
    """Split a list at commas, blanks and colons."""
    return [word for word in _SEPARATORS.split(text) if word]


def asks_certificate(take: Take, scope: Scope, prefix: str, *, enforce: bool) -> bool:
    """Say whether clients are asked for a certificate, so that anonymous suites are out (smtpd.c:pre_jail_init)."""
    if take.boolean(scope.boolean(f"{prefix}_ask_ccert")):
        return True
    return enforce and bool(take.boolean(scope.boolean(f"{prefix}_req_ccert")))


def tls_fails(take: Take, scope: Scope, prefix: str, *, enforce: bool) -> bool:
    """Say whether no handshake can succeed because of the cipher list; what cannot be told of it counts as right."""
    refused = derive(lambda inner: _is_refused(inner, scope, prefix, enforce=enforce))
    if refused == Known(False, refused.origins) or isinstance(refused, Unknown):
        return False  # and what was looked at decides nothing
    return take(refused)


def _is_refused(take: Take, scope: Scope, prefix: str, *, enforce: bool) -> bool:
    ciphers = cipher_list(take, scope, prefix, enforce=enforce)
    if ciphers is None:
        return True
    if _is_shipped(ciphers[0], scope) and all(word.lower() in _TAKES_LITTLE for word in ciphers[1:]):
        return False
    from checker.tls.ciphers import selects_nothing  # noqa: PLC0415 - only lists of one's own need it
    from checker.tls.libraries import libraries_of  # noqa: PLC0415

    libraries = libraries_of("postfix", scope.release.number, scope.release.platform)
    return libraries.all_known and all(selects_nothing(text_of(ciphers), each) for each in libraries.names)


def _is_shipped(text: str, scope: Scope) -> bool:
    parameters = (scope.release.parameter(name) for grade, name in _LISTS.items() if grade != "null")
    return any(each is not None and each.default == text for each in parameters)
