"""What Dovecot 2.4 refuses of single values beyond what 2.3 does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checker.dovecot.checks_values import CHECKS, Check, Text, not_zero, number, uidl, without_slash

NOT_ZERO_24: Final = (
    "http_client_connect_backoff_time",
    "http_client_max_parallel_connections",
    "http_client_max_pipelined_requests",
    "http_client_request_max_attempts",
    "http_client_request_timeout",
    "http_server_max_pipelined_requests",
    "push_notification_ox_cache_ttl",
)
NOT_ZERO_SINCE_2_4_2: Final = (
    "fts_message_max_size",
    "last_valid_gid",
    "last_valid_uid",
    "mail_cache_max_header_name_length",
    "mail_cache_max_headers_count",
    "mail_sort_max_read_count",
    "mail_vsize_bg_after_count",
    "quota_mail_size",
)
OAUTH2: Final = (
    *("oauth2_tokeninfo_url", "oauth2_introspection_url", "oauth2_grant_url"),
    *("oauth2_client_id", "oauth2_client_secret", "oauth2_active_value"),
)


def _oauth2(text: Text) -> str | None:
    if bool(text("oauth2_client_id")) != bool(text("oauth2_client_secret")):
        return "oauth2_client_id and oauth2_client_secret must be provided together"
    if text("oauth2_active_value") and not text("oauth2_active_attribute"):
        return "Cannot have empty active_attribute if active_value is set"
    if any(map(text, OAUTH2[:3])) and not text("oauth2_introspection_mode"):
        return "Missing oauth2_introspection_mode"
    return None


def _with(first: Check, second: Check | None) -> Check:
    return first if second is None else lambda text: first(text) or second(text)


def _root_directory(text: Text) -> str | None:
    name = "mailbox_root_directory_name"
    return f"{name} must not contain '/'" if "/" in text(name) else None


def _escape(name: str) -> Check:
    return lambda text: f"{name} value must be a single character" if len(text(name)) > 1 else None


def _lmtp_concurrency(text: Text) -> str | None:
    name = "lmtp_user_concurrency_limit"
    return f'{name} must not be 0 (did you mean "unlimited"?)' if number(text(name)) == 0 else None


CHECKS_24: Final[Mapping[str, Check]] = {
    **CHECKS,
    **{name: not_zero(name) for name in NOT_ZERO_24},
    **dict.fromkeys(OAUTH2, _oauth2),
    "mail_ext_attachment_hash": without_slash("mail_ext_attachment_hash"),
    "imapc_max_line_length": not_zero("imapc_max_line_length"),
    "lmtp_user_concurrency_limit": _lmtp_concurrency,
    "pop3_uidl_format": uidl("%{"),
    "mailbox_root_directory_name": _root_directory,
    "mailbox_list_visible_escape_char": _escape("mailbox_list_visible_escape_char"),
    "mailbox_list_storage_escape_char": _escape("mailbox_list_storage_escape_char"),
}
CHECKS_SINCE_2_4_2: Final[Mapping[str, Check]] = {
    **CHECKS_24,
    **{name: _with(not_zero(name), CHECKS_24.get(name)) for name in NOT_ZERO_SINCE_2_4_2},
}
