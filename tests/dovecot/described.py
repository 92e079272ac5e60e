"""Facts of Dovecots made from text, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from checker.dovecot.describe import describe, release_of
from checker.facts.endpoint import Endpoint
from checker.result import SetFacts
from checker.tree import MemoryTree
from checker.values import OneOf, Unknown, Value
from tests.dovecot.made import ENTRY, HEAD, plain

PROTOCOLS = "protocols = imap pop3 submission sieve\n"
CERTIFICATE = {
    "2.3": "ssl_cert = </etc/c.pem\nssl_key = </etc/k.pem\n",
    "2.4": "ssl_server_cert_file = /etc/c.pem\nssl_server_key_file = /etc/k.pem\n",
}
CLEARTEXT = {"2.3": "disable_plaintext_auth = no\n", "2.4": "auth_allow_cleartext = yes\n"}
BOTH = ("2.3", "2.4")


def facts(
    text: str | bytes,
    generation: str = "2.3",
    files: Mapping[str, str] | None = None,
    *,
    version: str | None = None,
    platform: str | None = None,
    entry: str = ENTRY,
) -> SetFacts:
    """Return the facts of a dovecot.conf; that of 2.4 gets the two lines that must begin it. Other files lie beside."""
    head = HEAD if generation == "2.4" else ""
    data = text if isinstance(text, bytes) else (head + text).encode()
    home = entry.rpartition("/")[0]
    tree = MemoryTree({entry: data} | {f"{home}/{name}": body.encode() for name, body in (files or {}).items()})
    if version is None and platform is None:
        platform = "debian-12" if generation == "2.3" else "debian-13"
    return describe(tree, entry, release_of(tree, entry, version, platform), directory=home)


def endpoints(text: str, generation: str = "2.3", **options: str) -> dict[str, Endpoint]:
    """Return the endpoints with a port, by service, port and case: ``imap:143 remote 10.0.0.0/8``."""
    found = {}
    for each in facts(text, generation, **options).endpoints:  # type: ignore[arg-type]  # all of them are texts
        if plain(each.port) is not None:
            case = f" {plain(each.case)}" if plain(each.case) else ""
            found[f"{plain(each.protocol)}:{plain(each.port)}{case}"] = each
    return found


def ports(text: str, generation: str = "2.3", **options: str) -> set[object]:
    """Return the ports that are listened at."""
    return {plain(each.port) for each in endpoints(text, generation, **options).values()}


def said(value: Value[object]) -> object:
    """Return a value in plain words: alternatives as a set of them, an unknown one as its class."""
    if isinstance(value, OneOf):
        return {said(each) for _, each in value.alternatives}
    return f"<{value.reason.kind}>" if isinstance(value, Unknown) else plain(value)
