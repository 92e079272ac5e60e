"""Profiles: which rules are judged, with which parameters and severities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import UserError
from checker.policy.document import Document, Node, read
from checker.policy.load import PROFILES, bundled_rules, is_yaml, load_rules, unique
from checker.policy.names import nearest
from checker.policy.rule import Clause, Rule, Text, severity_of, text_of
from checker.resources import rules_directory

DEFAULT = "recommended"
"""The profile where none is named."""


class Profile(Struct, frozen=True):
    """A profile as written; ``bundled`` tells the package's own from those of a user's directory."""

    id: str
    title: Text
    extends: str | None
    document: Document
    bundled: bool = True


class Policy(Struct, frozen=True):
    """The rules to judge by, with the profile's clauses, parameters and severities."""

    profile: str
    title: Text
    rules: tuple[Rule, ...]


def load_policy(directories: Sequence[Path], profile: str) -> Policy:
    """Return the policy of a profile over the package's rules and those of some directories; raise UserError."""
    return select(load_all_rules(directories), load_all_profiles(directories), profile)


def load_all_rules(directories: Sequence[Path]) -> tuple[Rule, ...]:
    """Return the package's rules and those of some directories; raise UserError."""
    own = bundled_rules() or load_rules([rules_directory()], validate=False)
    return unique((*own, *load_rules(directories, validate=True))) if directories else own


def load_all_profiles(directories: Sequence[Path]) -> dict[str, Profile]:
    """Return the package's profiles and those of some directories; raise UserError."""
    return load_profiles([rules_directory()], validate=False) | load_profiles(directories, validate=True)


def load_profiles(directories: Sequence[Path], *, validate: bool) -> dict[str, Profile]:
    """Return the profiles of some rule directories by id; ``validate`` checks them against the schema first."""
    found: dict[str, Profile] = {}
    for directory in directories:
        folder = directory / PROFILES
        for path in sorted(each for each in folder.iterdir() if is_yaml(each.name)) if folder.is_dir() else ():
            document = read(path)
            if validate:
                _validate(document)
            profile = _profile(document, bundled=not validate)
            if profile.id in found:
                raise document.root["id"].error(f"another profile has the id `{profile.id}`")
            found[profile.id] = profile
    return found


def _validate(document: Document) -> None:
    from checker.policy.schema import schema_error  # noqa: PLC0415 - the package's own were checked when it was built

    problem = schema_error(document, "profile")
    if problem:
        raise problem


def _profile(document: Document, *, bundled: bool) -> Profile:
    data, root = document.data, document.root
    if data["id"] != Path(document.path).stem:
        hint = f"the file is named `{Path(document.path).name}`"
        raise root["id"].error(f"the id `{data['id']}` is not the name of the file", hint)
    return Profile(data["id"], text_of(root["title"]), data.get("extends"), document, bundled)


def select(rules: Sequence[Rule], profiles: Mapping[str, Profile], name: str) -> Policy:
    """Return what a profile makes of some rules; raise UserError for names that are nowhere.

    A profile of the package takes the rules of a user's directories along; one of the user's own names what it wants.
    """
    chain = _chain(profiles, name)
    wanted: dict[str, set[str]] = {}
    if profiles[name].bundled:
        wanted = {rule.id: {clause.name for clause in rule.clauses} for rule in rules if not rule.bundled}
    severities: dict[tuple[str, str], Node] = {}
    params: dict[str, dict[str, Node]] = {}
    for profile in chain:
        root = profile.document.root
        for rule, clause in _named(root, "rules", rules):
            wanted.setdefault(rule.id, set()).add(clause.name)
        for rule, clause in _named(root, "exclude", rules):
            wanted.get(rule.id, set()).discard(clause.name)
        for pattern, node in root["severities"].items() if "severities" in root else ():
            severities |= {(rule.id, clause.name): node for rule, clause in _matching(pattern, node, rules, key=True)}
        for rule_id, node in root["params"].items() if "params" in root else ():
            for rule in {rule.id: rule for rule, _ in _matching(rule_id, node, rules, key=True)}.values():
                params.setdefault(rule.id, {}).update(node.items())
    chosen = (
        _chosen(_with_params(rule, params.get(rule.id)), wanted.get(rule.id, set()), severities) for rule in rules
    )
    return Policy(name, profiles[name].title, tuple(rule for rule in chosen if rule.clauses))


def _with_params(rule: Rule, nodes: Mapping[str, Node] | None) -> Rule:
    if not nodes:
        return rule
    from checker.policy.build import with_params  # noqa: PLC0415 - most profiles leave parameters as they are

    return with_params(rule, nodes)


def _chain(profiles: Mapping[str, Profile], name: str) -> list[Profile]:
    """Return a profile and those that it extends, the farthest first."""
    if name not in profiles:
        raise UserError(f"there is no profile `{name}`", hint=nearest(name, profiles))
    chain = [profiles[name]]
    while (parent := chain[0].extends) is not None:
        node = chain[0].document.root["extends"]
        if parent not in profiles:
            raise node.error(f"there is no profile `{parent}`", nearest(parent, profiles))
        if any(parent == profile.id for profile in chain):
            raise node.error(f"`{parent}` extends itself")
        chain.insert(0, profiles[parent])
    return chain


def _named(root: Node, key: str, rules: Sequence[Rule]) -> Iterable[tuple[Rule, Clause]]:
    for node in root[key].members() if key in root else ():
        yield from _matching(str(node.data), node, rules)


def _matching(pattern: str, node: Node, rules: Sequence[Rule], *, key: bool = False) -> list[tuple[Rule, Clause]]:
    """Return the clauses that an id, a code, a glob of ids or ``rule/clause`` means."""
    name, _, clause_name = pattern.partition("/")
    meant = [rule for rule in rules if name == rule.code or fnmatchcase(rule.id, name)]
    found = [(rule, clause) for rule in meant for clause in rule.clauses if clause_name in ("", clause.name)]
    if found:
        return found
    complain = node.key_error if key else node.error
    if meant:
        names = [f"{rule.id}/{clause.name}" for rule in meant for clause in rule.clauses if clause.name]
        raise complain(f"the rule `{name}` has no clause `{clause_name}`", nearest(pattern, names))
    raise complain(
        f"there is no rule `{name}`", nearest(name, [*(rule.id for rule in rules), *(r.code for r in rules)])
    )


def _chosen(rule: Rule, names: set[str], severities: Mapping[tuple[str, str], Node]) -> Rule:
    clauses = [
        replace(clause, severity=severity_of(severities[rule.id, clause.name]))
        if (rule.id, clause.name) in severities
        else clause
        for clause in rule.clauses
        if clause.name in names
    ]
    return replace(rule, clauses=tuple(clauses))
