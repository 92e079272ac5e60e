"""Settings of Dovecot 1.x for login and mail processes and their ports, which 2.3 makes settings of services."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from checker.dovecot.filters import Filter
from checker.dovecot.parser23 import Parser

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
"""What login processes were told, with the setting of their services and its value."""

MAIL: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "max_mail_processes": ("process_limit", str),
    "mail_executable": ("executable", str),
    "mail_process_size": ("vsz_limit", lambda value: f"{value} M"),
    "mail_drop_priv_before_exec": ("drop_priv_before_exec", str),
}

PROTOCOLS = (("imap", "imap"), ("pop3", "pop3"), ("sieve", "managesieve"))
"""Each protocol with what its services are called by."""


def setting(parser: Parser, key: str, value: str) -> bool:
    """Apply a setting of the old kind and return True; return False for all others. Raises Refused."""
    limits = parser.block.filter
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
                    parser.set(parser.blocks[0], f"service/{service}{suffix}/{new}", change(value))
            return True
    return False


def _listen(parser: Parser, key: str, value: str, *, is_root: bool) -> None:
    """``listen = address:port`` and ``protocol imap { listen = }`` set the listener of each protocol."""
    if not value:
        return
    secure = "s" if key == "ssl_listen" else ""
    limits = parser.block.filter
    listeners = [
        f"service/{service}-login/inet_listener/{service}{secure}"
        for protocol, service in PROTOCOLS
        if limits.matches(Filter(protocol)) and not (secure and protocol == "sieve")
    ]
    if _has_port(value):
        parser.warn(f"{key}=..:port has been replaced by service {{ inet_listener {{ port }} }}")
        value, _, port = value.rpartition(":")
        _set_listeners(parser, listeners, "port", port)
    if is_root and not secure:
        parser.set(parser.blocks[0], key, value)
        return
    parser.warn(f"protocol {{ {key} }} has been replaced by service {{ inet_listener {{ address }} }}")
    _set_listeners(parser, listeners, "address", value)


def _set_listeners(parser: Parser, listeners: list[str], name: str, value: str) -> None:
    root = parser.blocks[0]
    for listener in listeners:
        if parser.known(root, f"{listener}/{name}") is not None:  # one called managesieve is there only if it is made
            parser.set(root, f"{listener}/{name}", value)


def _has_port(value: str) -> bool:
    if ":" not in value:
        return False
    return any(not _is_address(word) for word in value.replace(",", " ").split(" ") if word)


def _is_address(word: str) -> bool:
    if word in ("*", "::", "[::]"):
        return True
    try:
        ipaddress.ip_address(word[1:-1] if word.startswith("[") and word.endswith("]") else word)
    except ValueError:
        return False
    return True
