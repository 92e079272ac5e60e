"""Rules and facts made by hand, for tests of the policy engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checker.facts.endpoint import Endpoint
from checker.facts.settings import Plain
from checker.facts.software import Software, System
from checker.facts.types import Release
from checker.policy.compile import Context, compiled
from checker.policy.condition import Condition, Outcome, Scope, evaluate
from checker.policy.document import parse
from checker.policy.load import load_rule
from checker.policy.plain_facts import PlainSettings
from checker.policy.profile import Policy
from checker.policy.rule import Rule, Text
from checker.source import Span
from checker.values import Known, Origin, Reason

TEMPLATE = Reason("template", "a template fills it in")
HOST_ONLY = Reason("host-only", "it is not in the files")

RULE = """\
id: a-rule
code: TST-001
severity: high
applies_to: endpoint
title: {en: A title, es: Un título}
why: {en: A reason, es: Un motivo}
when: {protocol: imap}
require: {tls.mode: implicit}
message: {en: "{protocol} on {port}", es: "{protocol} en {port}"}
tests:
  - {name: it fails, facts: {endpoint: {protocol: imap, tls: {mode: none}}}, expect: fail}
  - {name: it passes, facts: {endpoint: {protocol: imap, tls: {mode: implicit}}}, expect: pass}
"""


def rule(text: str = RULE, *, name: str = "a-rule", **replaced: str) -> Rule:
    """Load a rule; ``replaced`` puts other lines in the place of those with these keys."""
    return load_rule(parse(with_lines(text, **replaced), f"{name}.yaml"), validate=True)


def with_lines(text: str, **replaced: str) -> str:
    """Put other lines in the place of those with these keys, and what is indented below them."""
    lines: list[str] = []
    dropping = False
    for line in text.splitlines():
        key = line.partition(":")[0]
        dropping = key in replaced if not line.startswith(" ") else dropping
        if not dropping:
            lines.append(line)
        elif not line.startswith(" "):
            lines.append(replaced[key])
    new = [line for key, line in replaced.items() if f"\n{key}:" not in f"\n{text}"]
    return "\n".join([*lines, *new, ""])


def rule_file(directory: Path, text: str = RULE, *, name: str = "a-rule", **replaced: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{name}.yaml"
    path.write_text(with_lines(text, **replaced), "utf-8")
    return path


def policy(*rules: Rule) -> Policy:
    return Policy("test", Text("Test", "Prueba"), rules)


def condition(text: str, kind: str = "endpoint", **params: Any) -> Condition:
    return compiled(parse(text, "test.yaml").root, Context(kind, params))


def outcome(text: str, fact: Endpoint | None = None, host: System | None = None, **params: Any) -> Outcome:
    fact = fact or endpoint()
    return evaluate(condition(text, **params), Scope(fact, host or system(fact)))


def span(line: int, path: str = "main.cf") -> Span:
    return Span(path, line, 1, line, 2)


def at(line: int, parameter: str = "", *, path: str = "main.cf", default: bool = False) -> tuple[Origin, ...]:
    return (Origin(path, span(line, path), parameter, is_default=default),)


def endpoint(*, name: str = "test:imap/inet:143", line: int = 1, **fields: Any) -> Endpoint:
    """Return an IMAP listener, with other fields as given; ``settings`` as plain data."""
    given: dict[str, Any] = {
        "product": Known("postfix"),
        "source": Known("config"),
        "service": Known("imap/inet"),
        "protocol": Known("imap"),
    }
    settings: dict[str, Plain] = fields.pop("settings", {})
    origins = at(line, path="master.cf")
    return Endpoint(id=name, origins=origins, settings=PlainSettings(settings), **given | fields)


def software(product: Any = "postfix", version: str = "3.7.11") -> Software:
    return Software(
        id=product,
        origins=at(1),
        product=Known(product),
        source=Known("config"),
        release=Known(Release(version)),
        platform=Known(None),
        assumed=Known(None),
    )


def system(*endpoints: Endpoint, missing: tuple[tuple[str, Reason], ...] = (), **facts: Any) -> System:
    return System(id="host", origins=at(1), endpoints=endpoints, missing=missing, **facts)
