"""The SQL servers that users are looked up in, and whether the way there is encrypted (lib-sql/driver-*.c)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checker.derive import Take, converted, derive
from checker.dovecot.connection import CLEAR, IN_CLEAR, OWN_SOCKET, Connect, Protection
from checker.dovecot.databases import Database
from checker.dovecot.scope import Connection
from checker.dovecot.sockets import is_yes
from checker.dovecot.tree24 import Configuration24
from checker.facts.types import OutboundProtocol, OutboundPurpose
from checker.values import Known, Origin, Reason, Unknown, Value

PROTOCOLS: Mapping[str, OutboundProtocol] = {"mysql": "mysql", "pgsql": "pgsql", "cassandra": "cassandra"}
"""What the drivers speak that speak to a server (``databases.SQL_DRIVERS``)."""

MYSQL_TLS = ("ssl_cert", "ssl_key", "ssl_ca", "ssl_ca_path", "ssl_cipher")
"""Words of a connect string of which any one makes the client ask for TLS (driver-mysql.c)."""

WITHOUT = Reason("host-only", "whether the client library goes on without TLS depends on the library")

_WORD = re.compile(r"(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|\S*)")


def of_database(database: Database) -> Iterator[Connect]:
    """Yield the servers of a passdb or userdb with the driver ``sql``."""
    if database.is_old:
        driver, connect = database.option("driver", ""), database.option("connect", "")
        yield from of_string(driver, connect, "auth")
    elif isinstance(database.server.configuration, Configuration24):
        yield from _blocks(database, database.server.configuration)


def of_string(driver: Value[str | None], connect: Value[str | None], purpose: OutboundPurpose) -> Iterator[Connect]:
    """Yield the servers that a connect string of 2.3 names."""
    protocol = PROTOCOLS.get(driver.value or "") if isinstance(driver, Known) else None
    if protocol is None or not isinstance(connect, Known) or not connect.value:
        return
    origins = connect.origins
    words = [(name, text.strip("'")) for name, text in _WORD.findall(connect.value)]
    given = dict(words)
    hosts = [text for name, text in words if name in ("host", "hostaddr")] or [OWN_SOCKET]
    port = given.get("port", "")
    protection = {"mysql": _mysql, "pgsql": _pgsql}.get(protocol, _cassandra)(given, origins)
    for host in hosts:
        at = OWN_SOCKET if protocol == "mysql" and host == "localhost" else host
        yield Connect(
            purpose,
            protocol,
            "auth" if purpose == "auth" else "dict",
            at,
            int(port) if port.isdecimal() else None,
            IN_CLEAR if at.startswith("/") else protection,
            origins,
            Known(any(name in given for name in ("password", "user")), origins),
            sends_in_clear=False,
        )


def _mysql(given: Mapping[str, str], origins: tuple[Origin, ...]) -> Protection:
    if not any(given.get(name) for name in MYSQL_TLS):
        return Protection(Known("none", origins), Known(False, origins), Known(False, origins))
    checks = is_yes(given.get("ssl_verify_server_cert"))  # its default is no (driver-mysql.c)
    required: Value[bool | None] = Known(True, origins) if checks else Unknown(WITHOUT, origins)
    return Protection(Known("starttls", origins), required, Known(checks, origins))


def _pgsql(given: Mapping[str, str], origins: tuple[Origin, ...]) -> Protection:
    """Return what libpq makes of ``sslmode``; ``verify-ca`` takes the certificate of any host."""
    mode = given.get("sslmode", "prefer")
    return Protection(
        Known("none" if mode == "disable" else "starttls", origins),
        Known(mode in ("require", "verify-ca", "verify-full"), origins),
        Known(mode == "verify-full", origins),
    )


def _cassandra(given: Mapping[str, str], origins: tuple[Origin, ...]) -> Protection:
    is_tls = bool(given.get("ssl_ca"))
    checks = given.get("ssl_verify", "none") in ("cert-ip", "cert-dns")
    return Protection(
        Known("implicit" if is_tls else "none", origins), Known(is_tls, origins), Known(is_tls and checks, origins)
    )


def _blocks(database: Database, configuration: Configuration24) -> Iterator[Connect]:
    """Yield the servers of 2.4: blocks ``mysql HOST { }`` and ``pgsql HOST { }``, inside the database or at the top."""
    driver = database.scope.text("sql_driver")
    name = (driver.value if isinstance(driver, Known) else None) or ""
    if name not in PROTOCOLS:
        return
    own: tuple[str, str | None] = (database.kind, database.name)
    for block in configuration.root.walk():
        around = [(each.name, each.instance) for each in block.path()[:-1] if each.name is not None]
        if block.name != name or block.instance is None or around not in ([], [own]):
            continue
        scope = database.server.scope(Connection(database.where, within=(own, (name, block.instance))))
        host = scope.text(f"{name}_host")
        at = (host.value if isinstance(host, Known) else None) or block.instance
        password, port = scope.text(f"{name}_password"), scope.text(f"{name}_port")
        number = port.value if isinstance(port, Known) else None
        yield Connect(
            "auth",
            PROTOCOLS[name],
            "auth",
            OWN_SOCKET if name == "mysql" and at == "localhost" else at,
            int(number) if number and number.isdecimal() else None,
            _protection24(name, database, block.instance) if at != "localhost" and not at.startswith("/") else IN_CLEAR,
            host.origins or driver.origins,
            converted(password, bool),
            sends_in_clear=False,
        )


def _protection24(name: str, database: Database, instance: str) -> Protection:
    own = (database.kind, database.name)
    scope = database.server.scope(Connection(database.where, role="ssl_client", within=(own, (name, instance))))
    if name == "pgsql":
        parameters = scope.entries("pgsql_parameters")
        given = dict(parameters.value) if isinstance(parameters, Known) else {}
        return _pgsql(given, parameters.origins)
    if name != "mysql":
        return Protection(CLEAR, Known(False), Known(False))
    asked, checks = scope.text("mysql_ssl"), scope.text("ssl_client_require_valid_cert")

    def required(take: Take) -> bool:
        if not is_yes(take(asked)):
            return False
        if not is_yes(take(checks)):
            raise take.unknown(WITHOUT)
        return True

    return Protection(
        converted(asked, lambda word: "starttls" if is_yes(word) else "none"),
        derive(required),
        derive(lambda take: is_yes(take(asked)) and is_yes(take(checks))),
    )
