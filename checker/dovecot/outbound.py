"""What a Dovecot connects to: databases, policy and token servers, other mail servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from checker.derive import Take, converted, derive
from checker.dovecot import ldap_servers, sql_servers
from checker.dovecot.connection import Connect, Protection, by_url, facts
from checker.dovecot.databases import Database, databases, dictionaries
from checker.dovecot.external import external
from checker.dovecot.filters import Filter
from checker.dovecot.scope import Connection, Scope
from checker.dovecot.server import Server
from checker.dovecot.sockets import is_yes
from checker.facts.outbound import Outbound
from checker.facts.types import TlsMode
from checker.named_files import Files
from checker.values import Known, Value

IMPLICIT_WORDS = ("imaps", "pop3s", "smtps", "ssl", "yes")
STARTTLS_WORD = "starttls"

TOKEN_URLS = (
    ("tokeninfo_url", "oauth2_tokeninfo_url"),
    ("introspection_url", "oauth2_introspection_url"),
    ("grant_url", "oauth2_grant_url"),
    ("openid_configuration_url", "oauth2_openid_configuration_url"),
)
"""Where tokens are shown to whoever gave them out, by the names of 2.3's file and of 2.4."""


def outbound(server: Server, files: Files) -> tuple[Outbound, ...]:
    """Return the connections, each once."""
    return facts(_connects(server, files), server.scope())


def _connects(server: Server, files: Files) -> Iterator[Connect]:
    for database in databases(server, files):
        driver = database.driver()
        name = driver.value if isinstance(driver, Known) else None
        if name == "sql":
            yield from sql_servers.of_database(database)
        elif name == "ldap":
            yield from ldap_servers.of_database(database)
        elif name == "oauth2":
            yield from _token_servers(database)
        if database.kind == "passdb":
            yield from _next_server(database)
    yield from _dictionaries(server, files)
    yield from _policy_server(server)
    yield from _mail_servers(server)


def _verified(scope: Scope) -> Value[bool | None]:
    return converted(scope.text("ssl_client_require_valid_cert"), is_yes)


def _client(server: Server, protocol: str | None = None) -> Scope:
    """Return the settings of a process as a TLS client."""
    return server.scope(Connection(Filter(protocol), role="ssl_client"))


def _token_servers(database: Database) -> Iterator[Connect]:
    for old, new in TOKEN_URLS:
        url = database.option(old, new)
        if isinstance(url, Known) and url.value:
            host, port, protection = by_url(url.value, _verified(_client(database.server)), url.origins)
            yield Connect("auth", "http", "auth", host, port, protection, url.origins, Known(True, url.origins))


def _next_server(database: Database) -> Iterator[Connect]:
    """Yield the server that a passdb passes logins on to, where it is the same for everybody."""
    fields = database.fields()
    given = fields.value if isinstance(fields, Known) else {}
    host = given.get("host") or given.get("hostip")
    if host and "%" not in host and ("proxy" in given or "proxy_maybe" in given):
        word = (given.get("starttls") and STARTTLS_WORD) or given.get("ssl", "no")
        origins = fields.origins
        any_certificate = "any-cert" in (given.get("ssl", ""), given.get("starttls", ""))
        is_tls = word not in ("no", "n", "")
        protection = Protection(
            Known(("starttls" if "starttls" in given else "implicit") if is_tls else "none", origins),
            Known(is_tls, origins),
            Known(is_tls and not any_certificate, origins),
        )
        port = given.get("port", "")
        number = int(port) if port.isdecimal() else None
        yield Connect("proxy", "other", "login", host, number, protection, origins, Known(True, origins))


def _dictionaries(server: Server, files: Files) -> Iterator[Connect]:
    """Yield the SQL servers of 2.3's section ``dict``: ``name = mysql:/path``."""
    for _, text in dictionaries(server):
        driver, _, path = text.partition(":")
        connect = external(files, path).text("connect")
        yield from sql_servers.of_string(Known(driver, connect.origins), connect, "dict")


def _policy_server(server: Server) -> Iterator[Connect]:
    url = server.scope().text("auth_policy_server_url")
    if not isinstance(url, Known) or not url.value:
        return
    host, port, protection = by_url(url.value, _verified(_client(server)), url.origins)
    rejects = server.scope().text("auth_policy_reject_on_fail")
    key = converted(server.scope().text("auth_policy_server_api_header"), bool)
    fails_open = converted(rejects, lambda word: not is_yes(word))
    yield Connect("auth-policy", "http", "auth", host, port, protection, url.origins, key, fails_open=fails_open)


def _mail_servers(server: Server) -> Iterator[Connect]:
    """Yield the servers whose mailboxes are shown (imapc, pop3c), and the one that takes mail from users."""
    yield from _mail_server(server, "proxy", "imap", "imapc")
    yield from _mail_server(server, "proxy", "pop3", "pop3c")
    enabled = server.protocols()
    if not isinstance(enabled, Known) or "submission" in (enabled.value or ()):
        yield from _mail_server(server, "relay", "smtp", "submission_relay")


def _mail_server(
    server: Server,
    purpose: Literal["proxy", "relay"],
    protocol: Literal["imap", "pop3", "smtp"],
    prefix: str,
) -> Iterator[Connect]:
    scope = _client(server, "submission" if protocol == "smtp" else None)
    host, port, ssl = (scope.text(f"{prefix}_{name}") for name in ("host", "port", "ssl"))
    if not isinstance(host, Known) or not host.value or "%" in host.value:
        return
    verify = scope.text(f"{prefix}_ssl_verify")  # imapc of 2.4 has none
    certificate = _verified(scope)

    def verified(take: Take) -> bool:
        asked = take(ssl) in (*IMPLICIT_WORDS, STARTTLS_WORD)
        return asked and (take(verify) or "yes").lower() in ("yes", "y", "1") and bool(take(certificate))

    number = port.value if isinstance(port, Known) else None
    yield Connect(
        purpose,
        protocol,
        "submission" if purpose == "relay" else protocol,
        host.value,
        int(number) if number and number.isdecimal() else None,
        Protection(
            converted(ssl, _mode),
            converted(ssl, lambda word: word in (*IMPLICIT_WORDS, STARTTLS_WORD)),
            derive(verified),
        ),
        host.origins,
        _logs_in(scope, prefix),
    )


def _mode(word: str | None) -> TlsMode | None:
    if word == STARTTLS_WORD:
        return "starttls"
    return "implicit" if word in IMPLICIT_WORDS else "none"


def _logs_in(scope: Scope, prefix: str) -> Value[bool | None]:
    """Say whether it logs in there: imapc and pop3c always do, as the user."""
    if prefix != "submission_relay":
        return Known(True)
    return converted(scope.text("submission_relay_user"), bool)
