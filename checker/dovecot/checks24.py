"""What Dovecot 2.4 checks once all is read: each block for itself, with the defaults but without what is around it."""

from __future__ import annotations

from collections.abc import Iterator

from checker.dovecot.checks23 import is_verbose_password, option_errors
from checker.dovecot.release import Release
from checker.dovecot.tree24 import Block24, built_in

SSL_OPTIONS = ("compression", "no_ticket")


def errors(release: Release, root: Block24, written: Block24 | None = None) -> Iterator[str]:
    """Yield what Dovecot refuses after reading; blocks that were merged into others (``written``) count as well."""
    inner = [block for block in written.walk() if block is not written] if written is not None else []
    for block in [*root.walk(), *inner]:
        if block.is_group:
            continue
        yield from _block_errors(release, block)
    if release.number < (2, 4, 2):
        yield from _protocol_errors(release, root)


def _text(release: Release, block: Block24, name: str) -> str:
    assignment = block.values.get(name)
    if assignment is not None:
        return assignment.text
    known = release.setting(name)
    return (known.default or "") if known else ""


def _block_errors(release: Release, block: Block24) -> Iterator[str]:
    holders = [block, *(child for child in block.children if child.name == "ssl_server")]
    if _text(release, block, "ssl") == "required" and _text(release, block, "auth_allow_cleartext") == "yes":
        yield "auth_allow_cleartext=yes has no effect with ssl=required"
    yield from option_errors(_text(release, block, "ssl_options"), SSL_OPTIONS)
    for holder in holders:
        asked = holder.values.get("ssl_server_request_client_cert")
        authority = holder.values.get("ssl_server_ca_file")
        if asked is not None and asked.text == "yes" and (authority is None or not authority.text):
            if release.number >= (2, 4, 2):
                yield "ssl_server_request_client_cert=yes, but ssl_server_ca_file not provided"
            else:
                yield "ssl_server_request_client_cert set, but ssl_server_ca_file not"
    if not is_verbose_password(_text(release, block, "auth_verbose_passwords")):
        yield "auth_verbose_passwords: Invalid value"
    if block.parent is not None and any(child.name == "service" for child in block.children):
        listen = block.lists.get("listen")
        if listen is None or not listen.members:
            yield "listen can't be set empty"


def _protocol_errors(release: Release, root: Block24) -> Iterator[str]:
    defaults = built_in(release)
    enabled = root.lists.get("protocols")
    wanted = [name for name, each in enabled.members.items() if each.text == "yes"] if enabled else []
    services = {
        instance: [tree.child(key) for tree in (root, defaults)]
        for instance, key in _instances((root, defaults), "service")
    }
    protocols = {name: _value(release, found, "service_protocol") for name, found in services.items()}
    for word in wanted:
        if word not in protocols.values():
            yield f"protocols: Unknown protocol: {word}"
            return
    listeners: set[str] = set()
    for name, found in sorted(services.items()):
        if protocols[name] and protocols[name] not in wanted:
            continue
        present = tuple(block for block in found if block is not None)
        for _, key in _instances(present, "inet_listener"):
            inner = [block.child(key) for block in present]
            port = _value(release, inner, "inet_listener_port")
            if port != "0":
                address = f"{port}:*"
                if address in listeners:
                    yield f"duplicate listener: {address}"
                    return
                listeners.add(address)


def _instances(trees: tuple[Block24, ...], name: str) -> list[tuple[str, tuple[object, ...]]]:
    found = {child.instance: child.key for tree in trees for child in tree.children if child.name == name}
    return [(instance, key) for instance, key in found.items() if instance is not None]


def _value(release: Release, blocks: list[Block24 | None], name: str) -> str:
    for block in blocks:
        if block is not None and name in block.values:
            return block.values[name].text
    known = release.setting(name)
    return (known.default or "") if known else ""
