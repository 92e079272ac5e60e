"""Compose: paths in, facts or a judged result out. The only module that knows all steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.facts.software import System
from checker.locate import PostfixSet, find_sets, installed_version, platform_of
from checker.policy.judge import judge
from checker.policy.profile import Policy
from checker.policy.questions import questions
from checker.postfix import describe as postfix
from checker.postfix.main_cf import MainCf, Problem, parse_main_cf
from checker.postfix.master_cf import MasterCf, parse_master_cf
from checker.postfix.release import LAST, Release, release
from checker.postfix.scope import Configuration
from checker.releases.tables import number
from checker.result import Described, Language, Notice, Result, Target
from checker.source import Source
from checker.tree import ReadError, Tree
from checker.values import Origin, Reason


def check(tree: Tree, paths: Sequence[str], target: Target, policy: Policy, language: Language) -> Result:
    """Describe all configuration sets under the paths and judge them by a policy."""
    return judged(describe(tree, paths, target), policy, language, root=str(getattr(tree, "root", "")))


def judged(described: Described, policy: Policy, language: Language, *, root: str) -> Result:
    """Judge what was described by a policy."""
    return Result(
        profile=policy.profile,
        language=language,
        systems=described.systems,
        findings=judge(described.systems, policy, language),
        notices=described.notices,
        rules=len(policy.rules),
        sources=described.sources,
        root=root,
        questions=questions(policy, language),
    )


def describe(tree: Tree, paths: Sequence[str], target: Target) -> Described:
    """Return the facts of all configuration sets under the paths."""
    sets, notices = find_sets(tree, tuple(paths))
    systems: list[System] = []
    collected = list(notices)
    sources: dict[str, Source] = {}
    for each in sets:
        system, more = _postfix_system(tree, each, target)
        collected += more
        if system is not None:
            systems.append(system)
            sources |= {file.path: file for software in system.software for file in software.files}
    return Described(tuple(systems), tuple(collected), sources)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The release that a set is judged as, and why where the user did not say."""

    release: Release
    assumed: str | None


def _postfix_release(tree: Tree, each: PostfixSet, target: Target) -> _Judged:
    if target.postfix_version is not None or target.platform is not None:
        return _Judged(release(target.postfix_version, target.platform), None)
    if tree.is_host:
        platform = platform_of(tree, each.host)
        version = installed_version(tree, each.host, "postfix")
        if version is not None:
            return _Judged(release(version, platform), "the installed package")
        if platform is not None:
            return _Judged(release(None, platform), "the host's os-release")
    return _Judged(release(None, None), "nothing names a release")


def _postfix_system(tree: Tree, each: PostfixSet, target: Target) -> tuple[System | None, list[Notice]]:
    notices: list[Notice] = []
    main_source = _read(tree, each.main, notices)
    master_source = _read(tree, each.master, notices)
    main: MainCf | None = parse_main_cf(main_source) if main_source else None
    master: MasterCf | None = parse_master_cf(master_source) if master_source else None
    if main is None and master is None:
        return None, notices
    judged = _postfix_release(tree, each, target)
    shown = tree.shown(each.directory)
    facts = postfix.describe(Configuration(shown, judged.release, main, master), assumed=judged.assumed)
    notices += [_problem_notice(problem) for problem in facts.problems]
    if number(judged.release.version)[:3] > LAST:
        notices.append(
            Notice("note", f"{judged.release.label}: judged as {'.'.join(map(str, LAST))}, where the tables end")
        )
    missing: tuple[tuple[str, Reason], ...] = facts.missing
    if each.main is not None and main is None:
        lost = Reason("not-in-set", "main.cf could not be read")
        missing = tuple((kind, lost) for kind in ("endpoint", "trust"))
    system = System(
        id=shown or ".",
        origins=_entry(main_source or master_source),
        software=(facts.software,),
        endpoints=facts.endpoints,
        trust=facts.trust,
        missing=missing,
        settings=facts.software.settings,
    )
    return system, notices


def _entry(source: Source | None) -> tuple[Origin, ...]:
    return (Origin("", source.span(0, 0)),) if source else ()


def _read(tree: Tree, path: str | None, notices: list[Notice]) -> Source | None:
    if path is None:
        return None
    try:
        return tree.read(path)
    except ReadError as error:
        notices.append(Notice("error", f"{error.place}: {error.message}", hint=error.hint))
        return None


def _problem_notice(problem: Problem) -> Notice:
    is_error = problem.kind in ("fatal", "template")
    return Notice("error" if is_error else "warning", problem.text, problem.place, problem.hint)
