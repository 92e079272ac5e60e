"""The LDAP servers that users are looked up in, and whether the way there is encrypted (auth/db-ldap.c)."""

from __future__ import annotations

from collections.abc import Iterator

from checker.derive import Take, converted, derive
from checker.dovecot.connection import IN_CLEAR, OWN_SOCKET, Connect, Protection, by_url
from checker.dovecot.databases import Database
from checker.dovecot.scope import Connection
from checker.dovecot.sockets import is_yes
from checker.values import Known, Value

CHECKED = ("demand", "hard")
"""Values of ``tls_require_cert`` with which a server has to show a right certificate; libldap's own default is one."""


def of_database(database: Database) -> Iterator[Connect]:
    """Yield the servers of a passdb or userdb with the driver ``ldap``."""
    starttls = database.option("tls", "ldap_starttls")
    uris, hosts = database.option("uris", "ldap_uris"), database.option("hosts", "")
    given = uris if isinstance(uris, Known) and uris.value else hosts
    if not isinstance(given, Known) or not given.value:
        return
    checked = _checked(database)
    for word in given.value.replace(",", " ").split():
        url = word if "://" in word else f"ldap://{word}"
        if url.startswith("ldapi:"):
            yield Connect("auth", "ldap", "auth", OWN_SOCKET, None, IN_CLEAR, given.origins)
            continue
        host, port, protection = by_url(url, checked, given.origins)
        if not url.lower().startswith("ldaps:"):
            protection = Protection(
                converted(starttls, lambda text: "starttls" if is_yes(text) else "none"),
                converted(starttls, is_yes),
                derive(lambda take: is_yes(take(starttls)) and bool(take(checked))),
            )
        yield Connect("auth", "ldap", "auth", host, port, protection, given.origins, _binds(database))


def _checked(database: Database) -> Value[bool | None]:
    if database.is_old:
        return converted(database.option("tls_require_cert", ""), lambda word: (word or "demand").lower() in CHECKED)
    own = (database.kind, database.name)
    scope = database.server.scope(Connection(database.where, role="ssl_client", within=(own,)))
    return converted(scope.text("ssl_client_require_valid_cert"), is_yes)


def _binds(database: Database) -> Value[bool | None]:
    """Say whether passwords go there: Dovecot's own, or with ``auth_bind`` those of the users."""
    name = database.option("dn", "ldap_auth_dn")
    users = database.option("auth_bind", "passdb_ldap_bind")

    def compute(take: Take) -> bool:
        return bool(take(name)) or is_yes(take(users))

    return derive(compute)
