"""What to change, for the product of a fact."""

from __future__ import annotations

from collections.abc import Iterator

from checker.facts.fields import field_value
from checker.facts.software import Fact, Software, System
from checker.policy.rule import Remedy, Rule
from checker.result import Language
from checker.values import Known


def remedy_for(rule: Rule, fact: Fact | System, system: System, language: Language) -> str:
    """Return the rule's remedy as lines to paste, for the product and generation of a fact; empty if it has none.

    A host has no product of its own: there it is the first remedy for a product that the host runs.
    """
    names = list(_names(fact, system))
    if isinstance(fact, System):
        fitting = [name for name in rule.remedies if name in ("", *names)]
    else:
        fitting = [name for name in (*names, "") if name in rule.remedies]
    return remedy_text(rule.remedies[fitting[0]], language) if fitting else ""


def _names(fact: Fact | System, system: System) -> Iterator[str]:
    """Yield what remedies for a fact may be filed under, the nearest first."""
    kept = list(system.software)
    if not isinstance(fact, System):
        product = field_value(fact, "product")
        if not isinstance(product, Known) or product.value is None:
            return
        same = [each for each in kept if isinstance(each.product, Known) and each.product.value == product.value]
        kept = [fact] if isinstance(fact, Software) else same
        if not kept:
            yield product.value
    for software in kept:
        if isinstance(software.product, Known):
            if isinstance(software.release, Known):
                yield f"{software.product.value}-{'.'.join(software.release.value.split('.')[:2])}"
            yield software.product.value


def remedy_text(remedy: Remedy, language: Language) -> str:
    """Return a remedy as lines to paste."""
    text = [remedy.text.get(language)] if remedy.text else []
    return "\n".join([*text, *(f"{name} = {value}" for name, value in remedy.settings.items())])
