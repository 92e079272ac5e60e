"""Explain a rule: why it is, what it judges, what it asks, how to mend it, and what that looks like."""

from __future__ import annotations

import argparse
import sys

from checker.commands.arguments import add_language, add_rules, language_of, named_rule, say
from checker.commands.rule_text import explanation
from checker.policy.profile import load_all_rules
from checker.report.style import style_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("rule", metavar="RULE", help="a rule's id or code, such as smtps-required or SUB-002")
    add_rules(parser)
    add_language(parser)
    parser.add_argument("--color", choices=("always", "never", "auto"), default="auto", help="(default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Explain and return the exit status; raise UserError."""
    rule = named_rule(load_all_rules(arguments.rules), arguments.rule)
    say(explanation(rule, language_of(arguments), style_for(sys.stdout, arguments.color)))
    return 0
