"""What listens: one endpoint per listener and kind of client."""

from __future__ import annotations

from msgspec import Struct, field

from checker.facts.settings import NO_SETTINGS, Settings
from checker.facts.types import (
    AuthBackend,
    BareNewline,
    CipherClass,
    ClientCertificate,
    Exposure,
    FactSource,
    MailCheck,
    Network,
    Product,
    Protocol,
    Role,
    SocketUse,
    TlsMode,
    TlsVersion,
)
from checker.values import ABSENT, Known, Later, Origin, Value


class Tls(Struct, frozen=True):
    """How a listener is encrypted.

    ``mode`` is what is announced to the client, whether it can work or not (see ``Cert.present``); ``required``:
    without TLS no credentials are taken and no mail is accepted; ``versions`` are those that the settings permit, not
    counting what the TLS library forbids.

    ``ciphers`` are IANA's names of the suites that the settings permit in these versions, the preferred first, and
    ``cipher_classes`` what they have. A kind of certificate that nothing excludes counts as there. ``groups`` are those
    of the key exchange over curves and of TLS 1.3, under IANA's names. ``dh_bits`` is the size of the parameters for
    ``DHE`` below TLS 1.3 with a certificate, absent where no suite has it; where the TLS library picks them by the size
    of the certificate's key, it is the least for a key of 2048 bits. ``server_order``: the server's order of
    suites prevails.
    """

    mode: Value[TlsMode | None] = ABSENT
    required: Value[bool | None] = ABSENT
    versions: Value[tuple[TlsVersion, ...] | None] = ABSENT
    min_version: Value[TlsVersion | None] = ABSENT
    max_version: Value[TlsVersion | None] = ABSENT
    ciphers: Later[tuple[str, ...] | None] = ABSENT
    cipher_classes: Later[tuple[CipherClass, ...] | None] = ABSENT
    groups: Later[tuple[str, ...] | None] = ABSENT
    dh_bits: Later[int | None] = ABSENT
    server_order: Later[bool | None] = ABSENT
    client_certificate: Later[ClientCertificate | None] = ABSENT


class Auth(Struct, frozen=True):
    """How clients of a listener prove who they are.

    ``offered``: in any phase. ``required``: a client outside the trusted networks gets no recipient accepted without
    it. Mechanisms are SASL names in upper case.
    ``cleartext_allowed``: nothing stops this client from sending a reusable password without TLS. ``sender_bound``: a
    user can only send as oneself. ``by_certificate``: a client's certificate gives it rights. ``backend``: who checks
    passwords.
    """

    offered: Value[bool | None] = ABSENT
    required: Value[bool | None] = ABSENT
    mechanisms_before_tls: Value[tuple[str, ...] | None] = ABSENT
    mechanisms_after_tls: Value[tuple[str, ...] | None] = ABSENT
    cleartext_allowed: Value[bool | None] = ABSENT
    sender_bound: Value[bool | None] = ABSENT
    by_certificate: Value[bool | None] = ABSENT
    backend: Value[AuthBackend | None] = ABSENT


class Smtp(Struct, frozen=True):
    """What an SMTP listener lets its clients do.

    ``vrfy``, ``etrn``: the command is served. ``open_relay``: a stranger may send to any destination.
    ``relay_permits``: the names that let a client pass before unauthorised destinations are refused. ``bare_newline``:
    what becomes of a line that ends in LF alone. ``pipelining_checked``: a client that sends before it may is turned
    away. ``size_limit`` in bytes, 0 for none. ``unknown_recipients_rejected``: in every domain of the host, before the
    message is taken. ``bypasses_checks``: the listener leaves out a filter or a restriction list that the server has
    otherwise. ``checks``: what the programs that it asks are known to check.
    """

    vrfy: Value[bool | None] = ABSENT
    etrn: Value[bool | None] = ABSENT
    open_relay: Value[bool | None] = ABSENT
    relay_permits: Value[tuple[str, ...] | None] = ABSENT
    trusted_networks: Value[tuple[Network, ...] | None] = ABSENT
    bare_newline: Value[BareNewline | None] = ABSENT
    pipelining_checked: Value[bool | None] = ABSENT
    helo_required: Value[bool | None] = ABSENT
    size_limit: Value[int | None] = ABSENT
    unknown_recipients_rejected: Value[bool | None] = ABSENT
    bypasses_checks: Value[bool | None] = ABSENT
    checks: Value[tuple[MailCheck, ...] | None] = ABSENT


class Cert(Struct, frozen=True):
    """The certificate shown to a client that names no server: ``present`` if one is configured."""

    present: Value[bool | None] = ABSENT


class Socket(Struct, frozen=True):
    """A unix socket: ``mode`` as the kernel will have it, ``owner`` and ``group`` by name. ``use`` is what a socket of
    an authentication service answers, one of the network as well: ``client`` and ``login`` check passwords,
    ``userdb`` and ``master`` tell about users without one.
    """

    path: Value[str | None] = ABSENT
    mode: Value[str | None] = ABSENT
    owner: Value[str | None] = ABSENT
    group: Value[str | None] = ABSENT
    use: Value[SocketUse | None] = ABSENT


class Endpoint(Struct, frozen=True):
    """One listener, as a client of one kind meets it.

    ``id`` is product:service[:port][:case], without address and line. ``case`` is None for a client from another host
    in no special network; in a case of its own, ``exposure`` is no wider than the networks that make the case.
    ``serves`` is false where the service dies or refuses every session before it does anything: such an endpoint breaks
    no rule but those that ask for ``serves``, and ``fault`` says what it dies of. ``proxied``: a proxy in front of it
    tells who the client is. ``origins`` tells how the listener
    itself came to be, the listening entry first.
    """

    id: str
    origins: tuple[Origin, ...]
    product: Value[Product | None]
    source: Value[FactSource]
    service: Value[str]
    case: Value[str | None] = ABSENT
    protocol: Value[Protocol] = Known("other")
    role: Value[Role] = Known("internal")
    address: Value[str | None] = ABSENT
    port: Value[int | None] = ABSENT
    exposure: Value[Exposure] = Known("unix")
    serves: Value[bool] = Known(True)
    fault: Value[str | None] = ABSENT
    proxied: Value[bool | None] = ABSENT
    banner: Value[str | None] = ABSENT
    tls: Tls = field(default_factory=Tls)
    auth: Auth = field(default_factory=Auth)
    smtp: Smtp = field(default_factory=Smtp)
    cert: Cert = field(default_factory=Cert)
    socket: Socket = field(default_factory=Socket)
    settings: Settings = NO_SETTINGS
