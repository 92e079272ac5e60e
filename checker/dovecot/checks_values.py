"""What Dovecot refuses of single values beyond their type, once all is read: the check functions of its settings
(all-settings.c: ``*_settings_check``, ``*_settings_verify``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from checker.dovecot.types import Refused, integer, milliseconds, size

Text = Callable[[str], str]
"""Returns the value of a setting, empty if there is none of that name."""

Check = Callable[[Text], str | None]
"""Returns what is wrong, None if nothing is."""

WORDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "imap_client_workarounds": ("workaround", ("delay-newmail", "tb-extra-mailbox-sep", "tb-lsub-flags")),
    "pop3_client_workarounds": ("workaround", ("outlook-no-nuls", "oe-ns-eoh")),
    "lmtp_client_workarounds": ("workaround", ("whitespace-before-path", "mailbox-for-path")),
    "submission_client_workarounds": (
        "workaround",
        ("whitespace-before-path", "mailbox-for-path", "implicit-auth-external", "exotic-backend"),
    ),
    "pop3c_features": ("feature", ("no-pipelining",)),
    "dsync_features": ("feature", ("empty-header-workaround",)),
}
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "imap_fetch_failure": ("disconnect-immediately", "disconnect-after", "no-after"),
    "lmtp_hdr_delivery_address": ("none", "final", "original"),
    "mail_fsync": ("optimized", "never", "always"),
    "lock_method": ("fcntl", "flock", "dotlock"),
}
NOT_ZERO: Final = (
    "mailbox_idle_check_interval",
    "imapc_max_idle_time",
    "fts_search_timeout",
)
SYSLOG: Final = ("auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user", "uucp")
NOT_EMPTY: Final = ("dsync_hashed_headers", "dsync_alt_char")
DETECTION: Final = ("add-flags", "add-flags-on-save", "exclude-inlined")
DIGEST_BITS: Final = {"md4": 128, "md5": 128, "sha1": 160, "sha256": 256, "sha384": 384, "sha512": 512}
AUTH_POLICY: Final = (
    "auth_policy_server_url",
    "auth_policy_hash_nonce",
    "auth_policy_hash_mech",
    "auth_policy_hash_truncate",
)


def value_errors(names: Iterable[str], text: Text, checks: Mapping[str, Check]) -> Iterator[str]:
    """Yield what is wrong with settings that are set, by their names."""
    done: set[Check] = set()
    for name in names:
        check = checks.get(name)
        if check is not None and check not in done:
            done.add(check)
            error = check(text)
            if error is not None:
                yield error


def number(text: str) -> int | None:
    """Return a number, size or time (in milliseconds) as Dovecot reads it; None where it is none or not known."""
    for read in (integer, size):
        try:
            return read(text)
        except Refused:
            continue
    try:
        return milliseconds(text, whole_seconds=False)
    except Refused:
        return None


def _words(name: str) -> Check:
    kind, known = WORDS[name]

    def check(text: Text) -> str | None:
        wrong = (word for word in text(name).replace(",", " ").split() if word.lower() not in known)
        word = next(wrong, None)
        return None if word is None or "%{" in text(name) else f"{name}: Unknown {kind}: {word}"

    return check


def _choice(name: str) -> Check:
    def check(text: Text) -> str | None:
        value = text(name)
        return None if value in CHOICES[name] or _is_open(value) else f"Unknown {name}: {value}"

    return check


def _is_open(value: str) -> bool:
    """Say whether a value is expanded later."""
    return not value or "$" in value or "%{" in value or value.startswith("<")


def _syslog(text: Text) -> str | None:
    value = text("syslog_facility")
    if value in SYSLOG or value.removeprefix("local") in tuple("01234567") or (value and _is_open(value)):
        return None
    return f"Unknown syslog_facility: {value}"


def without_slash(name: str) -> Check:
    """Return the check of the hash in names of attachments."""
    return lambda text: "mail_attachment_hash setting must not contain '/' characters" if "/" in text(name) else None


def not_zero(name: str) -> Check:
    """Return the check that a number is not 0."""
    return lambda text: f"{name} must not be 0" if number(text(name)) == 0 else None


def _not_empty(name: str) -> Check:
    return lambda text: None if text(name) else f"{name} must not be empty"


def _identities(kind: str) -> Check:
    def check(text: Text) -> str | None:
        first, last = (number(text(f"{which}_valid_{kind}")) for which in ("first", "last"))
        if first is None or not last or first <= last:
            return None
        return f"first_valid_{kind} can't be larger than last_valid_{kind}"

    return check


def _nfs(text: Text) -> str | None:
    if text("mail_nfs_index") != "yes":
        return None
    if text("mmap_disable") != "yes":
        return "mail_nfs_index=yes requires mmap_disable=yes"
    return None if text("mail_fsync") == "always" else "mail_nfs_index=yes requires mail_fsync=always"


def _auth_cache_size(text: Text) -> str | None:
    value = number(text("auth_cache_size"))
    return f"auth_cache_size value is too small ({value} bytes)" if value is not None and 0 < value < 1024 else None


def _auth_policy(text: Text) -> str | None:
    url, nonce, mechanism, truncate = map(text, AUTH_POLICY)
    if not url:
        return None
    if not nonce:
        return "auth_policy_hash_nonce must be set when policy server is used"
    bits = DIGEST_BITS.get(mechanism)
    if bits is None:
        return None if _is_open(mechanism) else "invalid auth_policy_hash_mech given"
    if (number(truncate) or 0) >= bits:
        return f"policy_hash_truncate is not smaller than digest size ({truncate} >= {bits})"
    return None


def _pop3_delete_type(text: Text) -> str | None:
    kind = text("pop3_delete_type")
    if kind == "flag" and not text("pop3_deleted_flag"):
        return "pop3_delete_type=flag, but pop3_deleted_flag not set"
    if kind in ("default", "expunge", "flag") or _is_open(kind):
        return None
    return f"pop3_delete_type: Unknown value '{kind}'"


def _cache_max_size(text: Text) -> str | None:
    return "mail_cache_max_size can't be over 1 GB" if (number(text("mail_cache_max_size")) or 0) > 1 << 30 else None


def _purge_percentage(text: Text) -> str | None:
    name = "mail_cache_purge_delete_percentage"
    return f"{name} can't be over 100" if (number(text(name)) or 0) > 100 else None


def _workers(text: Text) -> str | None:
    return "auth_worker_max_count must be above zero" if number(text("auth_worker_max_count")) == 0 else None


def uidl(sign: str) -> Check:
    """Return the check that ``pop3_uidl_format`` has a variable."""
    name = "pop3_uidl_format"
    return lambda text: None if sign in text(name) else f"{name} setting doesn't contain any variables"


def _detection(text: Text) -> str | None:
    for option in text("mail_attachment_detection_options").replace(",", " ").split():
        if option not in DETECTION and not option.startswith("content-type="):
            return f"mail_attachment_detection_options: Unknown option: {option}"
    return None


_UID, _GID = _identities("uid"), _identities("gid")
CHECKS: Final[Mapping[str, Check]] = {
    **{name: _words(name) for name in WORDS},
    **{name: _choice(name) for name in CHOICES},
    **{name: not_zero(name) for name in NOT_ZERO},
    **{name: _not_empty(name) for name in NOT_EMPTY},
    **dict.fromkeys(AUTH_POLICY, _auth_policy),
    **dict.fromkeys(("first_valid_uid", "last_valid_uid"), _UID),
    **dict.fromkeys(("first_valid_gid", "last_valid_gid"), _GID),
    "syslog_facility": _syslog,
    "mail_attachment_hash": without_slash("mail_attachment_hash"),
    "mail_nfs_index": _nfs,
    "auth_cache_size": _auth_cache_size,
    "pop3_uidl_format": uidl("%"),
    "mail_attachment_detection_options": _detection,
    "pop3_delete_type": _pop3_delete_type,
    "mail_cache_max_size": _cache_max_size,
    "mail_cache_purge_delete_percentage": _purge_percentage,
    "auth_worker_max_count": _workers,
}
