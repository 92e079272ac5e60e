"""The facts of cipher suites, key exchange and client certificates, put off until a rule asks: most never do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from checker.facts.endpoint import Tls
from checker.facts.types import CipherClass, ClientCertificate
from checker.values import Deferred, Value


class SuiteFacts(Struct, frozen=True):
    """What ``Tls`` tells beyond mode and versions."""

    ciphers: Value[tuple[str, ...] | None]
    cipher_classes: Value[tuple[CipherClass, ...] | None]
    groups: Value[tuple[str, ...] | None]
    dh_bits: Value[int | None]
    server_order: Value[bool | None]
    client_certificate: Value[ClientCertificate | None]


def with_suites(tls: Tls, compute: Callable[[], SuiteFacts]) -> Tls:
    """Return the facts with those that are computed, once, when one of them is asked for."""
    facts = cache(compute)
    return replace(
        tls,
        ciphers=Deferred(lambda: facts().ciphers),
        cipher_classes=Deferred(lambda: facts().cipher_classes),
        groups=Deferred(lambda: facts().groups),
        dh_bits=Deferred(lambda: facts().dh_bits),
        server_order=Deferred(lambda: facts().server_order),
        client_certificate=Deferred(lambda: facts().client_certificate),
    )
