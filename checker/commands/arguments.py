"""Arguments that several commands share, and what they mean."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from checker.errors import UserError
from checker.policy.names import nearest
from checker.policy.rule import Rule
from checker.releases.platforms import chosen as platform_named
from checker.result import LANGUAGES, Language, Target


def add_target(parser: argparse._ActionsContainer) -> None:
    """Declare what configuration is read, and as which release."""
    parser.add_argument("--root", type=Path, metavar="DIR", help="the directory that stands for the host's /")
    parser.add_argument(
        "--platform",
        metavar="NAME",
        type=platform_named,
        help="judge as this platform's packages, such as debian-12 (default: auto, what the host has installed)",
    )
    parser.add_argument("--postfix-version", metavar="RELEASE", help="judge as this Postfix release, such as 3.7.11")
    parser.add_argument("--dovecot-version", metavar="RELEASE", help="judge as this Dovecot release, such as 2.3.19.1")


def target_of(arguments: argparse.Namespace) -> Target:
    """Return what configuration is judged as; an exact release wins over the platform's."""
    return Target(arguments.platform, arguments.postfix_version, arguments.dovecot_version)


def add_language(parser: argparse._ActionsContainer) -> None:
    """Declare the language of reports."""
    parser.add_argument("--lang", choices=LANGUAGES, help="the language of the report (default: that of the locale)")


def language_of(arguments: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language asked for, else that of the locale, else English."""
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    chosen = arguments.lang or locale[:2]
    return "es" if chosen == "es" else "en"


def add_rules(parser: argparse._ActionsContainer) -> None:
    """Declare directories of further rules."""
    parser.add_argument(
        "--rules", type=Path, action="append", default=[], metavar="DIR", help="rules of your own as well; repeatable"
    )


def named_rule(rules: Sequence[Rule], name: str) -> Rule:
    """Return the rule of this id, code or clause (``rule/clause``); raise UserError with the nearest right name."""
    wanted = name.partition("/")[0].lower()
    for rule in rules:
        if wanted in (rule.id.lower(), rule.code.lower()):
            return rule
    names = [name for rule in rules for name in (rule.id, rule.code)]
    raise UserError(f"there is no rule `{name}`", hint=nearest(name, names) or "see `mailposture rules list`")


def say(text: str) -> None:
    """Write data to standard output."""
    sys.stdout.write(text)
