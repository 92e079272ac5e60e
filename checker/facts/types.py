"""The types of fact fields: what the rule language may compare with what."""

from __future__ import annotations

from typing import Literal, NewType, get_args

Exposure = Literal["unix", "loopback", "private", "public"]
EXPOSURES: tuple[Exposure, ...] = ("unix", "loopback", "private", "public")
"""Who can reach a listener, from the narrowest to the widest. A wildcard address is public."""

TlsVersion = Literal["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
TLS_VERSIONS: tuple[TlsVersion, ...] = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
"""The protocol versions, oldest first."""

CipherClass = Literal[
    "anon",
    "NULL",
    "EXPORT",
    "DES",
    "3DES",
    "RC2",
    "RC4",
    "IDEA",
    "SEED",
    "CAMELLIA",
    "ARIA",
    "AES",
    "CHACHA20",
    "CBC",
    "AEAD",
    "CCM8",
    "kRSA",
    "kDH",
    "kECDH",
    "DHE",
    "ECDHE",
    "PSK",
    "SRP",
    "DSS",
    "MD5",
    "SHA1",
]
CIPHER_CLASSES: tuple[CipherClass, ...] = get_args(CipherClass)
"""What a cipher suite may have, in the words of openssl-ciphers(1) and of policies.

No authentication (``anon``) or one by a DSA certificate (``DSS``); an encryption (``NULL``: none), its mode (``CBC``,
``AEAD``, with a short tag ``CCM8``), 40-bit keys (``EXPORT``); a key exchange: ``kRSA`` encrypts the secret with the
certificate's key, ``kDH`` and ``kECDH`` have the key in the certificate, ``DHE`` and ``ECDHE`` make one for each
session, anonymous ones included; a hash of the MAC (``MD5``, ``SHA1``). A suite of TLS 1.3 names no key exchange.
"""

Product = Literal["postfix", "dovecot"]
FactSource = Literal["config", "live"]
Protocol = Literal[
    "smtp", "submission", "imap", "pop3", "sieve", "lmtp", "doveadm", "auth", "dict", "stats", "policy", "http", "other"
]
Role = Literal["mx", "submission", "access", "internal"]
TlsMode = Literal["none", "starttls", "implicit"]
AuthBackend = Literal["dovecot", "cyrus"]
MailCheck = Literal["spf", "dkim", "dmarc", "dkim-sign", "spam", "malware"]
ClientCertificate = Literal["none", "optional", "required"]
BareNewline = Literal["accepted", "normalized", "rejected"]
SettingProblem = Literal[
    "unknown",
    "misspelt",
    "foreign",
    "removed",
    "deprecated",
    "shadowed",
    "no-effect",
    "weakens",
    "refuses-mail",
    "disables-tls",
    "fatal",
]
SocketUse = Literal["client", "login", "userdb", "master"]
AuthdbPurpose = Literal["password", "user"]
Purpose = Literal["relay", "login", "proxy", "xclient", "xforward", "bare-newline", "rate-exempt"]

OutboundPurpose = Literal[
    "mx", "relay", "delivery", "proxy", "table", "auth", "auth-policy", "milter", "policy", "filter", "dict"
]
OutboundProtocol = Literal[
    "smtp",
    "lmtp",
    "milter",
    "policy",
    "auth",
    "ldap",
    "mysql",
    "pgsql",
    "cassandra",
    "http",
    "imap",
    "pop3",
    "doveadm",
    "dict",
    "other",
]
TlsLevel = Literal["none", "may", "encrypt", "fingerprint", "dane", "dane-only", "verify", "secure"]
"""What a client asks of TLS, in the words of Postfix; ``dane`` is less than it sounds: without TLSA records it is
``may``.
"""

Release = NewType("Release", str)
"""A release number; ordered part by part, each part as a number."""

Network = NewType("Network", str)
"""A network in CIDR form; contained in another or not."""
