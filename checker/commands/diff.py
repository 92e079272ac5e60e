"""Show what changed since a Git revision: listeners and verdicts, then and now."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from checker.analysis import describe, judged
from checker.commands.arguments import add_language, add_rules, add_target, language_of, say, target_of
from checker.commands.notices import tell
from checker.commands.revisions import described_at, still_there
from checker.commands.trees import joined_facts, opened
from checker.compare import changed_listeners, changed_verdicts
from checker.policy.profile import DEFAULT, load_policy
from checker.report.changes import Changes, changes_data, render_text
from checker.report.json import dumped
from checker.report.style import style_for
from checker.report.summary import Gate
from checker.report.view import View

EPILOG = """\
examples:
  mailposture diff main              the work tree, compared with the branch main
  mailposture diff origin/main...    compared with where HEAD branched off from it
  mailposture diff HEAD^ mail/       one directory, compared with one commit before

exit status: 0 nothing changed, 1 changes, 2 the job could not be done, 3 no configuration was found, then or now
"""

NOTHING_HINT = "give a path that holds, or held, a main.cf, such as: mailposture diff main mail/etc/postfix"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("revision", metavar="REF", help="a Git revision; REF... is where HEAD branched off from REF")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or directories (default: .)")
    parser.add_argument(
        "--profile", default=DEFAULT, metavar="NAME", help="the rules to judge by (default: %(default)s)"
    )
    add_rules(parser)
    add_target(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")
    add_language(parser)
    parser.add_argument("--color", choices=("always", "never", "auto"), default="auto", help="(default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    """Compare, show, and return the exit status; raise UserError."""
    target, language = target_of(arguments), language_of(arguments)
    policy = load_policy(arguments.rules, arguments.profile)
    trees, root = opened(arguments.paths, arguments.root, gone=True)
    here = still_there(arguments.revision, trees)
    described = joined_facts([describe(each.tree, each.paths, target) for each in here])
    revision = described_at(arguments.revision, trees, target, described.systems)
    tell((*described.notices, *revision.notices))
    if not described.systems and not revision.described.systems:
        sys.stderr.write(f"mailposture: no mail server configuration was found\nhint: {NOTHING_HINT}\n")
        return 3
    now = judged(described, policy, language, root=root)
    then = judged(revision.described, policy, language, root=root)
    listeners = changed_listeners(now.systems, then.systems)
    verdicts = changed_verdicts(now, then)
    is_broken = any(notice.level == "error" for notice in described.notices)
    status = 2 if is_broken else int(bool(listeners or verdicts))
    view = View(now, style_for(sys.stdout, arguments.color), Gate(), Path.cwd())
    changes = Changes(revision.name, revision.commit, listeners, verdicts)
    as_json = arguments.format == "json"
    say(dumped(changes_data(changes, view, status)) if as_json else render_text(changes, view))
    return status
