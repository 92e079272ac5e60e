"""What Dovecot 2.4 checks once all is read: each block for itself, with the defaults but without what is around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from checker.dovecot.checks import duplicates, is_verbose_password, listening_path, option_errors
from checker.dovecot.checks_services import service_errors, type_error
from checker.dovecot.checks_values import value_errors
from checker.dovecot.checks_values24 import CHECKS_24, CHECKS_SINCE_2_4_2
from checker.dovecot.expand import Environment
from checker.dovecot.expanded24 import expansion_errors
from checker.dovecot.release import Release
from checker.dovecot.tree24 import Block24, ListValue, built_in

SSL_OPTIONS = ("compression", "no_ticket")
EXPORTER_FORMATS = ("none", "json", "tab-text")
ACL_IDENTIFIER = r"(?:(?:user|group|group-override)=|(?:owner|authenticated|anyone|anonymous)\Z)"
NEEDED_SERVICES = ("auth", "anvil")


class Checking(Struct, frozen=True):
    """How Dovecot looks at a configuration: the environment of its variables, None if it is not known, and whether
    ``$`` was ``expanded``, which makes later releases check services, too.
    """

    environment: Environment = None
    expanded: bool = False


def errors(
    release: Release,
    root: Block24,
    written: Block24 | None = None,
    checking: Checking = Checking(),  # noqa: B008 - it is frozen
) -> Iterator[str]:
    """Yield what Dovecot refuses after reading; blocks that were merged into others (``written``) count as well."""
    if release.number < (2, 4, 2) and checking.environment is not None:
        yield from expansion_errors(release, root, checking.environment)
    inner = [block for block in written.walk() if block is not written] if written is not None else []
    for block in [*root.walk(), *inner]:
        if block.is_group:
            continue
        yield from _block_errors(release, block)
    if release.number < (2, 4, 2) or checking.expanded:
        yield from _service_errors(release, root)


def _block_errors(release: Release, block: Block24) -> Iterator[str]:
    minimum = block.values.get("ssl_min_protocol")
    if minimum is not None and not minimum.text and release.number >= (2, 4, 2):
        yield "ssl_min_protocol cannot be empty"
    holders = [block, *(child for child in block.children.values() if child.name == "ssl_server")]
    if _value(release, (block,), "ssl") == "required" and _value(release, (block,), "auth_allow_cleartext") == "yes":
        yield "auth_allow_cleartext=yes has no effect with ssl=required"
    yield from option_errors(_value(release, (block,), "ssl_options"), SSL_OPTIONS)
    for holder in holders:
        asked = holder.values.get("ssl_server_request_client_cert")
        authority = holder.values.get("ssl_server_ca_file")
        if asked is not None and asked.text == "yes" and (authority is None or not authority.text):
            if release.number >= (2, 4, 2):
                yield "ssl_server_request_client_cert=yes, but ssl_server_ca_file not provided"
            else:
                yield "ssl_server_request_client_cert set, but ssl_server_ca_file not"
    yield from _named_errors(block)
    if not is_verbose_password(_value(release, (block,), "auth_verbose_passwords")):
        yield "auth_verbose_passwords: Invalid value"
    checks = CHECKS_SINCE_2_4_2 if release.number >= (2, 4, 2) else CHECKS_24
    names = [name for name in (*block.values, *block.lists) if name in checks]
    if names:
        yield from value_errors(names, lambda name: _value(release, (block,), name), checks)
    if block.parent is not None:
        yield from _inner_service_errors(block)
    elif (listen := block.lists.get("listen")) is not None and _is_emptied(listen):
        yield "listen can't be set empty"


def _named_errors(block: Block24) -> Iterator[str]:
    """Yield what is wrong with a section of a list."""

    def text(name: str) -> str:
        return block.values[name].text if name in block.values else ""

    if block.instance is None:
        return
    if block.name == "event_exporter":
        if not text("event_exporter_format"):
            yield "Exporter format name can't be empty"
        elif text("event_exporter_format") not in EXPORTER_FORMATS:
            yield f"Unknown exporter format '{text('event_exporter_format')}'"
    if block.name == "acl" and not re.match(ACL_IDENTIFIER, block.instance):
        yield f"Invalid identifier '{block.instance}'"


def _is_emptied(value: ListValue) -> bool:
    """Say whether all members of a list are taken out; one that is written as an empty string passes."""
    return bool(value.members) and all(each.text == "no" for each in value.members.values())


def _inner_service_errors(block: Block24) -> Iterator[str]:
    """Yield why services cannot stand in a filter: Dovecot looks there for all that the master needs."""
    services = [child.instance for child in block.children.values() if child.name == "service" and child.is_listed]
    if not services:
        return
    listen = block.lists.get("listen")
    if listen is None or not listen.members:
        yield "listen can't be set empty"
    for needed in NEEDED_SERVICES:
        if needed not in services:
            yield f"Unexpectedly didn't find service {needed}"


def _service_errors(release: Release, root: Block24) -> Iterator[str]:
    defaults = built_in(release)
    enabled = root.lists.get("protocols")
    wanted = [name for name, each in enabled.members.items() if each.text == "yes"] if enabled else []
    services = {
        instance: tuple(block for tree in (root, defaults) if (block := tree.child(key)) is not None)
        for instance, key in _instances((root, defaults), "service")
    }
    protocol_of = {name: _value(release, blocks, "service_protocol") for name, blocks in services.items()}
    for blocks in services.values():
        error = type_error(release, _service_value(release, blocks))
        if error is not None:
            yield error
    for word in wanted:
        if word not in protocol_of.values():
            yield f"protocols: Unknown protocol: {word}"
    running = {name: blocks for name, blocks in services.items() if protocol_of[name] in ("", *wanted)}
    for name, blocks in running.items():
        if blocks[0].parent is root:
            default = _service_value(release, blocks[1:])("process_limit").strip("0")
            default = default or _value(release, (root,), "default_process_limit")
            yield from service_errors(release, name, _written(blocks[0]), default)
    yield from duplicates(each for blocks in running.values() for each in _listeners(release, blocks, (root, defaults)))


def _written(service: Block24) -> Callable[[str], str]:
    """Return what finds the settings that are written in a service; empty if they are not."""

    def value(name: str) -> str:
        assignment = service.values.get(f"service_{name}")
        return assignment.text if assignment is not None else ""

    return value


def _service_value(release: Release, blocks: tuple[Block24, ...]) -> Callable[[str], str]:
    return lambda name: _value(release, blocks, f"service_{name}")


def _listeners(release: Release, service: tuple[Block24, ...], top: tuple[Block24, ...]) -> Iterator[str]:
    """Yield what a service listens on. Blocks are given as written, then as built in."""
    base_dir = _value(release, top, "base_dir")
    for kind in ("inet_listener", "unix_listener", "fifo_listener"):
        for name, key in _instances(service, kind):
            blocks = tuple(block for each in service if (block := each.child(key)) is not None)
            if kind == "inet_listener":
                port = _value(release, blocks, "inet_listener_port")
                listen = next(block.lists["listen"] for block in (*blocks, *top) if "listen" in block.lists)
                if port.strip("0"):
                    yield from (f"{port}:{address}" for address, each in listen.members.items() if each.text == "yes")
            elif _value(release, blocks, f"{kind}_mode").strip("0"):
                yield listening_path(_value(release, blocks, f"{kind}_path") or name, base_dir)


def _instances(trees: tuple[Block24, ...], name: str) -> list[tuple[str, tuple[object, ...]]]:
    found = {
        child.instance: child.key
        for tree in trees
        for child in tree.children.values()
        if child.name == name and child.is_listed
    }
    return [(instance, key) for instance, key in found.items() if instance is not None]


def _value(release: Release, blocks: tuple[Block24, ...], name: str) -> str:
    for block in blocks:
        if name in block.values:
            return block.values[name].text
        if name in block.lists:
            return " ".join(member for member, each in block.lists[name].members.items() if each.text == "yes")
    known = release.setting(name)
    return (known.default or "") if known else ""
