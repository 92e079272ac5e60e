"""Compose: paths in, facts or a judged result out. The only module that knows all steps, and both products."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from checker.dovecot import describe as dovecot
from checker.dovecot.include import generation_of
from checker.dovecot.parts import with_entry
from checker.dovecot.release import ASSUMED
from checker.dovecot.release import Release as DovecotRelease
from checker.facts.software import System
from checker.locate import ConfigurationSet, DovecotSet, PostfixSet, find_sets, host_of
from checker.named_files import Files
from checker.policy.judge import judge
from checker.policy.profile import Policy
from checker.policy.questions import questions
from checker.postfix import describe as postfix
from checker.postfix.main_cf import parse_main_cf
from checker.postfix.master_cf import parse_master_cf
from checker.postfix.release import LAST
from checker.postfix.release import release as postfix_release
from checker.postfix.scope import Configuration
from checker.postfix.tables.open import Tables
from checker.releases.platforms import Package, packaged
from checker.releases.tables import number
from checker.result import Described, Language, Notice, Result, SetFacts, Target
from checker.source import Source
from checker.tree import ReadError, Tree
from checker.values import Reason

R = TypeVar("R")
Named: TypeAlias = Callable[[str | None, str | None], R]
"""Gives the release of a version or a platform; of neither, the one that is assumed."""


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
    """Return the facts of all configuration sets under the paths, host by host."""
    sets, notices = find_sets(tree, tuple(paths))
    collected = list(notices)
    hosts: dict[str, list[SetFacts]] = {}
    asked = _Asked(target, _platforms(tree, sets))
    for each in sets:
        facts = _facts_of(tree, each, asked, collected)
        if facts is not None:
            hosts.setdefault(host_of(each.directory), []).append(facts)
    systems = tuple(_system(tree.shown(host), parts) for host, parts in hosts.items())
    sources = {file.path: file for parts in hosts.values() for facts in parts for file in facts.software.files}
    collected += (notice for parts in hosts.values() for facts in parts for notice in facts.notices)
    return Described(systems, tuple(collected), sources)


class _Asked(Struct, frozen=True):
    """What the user said the sets are, and by host the platform that the language of its Dovecot tells."""

    target: Target
    beside: Mapping[str, str]


def _platforms(tree: Tree, sets: Sequence[ConfigurationSet]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in sets:
        if isinstance(each, DovecotSet) and each.entry is not None:
            with contextlib.suppress(ReadError):  # said when the set is described
                found.setdefault(host_of(each.directory), ASSUMED[generation_of(tree.read(each.entry))])
    return found


def _system(host: str, parts: list[SetFacts]) -> System:
    return System(
        id=host.rstrip("/") or ("/" if host else "."),
        origins=tuple(origin for facts in parts for origin in facts.software.origins),
        software=tuple(facts.software for facts in parts),
        endpoints=tuple(endpoint for facts in parts for endpoint in facts.endpoints),
        trust=tuple(trust for facts in parts for trust in facts.trust),
        gathered={
            kind: tuple(facts.gathered[kind] for facts in parts if kind in facts.gathered)
            for kind in dict.fromkeys(kind for facts in parts for kind in facts.gathered)
        },
        built_in=tuple(facts.built_in for facts in parts if facts.built_in is not None),
        missing=tuple(missing for facts in parts for missing in facts.missing),
        settings=parts[0].software.settings,
    )


def _facts_of(tree: Tree, each: ConfigurationSet, asked: _Asked, notices: list[Notice]) -> SetFacts | None:
    """Return the facts of a set, None if not one of its files can be read."""
    if isinstance(each, PostfixSet):
        return _postfix_facts(tree, each, asked, notices)
    try:
        return _dovecot_facts(tree, each, asked, notices)
    except ReadError as error:
        notices.append(_unreadable(error))
        return None


def _postfix_facts(tree: Tree, each: PostfixSet, asked: _Asked, notices: list[Notice]) -> SetFacts | None:
    before = len(notices)
    main, master = _read(tree, each.main, notices), _read(tree, each.master, notices)
    if main is None and master is None:
        return None
    judged_as, assumed = _release(tree, each, asked, postfix_release)
    if number(judged_as.version)[:3] > LAST:
        ends = ".".join(map(str, LAST))
        notices.append(Notice("note", f"{judged_as.label}: judged as {ends}, where the tables end"))
    configuration = Configuration(
        tree.shown(each.directory),
        judged_as,
        parse_main_cf(main) if main else None,
        parse_master_cf(master) if master else None,
        tables=Tables(Files(tree, each.directory), judged_as.number),
    )
    facts = postfix.describe(configuration, assumed=assumed)
    if len(notices) > before and main is None:
        lost = Reason("not-in-set", "main.cf could not be read")
        return replace(facts, missing=(("endpoint", lost), ("outbound", lost), ("trust", lost)))
    return facts


def _dovecot_facts(tree: Tree, each: DovecotSet, asked: _Asked, notices: list[Notice]) -> SetFacts:
    directory = tree.shown(each.directory)
    entry = each.entry
    if entry is None:
        tree, entry = with_entry(tree, each.directory, each.parts)
        text = "there is no dovecot.conf here: the files of conf.d are judged as if one included them"
        notices.append(Notice("note", f"{directory or '.'}: {text}"))
    start = entry

    def named(version: str | None, platform: str | None) -> DovecotRelease:
        return dovecot.release_of(tree, start, version, platform)

    judged_as, assumed = _release(tree, each, asked, named)
    return dovecot.describe(tree, entry, judged_as, directory=directory, assumed=assumed)


def _release(tree: Tree, each: ConfigurationSet, asked: _Asked, named: Named[R]) -> tuple[R, str | None]:
    """Return the release that a set is judged as, and why where the user did not say."""
    product: Package = "postfix" if isinstance(each, PostfixSet) else "dovecot"
    target = asked.target
    version = target.postfix_version if product == "postfix" else target.dovecot_version
    if version is None and target.platform is not None and packaged(target.platform, product) is None:
        return named(None, None), f"which release {target.platform} packages is not known"
    if version is not None or target.platform is not None:
        return named(version, target.platform), None
    host = host_of(each.directory)
    if tree.is_host:
        from checker.installed import installed_version, platform_of  # noqa: PLC0415 - a repository does without

        platform = platform_of(tree, host)
        version = installed_version(tree, host, product)
        if version is not None:
            return named(version, platform), "the installed package"
        if platform is not None and packaged(platform, product) is not None:
            return named(None, platform), "the host's os-release"
    if host in asked.beside:
        return named(None, asked.beside[host]), "the language of the Dovecot files"
    return named(None, None), "nothing names a release"


def _read(tree: Tree, path: str | None, notices: list[Notice]) -> Source | None:
    if path is None:
        return None
    try:
        return tree.read(path)
    except ReadError as error:
        notices.append(_unreadable(error))
        return None


def _unreadable(error: ReadError) -> Notice:
    return Notice("error", f"{error.place}: {error.message}", hint=error.hint)
