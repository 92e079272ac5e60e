"""What smtp(8) and lmtp(8) ask of TLS and of logins, from their parameters: the algorithms of smtp/smtp_tls_policy.c,
smtp/smtp_connect.c and smtp/smtp_proto.c.
"""

from __future__ import annotations

from msgspec import Struct

from checker.derive import Take, converted, derive
from checker.facts.endpoint import Tls
from checker.facts.types import TLS_VERSIONS, TlsLevel, TlsMode, TlsVersion
from checker.postfix import types
from checker.postfix.hops import Hop
from checker.postfix.protocols import permitted
from checker.postfix.scope import Scope
from checker.postfix.smtpd import yes
from checker.postfix.tables.table import Table
from checker.postfix.tls_policies import may_name_all, tables_of
from checker.postfix.tls_policy import DANE, Policy, level_named
from checker.values import Known, Reason, Value

REQUIRES: frozenset[TlsLevel] = frozenset({"encrypt", "fingerprint", "dane-only", "verify", "secure"})
VERIFIES = REQUIRES - {"encrypt"}

PLAIN_MECHANISMS = frozenset({"plain", "login", "xoauth2", "oauthbearer"})
"""The SASL mechanisms that hand over what anybody could use again."""

_OF_LMTP = {"discard_ehlo_keywords": "discard_lhlo_keywords"}


class Client(Struct, frozen=True):
    """One smtp(8) or lmtp(8): its scope, and with what its parameters begin; and the way that is asked about, with
    the entry of a policy table for it.

    ``password`` says whether it has one for this way, once it looks for any.
    """

    scope: Scope
    prefix: str
    hop: Hop
    policy: Value[Policy | None] = Known(None)
    password: Value[bool] = Known(True)

    def named(self, name: str) -> str:
        """Return a parameter's name for this program."""
        if self.prefix == "lmtp":
            name = _OF_LMTP.get(name, name)
        return f"{self.prefix}_{name}"

    def text(self, take: Take, name: str) -> str:
        """Return a parameter's text, empty where there is no such parameter."""
        return take(self.scope.text(self.named(name))) or ""

    def words(self, take: Take, name: str) -> tuple[str, ...]:
        """Return the words of a parameter in lower case."""
        return tuple(word.lower() for word in take(self.scope.words(self.named(name))) or ())

    def yes(self, take: Take, name: str) -> bool:
        """Return a boolean parameter."""
        return yes(take, self.scope, self.named(name))


def level_of(take: Take, client: Client, text: str) -> TlsLevel:
    """Return a security level by name; the release may know no such level."""
    level = level_named(text, client.scope.release.number)
    if level is None:
        raise take.unknown(types.refused(f"invalid TLS level '{text}'"))
    return level


def default_level(take: Take, client: Client) -> TlsLevel:
    """Return what is asked of a destination that no table names (smtp_tls_policy.c:global_tls_level)."""
    level = client.text(take, "tls_security_level")
    if level:
        return level_of(take, client, level)
    found: TlsLevel = "may" if client.yes(take, "use_tls") else "none"
    if client.yes(take, "enforce_tls"):
        found = "verify" if client.yes(take, "tls_enforce_peername") else "encrypt"
    client.text(take, "tls_security_level")  # the one to set, whatever the older ones say
    return found


def policy_tables(take: Take, client: Client) -> tuple[Table, ...]:
    """Return the tables that say what is asked of destinations."""
    return tables_of(take, client.scope, client.named("tls_policy_maps"))


def asked(take: Take, client: Client) -> TlsLevel:
    """Return what is asked: by the entry for the destination, if there is one."""
    default = default_level(take, client)  # smtp(8) does not start with an invalid one, whatever the tables say
    entry = take(client.policy)
    if entry is None:
        found = default_level(take, client)
        if found == "none" and client.hop.text is None and any(map(may_name_all, policy_tables(take, client))):
            reason = f"{client.named('tls_policy_maps')} may ask for TLS, and is not read"
            raise take.unknown(Reason("not-in-set", reason))
        return default_level(take, client)  # this is what decided
    if entry.fault:
        raise take.unknown(types.refused(entry.fault))
    return entry.level or default


def dane_works(take: Take, client: Client) -> bool:
    """Say whether TLSA records can be looked up safely (smtp_tls_policy.c:dane_init)."""
    if client.hop.is_unix or client.hop.is_literal:
        return False
    if client.prefix == "smtp" and yes(take, client.scope, "ignore_mx_lookup_error"):
        return False
    if {"res_defnames", "res_dnsrch"} & set(client.words(take, "dns_resolver_options")):
        return False
    if "dns" not in client.words(take, "host_lookup"):
        return False
    return client.text(take, "dns_support_level").lower() == "dnssec"


def level(take: Take, client: Client) -> TlsLevel:
    """Return what becomes of the level asked for: ``dane`` is ``may`` where it cannot work, and over a unix socket
    ``may`` is nothing (smtp_connect.c:smtp_connect_local).
    """
    found = asked(take, client)
    if found == "dane" and not client.hop.is_unix and not dane_works(take, client):
        found = "may"
    if found == "may" and client.hop.is_unix:
        found = "none"
    asked(take, client)  # this is what decided
    return found


def wraps(take: Take, client: Client) -> bool:
    """Say whether TLS begins with the connection; over a unix socket it never does."""
    return not client.hop.is_unix and client.yes(take, "tls_wrappermode")


def required(take: Take, client: Client) -> bool:
    """Say whether nothing is sent without TLS. In wrapper mode less than ``encrypt`` sends nothing at all."""
    if wraps(take, client):
        return True
    found = level(take, client)
    return found in REQUIRES or (found == "dane" and client.hop.is_unix)


def overlooks_starttls(take: Take, client: Client) -> bool:
    """Say whether the other side's STARTTLS is not seen."""
    return "starttls" in client.words(take, "discard_ehlo_keywords")


def mode(take: Take, client: Client) -> TlsMode:
    """Return how TLS is used with a server that has it."""
    if wraps(take, client):
        return "implicit"
    if level(take, client) == "none":
        return "none"
    if not required(take, client) and overlooks_starttls(take, client):
        return "none"
    level(take, client)
    return "starttls"


def versions(take: Take, client: Client) -> tuple[TlsVersion, ...] | None:
    """Return the versions that the settings permit, none where TLS is not used or where the list is invalid.

    At ``dane`` both lists count: the mandatory one for who has TLSA records.
    """
    if mode(take, client) == "none":
        return None
    found: set[TlsVersion] = set()
    now = level(take, client)
    entry = take(client.policy)
    if entry is not None and entry.protocols is not None:
        texts = [entry.protocols]
    else:
        optional = ["tls_protocols"] if now in ("may", "dane") else []
        mandatory = ["tls_mandatory_protocols"] if now != "may" else []
        texts = [client.text(take, name) for name in (*optional, *mandatory)]
    for text in texts:
        found |= set(permitted(text, client.scope.release.number) or ())
    return tuple(version for version in TLS_VERSIONS if version in found)


def tls(client: Client) -> Tls:
    """Return how the client encrypts."""
    permits = derive(lambda take: versions(take, client))
    return Tls(
        mode=derive(lambda take: mode(take, client)),
        required=derive(lambda take: required(take, client)),
        versions=permits,
        min_version=converted(permits, lambda each: each[0] if each else None),
        max_version=converted(permits, lambda each: each[-1] if each else None),
    )


def verified(take: Take, client: Client) -> bool:
    """Say whether nothing is sent to a server that did not prove who it is."""
    return level(take, client) in VERIFIES


def uses_dane(take: Take, client: Client) -> bool:
    """Say whether DANE is asked for and can work."""
    return asked(take, client) in DANE and dane_works(take, client)


def credentials(take: Take, client: Client) -> bool:
    """Say whether the client logs in where it has a password: what it does not look for it does not answer."""
    if not client.yes(take, "sasl_auth_enable") or "auth" in client.words(take, "discard_ehlo_keywords"):
        return False
    if not client.text(take, "sasl_password_maps"):
        return False
    has_password = take(client.password)
    client.yes(take, "sasl_auth_enable")
    return has_password


def cleartext_allowed(take: Take, client: Client) -> bool:
    """Say whether a password that can be used again may be sent without TLS (smtp_sasl_proto.c:smtp_sasl_helo_login):
    ``noplaintext`` and the filter of mechanisms keep back the ones that do.
    """
    if not credentials(take, client):
        return False
    if "noplaintext" in client.words(take, "sasl_security_options"):
        return False
    chosen = client.words(take, "sasl_mechanism_filter")
    if chosen and all(word.isalnum() or "-" in word for word in chosen) and not PLAIN_MECHANISMS & set(chosen):
        return False
    if required(take, client):
        return False
    if client.hop.text is None and policy_tables(take, client):
        passwords = tables_of(take, client.scope, client.named("sasl_password_maps"))
        if any(table.kind == "unseen" for table in passwords):
            reason = f"{client.named('tls_policy_maps')} may ask for TLS wherever there is a password"
            raise take.unknown(Reason("not-in-set", reason))
    level(take, client)
    return True
