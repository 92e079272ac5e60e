"""What a server connects to, and how that is protected."""

from __future__ import annotations

from msgspec import Struct, field

from checker.facts.endpoint import Tls
from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.types import Exposure, FactSource, OutboundProtocol, OutboundPurpose, Product, TlsLevel
from checker.values import ABSENT, Known, Origin, Value


class Outbound(Struct, frozen=True):
    """One kind of connection that a server makes: a way that mail takes, an entry of a table that says how it is
    protected on the way to one destination, or a helper that is asked.

    ``service`` is the one that connects. ``purpose`` is ``mx`` where DNS says who takes the mail, ``relay`` where the
    configuration names a next hop for mail to others. ``destination`` is the next hop, or the key of the entry, as
    written; ``address`` the host, domain or path in it, and ``exposure`` who could listen there: public where DNS says
    so of any recipient. ``used`` is false of a service that nothing hands mail to, and absent of entries and helpers.

    What follows speaks of all destinations together, but those that tables name: they have facts of their own.
    ``level`` is what was asked for, the rest what comes of it. ``tls.mode`` is what is used where the other side has
    it; ``tls.required``: nothing is sent without TLS, but what says ``TLS-Required: no`` of itself (RFC 8689, Postfix
    3.10); ``verified``: nor to anybody whose name, fingerprint or TLSA
    record was not checked; ``dane``: TLSA records are looked for where DNSSEC can vouch for them; ``mta_sts``: a
    resolver of that is asked.
    ``credentials``: it logs in where it has a password, and a table of passwords that is named counts.
    ``cleartext_allowed``: nothing stops it from sending a reusable password without TLS. Entries of tables that say how
    a destination is protected do not tell these two: ways and entries of passwords do.
    ``fails_open``: mail passes where the helper does not answer. ``weakens``: an entry asks less than is asked without
    it. ``fault`` is why nothing is sent at all, and all mail waits.
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product | None]
    source: Value[FactSource]
    service: Value[str | None]
    purpose: Value[OutboundPurpose]
    protocol: Value[OutboundProtocol] = Known("other")
    address: Value[str | None] = ABSENT
    port: Value[int | None] = ABSENT
    exposure: Value[Exposure | None] = ABSENT
    destination: Value[str | None] = ABSENT
    used: Value[bool | None] = ABSENT
    level: Value[TlsLevel | None] = ABSENT
    tls: Tls = field(default_factory=Tls)
    verified: Value[bool | None] = ABSENT
    dane: Value[bool | None] = ABSENT
    mta_sts: Value[bool | None] = ABSENT
    credentials: Value[bool | None] = ABSENT
    cleartext_allowed: Value[bool | None] = ABSENT
    fails_open: Value[bool | None] = ABSENT
    weakens: Value[bool | None] = ABSENT
    fault: Value[str | None] = ABSENT
    settings: Settings = NO_SETTINGS
