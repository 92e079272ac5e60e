"""Verdicts: status, place, reason, order and fingerprint."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from checker.facts.endpoint import Endpoint, Tls
from checker.facts.trust import Trust
from checker.policy.judge import judge
from checker.policy.rule import Rule
from checker.result import Finding, Related, Status
from checker.values import Known, Origin, Reason, Unknown
from tests.policy.made import HOST_ONLY, RULE, TEMPLATE, at, endpoint, policy, rule, software, span, system

MODE = {
    True: Tls(mode=Known("implicit", at(5, "ssl"))),
    False: Tls(mode=Known("none", at(5, "ssl"))),
    None: Tls(mode=Unknown(TEMPLATE, at(5, "ssl"))),
}
PROTOCOL: dict[bool | None, Any] = {True: Known("imap"), False: Known("pop3"), None: Unknown(TEMPLATE)}


def verdicts(rules: Rule | tuple[Rule, ...], *facts: Endpoint, **host: Any) -> tuple[Finding, ...]:
    rules = rules if isinstance(rules, tuple) else (rules,)
    return judge((system(*facts, **host),), policy(*rules), "en")


def verdict(judged: Rule, fact: Endpoint, **host: Any) -> Finding:
    (finding,) = verdicts(judged, fact, **host)
    return finding


@pytest.mark.parametrize(
    ("when", "require", "status"),
    [
        (True, True, "pass"),
        (True, False, "fail"),
        (True, None, "unknown"),
        (False, True, "not_applicable"),
        (False, False, "not_applicable"),
        (False, None, "not_applicable"),
        (None, True, "pass"),
        (None, False, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_a_rule_says_that_when_implies_require(when: bool | None, require: bool | None, status: Status) -> None:
    finding = verdict(rule(), endpoint(protocol=PROTOCOL[when], tls=MODE[require]))
    assert finding.status == status
    assert (finding.reason is not None) == (status == "unknown")


def test_a_failure_tells_what_it_found() -> None:
    finding = verdict(rule(), endpoint(port=Known(143), tls=MODE[False], name="dovecot:imap-login/imap:143"))
    assert finding.rule == "a-rule"
    assert finding.code == "TST-001"
    assert finding.system == "host"
    assert finding.subject == "dovecot:imap-login/imap:143"
    assert finding.message == "imap on 143"
    assert finding.title == "A title"
    assert finding.why == "A reason"


def test_what_passes_says_what_was_asked_not_what_would_be_wrong() -> None:
    assert verdict(rule(), endpoint(tls=MODE[True])).message == "A title"


def test_texts_come_in_the_language_asked_for() -> None:
    (finding,) = judge((system(endpoint(tls=MODE[False])),), policy(rule()), "es")
    assert (finding.title, finding.why, finding.message) == ("Un título", "Un motivo", "imap en ninguno")


# Places


def test_the_place_is_the_decisive_origin_of_the_first_part_that_failed() -> None:
    judged = rule(require="require: {port: 993, tls.mode: implicit, exposure: public}")
    fact = endpoint(
        port=Known(993, at(3)),
        tls=Tls(mode=Known("none", (*at(5, "ssl"), *at(2)))),
        exposure=Known("private", at(7)),
    )
    finding = verdict(judged, fact)
    assert finding.place == span(5)
    assert finding.trace == (*at(5, "ssl"), *at(2))
    assert not finding.missing


def test_of_alternatives_that_all_fail_the_first_is_the_place() -> None:
    judged = rule(require="require: {any: [{port: 993}, {tls.mode: implicit}]}")
    assert verdict(judged, endpoint(port=Known(143, at(3)), tls=MODE[False])).place == span(3)


def test_a_default_stands_where_it_would_be_set() -> None:
    fact = endpoint(tls=Tls(mode=Known("none", at(9, "ssl", default=True))))
    finding = verdict(rule(), fact)
    assert (finding.place, finding.missing) == (span(9), True)


def test_what_selected_the_fact_is_related() -> None:
    judged = rule(when="when: {protocol: imap, port: 143, exposure: public}")
    fact = endpoint(
        protocol=Known("imap", at(1, path="master.cf")),
        port=Known(143, at(2, path="master.cf")),
        exposure=Known("public", at(4, default=True)),
        tls=MODE[False],
    )
    assert verdict(judged, fact).related == (
        Related(span(1, "master.cf"), "protocol is imap"),
        Related(span(2, "master.cf"), "port is 143"),
    )


def test_where_the_value_has_no_place_the_fact_has() -> None:
    finding = verdict(rule(), endpoint(tls=Tls(mode=Known("none")), line=12))
    assert finding.place == span(12, "master.cf")


def test_an_origin_outside_all_files_is_passed_over() -> None:
    origins = (Origin("seen"), *at(5))
    assert verdict(rule(), endpoint(tls=Tls(mode=Known("none", origins)))).place == span(5)


def test_a_fact_seen_on_the_wire_has_no_place() -> None:
    seen = replace(endpoint(tls=Tls(mode=Known("none"))), origins=())
    assert verdict(rule(), seen).place is None


HOST_RULE = {
    "applies_to": "applies_to: system",
    "when": "when: {}",
    "require": "require: {exists: {endpoint: {protocol: imap, tls.mode: implicit}}}",
    "message": "message: {en: none, es: ninguno}",
}


def test_a_failed_exists_is_at_the_nearest_miss() -> None:
    judged = rule(**HOST_RULE)
    far = endpoint(protocol=Known("pop3", at(1)), tls=Tls(mode=Known("starttls", at(2))))
    near = endpoint(tls=MODE[False])
    (finding,) = verdicts(judged, far, near)
    assert (finding.place, finding.missing) == (span(5), False)


def test_a_failed_exists_without_a_near_miss_is_at_the_entry_file() -> None:
    far = endpoint(protocol=Known("pop3", at(4)), tls=Tls(mode=Known("starttls", at(5))))
    (finding,) = verdicts(rule(**HOST_RULE), far)
    assert (finding.place, finding.missing) == (span(1), True)


# Reasons


def test_a_reason_that_can_be_mended_goes_before_one_that_cannot() -> None:
    judged = rule(require="require: {tls.mode: implicit, banner: x}")
    fact = endpoint(tls=Tls(mode=Unknown(HOST_ONLY)), banner=Unknown(TEMPLATE))
    assert verdict(judged, fact).reason == TEMPLATE


def test_what_cannot_be_seen_stays_unknown_with_its_reason() -> None:
    finding = verdict(rule(), endpoint(tls=Tls(mode=Unknown(HOST_ONLY))))
    assert (finding.status, finding.reason) == ("unknown", HOST_ONLY)


def test_facts_that_may_be_missing_are_the_reason() -> None:
    lost = Reason("not-in-set", "there is no master.cf")
    (finding,) = verdicts(rule(**HOST_RULE), missing=(("endpoint", lost),))
    assert (finding.status, finding.reason) == ("unknown", lost)


# Listeners that serve nobody

DEAD = endpoint(tls=MODE[False], serves=Known(False, at(3)))


def test_a_listener_that_serves_nobody_breaks_no_rule() -> None:
    assert verdict(rule(), DEAD).status == "not_applicable"


def test_except_one_that_asks_whether_it_serves() -> None:
    finding = verdict(rule(require="require: {serves: true}"), DEAD)
    assert (finding.status, finding.place) == ("fail", span(3))


# Clauses, kinds, order


def test_one_verdict_for_each_clause_and_fact() -> None:
    clauses = """\
clauses:
  public: {when: {exposure: public}}
  private: {when: {exposure: private}, severity: low}
"""
    public = endpoint(exposure=Known("public"), tls=MODE[False], name="a")
    private = endpoint(exposure=Known("private"), tls=MODE[True], name="b")
    found = verdicts(rule(RULE + clauses), public, private)
    assert [(each.severity, each.subject, each.status) for each in found] == [
        ("high", "a", "fail"),
        ("high", "b", "not_applicable"),
        ("low", "b", "pass"),
        ("low", "a", "not_applicable"),
    ]


def test_a_rule_judges_facts_of_its_kind_only() -> None:
    fact = Trust("net", at(2), Known("postfix"), Known("config"), Known("relay"), bits=Known(8, at(2)))
    texts = {"when": "when: {}", "message": "message: {en: '{bits}', es: '{bits}'}"}
    judged = rule(applies_to="applies_to: trust", require="require: {bits: {ge: 24}}", **texts)
    (finding,) = verdicts(judged, endpoint(), trust=(fact,))
    assert (finding.subject, finding.message, finding.place) == ("net", "8", span(2))


def test_findings_are_ordered_by_severity_then_place() -> None:
    rules = (
        rule(severity="severity: low"),
        rule(name="b-rule", id="id: b-rule", code="code: TST-002", severity="severity: critical"),
    )
    facts = [endpoint(tls=Tls(mode=Known("none", at(line))), name=str(line)) for line in (10, 9, 2)]
    nowhere = replace(endpoint(tls=Tls(mode=Known("none")), name="nowhere"), origins=())
    found = verdicts(rules, nowhere, *facts)
    assert [(each.severity, each.subject) for each in found] == [
        (severity, subject) for severity in ("critical", "low") for subject in ("2", "9", "10", "nowhere")
    ]


# Fingerprints


def fingerprints(*facts: Endpoint, judged: Rule | None = None) -> list[str]:
    return [each.fingerprint for each in verdicts(judged or rule(), *facts)]


def with_mode(line: int, parameter: str = "ssl", name: str = "a", path: str = "main.cf") -> Endpoint:
    return endpoint(tls=Tls(mode=Known("none", at(line, parameter, path=path))), name=name)


def test_a_fingerprint_does_not_depend_on_lines_and_paths() -> None:
    (one,) = fingerprints(with_mode(5))
    assert len(one) >= 16
    assert int(one, 16) >= 0
    assert fingerprints(with_mode(50)) == [one]
    assert fingerprints(with_mode(5, path="conf.d/tls.cf")) == [one]


def test_a_fingerprint_depends_on_rule_subject_and_parameter() -> None:
    other = rule(name="b-rule", id="id: b-rule")
    found = {
        *fingerprints(with_mode(5)),
        *fingerprints(with_mode(5, name="b")),
        *fingerprints(with_mode(5, "ssl_required")),
        *fingerprints(with_mode(5), judged=other),
    }
    assert len(found) == 4


def test_equal_findings_are_told_apart_by_their_order() -> None:
    one, two = fingerprints(with_mode(5), with_mode(9))
    assert one != two
    assert fingerprints(with_mode(7), with_mode(11)) == [one, two]


def test_a_remedy_comes_with_what_is_wrong_only() -> None:
    judged = rule(remedy="remedy: {postfix: {set: {ssl: 'yes'}}}")
    hosts: dict[str, Any] = {"software": (software(),)}
    assert verdict(judged, endpoint(tls=MODE[False]), **hosts).remedy == "ssl = yes"
    assert verdict(judged, endpoint(tls=MODE[None]), **hosts).remedy == "ssl = yes"
    assert verdict(judged, endpoint(tls=MODE[True]), **hosts).remedy == ""
