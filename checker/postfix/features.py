"""From which release on Postfix understands or does something: the table of what no parameter's default tells."""

from __future__ import annotations

from typing import Literal

from checker.releases.tables import Number, number, table

Feature = Literal[
    "macro-braces",  # ${name?{text}:{text}} and relations (util/mac_expand.c)
    "macro-blanks",  # blanks around names and operators
    "macro-levels",  # <=level and its kind
    "macro-functions",  # domain_to_ascii, domain_to_utf8
    "protocol-bounds",  # >= and <= in TLS protocol lists
    "openssl-without-sslv2",  # OpenSSL 1.1.1 or later is needed to build
    "service-name-parameter",  # service_name is read-only in each service
    "service-name-default",  # service_name is an ordinary parameter to postconf
    "bare-newline-note",  # smtpd_forbid_bare_newline = note
]


def has(release: Number, feature: Feature) -> bool:
    """Say whether a release has a feature."""
    return release >= number(table("postfix/features")[feature])
