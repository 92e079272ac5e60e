"""The types of fact fields: what the rule language may compare with what."""

from __future__ import annotations

from typing import Literal, NewType

Exposure = Literal["unix", "loopback", "private", "public"]
EXPOSURES: tuple[Exposure, ...] = ("unix", "loopback", "private", "public")
"""Who can reach a listener, from the narrowest to the widest. A wildcard address is public."""

TlsVersion = Literal["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
TLS_VERSIONS: tuple[TlsVersion, ...] = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
"""The protocol versions, oldest first."""

Product = Literal["postfix", "dovecot"]
FactSource = Literal["config", "live"]
Protocol = Literal[
    "smtp", "submission", "imap", "pop3", "sieve", "lmtp", "doveadm", "auth", "dict", "stats", "policy", "http", "other"
]
Role = Literal["mx", "submission", "access", "internal"]
TlsMode = Literal["none", "starttls", "implicit"]
BareNewline = Literal["accepted", "normalized", "rejected"]
SocketUse = Literal["client", "login", "userdb", "master"]
Purpose = Literal["relay", "login", "proxy", "xclient", "xforward", "bare-newline", "rate-exempt"]

Release = NewType("Release", str)
"""A release number; ordered part by part, each part as a number."""

Network = NewType("Network", str)
"""A network in CIDR form; contained in another or not."""
