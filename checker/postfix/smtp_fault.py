"""What keeps smtp(8) and lmtp(8) from sending: values that they die of, and security that they cannot give."""

from __future__ import annotations

from checker.derive import Take, derive
from checker.postfix.fault import died_of, first_fault
from checker.postfix.smtp import (
    REQUIRES,
    Client,
    asked,
    dane_works,
    default_level,
    level,
    overlooks_starttls,
    versions,
    wraps,
)
from checker.postfix.tls_policy import DANE
from checker.values import Value


def fault(client: Client) -> Value[str | None]:
    """Return why all mail that goes this way waits, absent if nothing in the settings stops it."""
    certain = first_fault(client.scope)
    return certain or died_of(derive(lambda take: _dies_of(take, client) or _defers_by(take, client)))


def _dies_of(take: Take, client: Client) -> str | None:
    """Return what the program dies of before it looks at any mail (smtp.c:pre_init, post_init)."""
    if client.yes(take, "sasl_auth_enable") and not client.text(take, "sasl_password_maps"):
        return f"{client.named('sasl_auth_enable')} needs {client.named('sasl_password_maps')}"
    default_level(take, client)
    support = client.text(take, "dns_support_level")
    if support and support.lower() not in ("disabled", "enabled", "dnssec"):
        return f"invalid {client.named('dns_support_level')} '{support}'"
    insecure = client.text(take, "tls_dane_insecure_mx_policy")
    if insecure and insecure.lower() not in ("may", "encrypt", "dane"):
        return f"invalid {client.named('tls_dane_insecure_mx_policy')} '{insecure}'"
    methods = client.words(take, "host_lookup")
    if not {"dns", "native"} >= set(methods):
        return f"invalid {client.named('host_lookup')} '{' '.join(methods)}'"
    return None


def _defers_by(take: Take, client: Client) -> str | None:
    """Return what defers each mail (smtp_tls_policy.c, smtp_connect.c)."""
    wanted = asked(take, client)
    if wanted == "dane-only" and not dane_works(take, client):
        return "the level dane-only cannot work: it needs DNSSEC lookups of a host name"
    if wanted in DANE and client.hop.is_unix:
        return f"the level {wanted} is invalid for unix-domain sockets"
    found = level(take, client)
    if wraps(take, client) and found not in REQUIRES | {"dane"}:
        level(take, client)
        return f"{client.named('tls_wrappermode')} needs the level encrypt or a stronger one"
    if found in ("verify", "secure") and not _has_anchor(take, client):
        return f"the level {found} needs {client.named('tls_CAfile')} or another source of trust"
    if found == "fingerprint" and not _has_fingerprint(take, client):
        return "the level fingerprint has no fingerprint to compare with"
    if found in REQUIRES and not wraps(take, client) and overlooks_starttls(take, client):
        return f"TLS is required, but {client.named('discard_ehlo_keywords')} leaves out STARTTLS"
    if (found in REQUIRES or wraps(take, client)) and versions(take, client) == ():
        return "the list of TLS protocols permits none"
    return None


def _has_anchor(take: Take, client: Client) -> bool:
    """Say whether there is any certificate to begin trust with."""
    entry = take(client.policy)
    if entry is not None and entry.has_trust_anchor:
        return True
    names = ("tls_trust_anchor_file", "tls_CApath", "tls_CAfile")
    default = take.boolean(client.scope.boolean("tls_append_default_CA"))
    return bool(default) or any(client.text(take, name) for name in names)


def _has_fingerprint(take: Take, client: Client) -> bool:
    entry = take(client.policy)
    return (entry is not None and entry.matches) or bool(client.words(take, "tls_fingerprint_cert_match"))
