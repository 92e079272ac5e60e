"""What rules advise is true: settings to paste mend the first example that fails, and blocks to paste are read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checker.analysis import describe
from checker.policy.judge import judge
from checker.policy.load import load_rules
from checker.policy.profile import Policy
from checker.policy.rule import Rule, Text
from checker.policy.selftest import DEBIAN_MASTER, generation_of, product_of
from checker.resources import rules_directory
from checker.result import LANGUAGES, Finding, Target
from checker.tree import MemoryTree
from checker.values import Known
from tests import oracles
from tests.conftest import Postconf
from tests.dovecot.made import HEAD

RULES = load_rules([rules_directory()], validate=False)
EVERYTHING = Policy("", Text("all", "todas"), RULES)
GENERATIONS = {"postfix": ("postfix",), "dovecot": ("dovecot-2.3", "dovecot-2.4")}
ROOTS = {"dovecot-2.3": oracles.ROOT, "dovecot-2.4": oracles.DEBIAN_13}


@dataclass(frozen=True)
class Case:
    """The first example of a rule that fails for a generation, and the settings that shall mend it."""

    rule: Rule
    generation: str
    test: Mapping[str, Any]
    settings: Mapping[str, str]

    @property
    def key(self) -> str:
        """Return the key under which the example's text stands."""
        return next(key for key in self.test if speaks_of(key, self.generation))

    def files(self, mended: bool = False) -> dict[str, bytes]:
        """Return the example's files; mended, with the settings in the place of what it says of them."""
        text = self.test[self.key]
        for name, value in self.settings.items() if mended else ():
            text = re.sub(rf"^{name}\s*=.*\n", "", text, flags=re.MULTILINE) + f"{name} = {value}\n"
        if self.generation == "postfix":
            return {"main.cf": text.encode(), "master.cf": self.test.get("master", DEBIAN_MASTER).encode()}
        return {"dovecot.conf": f"{HEAD if self.generation == 'dovecot-2.4' else ''}{text}".encode()}

    def findings(self, mended: bool = False) -> tuple[Finding, ...]:
        """Judge by all rules."""
        product, release = product_of(self.key) or ("", "")
        tree = MemoryTree({f"etc/{product}/{name}": data for name, data in self.files(mended).items()})
        target = Target(**{f"{product}_version": release}) if release else Target()
        return tuple(judge(describe(tree, ("",), target).systems, EVERYTHING, "en"))


def speaks_of(key: str, generation: str) -> bool:
    """Say whether a key of a test is for a generation."""
    product = product_of(key)
    return product is not None and (generation_of(key) or product[0]) in (generation, f"{generation}-{product[1][:3]}")


def cases() -> Iterator[Any]:
    """Yield each remedy of settings, for each generation that it serves."""
    for rule in RULES:
        for key, remedy in rule.remedies.items():
            for generation in GENERATIONS.get(key, (key,)):
                failing = (
                    test.data
                    for test in rule.tests
                    if test.data["expect"] == "fail" and any(speaks_of(each, generation) for each in test.data)
                )
                test = next(failing, None)
                if remedy.settings and test is not None:
                    yield pytest.param(Case(rule, generation, test, remedy.settings), id=f"{rule.id}-{generation}")


CASES = tuple(cases())


def failing(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(each.question, each.subject) for each in findings if each.status == "fail"}


@pytest.mark.parametrize("case", CASES)
def test_settings_mend_what_fails(case: Case) -> None:
    before, after = case.findings(), case.findings(mended=True)
    assert case.rule.id in {each.rule for each in before if each.status == "fail"}
    mended = {each.status for each in after if each.rule == case.rule.id}
    assert "pass" in mended
    assert not mended & {"fail", "unknown"}
    grave = tuple(each for each in after if each.severity in ("critical", "high"))
    assert failing(grave) <= failing(before)


@pytest.mark.parametrize("case", CASES)
def test_the_real_programs_take_them(case: Case, tmp_path: Path, postconf: Postconf) -> None:
    directory = oracles.write_configuration(tmp_path, dict(case.files(mended=True)))
    if case.generation == "postfix":
        done = postconf(directory, "-n")
        assert (done.returncode, done.stderr) == (0, "")
        assert all(name in done.stdout for name in case.settings)
    else:
        accepted_by_doveconf(case.generation, directory / "dovecot.conf")


def accepted_by_doveconf(generation: str, file: Path) -> None:
    """Let the real doveconf of a generation read a file; skip the test if there is none."""
    command = oracles.unpacked("doveconf", oracles.require_root(ROOTS[generation]))
    assert command is not None
    done = subprocess.run([*command, "-c", str(file), "-n"], check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


BLOCKS = [
    pytest.param(generation, block, id=f"{rule.id}-{generation}-{language}")
    for rule in RULES
    for key, remedy in rule.remedies.items()
    if remedy.text and key.startswith("dovecot")
    for generation in GENERATIONS.get(key, (key,))
    for language in LANGUAGES
    for block in re.findall(r"^\w+ .*\{\n(?:.*\n)*?\}$", remedy.text.get(language), re.MULTILINE)
]


@pytest.mark.parametrize(("generation", "block"), BLOCKS)
def test_blocks_to_paste_are_read(generation: str, block: str, tmp_path: Path) -> None:
    text = f"{HEAD if generation == 'dovecot-2.4' else ''}protocols = imap pop3 lmtp submission\n{block}\n"
    tree = MemoryTree({"etc/dovecot/dovecot.conf": text.encode()})
    (system,) = describe(tree, ("",), Target()).systems
    assert [each.starts for each in system.software] == [Known(True)]
    oracles.write_configuration(tmp_path, {"dovecot.conf": text})
    accepted_by_doveconf(generation, tmp_path / "dovecot.conf")


def test_there_is_something_to_test() -> None:
    assert len(CASES) > 20
    assert len(BLOCKS) > 10
