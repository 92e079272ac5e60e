"""What the passdbs and userdbs of a Dovecot are: who keeps the passwords, and whom they let in without one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network

from checker.derive import Take, derive
from checker.dovecot.databases import Database, databases
from checker.dovecot.server import Server
from checker.dovecot.sockets import is_yes
from checker.facts.authdb import Authdb
from checker.facts.types import Network
from checker.named_files import Files
from checker.values import Known, Reason

SCHEMES_23: Mapping[str, str] = {
    "passwd-file": "CRYPT",
    "sql": "MD5",
    "ldap": "CRYPT",
    "dict": "MD5",
    "static": "PLAIN",
}
"""The scheme of a password that names none, by driver (auth/db-*.c, passdb-static.c)."""

KEEP_NONE = (
    *("pam", "passwd", "shadow", "bsdauth", "checkpassword", "imap", "imapc", "oauth2", "lua", "prefetch"),
    "vpopmail",
)
"""Drivers that ask somebody else whether a password is right."""

NO_PASSWORD = re.compile(r"\bnopassword\b", re.IGNORECASE)
PROXY = re.compile(r"\bproxy(_maybe)?\b", re.IGNORECASE)
ALLOW_NETS = re.compile(r"\ballow_nets\b", re.IGNORECASE)
"""Fields that a query may ask its database for."""


def authdbs(server: Server, files: Files) -> Iterator[Authdb]:
    """Yield the databases in the order in which they are asked."""
    for database in databases(server, files):
        yield _fact(database)


def _fact(database: Database) -> Authdb:
    is_passdb = database.kind == "passdb"
    driver = database.driver()
    where = f"[{database.where}]" if database.where.key[0] else ""
    return Authdb(
        id=f"dovecot:{database.kind}/{database.name}{where}",
        origins=driver.origins,
        product=Known("dovecot"),
        source=Known("config"),
        purpose=Known("password" if is_passdb else "user", driver.origins),
        driver=driver,
        schemes=derive(lambda take: _schemes(take, database)),
        fixed_password=derive(lambda take: is_passdb and _is_fixed(take, database)),
        master=derive(lambda take: is_passdb and is_yes(take(database.text("master")))),
        proxy=derive(lambda take: is_passdb and _is_proxy(take, database)),
        denies=derive(lambda take: is_passdb and is_yes(take(database.text("deny")))),
        clients=derive(lambda take: _clients(take, database)),
        settings=database.scope,
    )


def _schemes(take: Take, database: Database) -> tuple[str, ...] | None:
    driver = take(database.driver()) or ""
    if database.kind == "userdb" or driver in KEEP_NONE:
        return None
    if driver == "ldap" and is_yes(take(database.option("auth_bind", "passdb_ldap_bind"))):
        return None
    if not database.is_old:
        found = take(database.text("default_password_scheme"))
    elif driver in ("passwd-file", "static"):
        found = _argument(take(database.text("args")) or "", "scheme")
    else:
        found = take(database.option("default_pass_scheme", ""))
    name = (found or SCHEMES_23.get(driver, "")).upper().partition(".")[0]
    return (name,) if name else None


def _argument(args: str, name: str) -> str:
    """Return an argument ``name=value`` of those before the path, empty if there is none."""
    for word in args.split():
        own, equals, value = word.partition("=")
        if own == name and equals:
            return value
    return ""


def _is_fixed(take: Take, database: Database) -> bool:
    """Say whether everybody has one password, or needs none. A denying database lets nobody in."""
    if is_yes(take(database.text("deny"))):
        return False
    fields = take(database.fields())
    if "nopassword" in fields or NO_PASSWORD.search(_query(take, database)):
        return True
    if take(database.driver()) != "static":
        return False
    return "password" in fields or bool(not database.is_old and take(database.text("static_password")))


def _is_proxy(take: Take, database: Database) -> bool:
    fields = take(database.fields())
    named = [fields[name].lower() for name in ("proxy", "proxy_maybe") if name in fields]
    if named:
        return any(value not in ("n", "no") for value in named)
    return bool(PROXY.search(_query(take, database)))


def _query(take: Take, database: Database) -> str:
    """Return what the database is asked for."""
    driver = take(database.driver())
    if driver == "sql":
        return take(database.option("password_query", "passdb_sql_query")) or ""
    if driver == "ldap" and database.is_old:
        return take(database.option("pass_attrs", "")) or ""
    return ""


def _clients(take: Take, database: Database) -> tuple[Network, ...]:
    if database.kind == "userdb":
        return ()
    text = take(database.fields()).get("allow_nets")
    if text is None:
        if ALLOW_NETS.search(_query(take, database)):
            raise take.unknown(Reason("host-only", "the database says which networks a user may come from"))
        return ()
    found: list[Network] = []
    for word in text.split(","):
        if word == "local":
            continue  # a unix socket is no network
        try:
            found.append(Network(str(ip_network(word.strip(), strict=False))))
        except ValueError:
            raise take.unknown(Reason("invalid", f"'{word}' is no network")) from None
    return tuple(found)
