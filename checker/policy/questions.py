"""What a policy asks, in one language, for reports that list the rules judged by."""

from __future__ import annotations

from checker.policy.profile import Policy
from checker.policy.remedy import remedy_text
from checker.policy.rule import Clause, Rule
from checker.result import Language, Question


def questions(policy: Policy, language: Language) -> tuple[Question, ...]:
    """Return every clause that a policy judges by, in order of their ids."""
    found = (_question(rule, clause, language) for rule in policy.rules for clause in rule.clauses)
    return tuple(sorted(found, key=lambda each: each.id))


def _question(rule: Rule, clause: Clause, language: Language) -> Question:
    return Question(
        id=f"{rule.id}/{clause.name}" if clause.name else rule.id,
        code=rule.code,
        severity=clause.severity,
        title=rule.title.get(language),
        why=rule.why.get(language),
        remedies=tuple((name, remedy_text(remedy, language)) for name, remedy in sorted(rule.remedies.items())),
        controls=rule.controls,
    )
