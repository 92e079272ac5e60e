"""The lists that Dovecot gives to OpenSSL, and whether TLS can be had with them (lib-ssl-iostream).

They are set when the first client asks for TLS. Where OpenSSL refuses one, every handshake fails.
"""

from __future__ import annotations

from checker.derive import Take, derive
from checker.dovecot.client import Client
from checker.values import Known, Unknown


def cipher_list(take: Take, client: Client) -> str:
    """Return the list for suites below TLS 1.3: 2.4 leaves OpenSSL its own where there is none, 2.3 hands over none."""
    return take(client.setting("ssl_cipher_list")) or ("DEFAULT" if client.generation == "2.4" else "")


def curve_list(take: Take, client: Client) -> tuple[str, ...]:
    """Return the words of the list of groups, none where OpenSSL has its own."""
    text = take(client.setting("ssl_curve_list")) or ""
    return tuple(text.split(":")) if text else ()


def tls_fails(take: Take, client: Client) -> bool:
    """Say whether OpenSSL refuses a list; what cannot be told of it counts as right."""
    if not client.is_set("ssl_cipher_list") and not client.is_set("ssl_curve_list"):
        return False
    refused = derive(lambda inner: _is_refused(inner, client))
    if refused == Known(False, refused.origins) or isinstance(refused, Unknown):
        return False  # and what was looked at decides nothing
    return take(refused)


def _is_refused(take: Take, client: Client) -> bool:
    curves, ciphers = curve_list(take, client), cipher_list(take, client)
    from checker.tls import groups  # noqa: PLC0415 - only lists of one's own need it
    from checker.tls.ciphers import selects_nothing  # noqa: PLC0415
    from checker.tls.libraries import libraries_of  # noqa: PLC0415

    release = client.server.release
    known = libraries_of("dovecot", release.number, release.platform)
    return known.all_known and all(
        selects_nothing(ciphers, library) or (bool(curves) and groups.refuses(curves, library))
        for library in known.names
    )
