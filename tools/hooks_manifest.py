"""Write .pre-commit-hooks.yaml: the hooks, and the pattern of the files that they are run for.

usage: python tools/hooks_manifest.py [--check]    with --check nothing is written; status 1 if the file is outdated
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from checker.locate import NAMES

MANIFEST = Path(__file__).resolve().parent.parent / ".pre-commit-hooks.yaml"

HOOKS = """\
# Written by `make generate` from the names that checker/locate.py knows.
- id: mailposture
  name: mail server policy, of what changed
  description: Judge the Postfix and Dovecot configurations that changed files belong to.
  entry: mailposture check --quiet --allow-nothing
  language: python
  files: '{files}'
  require_serial: true
- id: mailposture-tree
  name: mail server policy, of the whole tree
  description: Judge every Postfix and Dovecot configuration in the repository, whatever changed or was deleted.
  entry: mailposture check --quiet
  language: python
  files: '{files}'
  pass_filenames: false
  always_run: true
  require_serial: true
- id: mailposture-rules
  name: mail server rules are complete
  description: Lint the rules of your own in the directory `rules`, or in those given as args.
  entry: mailposture rules lint
  args: [rules]
  language: python
  files: '(^|/)rules/.*\\.ya?ml$'
  pass_filenames: false
  require_serial: true
- id: mailposture-rules-test
  name: mail server rules pass their tests
  description: Run the tests inside the rules of your own in the directory `rules`, or in those given as args.
  entry: mailposture rules test
  args: [rules]
  language: python
  files: '(^|/)rules/.*\\.ya?ml$'
  pass_filenames: false
  require_serial: true
"""


def pattern(names: Sequence[str]) -> str:
    """Return the regular expression of paths that end in one of some globs, in which `*` crosses no slash."""
    ends = (re.escape(name).replace(r"\*", "[^/]*") for name in names)
    return f"(^|/)({'|'.join(ends)})$"


def main() -> int:
    """Write the manifest, or compare; return the exit status."""
    fresh = HOOKS.format(files=pattern(NAMES))
    if "--check" in sys.argv[1:]:
        return int(fresh != MANIFEST.read_text("utf-8"))
    MANIFEST.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
