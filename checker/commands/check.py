"""Judge the configuration sets under some paths."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from checker.analysis import check
from checker.commands.arguments import add_language, add_rules, add_target, language_of, say, target_of
from checker.commands.output import write_atomically
from checker.commands.trees import joined, opened
from checker.errors import UserError
from checker.policy.names import nearest
from checker.policy.profile import DEFAULT, load_policy
from checker.report.formats import FORMATS, rendered
from checker.report.style import Style, style_for
from checker.report.summary import THRESHOLDS, Gate, exit_of
from checker.report.view import View

EPILOG = """\
examples:
  mailposture check                            what is below this directory
  mailposture check --fail-on high roles/mail  only critical and high findings fail
  mailposture check --new-since origin/main... only what this branch brings fails
  mailposture check --root /mnt/image /mnt/image/etc/postfix
  mailposture check -o sarif=mail.sarif .      text here, SARIF into a file

exit status: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done,
             3 nothing to check was found or not one verdict could be given
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or directories (default: .)")
    policy = parser.add_argument_group("policy")
    policy.add_argument(
        "--profile", default=DEFAULT, metavar="NAME", help="the rules to judge by (default: %(default)s)"
    )
    add_rules(policy)
    policy.add_argument(
        "--fail-on", choices=THRESHOLDS, default="medium", help="the severity that fails (default: %(default)s)"
    )
    policy.add_argument("--fail-on-unknown", action="store_true", help="count what cannot be told as a failure")
    policy.add_argument("--allow-nothing", action="store_true", help="let it pass that there is nothing to check")
    policy.add_argument(
        "--new-since",
        metavar="REF",
        help="fail only on what this Git revision did not have; REF... is where HEAD branched off from REF",
    )
    add_target(parser.add_argument_group("configuration"))
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, default="text", help="the format here (default: %(default)s)")
    output.add_argument(
        "-o",
        "--output",
        type=_output,
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write a report to a file as well; repeatable",
    )
    output.add_argument(
        "--category", default="", metavar="NAME", help="sarif: tell this run from others of the same commit"
    )
    output.add_argument("--all", action="store_true", help="show what passed and what is not applicable as well")
    output.add_argument("--quiet", action="store_true", help="show findings and errors alone")
    add_language(output)
    output.add_argument("--color", choices=("always", "never", "auto"), default="auto", help="(default: %(default)s)")


def _output(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not (equals and file):
        hint = f"such as -o {name}=FILE" if name in FORMATS else f"such as -o json={name or 'report.json'}"
        raise UserError(f"-o wants FORMAT=FILE, not `{text}`", hint=hint)
    if name not in FORMATS:
        raise UserError(f"there is no format `{name}`", hint=nearest(name, FORMATS))
    return name, Path(file)


def run(arguments: argparse.Namespace) -> int:
    """Judge, report, and return the exit status; raise UserError."""
    target, language = target_of(arguments), language_of(arguments)
    policy = load_policy(arguments.rules, arguments.profile)
    trees, root = opened(arguments.paths, arguments.root)
    result = joined([check(each.tree, each.paths, target, policy, language) for each in trees], root)
    if arguments.new_since is not None:
        from checker.commands.revisions import described_at, since  # noqa: PLC0415 - only this needs to start a program

        result = since(result, described_at(arguments.new_since, trees, target, result.systems), policy)
    gate = Gate(arguments.fail_on, arguments.fail_on_unknown, arguments.allow_nothing)
    outcome = exit_of(result, gate)
    view = View(
        result,
        Style(),
        gate,
        Path.cwd(),
        show_all=arguments.all,
        quiet=arguments.quiet,
        category=arguments.category,
    )
    for name, path in arguments.output:
        write_atomically(path, rendered(name, view, outcome))
    say(rendered(arguments.format, view.with_style(style_for(sys.stdout, arguments.color)), outcome))
    return outcome.status
