"""A SARIF log is one that GitHub's code scanning takes, and says what the finding says."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from checker.report import sarif
from checker.report.line_hash import line_hashes
from checker.report.sarif import sarif_data
from checker.report.style import Style
from checker.report.summary import Gate, exit_of
from checker.report.view import View
from checker.result import SEVERITIES, Compared, Finding, Notice, Question, Related, Result, Severity
from checker.values import Origin
from tests.report.made import HOST_ONLY, MAIN, MASTER, TEMPLATE, finding, result, span, system

FILES = {
    MAIN: b"myhostname = mail.example.org\nsmtpd_tls_auth_only = no\n",
    MASTER: b"submission inet n - y - - smtpd\n",
}

DEFAULT = Origin("Postfix 3.7.11", span(MASTER, 1, 1, 31), "smtpd_tls_auth_only", "yes", is_default=True)
WRITTEN = Origin("main.cf", span(MAIN, 2, 1, 25), "smtpd_tls_auth_only", "no")
OTHER = Origin("main.cf", span(MAIN, 1, 1, 30), "myhostname", "mail.example.org")
OTHER_DEFAULT = Origin("Postfix 3.7.11", span(MASTER, 1), "mydomain", "", is_default=True)

BAD = replace(
    finding(place=WRITTEN.place, trace=(WRITTEN, DEFAULT, OTHER, OTHER_DEFAULT), remedy="smtpd_tls_auth_only = yes"),
    related=(Related(span(MASTER, 1), "protocol is submission"), Related(span(MAIN, 1), "exposure is public")),
)


def view(made: Result, category: str = "") -> View:
    return View(made, Style(), Gate(), Path("/nowhere"), category=category)


def run_of(made: Result, category: str = "", most: int = sarif.MOST_RESULTS) -> Any:
    data: Any = sarif_data(view(made, category), exit_of(made, Gate()), most)
    assert (data["version"], len(data["runs"])) == ("2.1.0", 1)
    return data["runs"][0]


def only(made: Result) -> Any:
    (told,) = run_of(made)["results"]
    return told


def test_only_what_fails_is_in_it() -> None:
    states = (finding(status=each) for each in ("pass", "not_applicable", "waived"))
    unknown = finding(status="unknown", reason=TEMPLATE)
    told = run_of(result(BAD, *states, unknown, files=FILES))
    assert [each["ruleId"] for each in told["results"]] == ["no-cleartext-smtp-auth"]
    assert "kind" not in told["results"][0]
    assert "suppressions" not in told["results"][0]


def test_where_nothing_fails_there_is_an_empty_list() -> None:
    assert run_of(result(finding(status="pass")))["results"] == []


def test_a_result_stands_at_the_setting_in_a_file_of_the_repository() -> None:
    (place,) = only(result(BAD, files=FILES))["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": MAIN, "index": 0}
    assert place["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 25}
    assert place["logicalLocations"] == [{"fullyQualifiedName": "postfix:submission/inet:587"}]


def test_what_stands_in_no_file_is_shown_at_the_entry_file_of_its_host() -> None:
    (place,) = only(result(finding(place=None), files=FILES))["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == MAIN
    assert place["physicalLocation"]["region"]["startLine"] == 1


def test_without_any_file_a_result_is_left_out_and_that_is_said() -> None:
    nowhere = replace(system(), origins=())
    told = run_of(result(finding(place=None), systems=(nowhere,)))
    assert told["results"] == []
    assert [each["message"]["text"] for each in told["invocations"][0]["toolExecutionNotifications"]] == [
        "1 findings stand in no file and are left out: no-cleartext-smtp-auth"
    ]


def test_the_message_links_to_what_helps_to_understand_it() -> None:
    told = only(result(BAD, files=FILES))
    assert told["message"]["text"] == (
        "submission on *:587 accepts passwords without TLS. "
        "See also: [protocol is submission](1), [exposure is public](2)"
    )
    assert [(each["id"], each["message"]["text"]) for each in told["relatedLocations"]] == [
        (1, "protocol is submission"),
        (2, "exposure is public"),
    ]


def test_a_code_flow_leads_from_the_default_to_what_decided() -> None:
    ((thread,),) = (flow["threadFlows"] for flow in only(result(BAD, files=FILES))["codeFlows"])
    assert [step["location"]["message"]["text"] for step in thread["locations"]] == [
        "myhostname = mail.example.org: main.cf:1",
        "smtpd_tls_auth_only = yes: default (Postfix 3.7.11)",
        "smtpd_tls_auth_only = no: main.cf:2",
    ]
    assert [step.get("importance", "important") for step in thread["locations"]] == ["important"] * 2 + ["essential"]


def test_one_step_is_no_flow() -> None:
    assert "codeFlows" not in only(result(finding(place=DEFAULT.place, missing=True, trace=(DEFAULT,)), files=FILES))


def test_fingerprints_are_ours_and_githubs() -> None:
    prints = only(result(BAD, files=FILES))["partialFingerprints"]
    assert prints == {
        "mailposture/v1": sha256(b"rule\0\0host\0subject\0parameter\x000").hexdigest()[:24],
        "primaryLocationLineHash": line_hashes(FILES[MAIN])[1],
    }


def test_what_is_missing_has_a_hash_of_its_own_since_the_line_says_nothing_of_it() -> None:
    added = finding(place=span(MAIN, 2), missing=True)
    before = only(result(added, files=FILES))["partialFingerprints"]["primaryLocationLineHash"]
    moved = replace(added, place=span(MAIN, 3))
    after = only(result(moved, files=FILES | {MAIN: b"# more\n" + FILES[MAIN]}))["partialFingerprints"]
    assert before == after["primaryLocationLineHash"]
    assert before != line_hashes(FILES[MAIN])[1]
    other = replace(added, identity=("other",))
    assert only(result(other, files=FILES))["partialFingerprints"]["primaryLocationLineHash"] != before


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [("critical", "error", "9.5"), ("high", "error", "8.0"), ("medium", "warning", "5.5"), ("low", "note", "3.0"),
     ("info", "note", None)],
)  # fmt: skip
def test_severities_are_what_code_hosts_read(severity: Severity, level: str, score: str | None) -> None:
    told = run_of(result(replace(BAD, severity=severity), files=FILES))
    rule = told["tool"]["driver"]["rules"][0]
    assert told["results"][0]["level"] == rule["defaultConfiguration"]["level"] == level
    assert rule["properties"].get("security-severity") == score
    assert told["results"][0].get("rank") == (float(score) * 10 if score else None)
    assert "security" in rule["properties"]["tags"]


QUESTION = Question(
    id="relay/wide",
    code="REL-002",
    severity="critical",
    title="Only own hosts may relay",
    why="Strangers | send mail.",
    remedies=(("postfix", "Name the hosts:\nmynetworks = 127.0.0.0/8"),),
    controls={"rfc8314": ("4.1",), "nist-800-53r5": ("SC-8(1)",)},
)


def test_a_rule_tells_why_and_how_to_mend_it() -> None:
    (rule,) = run_of(replace(result(), questions=(QUESTION,)))["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("relay/wide", "RelayWide")
    assert rule["shortDescription"]["text"] == "Only own hosts may relay"
    assert rule["fullDescription"]["text"] == "Strangers | send mail."
    assert rule["help"]["text"] == (
        "Strangers | send mail.\n\n"
        "How to mend it (postfix):\nName the hosts:\nmynetworks = 127.0.0.0/8\n\n"
        "References: nist-800-53r5 SC-8(1); rfc8314 4.1\n\n"
        "mailposture explain relay tells more about a rule."
    )
    assert rule["help"]["markdown"] == (
        "Strangers \\| send mail.\n\n"
        "**How to mend it (postfix)**\n\n```text\nName the hosts:\nmynetworks = 127.0.0.0/8\n```\n\n"
        "**References**: nist-800-53r5 SC-8(1); rfc8314 4.1\n\n"
        "`mailposture explain relay` tells more about a rule."
    )
    assert rule["helpUri"] == "https://www.rfc-editor.org/rfc/rfc8314#section-4.1"


def test_a_rule_may_have_no_page_and_a_vulnerability_has_its_own() -> None:
    def page(controls: dict[str, tuple[str, ...]]) -> str | None:
        (rule,) = run_of(replace(result(), questions=(replace(QUESTION, controls=controls),)))["tool"]["driver"][
            "rules"
        ]
        return rule.get("helpUri")  # type: ignore[no-any-return]  # plain data

    assert page({"ens-2022": ("mp.com.1",)}) is None
    assert page({"cve-2023-51764": ()}) == "https://nvd.nist.gov/vuln/detail/CVE-2023-51764"


def test_rules_speak_the_language_of_the_report() -> None:
    told = run_of(replace(result(BAD, language="es", files=FILES), questions=(QUESTION,)))
    assert told["language"] == told["tool"]["driver"]["language"] == "es"
    assert "Cómo corregirlo (postfix):" in told["tool"]["driver"]["rules"][1]["help"]["text"]
    assert "Véase: " in told["results"][0]["message"]["text"]


def test_all_that_was_asked_is_listed_in_order_whatever_came_of_it() -> None:
    other = replace(QUESTION, id="aaa")
    rules = run_of(replace(result(BAD, files=FILES), questions=(QUESTION, other)))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["aaa", "no-cleartext-smtp-auth", "relay/wide"]


def test_the_clauses_of_a_rule_are_rules_of_their_own() -> None:
    wide, private = replace(BAD, clause="wide", severity="critical"), replace(BAD, clause="private", severity="low")
    told = run_of(result(wide, private, files=FILES))
    rules = told["tool"]["driver"]["rules"]
    assert [
        (each["ruleId"], rules[each["ruleIndex"]]["properties"]["security-severity"]) for each in told["results"]
    ] == [
        ("no-cleartext-smtp-auth/wide", "9.5"),
        ("no-cleartext-smtp-auth/private", "3.0"),
    ]


def test_tags_and_texts_keep_githubs_limits() -> None:
    long = replace(QUESTION, title="t" * 2000, why="w" * 2000, controls={"x": tuple(map(str, range(30)))})
    (rule,) = run_of(replace(result(), questions=(long,)))["tool"]["driver"]["rules"]
    assert len(rule["properties"]["tags"]) == 10
    assert max(len(rule[name]["text"]) for name in ("shortDescription", "fullDescription")) <= 1024


def test_places_keep_githubs_limits() -> None:
    many = tuple(Related(span(MAIN, 1, column), "x") for column in range(1, 300))
    steps = tuple(replace(WRITTEN, note=str(number)) for number in range(300))
    told = only(result(replace(BAD, related=many, trace=steps), files=FILES))
    assert len(told["relatedLocations"]) == 100
    assert len(told["codeFlows"][0]["threadFlows"][0]["locations"]) == 100


def test_of_too_many_the_worst_are_kept_and_that_is_said() -> None:
    made = result(*(replace(BAD, severity=each) for each in reversed(SEVERITIES) for _ in range(3)), files=FILES)
    told = run_of(made, most=4)
    assert [each["properties"]["severity"] for each in told["results"]] == ["critical"] * 3 + ["high"]
    assert [each["message"]["text"] for each in told["invocations"][0]["toolExecutionNotifications"]] == [
        "11 findings, the least severe, are left out: a SARIF log may hold 4"
    ]


def test_the_category_is_written_only_if_there_is_one() -> None:
    assert "automationDetails" not in run_of(result(BAD, files=FILES))
    assert run_of(result(BAD, files=FILES), category="mail")["automationDetails"] == {"id": "mail/"}


def test_files_are_listed_with_their_hashes() -> None:
    artifacts = run_of(result(files={MASTER: b"b", MAIN: b"a\n"}))["artifacts"]
    assert [(each["location"]["uri"], each["length"]) for each in artifacts] == [(MAIN, 2), (MASTER, 1)]
    assert artifacts[0]["hashes"] == {"sha-256": "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"}


def test_notices_and_verdicts_that_could_not_be_given_are_told() -> None:
    notices = (Notice("error", "broken", span(MAIN, 2), "mend it"), Notice("warning", "odd"), Notice("note", "assumed"))
    unknown = (finding(status="unknown", reason=TEMPLATE), finding(status="unknown", reason=HOST_ONLY))
    (invocation,) = run_of(result(*unknown, notices=notices, files=FILES))["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    told = invocation["toolExecutionNotifications"]
    assert [(each["level"], each["message"]["text"]) for each in told] == [
        ("error", "broken (mend it)"),
        ("warning", "odd"),
        ("note", "assumed"),
        ("note", "2 verdicts could not be given; the text and JSON reports say why"),
    ]
    assert told[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 2


def test_against_a_revision_each_result_says_whether_it_is_new() -> None:
    compared = Compared("main", "0" * 40, 0)
    made = replace(result(BAD, replace(BAD, known=True), files=FILES), compared=compared)
    assert sorted(each["baselineState"] for each in run_of(made)["results"]) == ["new", "unchanged"]
    assert "baselineState" not in only(result(BAD, files=FILES))


def rendered(made: Result) -> str:
    return sarif.render(view(made), exit_of(made, Gate()))


def test_it_is_the_same_every_time_and_plain_ascii() -> None:
    made = result(replace(BAD, message="contraseña \x7f\x1b\u202e \udcff"), files=FILES)
    assert rendered(made) == rendered(made)
    assert rendered(made).isascii()
    assert "\x7f" not in rendered(made)
    assert json.loads(rendered(made))["$schema"].endswith("sarif-2.1.0.json")


EVIL = "[x](http://evil) {0} <b> \x1b[2J password=hunter2\n::error::"


def test_nothing_in_a_file_is_a_link_a_placeholder_or_a_secret() -> None:
    step = Origin(EVIL, span(MAIN, 1), "smtp_sasl_password_maps", "static:user:hunter2")
    evil = Finding(
        rule="r", code="c", severity="high", status="fail", system=EVIL, subject=EVIL, title=EVIL, message=EVIL,
        why=EVIL, remedy=EVIL, place=span(MAIN, 1), related=(Related(span(MAIN, 2), EVIL),), trace=(step, WRITTEN),
    )  # fmt: skip
    told = rendered(result(evil, files=FILES, notices=(Notice("warning", EVIL, hint=EVIL),)))
    assert "hunter2" not in told
    assert "\\u001b" not in told
    run = json.loads(told)["runs"][0]
    messages = [run["results"][0]["message"]["text"], run["results"][0]["relatedLocations"][0]["message"]["text"]]
    messages += [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    for text in messages:
        assert "](http" not in text
        assert "{{0}}" in text
        assert text.replace("{{0}}", "").count("{0}") == 0
