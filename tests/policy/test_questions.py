"""What a policy asks is told once for each part of a rule, in one language."""

from __future__ import annotations

from checker.policy.profile import load_policy
from checker.policy.questions import questions
from checker.result import SEVERITIES, Question

RECOMMENDED = load_policy([], "recommended")


def question(name: str) -> Question:
    return next(each for each in questions(RECOMMENDED, "es") if each.id == name)


def test_there_is_one_for_each_clause_in_order() -> None:
    ids = [each.id for each in questions(RECOMMENDED, "en")]
    assert ids == sorted(set(ids))
    assert len(ids) == sum(len(rule.clauses) for rule in RECOMMENDED.rules)
    assert {"no-open-relay", "mynetworks-narrow/wide", "mynetworks-narrow/private"} <= set(ids)


def test_clauses_have_severities_of_their_own() -> None:
    assert question("mynetworks-narrow/wide").severity == "critical"
    assert question("mynetworks-narrow/private").severity == "medium"
    assert all(each.severity in SEVERITIES for each in questions(RECOMMENDED, "en"))


def test_it_is_told_in_the_language_with_the_remedies_by_product() -> None:
    asked = question("mynetworks-narrow/wide")
    assert asked.title == "Solo los equipos propios pueden reenviar sin autenticarse"
    assert asked.why.startswith("Quien esté en una red de confianza")
    assert ("postfix", "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128") in [
        (product, text.splitlines()[-1]) for product, text in asked.remedies
    ]
    assert asked.controls["nist-800-53r5"] == ("AC-3",)
