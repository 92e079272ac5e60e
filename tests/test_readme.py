"""What the README shows is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import oracles
from tests.conftest import Command

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "examples"
README = (PROJECT / "README.md").read_text()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Write the rule that the README shows to a directory of rules."""
    (example,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (name,) = re.findall(r"^id: (\S+)$", example, re.MULTILINE)
    (tmp_path / f"{name}.yaml").write_text(example)
    return tmp_path


@pytest.mark.parametrize("verb", ["lint", "test"])
def test_the_rule_shown_is_a_good_one(rules: Path, verb: str, mailposture: Command) -> None:
    done = mailposture("rules", verb, rules)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("line", re.findall(r"^\$ mailposture (.*?)(?: +#.*)?$", README, re.MULTILINE))
def test_the_commands_shown_do_their_job(
    line: str, tmp_path: Path, mailposture: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLES / "hardened", tmp_path / "mail")
    monkeypatch.chdir(tmp_path)
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "Add the mail server")):
        subprocess.run(["git", *identity, *command], check=True)
    done = mailposture(*line.replace("/etc/", "mail/etc/").split())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`(?:\$ )?make ([\w-]+)`", README))))
def test_make_knows_the_targets_named(target: str) -> None:
    makefile = (Path(__file__).resolve().parent.parent / "Makefile").read_text()
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.slow
def test_the_table_of_verdicts_is_what_its_script_prints() -> None:
    for program in ("postconf", "doveconf"):
        oracles.require(program)
    oracles.require_root(oracles.DEBIAN_13)
    printed = subprocess.run(
        [sys.executable, PROJECT / "benchmarks/verdicts.py"], check=False, capture_output=True, text=True
    )
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.strip() in README
