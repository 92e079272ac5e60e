"""A stand-in for the runner of GitHub Actions: it runs the scripts of a composite action, and lists its other steps."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]


@dataclass
class Job:
    """One use of an action, and what came of it."""

    action: Path
    workspace: Path
    temporary: Path
    inputs: dict[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """Return what was put on the page of the job."""
        return (self.temporary / "summary.md").read_text()

    @property
    def annotations(self) -> list[str]:
        """Return the workflow commands that the runner would obey as annotations."""
        found, stopped = [], ""
        for line in self.log.splitlines():
            if stopped:
                stopped = "" if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            elif line.startswith(("::error", "::warning", "::notice")):
                found.append(line)
        return found

    def run(self) -> None:
        """Run the steps in order."""
        definition = yaml.safe_load((self.action / "action.yml").read_text())
        for name, declared in definition["inputs"].items():
            self.inputs.setdefault(name, declared["default"])
        for name in ("summary.md", "env", "path"):
            (self.temporary / name).write_text("")
        for number, step in enumerate(definition["runs"]["steps"]):
            condition = step.get("if", "")
            if (self.status and "cancelled()" not in condition) or not self._holds(condition):
                continue
            if "uses" in step:
                self.used.append((step["uses"], {key: self._filled(value) for key, value in step["with"].items()}))
            else:
                self._run_step(number, step)
        assert not (self.temporary / "env").read_text(), "the action leaks into the environment of later steps"
        assert not (self.temporary / "path").read_text()
        self.outputs = {name: self._filled(each["value"]) for name, each in definition["outputs"].items()}

    def _run_step(self, number: int, step: Mapping[str, Any]) -> None:
        assert "${{" not in step["run"], "an expression in a script lets its value run commands"
        assert step["shell"] == "bash"
        script, output = self.temporary / f"step-{number}.sh", self.temporary / f"output-{number}"
        script.write_text(step["run"])
        output.write_text("")
        kept = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME") or name.startswith("PIP_")
        }
        runner = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_ENV": str(self.temporary / "env"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_PATH": str(self.temporary / "path"),
            "GITHUB_STEP_SUMMARY": str(self.temporary / "summary.md"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
        }
        own = {name: self._filled(value) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            [*_SHELL, str(script)],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            cwd=self.workspace,
            env=kept | runner | dict(self.environment) | own,
            timeout=300,
        )
        self.log += done.stdout
        self.status = self.status or done.returncode
        self.steps[step.get("id", str(number))] = _outputs(output.read_text())

    def _holds(self, condition: str) -> bool:
        inner = re.sub(r"^\$\{\{(.*)\}\}$", r"\1", condition).strip()
        for term in filter(None, (each.strip() for each in inner.split("&&"))):
            if term == "!cancelled()":
                continue
            match = re.fullmatch(r"([\w.-]+)\s*(==|!=)\s*'([^']*)'", term)
            assert match, f"a condition that the stand-in does not know: {term}"
            if (self._value(match[1]) == match[3]) != (match[2] == "=="):
                return False
        return True

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match[1].strip()), str(text))

    def _value(self, expression: str) -> str:
        if match := re.fullmatch(r"inputs\.([\w-]+)", expression):
            return self.inputs[match[1]]
        match = re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", expression)
        assert match, f"an expression that the stand-in does not know: {expression}"
        return self.steps.get(match[1], {}).get(match[2], "")


def _outputs(text: str) -> dict[str, str]:
    """Return what a step put into GITHUB_OUTPUT."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if match := re.fullmatch(r"([\w-]+)<<(.+)", line):
            value = []
            for each in lines:
                if each == match[2]:
                    break
                value.append(each)
            found[match[1]] = "\n".join(value)
        elif "=" in line:
            name, _, value_of = line.partition("=")
            found[name] = value_of
    return found
