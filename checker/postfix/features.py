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
    "compatibility-releases",  # compatibility_level is a release; before, it was a number
    "openssl-without-sslv2",  # OpenSSL 1.1.1 or later is needed to build
    "service-name-parameter",  # service_name is read-only in each service
    "service-name-default",  # service_name is an ordinary parameter to postconf
    "composed-tables",  # inline, unionmap, pipemap and randmap tables; milters in braces
    "cidr-blocks",  # if, endif and ! in tables of networks
    "debug-tables",  # debug:type:name
    "inline-rules",  # cidr, regexp and pcre tables that are written in the parameter itself
    "dane",  # the levels dane and dane-only, tafile in policies
    "tls-servername",  # servername and connection_reuse in policies
    "raw-public-keys",  # enable_rpk in policies
    "tlsrpt",  # what a policy plugin tells for TLS reports, and braces in policies
    "bare-newline-note",  # smtpd_forbid_bare_newline = note
    "unix-dgram",  # a type of services
    "names-not-empty",  # "= value" is an error (util/split_nameval.c)
    "builtin-dh-2048",  # the compiled-in Diffie-Hellman parameters have 2048 bits (before: 1024)
    "library-picks-dh",  # an OpenSSL that can (3.0) chooses them
    "eecdh-none-is-auto",  # smtpd_tls_eecdh_grade = none
    "eecdh-grade-ignored",  # smtpd_tls_eecdh_grade is not looked at
    "low-grades-are-medium",  # cipher grades low and export
    "library-names-groups",  # groups by the names of the TLS library, not of its objects
    # What postconf(1) does:
    "overriding-warning",  # tell of values that a later line replaces
    "master-field-checks",  # refuse bad fields in master.cf
    "master-parameters",  # -F and -P
    "options-alone",  # -Mf gives each -o a line of its own
    "unused-told-by-master",  # -M, -F and -P tell of unused names in master.cf
    "client-files",  # tell of files of table clients
    "comment-warning",  # tell of words in values that begin with #
    "comment-care",  # but not of those in inline patterns
    "nul-warning",  # tell of text behind a NUL
    "deprecation-link",  # say where to read about deprecated names
]


def has(release: Number, feature: Feature) -> bool:
    """Say whether a release has a feature."""
    return release >= number(table("postfix/features")[feature])
