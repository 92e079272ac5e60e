"""List, show, test and lint rules."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from checker.analysis import describe
from checker.commands.arguments import add_language, add_rules, language_of, named_rule, say
from checker.errors import UserError
from checker.policy.lint import lint
from checker.policy.load import load_rules
from checker.policy.profile import load_all_profiles, load_all_rules, select
from checker.policy.rule import Rule
from checker.policy.selftest import run_tests
from checker.report.facts import JSON
from checker.report.json import dumped
from checker.report.phrases import counted
from checker.report.style import Style, padded, style_for, wrapped
from checker.result import SEVERITIES, Language
from checker.safe_text import for_terminal

EPILOG = """\
examples:
  mailposture rules list
  mailposture rules show smtps-required     the rule's file
  mailposture rules test my-rules           run the tests inside the rules
  mailposture rules lint my-rules           what the rules lack
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument(
        "what", metavar="list|show|test|lint", choices=("list", "show", "test", "lint"), help="what to do"
    )
    parser.add_argument(
        "items", nargs="*", default=[], metavar="RULE|DIR", help="show: a rule; test, lint: directories of rules"
    )
    parser.add_argument("--profile", metavar="NAME", help="list: the rules of this profile alone")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="list: (default: %(default)s)")
    parser.add_argument("--color", choices=("always", "never", "auto"), default="auto", help="(default: %(default)s)")
    add_rules(parser)
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do it and return the exit status; raise UserError."""
    style = style_for(sys.stdout, arguments.color)
    if arguments.what == "list":
        rules = _listed(arguments)
        language = language_of(arguments)
        say(dumped(_data(rules, language)) if arguments.format == "json" else _list(rules, language, style))
        return 0
    if arguments.what == "show":
        if len(arguments.items) != 1:
            raise UserError("`rules show` wants one rule", hint="see `mailposture rules list`")
        say(Path(named_rule(load_all_rules(arguments.rules), arguments.items[0]).document.path).read_text("utf-8"))
        return 0
    directories = [Path(item) for item in arguments.items]
    rules = load_rules(directories, validate=True) if directories else load_all_rules(arguments.rules)
    if not rules:
        raise UserError("there is no rule here", place=str(directories[0]) if directories else "")
    return _test(rules, style) if arguments.what == "test" else _lint(rules)


def _listed(arguments: argparse.Namespace) -> tuple[Rule, ...]:
    if arguments.items:
        raise UserError("`rules list` wants no names", hint="`mailposture rules show RULE` shows one")
    rules = load_all_rules(arguments.rules)
    if arguments.profile:
        rules = select(rules, load_all_profiles(arguments.rules), arguments.profile).rules
    return tuple(sorted(rules, key=lambda rule: (rule.code, rule.id)))


def _list(rules: Sequence[Rule], language: Language, style: Style) -> str:
    code, name = (max(map(len, column), default=0) for column in zip(*((r.code, r.id) for r in rules), strict=True))
    lines = []
    for rule in rules:
        severity = style.paint(padded(rule.severity, 8), rule.severity)
        head = f"{padded(for_terminal(rule.code), code)}  {padded(for_terminal(rule.id), name)}"
        rows = wrapped(for_terminal(rule.title.get(language)), max(style.width - code - name - 14, 30))
        lines.append(f"{head}  {severity}  {rows[0]}")
        lines += [f"{' ' * (code + name + 14)}{row}" for row in rows[1:]]
    return "".join(f"{line}\n" for line in lines)


def _data(rules: Sequence[Rule], language: Language) -> JSON:
    return {
        "rules": [
            {
                "id": rule.id,
                "code": rule.code,
                "severity": min((clause.severity for clause in rule.clauses), key=SEVERITIES.index),
                "applies_to": sorted({clause.applies_to for clause in rule.clauses}),
                "title": rule.title.get(language),
                "params": dict(rule.params),
                "controls": {name: list(sections) for name, sections in sorted(rule.controls.items())},
            }
            for rule in rules
        ]
    }


def _test(rules: Sequence[Rule], style: Style) -> int:
    outcomes = run_tests(rules, describe)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        word = style.paint("failed", "high")
        say(f"{word} {for_terminal(outcome.place)} {for_terminal(outcome.rule)}: {for_terminal(outcome.test)}\n")
        say(f"       {for_terminal(outcome.message)}\n")
    say(f"{counted('en', 'rule', len(rules))}: {len(outcomes) - len(failed)} tests passed, {len(failed)} failed\n")
    return 1 if failed or not outcomes else 0


def _lint(rules: Sequence[Rule]) -> int:
    problems = lint(rules)
    for problem in problems:
        say(f"{for_terminal(str(problem))}\n")
    say(f"{counted('en', 'rule', len(rules))}: {len(problems)} problems\n")
    return 1 if problems else 0
