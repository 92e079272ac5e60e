"""The rules of a SARIF log: what was asked, as code hosts list it."""

from __future__ import annotations

from collections.abc import Mapping

from checker.report import sarif_om
from checker.report.markup import code_block, for_markdown
from checker.report.phrases import phrase
from checker.report.sarif_om import Level, Node
from checker.result import Language, Question, Severity
from checker.safe_text import for_terminal, redact, shown

LEVELS: Mapping[Severity, Level] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
SCORES: Mapping[Severity, float] = {"critical": 9.5, "high": 8.0, "medium": 5.5, "low": 3.0}
"""What code hosts read a severity from, on the scale of CVSS; there is none for `info`."""

MAX_TEXT = 1024
MAX_TAGS = 10
"""GitHub cuts longer descriptions and keeps no more tags."""

_PROBLEM: Mapping[Level, str] = {"error": "error", "warning": "warning", "note": "recommendation"}


def rank_of(severity: Severity) -> float | None:
    """Return a severity on SARIF's scale to 100; None where it has none."""
    return SCORES[severity] * 10 if severity in SCORES else None


def described(question: Question, language: Language) -> Node:
    """Return the metadata of what was asked."""
    level = LEVELS[question.severity]
    properties: dict[str, object] = {
        "code": question.code,
        "precision": "high",
        "problem.severity": _PROBLEM[level],
        "tags": _tags(question),
    }
    if question.severity in SCORES:
        properties["security-severity"] = f"{SCORES[question.severity]:.1f}"
    return sarif_om.rule(
        question.id,
        name="".join(part.capitalize() for part in question.id.replace("/", "-").split("-")),
        title=_line(question.title),
        why=_line(question.why),
        help_text=_help(question, language),
        help_markdown=_help_markdown(question, language),
        help_uri=_help_uri(question),
        level=level,
        rank=rank_of(question.severity),
        properties=properties,
    )


def _line(text: str) -> str:
    return for_terminal(redact("", text), MAX_TEXT - 3)


def _tags(question: Question) -> list[str]:
    """Return tags: without `security` GitHub takes no notice of the severity."""
    cited = (f"{framework}:{section}" for framework, sections in sorted(question.controls.items())
             for section in sections)  # fmt: skip
    return ["security", "mail", question.code, *map(shown, cited)][:MAX_TAGS]


def _help(question: Question, language: Language) -> str:
    parts = [shown(question.why)]
    for product, text in question.remedies:
        lines = "\n".join(shown(line) for line in text.splitlines())
        parts.append(f"{_mend(product, language)}:\n{lines}")
    if question.controls:
        parts.append(f"{phrase(language, 'references')}: {shown(_references(question))}")
    parts.append(phrase(language, "explain", rule=question.id.partition("/")[0]))
    return "\n\n".join(parts)


def _help_markdown(question: Question, language: Language) -> str:
    parts = [for_markdown(question.why)]
    for product, text in question.remedies:
        parts.append(f"**{for_markdown(_mend(product, language))}**\n\n{code_block(text)}")
    if question.controls:
        parts.append(f"**{phrase(language, 'references')}**: {for_markdown(_references(question))}")
    rule = question.id.partition("/")[0]
    parts.append(
        phrase(language, "explain", rule=rule).replace(f"mailposture explain {rule}", f"`mailposture explain {rule}`")
    )
    return "\n\n".join(parts)


def _mend(product: str, language: Language) -> str:
    title = phrase(language, "remedies")
    return f"{title} ({product})" if product else title


def _references(question: Question) -> str:
    return "; ".join(f"{name} {', '.join(sections)}".strip() for name, sections in sorted(question.controls.items()))


def _help_uri(question: Question) -> str | None:
    """Return the page of the first RFC or CVE that the rule cites."""
    for key, sections in question.controls.items():
        if key.startswith("cve-"):
            return f"https://nvd.nist.gov/vuln/detail/{key.upper()}"
        if key.startswith("rfc"):
            section = sections[0] if sections else ""
            numbered = section.replace(".", "").isdigit()
            return f"https://www.rfc-editor.org/rfc/{key}" + (f"#section-{section}" if numbered else "")
    return None
