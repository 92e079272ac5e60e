"""From the two files of a Postfix to its facts."""

from __future__ import annotations

from typing import Any, Literal

from checker.facts.gathered import Gathered
from checker.facts.software import Software
from checker.facts.types import Release as ReleaseName
from checker.postfix.endpoints import endpoints
from checker.postfix.main_cf import Problem
from checker.postfix.outbound import outbound, password_files
from checker.postfix.processes import processes
from checker.postfix.scope import Configuration
from checker.postfix.start import starts
from checker.postfix.trust import trusted
from checker.postfix.written import written
from checker.result import Notice, SetFacts
from checker.source import Source
from checker.values import Known, Origin, Reason

NO_MASTER_CF = Reason("not-in-set", "there is no master.cf, so what listens is not known")

NO_MAIN_CF = Reason("not-in-set", "main.cf is not in the set")

MAX_NOTICES = 20
"""More notices of one file than this only bury the findings."""


def describe(configuration: Configuration, *, assumed: str | None = None) -> SetFacts:
    """Return the facts of a Postfix. ``assumed`` says why it is judged as its release, None if the user said so."""
    listening = endpoints(configuration)
    parsed = [part for part in (configuration.main, configuration.master) if part is not None]
    problems = tuple(problem for part in parsed for problem in part.problems)
    trust = trusted(configuration, listening)
    connecting = outbound(configuration)  # before the files are listed: it opens tables
    named = configuration.tables.files.sources() if configuration.tables and configuration.tables.files else ()
    secret = password_files(configuration)
    files = (*(part.source for part in parsed), *(each for each in named if each.path not in secret))
    software = _software(configuration, problems, files, assumed)
    missing = () if configuration.master else tuple((kind, NO_MASTER_CF) for kind in ("endpoint", "outbound", "trust"))
    missing += () if configuration.main else (("outbound", NO_MAIN_CF),)
    notices = tuple(notice for part in parsed for notice in _notices(part.source.path, part.problems))
    gathered: dict[str, Gathered[Any]] = {
        "outbound": Gathered(lambda: connecting),
        "process": Gathered(lambda: processes(configuration)),
        "setting": Gathered(lambda: written(configuration)),
    }
    return SetFacts(software, listening, trust, notices, missing, gathered)


def _notices(path: str, problems: tuple[Problem, ...]) -> tuple[Notice, ...]:
    """Return the notices of a file: of a file that is none at all the first ones, and how many more there are."""
    notices = tuple(map(_notice, problems))
    told, rest = notices[:MAX_NOTICES], notices[MAX_NOTICES:]
    if not rest:
        return told
    level: Literal["error", "warning"] = "error" if any(notice.level == "error" for notice in rest) else "warning"
    return (*told, Notice(level, f"{path}: {len(rest)} more lines are faulty; is it a file of Postfix?"))


def _notice(problem: Problem) -> Notice:
    is_error = problem.kind in ("fatal", "template")
    return Notice("error" if is_error else "warning", problem.text, problem.place, problem.hint)


def _software(
    configuration: Configuration, problems: tuple[Problem, ...], files: tuple[Source, ...], assumed: str | None
) -> Software:
    first = files[0]
    entry = Origin(first.path, first.span(0, 0))
    return Software(
        id=f"postfix:{configuration.path}" if configuration.path else "postfix",
        origins=(entry,),
        product=Known("postfix", (entry,)),
        source=Known("config"),
        release=Known(ReleaseName(configuration.release.version)),
        platform=Known(configuration.release.platform),
        assumed=Known(assumed),
        starts=starts(configuration, problems),
        files=files,
        settings=configuration.scope(),
    )
