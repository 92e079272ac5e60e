"""The tests that rules carry: how they are run, and what is said when they fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from checker.facts.endpoint import Endpoint, Tls
from checker.policy.rule import Rule
from checker.policy.selftest import DEBIAN_MASTER, run_tests
from checker.result import Described, Notice, Target
from checker.tree import Tree
from checker.values import Known, Unknown
from tests.policy.made import TEMPLATE, at, endpoint, rule, system


@dataclass
class Describer:
    """Gives the same facts for whatever configuration, and keeps what it was asked."""

    facts: tuple[Endpoint, ...] = ()
    notices: tuple[Notice, ...] = ()
    asked: list[tuple[dict[str, str], Target]] = field(default_factory=list)

    def __call__(self, tree: Tree, paths: Sequence[str], target: Target) -> Described:
        assert tuple(paths) == ("",)
        files = {
            f"{folder}/{name}": tree.read(f"{folder}/{name}").text for folder in FOLDERS for name in tree.names(folder)
        }
        self.asked.append((files, target))
        return Described((system(*self.facts),), self.notices, {})


FOLDERS = ("etc/postfix", "etc/dovecot")
FAILING = endpoint(tls=Tls(mode=Known("none", at(3, path="etc/postfix/main.cf"))), name="postfix:smtp/inet:25")
PASSING = endpoint(tls=Tls(mode=Known("implicit")), name="postfix:465/inet:465")
DOUBTFUL = endpoint(tls=Tls(mode=Unknown(TEMPLATE)), name="postfix:587/inet:587")


def with_test(test: str) -> Rule:
    return rule(tests=f"tests: [{{name: one, {test}}}]")


def message(test: str, *facts: Endpoint, notices: tuple[Notice, ...] = ()) -> str:
    (outcome,) = run_tests([with_test(test)], Describer(facts, notices))
    assert outcome.passed == (not outcome.message)
    return outcome.message


def test_each_test_has_an_outcome_with_its_place() -> None:
    outcomes = run_tests([rule()], Describer())
    assert [(each.rule, each.test, each.passed) for each in outcomes] == [
        ("a-rule", "it fails", True),
        ("a-rule", "it passes", True),
    ]
    assert outcomes[0].place == "a-rule.yaml:11:5"


@pytest.mark.parametrize(
    ("test", "files", "target"),
    [
        (
            "postfix: 'a = b'",
            {"etc/postfix/main.cf": "a = b", "etc/postfix/master.cf": DEBIAN_MASTER},
            Target(),
        ),
        (
            "postfix-3.5.25: x, master: y",
            {"etc/postfix/main.cf": "x", "etc/postfix/master.cf": "y"},
            Target(postfix_version="3.5.25"),
        ),
        ("dovecot-2.3: x", {"etc/dovecot/dovecot.conf": "x"}, Target(dovecot_version="2.3")),
        (
            "files: {/etc/postfix/main.cf: x, etc/dovecot/a: y}",
            {"etc/postfix/main.cf": "x", "etc/dovecot/a": "y"},
            Target(),
        ),
    ],
)
def test_a_test_makes_files_and_names_a_release(test: str, files: dict[str, str], target: Target) -> None:
    describer = Describer()
    run_tests([with_test(f"{test}, expect: pass")], describer)
    assert describer.asked == [(files, target)]


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("fail", (FAILING, PASSING, DOUBTFUL)),
        ("unknown", (PASSING, DOUBTFUL)),
        ("pass", (PASSING,)),
        ("not_applicable", (endpoint(protocol=Known("pop3")),)),
        ("not_applicable", ()),
    ],
)
def test_the_worst_status_counts(expected: str, facts: tuple[Endpoint, ...]) -> None:
    assert message(f"postfix: x, expect: {expected}", *facts) == ""


def test_what_was_otherwise_is_said() -> None:
    assert message("postfix: x, expect: pass", FAILING, DOUBTFUL) == (
        "expected pass, is fail (postfix:smtp/inet:25: imap on none; postfix:587/inet:587: a template fills it in)"
    )


def test_statuses_may_be_expected_by_subject_or_service() -> None:
    test = "postfix: x, expect: {smtp/inet: fail, 'postfix:465/inet:465': pass}"
    assert message(test, FAILING, PASSING) == ""
    assert message(test, FAILING) == ("there is no `postfix:465/inet:465` among what was judged: postfix:smtp/inet:25")
    wrong = "postfix: x, expect: {smtp/inet: pass}"
    assert message(wrong, FAILING) == ("smtp/inet: expected pass, is fail (postfix:smtp/inet:25: imap on none)")


def test_the_place_may_be_expected() -> None:
    assert message("postfix: x, expect: fail, line: 3", FAILING) == ""
    assert message("postfix: x, expect: fail, line: 3, file: main.cf", FAILING) == ""
    assert message("postfix: x, expect: fail, line: 4", FAILING) == "expected line 4, is at etc/postfix/main.cf:3:1"
    assert message("postfix: x, expect: fail, line: 3, file: ain.cf", FAILING) == (
        "expected ain.cf 3, is at etc/postfix/main.cf:3:1"
    )


def test_a_place_needs_one_failure() -> None:
    other = endpoint(tls=Tls(mode=Known("none", at(4))))
    assert message("postfix: x, expect: fail, line: 3", FAILING, other) == "`line` needs one failure, there are 2"
    assert message("postfix: x, expect: pass, line: 3", PASSING) == "`line` needs one failure, there are 0"


def test_a_failure_seen_on_the_wire_has_no_place() -> None:
    test = "facts: {endpoint: {protocol: imap, tls: {mode: none}}}, expect: fail, line: 1"
    assert message(test) == "expected line 1, the failure stands in no file"


def test_a_configuration_that_is_not_understood_fails_the_test() -> None:
    broken = Notice("error", "main.cf cannot be read")
    said = message("postfix: x, expect: not_applicable", notices=(broken, Notice("note", "assumed")))
    assert said == "a-rule.yaml:10:9: the configuration is not understood: main.cf cannot be read"


def test_unless_it_is_expected_to_fail() -> None:
    broken = Notice("error", "main.cf cannot be read")
    assert message("postfix: x, expect: fail", FAILING, notices=(broken,)) == ""
    assert message("postfix: x, expect: fail", notices=(broken,)) == "expected fail, is not_applicable"


def test_a_test_without_anything_to_judge() -> None:
    assert "gives nothing to judge" in message("expect: pass")


def test_parameters_may_be_set() -> None:
    judged = rule(
        params="params: {mode: implicit}",
        require="require: {tls.mode: {param: mode}}",
        tests="tests: [{name: one, postfix: x, params: {mode: none}, expect: pass}]",
    )
    (outcome,) = run_tests([judged], Describer((FAILING,)))
    assert outcome.passed


def test_a_parameter_that_there_is_not() -> None:
    assert "has no parameter `mode`" in message("postfix: x, params: {mode: none}, expect: pass")


def test_dovecot_2_4_begins_with_its_versions() -> None:
    describer = Describer()
    run_tests(
        [with_test("dovecot-2.4: 'ssl = no', expect: pass"), with_test("dovecot-2.4.1: x, expect: pass")], describer
    )
    lines = "dovecot_config_version = {0}\ndovecot_storage_version = {0}\n"
    assert [files["etc/dovecot/dovecot.conf"] for files, _ in describer.asked] == [
        f"{lines.format('2.4.0')}ssl = no",
        f"{lines.format('2.4.1')}x",
    ]


def test_unless_the_text_says_so_itself() -> None:
    describer = Describer()
    run_tests([with_test("dovecot-2.4: dovecot_config_version = 2.4.1, expect: pass")], describer)
    assert describer.asked[0][0] == {"etc/dovecot/dovecot.conf": "dovecot_config_version = 2.4.1"}


def test_the_lines_in_front_do_not_move_the_place() -> None:
    failing = endpoint(tls=Tls(mode=Known("none", at(3, path="etc/dovecot/dovecot.conf"))))
    assert message("dovecot-2.4: 'ssl = no', expect: fail, line: 1", failing) == ""
    assert message("dovecot-2.3: 'ssl = no', expect: fail, line: 3", failing) == ""
    assert message("dovecot-2.4: 'ssl = no', expect: fail, line: 3", failing) == (
        "expected line 3, is at etc/dovecot/dovecot.conf:1:1"
    )
