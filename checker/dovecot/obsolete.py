"""Settings of Dovecot 1.x that 2.3 still understands, and what it makes of them (old-set-parser.c)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.dovecot.config import escaped
from checker.dovecot.filters import Filter
from checker.dovecot.syntax import Statement
from checker.dovecot.types import Refused, integer

if TYPE_CHECKING:
    from checker.dovecot.read23 import Parser


@dataclass(slots=True)
class State:
    """How deep we are inside ``auth { }`` and its ``socket listen { }``, and what that socket is to be."""

    auth: int = 0
    socket: int = 0
    seen_auth: bool = False
    is_master: bool = False
    values: dict[str, str] = field(default_factory=dict)
    base_dir: str = "/run/dovecot"


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
FILES = {"ssl_cert_file": "ssl_cert", "ssl_key_file": "ssl_key", "ssl_ca_file": "ssl_ca"}

LOGIN: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "login_chroot": ("chroot", lambda value: "" if value == "no" else "login"),
    "login_user": ("user", str),
    "login_executable": ("executable", str),
    "login_process_size": ("vsz_limit", lambda value: f"{value} M"),
    "login_process_per_connection": ("service_count", lambda value: "0" if value == "no" else "1"),
    "login_processes_count": ("process_min_avail", str),
    "login_max_processes_count": ("process_limit", str),
    "login_max_connections": ("client_limit", str),
}
MAIL: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "max_mail_processes": ("process_limit", str),
    "mail_executable": ("executable", str),
    "mail_process_size": ("vsz_limit", lambda value: f"{value} M"),
    "mail_drop_priv_before_exec": ("drop_priv_before_exec", str),
}
AUTH: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "auth_executable": ("executable", str),
    "auth_process_size": ("vsz_limit", lambda value: f"{value} M"),
    "auth_user": ("user", str),
    "auth_chroot": ("chroot", str),
}
PROTOCOLS = (("imap", "imap"), ("pop3", "pop3"), ("sieve", "managesieve"))
"""Each protocol with what its services are called by."""

TLS_NAMES = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2")


def handle(parser: Parser, statement: Statement) -> bool:
    """Apply a statement of the old kind and return True; return False for all others. Raises the parser's Error."""
    if statement.kind == "open":
        return _open(parser, statement)
    if statement.kind == "close":
        return _close(parser)
    if statement.kind != "setting" or parser.stack[-1].prefix:
        return False
    plain = statement.style in ("plain", "quoted")
    if plain and _root(parser, statement.key, statement.value):
        return True
    return _protocol(parser, statement.key, statement.value)


def _root(parser: Parser, key: str, value: str) -> bool:
    if key == "base_dir":
        parser.old.base_dir = value.removesuffix("/")
        return False
    if key == "protocols":
        _protocols(parser, value)
        return True
    if key in FILES:
        if value:
            parser.warn(f"{key} has been replaced by {FILES[key]} = <file")
            parser.set(parser.stack[-1].block, FILES[key], FILES[key], f"<{value}", is_file=True)
        return True
    if key == "ssl_protocols":
        _ssl_protocols(parser, value)
        return True
    renamed = _renaming(key, value)
    if renamed is not None:
        parser.warn(f"{key} has been renamed to {renamed[0]}")
        parser.set(parser.stack[-1].block, renamed[0], renamed[0], renamed[1])
        return True
    if key in ("sieve", "sieve_storage"):
        parser.warn(f"{key} has been moved into plugin {{}}")
        parser.set(parser.stack[-1].block, f"plugin/{key}", key, value)
        return True
    if key in NO_LONGER_NEEDED:
        parser.warn(f"{key} has been removed")
        return True
    if parser.old.auth == 1:
        return _auth_setting(parser, key, value)
    return False


def _auth_setting(parser: Parser, key: str, value: str) -> bool:
    key = key if key.startswith("auth_") else f"auth_{key}"
    parser.set(parser.stack[-1].block, key, key, value)
    return True


def _renaming(key: str, value: str) -> tuple[str, str] | None:
    """Return the new name and value of a setting that has got another name."""
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
        parser.set(parser.blocks[0], f"service/{protocol}-login/inet_listener/{protocol}/port", "port", "0")
    parser.set(parser.stack[-1].block, "protocols", "protocols", " ".join(kept))


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
    parser.set(parser.stack[-1].block, "ssl_min_protocol", "ssl_min_protocol", allowed[0])


def _protocol(parser: Parser, key: str, value: str) -> bool:
    limits = parser.stack[-1].block.filter
    is_root = limits.matches(Filter())
    if key == "ssl_listen" or (key == "listen" and (_has_port(value) or not is_root)):
        _listen(parser, key, value, is_root=is_root)
        return True
    for names, suffix in ((LOGIN, "-login"), (MAIL, "")):
        if key in names:
            new, change = names[key]
            parser.warn(f"{key} has been replaced by service {{ {new} }}")
            for protocol, service in PROTOCOLS:
                if limits.matches(Filter(protocol)):
                    parser.set(parser.blocks[0], f"service/{service}{suffix}/{new}", new, change(value))
            return True
    if key in AUTH:
        new, change = AUTH[key]
        parser.warn(f"{key} has been replaced by service auth {{ {new} }}")
        parser.set(parser.blocks[0], f"service/auth/{new}", new, change(value))
        return True
    if key == "auth_cache_size" and _is_megabytes(value):
        parser.warn("auth_cache_size value no longer defaults to megabytes")
        parser.set(parser.blocks[0], key, key, f"{value}M")
        return True
    if key == "auth_count":
        parser.warn("auth_count has been removed")
        return True
    if parser.old.socket == 2 and key in ("path", "mode", "user", "group"):
        parser.old.values[key] = value
        return True
    return False


def _is_megabytes(value: str) -> bool:
    try:
        return 0 < integer(value) < 1024
    except Refused:
        return False


def _has_port(value: str) -> bool:
    if ":" not in value:
        return False
    return any(not _is_address(word) for word in value.replace(",", " ").split(" ") if word)


def _is_address(word: str) -> bool:
    if word in ("*", "::", "[::]"):
        return True
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def _listen(parser: Parser, key: str, value: str, *, is_root: bool) -> None:
    """``listen = address:port`` and ``protocol imap { listen = }`` set the listener of each protocol."""
    if not value:
        return
    secure = "s" if key == "ssl_listen" else ""
    limits = parser.stack[-1].block.filter
    targets = [
        f"service/{service}-login/inet_listener/{service}{secure}"
        for protocol, service in PROTOCOLS
        if limits.matches(Filter(protocol)) and not (secure and protocol == "sieve")
    ]
    if _has_port(value):
        parser.warn(f"{key}=..:port has been replaced by service {{ inet_listener {{ port }} }}")
        value, _, port = value.rpartition(":")
        _set_listeners(parser, targets, "port", port)
    if is_root and not secure:
        parser.set(parser.blocks[0], key, key, value)
        return
    parser.warn(f"protocol {{ {key} }} has been replaced by service {{ inet_listener {{ address }} }}")
    _set_listeners(parser, targets, "address", value)


def _set_listeners(parser: Parser, targets: list[str], name: str, value: str) -> None:
    for target in targets:
        path = f"{target}/{name}"
        if (
            parser.known(parser.blocks[0], path) is not None
        ):  # there is no listener called managesieve unless it is made
            parser.set(parser.blocks[0], path, name, value)


def _open(parser: Parser, statement: Statement) -> bool:
    old, key, name = parser.old, statement.key, statement.value
    if old.auth > 0:
        return _open_in_auth(parser, key, name)
    if parser.stack[-1].prefix:
        return False
    if key == "auth":
        parser.warn("add auth_ prefix to all settings inside auth {} and remove the auth {} section completely")
        old.auth = 1
        return True
    if key == "protocol" and name == "managesieve":
        parser.warn("protocol managesieve {} has been replaced by protocol sieve { }")
        parser.open("protocol", "sieve")
        return True
    if key == "service" and name == "dns_client":
        parser.warn("service dns_client {} has been replaced by service dns-client { }")
        parser.open("service", "dns-client")
        return True
    return False


def _open_in_auth(parser: Parser, key: str, name: str) -> bool:
    old = parser.old
    old.seen_auth = True
    old.values.clear()
    old.auth += 1
    if key in ("passdb", "userdb") and old.auth == 2:
        parser.warn(f"{key} {name} {{}} has been replaced by {key} {{ driver={name} }}")
        parser.open(key, "")
        top = parser.stack[-1]
        parser.set(top.block, f"{top.prefix}driver", "driver", name)
        return True
    if key == "socket" and old.auth == 2:
        if name != "listen":
            return False
        old.socket += 1
        return True
    if old.socket > 0:
        old.socket += 1
    if key in ("master", "client") and old.socket == 2:
        old.is_master = key == "master"
        return True
    return False


def _close(parser: Parser) -> bool:
    old = parser.old
    if old.auth > 0:
        old.auth -= 1
        if old.auth == 0:
            return True
    if old.socket > 0:
        if old.socket == 2:
            _socket(parser)
        old.socket -= 1
        return True
    return False


def _socket(parser: Parser) -> None:
    values = dict(parser.old.values)
    path = values.pop("path", "")
    if not path:
        parser.fail("socket listen {} is missing path")
        return
    path = path.removeprefix(f"{parser.old.base_dir}/")
    if path.endswith(("-master", "-userdb")) != parser.old.is_master:
        kind = "master" if parser.old.is_master else "client"
        parser.fail(f"socket listen {{ {kind} {{ path=.. }} }}: the path's suffix does not fit")
        return
    part = escaped(path)
    block = parser.blocks[0]
    part = parser.add_section(block, "service/auth/unix_listener", part, path, parser.place)
    for key, value in values.items():
        parser.set(block, f"service/auth/unix_listener/{part}/{key}", key, value)
    parser.old.values.clear()
