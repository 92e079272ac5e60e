"""The key exchange of smtpd(8) and tlsproxy(8): groups and Diffie-Hellman parameters, as tls/tls_dh.c sets them."""

from __future__ import annotations

import re

from msgspec import Struct

from checker.derive import Take
from checker.postfix.cipher_list import words_of
from checker.postfix.features import has
from checker.postfix.scope import Scope
from checker.releases.tables import Number, table, within
from checker.tls import groups
from checker.tls.library import Suite
from checker.tls.suites import Offered
from checker.values import Reason

IN_FILE = Reason("host-only", "the Diffie-Hellman parameters are in a file")


class Linked(Struct, frozen=True):
    """A program's settings (``prefix``: smtpd_tls or tlsproxy_tls), and the OpenSSL that it is linked with."""

    scope: Scope
    prefix: str
    library: str


def key_exchange_groups(take: Take, program: Linked, found: Offered) -> tuple[str, ...]:
    """Return the groups that the suites can use."""
    if has(program.scope.release.number, "library-names-groups"):
        enabled = _by_library(take, program.scope, program.library)
    else:
        enabled = _by_object(take, program)
    below_13 = any(suite.kx == "ECDH" for suite in found.suites)
    return groups.usable(enabled, below_13=below_13, tls13=bool(found.tls13))


def _by_library(take: Take, scope: Scope, library: str) -> tuple[str, ...]:
    """Return the groups of tls_auto_groups: those that OpenSSL takes, else Postfix's own, else OpenSSL's."""
    finite = take(scope.text("tls_ffdhe_auto_groups")) or ""
    curves = take(scope.text("tls_eecdh_auto_curves")) or ""
    if not groups.picks_dh(library):
        finite = ""  # before OpenSSL 3.0 they are no groups
    if not curves and not finite and not _must_name_groups(scope.release.number):
        return groups.default_groups(library)
    own = [scope.release.parameter(name) for name in ("tls_eecdh_auto_curves", "tls_ffdhe_auto_groups")]
    for text in (f"{curves} {finite}", " ".join(each.default or "" for each in own if each is not None)):
        accepted = [word for word in words_of(text) if groups.accepts(word, library)]
        if accepted:
            once = list({word.lower(): word for word in reversed(accepted)}.values())
            return groups.listed(once[::-1], library) or groups.default_groups(library)
    return groups.default_groups(library)


def _must_name_groups(number: Number) -> bool:
    """Say whether an empty list of groups means Postfix's own (RELEASE_NOTES of 3.10: later it means OpenSSL's)."""
    return any(within(number, since, until) for since, until in table("tls/libraries")["postfix_names_groups"])


def _by_object(take: Take, program: Linked) -> tuple[str, ...]:
    """Return the groups of tls_set_eecdh_curve and tls_auto_eecdh_curves; where these fail, OpenSSL's own."""
    scope, library = program.scope, program.library
    number = scope.release.number
    name: str | None = "tls_eecdh_auto_curves"
    if not has(number, "eecdh-grade-ignored"):
        grade = take(scope.text(f"{program.prefix}_eecdh_grade")) or ""
        none = "tls_eecdh_auto_curves" if has(number, "eecdh-none-is-auto") else None
        known = {"auto": name, "none": none, "strong": "tls_eecdh_strong_curve", "ultra": "tls_eecdh_ultra_curve"}
        name = known.get(grade.lower())
    words = re.split(r"[, \t\r\n]+", (take(scope.text(name)) if name else "") or "")
    found = [groups.group_of(word, library, as_object=True) for word in words]
    enabled = [group for group in found if group is not None]
    if not enabled or len(set(enabled)) < len(enabled):  # OpenSSL takes no group twice
        return groups.default_groups(library)
    return tuple(enabled)


def dh_bits(take: Take, program: Linked, found: Offered) -> int | None:
    """Return the size of the Diffie-Hellman parameters, None where no suite needs any."""
    ephemeral = [suite for suite in found.suites if suite.kx == "DH"]
    if not ephemeral:
        return None
    number = program.scope.release.number
    picks = has(number, "library-picks-dh")
    path = take(program.scope.text(f"{program.prefix}_dh1024_param_file")) or ""
    if path and not (picks and path == "auto"):
        raise take.unknown(IN_FILE)
    if picks and groups.picks_dh(program.library):
        return _picked(ephemeral)
    return 2048 if has(number, "builtin-dh-2048") else 1024


def _picked(ephemeral: list[Suite]) -> int:
    """Return what OpenSSL picks: parameters as strong as the certificate's key, without one as strong as the suite
    (ssl/t1_lib.c:ssl_get_auto_dh).
    """
    if any(suite.auth != "None" for suite in ephemeral):
        return 2048
    return 3072 if all(suite.bits == 256 for suite in ephemeral) else 1024
