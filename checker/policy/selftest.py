"""Run the tests that rules carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from checker.errors import UserError
from checker.facts.software import System
from checker.policy.build import with_params
from checker.policy.document import Node
from checker.policy.judge import judge
from checker.policy.plain_facts import host_of
from checker.policy.profile import Policy
from checker.policy.rule import Rule, RuleTest
from checker.result import STATUSES, Described, Finding, Target
from checker.source import Span
from checker.tree import MemoryTree, Tree, normal

Describe = Callable[[Tree, Sequence[str], Target], Described]

DEBIAN_MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
"""
"""The one listener of Debian's master.cf and its client, for tests that give none."""

_FILES = {"postfix": "etc/postfix/main.cf", "dovecot": "etc/dovecot/dovecot.conf"}
_MASTER = "etc/postfix/master.cf"

_VERSION_LINES = {"dovecot-2.4": ("dovecot_config_version", "dovecot_storage_version")}
"""What a configuration of a generation must begin with; written in front of a test's text that has none of it."""


class TestOutcome(Struct, frozen=True):
    """How one test of a rule ended; ``message`` says what was otherwise than expected, empty if nothing."""

    rule: str
    test: str
    place: str
    message: str = ""

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.message


def run_tests(rules: Iterable[Rule], describe: Describe) -> tuple[TestOutcome, ...]:
    """Run all tests of some rules; ``describe`` gives the facts of configuration files."""
    return tuple(run_test(rule, test, describe) for rule in rules for test in rule.tests)


def run_test(rule: Rule, test: RuleTest, describe: Describe) -> TestOutcome:
    """Run one test of a rule."""
    node = rule.document.root["tests"][test.index]
    try:
        message = _difference(rule, test, node, describe)
    except UserError as error:
        message = str(error)
    return TestOutcome(rule.id, test.name, node.place, message)


def _difference(rule: Rule, test: RuleTest, node: Node, describe: Describe) -> str:
    if "params" in node:
        rule = with_params(rule, dict(node["params"].items()))
    findings = judge(_systems(node, describe), Policy("", rule.title, (rule,)), "en")
    return _unexpected_status(test, findings) or _unexpected_place(test, _as_written(node, findings))


def _systems(node: Node, describe: Describe) -> tuple[System, ...]:
    if "facts" in node:
        return (host_of(node["facts"]),)
    tree, target = _configuration(node)
    described = describe(tree, ("",), target)
    if node["expect"].data != "fail":  # a rule may be about just that; but what passes or does not apply must be sound
        for notice in described.notices:
            if notice.level == "error":
                raise node.error(f"the configuration is not understood: {notice.text}")
    return described.systems


def product_of(key: str) -> tuple[str, str] | None:
    """Return product and release of a test's key (``postfix-3.5.25``: ``postfix``, ``3.5.25``); None for other keys."""
    product, _, release = key.partition("-")
    return (product, release) if product in _FILES else None


def _configuration(node: Node) -> tuple[MemoryTree, Target]:
    files: dict[str, bytes] = {}
    versions: dict[str, str] = {}
    for key, part in node.items():
        named = product_of(key)
        if key == "files":
            files |= {normal(path): text.encode() for path, text in part.data.items()}
        elif named:
            product, release = named
            if release:
                versions[f"{product}_version"] = release
            files[_FILES[product]] = "".join((*_version_lines(key, part.data), part.data)).encode()
            if product == "postfix":
                files[_MASTER] = node.data.get("master", DEBIAN_MASTER).encode()
    if not files:
        raise node.error("gives nothing to judge", "facts, files or a product's configuration")
    return MemoryTree(files), Target(**versions)


def generation_of(key: str) -> str | None:
    """Return the generation that a test's key names (``dovecot-2.3.13``: ``dovecot-2.3``), None if it names none."""
    named = product_of(key)
    return f"{named[0]}-{'.'.join(named[1].split('.')[:2])}" if named and named[1] else None


def _version_lines(key: str, text: str) -> tuple[str, ...]:
    """Return the lines that go in front of a text: the release has three numbers, a generation's first is always
    accepted.
    """
    names = _VERSION_LINES.get(generation_of(key) or "", ())
    if any(name in text for name in names):
        return ()
    numbers = key.partition("-")[2].split(".")
    release = ".".join([*numbers, "0"][:3])
    return tuple(f"{name} = {release}\n" for name in names)


def _as_written(node: Node, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings with places in the author's text, without the lines in front of it."""
    added = {
        _FILES[key.partition("-")[0]]: len(_version_lines(key, part.data))
        for key, part in node.items()
        if product_of(key)
    }

    def moved(place: Span | None) -> Span | None:
        lines = added.get(place.path, 0) if place else 0
        return replace(place, line=place.line - lines, end_line=place.end_line - lines) if place else None

    return [replace(finding, place=moved(finding.place)) for finding in findings]


def _unexpected_status(test: RuleTest, findings: Sequence[Finding]) -> str:
    expected = test.data["expect"]
    if not isinstance(expected, dict):
        found = _worst(findings)
        return "" if found == expected else f"expected {expected}, is {found}{_why(findings)}"
    for subject, status in expected.items():
        concerned = [finding for finding in findings if subject in _names(finding)]
        if not concerned:
            known = sorted({finding.subject for finding in findings})
            return f"there is no `{subject}` among what was judged: {', '.join(known)}"
        found = _worst(concerned)
        if found != status:
            return f"{subject}: expected {status}, is {found}{_why(concerned)}"
    return ""


def _names(finding: Finding) -> tuple[str, ...]:
    """Return what a test may call the subject: its id, or the service in it (product:service:...)."""
    return (finding.subject, *finding.subject.split(":")[1:2])


def _worst(findings: Iterable[Finding]) -> str:
    found = {finding.status for finding in findings}
    return next((status for status in STATUSES if status in found), "not_applicable")


def _why(findings: Iterable[Finding]) -> str:
    told = [
        f"{finding.subject}: {finding.reason.text if finding.reason else finding.message}"
        for finding in findings
        if finding.status in ("fail", "unknown")
    ]
    return f" ({'; '.join(told)})" if told else ""


def _unexpected_place(test: RuleTest, findings: Iterable[Finding]) -> str:
    if "line" not in test.data:
        return ""
    places = {finding.place for finding in findings if finding.status == "fail"}
    if len(places) != 1:
        return f"`line` needs one failure, there are {len(places)}"
    place = places.pop()
    if place is None:
        return f"expected line {test.data['line']}, the failure stands in no file"
    wanted = test.data.get("file", "")
    if place.line != test.data["line"] or not f"/{place.path}".endswith(f"/{wanted}" if wanted else ""):
        return f"expected {wanted or 'line'} {test.data['line']}, is at {place}"
    return ""
