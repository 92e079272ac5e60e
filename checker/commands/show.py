"""Show what the configuration means, without judging it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from checker.analysis import describe
from checker.commands.arguments import add_target, say, target_of
from checker.commands.notices import tell
from checker.commands.trees import joined_facts, opened
from checker.errors import UserError
from checker.facts.endpoint import Endpoint
from checker.facts.settings import Settings
from checker.facts.software import System
from checker.policy.names import nearest
from checker.report.endpoints import table
from checker.report.facts import facts_data, files_data, text
from checker.report.json import dumped
from checker.report.settings import settings_data, settings_text
from checker.report.style import style_for
from checker.result import Described
from checker.safe_text import for_terminal
from checker.values import Known

EPILOG = """\
examples:
  mailposture show endpoints /etc/postfix
  mailposture show settings smtpd_tls_security_level mynetworks
  mailposture show settings /etc/postfix smtpd_tls_auth_only --service submission/inet
  mailposture show files --format json .

A PATH is what has a slash in it or exists; anything else is the NAME of a setting.
"""

NOTHING_HINT = "give a path that holds a main.cf, such as: mailposture show endpoints /etc/postfix"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "what", metavar="endpoints|settings|files", choices=("endpoints", "settings", "files"), help="what to show"
    )
    parser.add_argument("items", nargs="*", metavar="PATH|NAME", help="where to look (default: .), and which settings")
    parser.add_argument(
        "--service", metavar="SERVICE", help="settings or endpoints of this service, as submission/inet"
    )
    parser.add_argument("--all", action="store_true", help="listeners that no file mentions, too (json: always)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")
    parser.add_argument("--color", choices=("always", "never", "auto"), default="auto", help="(default: %(default)s)")
    add_target(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show it and return the exit status; raise UserError."""
    paths, names = _paths_and_names(arguments.items)
    if arguments.what == "settings" and not names:
        raise UserError("no setting is named", hint="such as: mailposture show settings smtpd_tls_security_level")
    if arguments.what != "settings" and names:
        raise UserError("does not exist", place=names[0])
    trees, _ = opened(paths, arguments.root)
    target = target_of(arguments)
    described = joined_facts([describe(each.tree, each.paths, target) for each in trees])
    tell(described.notices)
    if not described.systems:
        sys.stderr.write(f"mailposture: no mail server configuration was found\nhint: {NOTHING_HINT}\n")
        return 3
    say(_shown(arguments, described, names))
    return 2 if any(notice.level == "error" for notice in described.notices) else 0


def _paths_and_names(items: Sequence[str]) -> tuple[list[Path], list[str]]:
    paths = [item for item in items if "/" in item or Path(item).exists()]
    return [Path(item) for item in paths], [item for item in items if item not in paths]


def _shown(arguments: argparse.Namespace, described: Described, names: Sequence[str]) -> str:
    style = style_for(sys.stdout, arguments.color)
    described = _only(described, arguments.service)
    as_json = arguments.format == "json"
    if arguments.what == "settings":
        scopes = _scopes(described, arguments.service)
        return dumped(settings_data(scopes, names)) if as_json else settings_text(scopes, names, style)
    if arguments.what == "files":
        return dumped(_files(described)) if as_json else _files_text(described)
    if as_json:
        return dumped(facts_data(described.systems))
    return table(tuple(map(_whole, described.systems)) if arguments.all else described.systems, style)


def _whole(system: System) -> System:
    """Return a host with the listeners that no file mentions among the others."""
    return replace(system, endpoints=tuple(system.everything("endpoint")), built_in=())


def _only(described: Described, service: str | None) -> Described:
    """Return the description with the listeners of one service alone; raise UserError if there is none."""
    if service is None:
        return described
    systems = tuple(
        replace(system, endpoints=tuple(each for each in system.endpoints if service in (each.id, _service(each))))
        for system in described.systems
    )
    if not any(system.endpoints for system in systems):
        names = [_service(each) for system in described.systems for each in system.endpoints]
        raise UserError(f"no listener has the service `{service}`", hint=nearest(service, names))
    return replace(described, systems=systems)


def _scopes(described: Described, service: str | None) -> list[tuple[str, Settings]]:
    """Return the settings of each configuration set or, where a service is named, of each of its listeners."""
    if service is None:
        return [(each.id, each.settings) for system in described.systems for each in system.software]
    return [(each.id, each.settings) for system in described.systems for each in system.endpoints]


def _service(endpoint: Endpoint) -> str:
    return endpoint.service.value if isinstance(endpoint.service, Known) else ""


def _files(described: Described) -> dict[str, object]:
    products = _products(described)
    return {"files": [{**each, "product": products.get(each["path"])} for each in files_data(described.sources)]}


def _files_text(described: Described) -> str:
    products = _products(described)
    lines = [
        f"{source.sha256}  {products.get(text(path)) or '-':8}  {for_terminal(path)}"
        for path, source in sorted(described.sources.items())
    ]
    return "".join(f"{line}\n" for line in lines)


def _products(described: Described) -> dict[str, str]:
    return {
        text(source.path): software.product.value
        for system in described.systems
        for software in system.software
        if isinstance(software.product, Known)
        for source in software.files
    }
