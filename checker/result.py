"""What a run found: findings, notices, and the facts that they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

from checker.facts.endpoint import Endpoint
from checker.facts.gathered import Gathered
from checker.facts.software import Software, System
from checker.facts.trust import Trust
from checker.source import Source, Span
from checker.values import Origin, Reason

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
"""Worst first."""

Status = Literal["fail", "pass", "unknown", "not_applicable", "waived"]
STATUSES: tuple[Status, ...] = ("fail", "unknown", "pass", "not_applicable", "waived")

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")


class Related(Struct, frozen=True):
    """A place that helps to understand a finding, and what it has to do with it."""

    span: Span
    note: str


class Finding(Struct, frozen=True):
    """One verdict of one rule on one fact.

    ``clause`` names the part of the rule that asked, empty where the rule has no parts.
    ``subject`` is the fact's id and ``system`` the id of its host. ``place`` is the decisive origin of the first part
    of ``require`` that failed, None if it stands in no file (a fact seen on the wire). ``trace`` is the chain that made
    the decisive value, the decisive step first. ``reason`` is set where the status is unknown. ``missing`` is true
    where the place is not the fault itself but where the setting would be added. ``known`` is true of what is no better
    in the revision that the run compares with. ``identity`` is what tells it from all other findings of the run; it
    holds no line and no path of a file, so both may change between runs.
    """

    rule: str
    code: str
    severity: Severity
    status: Status
    system: str
    subject: str
    title: str
    message: str
    why: str
    remedy: str
    place: Span | None
    missing: bool = False
    related: tuple[Related, ...] = ()
    trace: tuple[Origin, ...] = ()
    reason: Reason | None = None
    controls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    clause: str = ""
    known: bool = False

    @property
    def fingerprint(self) -> str:
        """Return the identity as one short word, for programs that follow findings from run to run."""
        from hashlib import sha256  # noqa: PLC0415 - slow to load, and the text report does without

        return sha256("\0".join(self.identity).encode("utf-8", "surrogateescape")).hexdigest()[:24]

    @property
    def question(self) -> str:
        """Return what was asked, as users name it: ``rule`` or ``rule/clause``."""
        return f"{self.rule}/{self.clause}" if self.clause else self.rule


class Question(Struct, frozen=True):
    """What one part of a rule asks, for reports that list the rules judged by, whatever came of them.

    ``id`` is ``rule`` or ``rule/clause``. ``remedies`` are what to change, each with the product that it is for (empty:
    any).
    """

    id: str
    code: str
    severity: Severity
    title: str
    why: str
    remedies: tuple[tuple[str, str], ...] = ()
    controls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Notice(Struct, frozen=True):
    """Something the reader must know to read the result rightly.

    ``error``: a part of the job could not be done (exit status 2); ``warning``: something was not understood and what
    depends on it is unknown; ``note``: an assumption.
    """

    level: Literal["error", "warning", "note"]
    text: str
    place: Span | None = None
    hint: str = ""


class Compared(Struct, frozen=True):
    """The revision that a run compares with: its name as the user gave it, its commit, and how many of its failures are
    gone.
    """

    revision: str
    commit: str
    gone: int


class Result(Struct, frozen=True):
    """All that one run knows. ``sources`` are the files read, by the path that spans name; ``questions`` is all that
    was asked, in order of the ids.
    """

    profile: str
    language: Language
    systems: tuple[System, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    rules: int
    sources: Mapping[str, Source] = field(default_factory=dict)
    root: str = ""
    questions: tuple[Question, ...] = ()
    compared: Compared | None = None

    def count(self, status: Status, severity: Severity | None = None) -> int:
        """Return how many findings have this status, and this severity if one is given; those known are not counted."""
        return sum(
            finding.status == status and severity in (None, finding.severity) and not finding.known
            for finding in self.findings
        )


class Target(Struct, frozen=True):
    """What configuration sets are judged as, where the user says so: a platform (``debian-12``) or exact releases."""

    platform: str | None = None
    postfix_version: str | None = None
    dovecot_version: str | None = None


class SetFacts(Struct, frozen=True):
    """The facts of one configuration set, what was not understood of it, and which kinds of fact may be incomplete."""

    software: Software
    endpoints: tuple[Endpoint, ...]
    trust: tuple[Trust, ...]
    notices: tuple[Notice, ...]
    missing: tuple[tuple[str, Reason], ...] = ()
    gathered: Mapping[str, Gathered[Any]] = field(default_factory=dict)
    built_in: Gathered[Endpoint] | None = None


class Described(Struct, frozen=True):
    """The facts of all configuration sets under some paths, what was assumed or not understood, and the files read."""

    systems: tuple[System, ...]
    notices: tuple[Notice, ...]
    sources: Mapping[str, Source]
