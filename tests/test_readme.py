"""What the README shows is true."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Command

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
README = (Path(__file__).resolve().parent.parent / "README.md").read_text()


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
    done = mailposture(*line.replace("/etc/postfix", "mail/etc/postfix").split())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`(?:\$ )?make ([\w-]+)`", README))))
def test_make_knows_the_targets_named(target: str) -> None:
    makefile = (Path(__file__).resolve().parent.parent / "Makefile").read_text()
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
