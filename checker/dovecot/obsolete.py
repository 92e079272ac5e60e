"""Settings of Dovecot 1.x that 2.3 still understands, and what it makes of them (old-set-parser.c)."""

from __future__ import annotations

from checker.dovecot import obsolete_services
from checker.dovecot.obsolete_auth import OldAuth
from checker.dovecot.parser23 import Parser
from checker.dovecot.syntax import Statement

NO_LONGER_NEEDED = frozenset(
    {
        "ssl_parameters_regenerate",
        "ssl_dh_parameters_length",
        "login_dir",
        "dbox_rotate_min_size",
        "dbox_rotate_days",
        "director_consistent_hashing",
        "mail_log_max_lines_per_sec",
        "maildir_copy_preserve_filename",
    }
)
NO_WORKAROUNDS = frozenset({"outlook-idle", "netscape-eoh"})
FILES = {"ssl_cert_file": "ssl_cert", "ssl_key_file": "ssl_key", "ssl_ca_file": "ssl_ca"}
SECTIONS = {
    ("protocol", "managesieve"): ("protocol", "sieve"),
    ("service", "dns_client"): ("service", "dns-client"),
}
TLS_NAMES = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2")


def handle(parser: Parser, auth: OldAuth, statement: Statement) -> bool:
    """Apply a statement of the old kind and return True; return False for all others. Raises Refused."""
    if statement.kind == "open":
        return auth.open(statement.key, statement.value) if auth.depth > 0 else _open(parser, auth, statement)
    if statement.kind == "close":
        return auth.close()
    if statement.kind != "setting" or parser.stack[-1].prefix:
        return False
    key, value = statement.key, statement.value
    if statement.style in ("plain", "quoted"):
        if key == "base_dir":
            auth.base_dir = value.removesuffix("/")
        elif _renamed(parser, key, value):
            return True
    if obsolete_services.setting(parser, key, value):
        return True
    if auth.depth == 1 and statement.style in ("plain", "quoted"):
        auth.setting_inside(key, value)
        return True
    return auth.setting(key, value)


def _open(parser: Parser, auth: OldAuth, statement: Statement) -> bool:
    key, name = statement.key, statement.value
    if parser.stack[-1].prefix:
        return False
    if key == "auth":
        parser.warn("add auth_ prefix to all settings inside auth {} and remove the auth {} section completely")
        auth.depth = 1
        return True
    if (key, name) not in SECTIONS:
        return False
    new = SECTIONS[key, name]
    parser.warn(f"{key} {name} {{}} has been replaced by {new[0]} {new[1]} {{ }}")
    parser.open(*new)
    return True


def _renamed(parser: Parser, key: str, value: str) -> bool:
    """Apply a setting of the top level that has another name or form today; return False for all others."""
    if key == "protocols":
        _protocols(parser, value)
    elif key == "ssl_protocols":
        _ssl_protocols(parser, value)
    elif key in FILES:
        if value:
            parser.warn(f"{key} has been replaced by {FILES[key]} = <file")
            parser.set(parser.block, FILES[key], f"<{value}", is_file=True)
    elif key in ("sieve", "sieve_storage"):
        parser.warn(f"{key} has been moved into plugin {{}}")
        parser.set(parser.block, f"plugin/{key}", value)
    elif key in NO_LONGER_NEEDED:
        parser.warn(f"{key} has been removed")
    elif key == "imap_client_workarounds":
        words = value.replace(",", " ").split(" ")
        for word in NO_WORKAROUNDS.intersection(words):
            parser.warn(f"{key}={word} is no longer supported")
        parser.set(parser.block, key, " ".join("" if word in NO_WORKAROUNDS else word for word in words if word))
    else:
        today = _today(key, value)
        if today is None:
            return False
        parser.warn(f"{key} has been renamed to {today[0]}")
        parser.set(parser.block, *today)
    return True


def _today(key: str, value: str) -> tuple[str, str] | None:
    """Return the new name and value of a setting that has been renamed, None for all others."""
    if key == "ssl_disable":
        return "ssl", {"yes": "no", "no": "yes"}.get(value.lower(), value)
    if key == "fsync_disable":
        return "mail_fsync", {"yes": "never", "no": "optimized"}.get(value.lower(), value)
    if key == "dbox_rotate_size":
        return "mdbox_rotate_size", value
    if key.startswith("mail_cache_compress_"):
        return f"mail_cache_purge_{key.removeprefix('mail_cache_compress_')}", value
    return None


def _protocols(parser: Parser, value: str) -> None:
    """Set the protocols without ``imaps`` and ``pop3s``, which have become listeners of the protocol."""
    given = [word for word in value.split(" ") if word]
    kept = ["sieve" if word == "managesieve" else word for word in given if word not in ("imaps", "pop3s")]
    if "managesieve" in given:
        parser.warn("protocols=managesieve has been renamed to protocols=sieve")
    for protocol in ("imap", "pop3"):
        if f"{protocol}s" not in given:
            continue
        if protocol in given:
            parser.warn(f"'{protocol}s' protocol is no longer necessary, remove it")
            continue
        parser.warn(f"'{protocol}s' protocol can no longer be specified (use protocols={protocol})")
        kept.append(protocol)
        parser.set(parser.blocks[0], f"service/{protocol}-login/inet_listener/{protocol}/port", "0")
    parser.set(parser.block, "protocols", " ".join(kept))


def _ssl_protocols(parser: Parser, value: str) -> None:
    """Set the lowest of the versions that are listed; a list that is not understood sets nothing."""
    parser.warn("ssl_protocols has been replaced by ssl_min_protocol")
    enabled: set[str] = set()
    disabled: set[str] = set()
    for word in value.replace(",", " ").split():
        name = word.removeprefix("!")
        if name not in TLS_NAMES:
            parser.warn(f"ssl_protocols = {value} is ignored: Unrecognized protocol '{name}'", "set ssl_min_protocol")
            return
        (disabled if word.startswith("!") else enabled).add(name)
        (enabled if word.startswith("!") else disabled).discard(name)
    allowed = [name for name in TLS_NAMES if (name in enabled if enabled else name not in disabled)]
    if not allowed:
        parser.warn(f"ssl_protocols = {value} is ignored: All protocols disabled", "set ssl_min_protocol")
        return
    parser.set(parser.block, "ssl_min_protocol", allowed[0])
