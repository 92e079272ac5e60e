"""The report for people."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from checker.report.style import Style, text_width
from checker.report.summary import Gate
from checker.result import Finding, Notice, Related
from checker.source import Span
from checker.values import Origin, Reason
from tests.report.made import HOST_ONLY, MAIN, MASTER, TEMPLATE, finding, report, result, span

FILES = {
    MAIN: b"# the hub\nsmtpd_tls_auth_only = no\n",
    MASTER: b"smtp inet n - y - - smtpd\nsubmission inet n - y - - smtpd\n  -o smtpd_tls_auth_only=no\n",
}

OPTION = Origin("-o submission/inet", span(MASTER, 3, 6, 28), "smtpd_tls_auth_only", "no")
IN_MAIN = Origin("main.cf", span(MAIN, 2, 1, 25), "smtpd_tls_auth_only", "no")
DEFAULT = Origin("Postfix 3.7.11", span(MASTER, 2, 1, 32), "smtpd_tls_auth_only", "no", is_default=True)


def cleartext(**changes: object) -> Finding:
    made = finding(place=OPTION.place, trace=(OPTION, IN_MAIN, DEFAULT), remedy="smtpd_tls_auth_only = yes")
    return replace(made, **changes)


def test_a_finding_has_its_frame_its_trace_and_its_remedy() -> None:
    told = report(result(cleartext(), finding(status="pass"), files=FILES))
    assert told == (
        "etc/postfix/master.cf\n"
        "\n"
        "high[SUB-005]: submission on *:587 accepts passwords without TLS\n"
        "   --> etc/postfix/master.cf:3:6\n"
        "    |\n"
        "  2 | submission inet n - y - - smtpd\n"
        "  3 |   -o smtpd_tls_auth_only=no\n"
        "    |      ^^^^^^^^^^^^^^^^^^^^^^\n"
        "    = subject: postfix:submission/inet:587\n"
        "    = value: smtpd_tls_auth_only = no: default (Postfix 3.7.11) -> main.cf:2 -> master.cf:3 (-o\n"
        "             submission/inet)\n"
        "    = fix: smtpd_tls_auth_only = yes\n"
        "    = rule: no-cleartext-smtp-auth\n"
        "\n"
        "etc/postfix judged as Postfix 3.7.11 (debian-12; assumed: the installed package)\n"
        "15 rules on 1 host, 1 listener: 1 fail (1 high), 1 pass\n"
        "exit status 1: findings at or above medium\n"
        "mailposture explain no-cleartext-smtp-auth tells more about a rule.\n"
    )


def test_a_missing_setting_is_said_to_be_added() -> None:
    told = report(result(cleartext(place=DEFAULT.place, missing=True, trace=(DEFAULT,)), files=FILES))
    assert "  2 | submission inet n - y - - smtpd\n    + smtpd_tls_auth_only is not set here; it would be added" in told
    assert "= value: smtpd_tls_auth_only = no: default (Postfix 3.7.11)\n" in told
    assert "^" not in told


def test_a_value_that_the_frame_shows_is_not_told_again() -> None:
    told = report(result(cleartext(place=IN_MAIN.place, trace=(IN_MAIN, DEFAULT)), files=FILES))
    assert "= value" not in told


def test_other_settings_that_decided_are_told_where_they_are_written() -> None:
    other = Origin("main.cf", span(MAIN, 1), "smtpd_sasl_auth_enable", "yes")
    silent = Origin("Postfix 3.7.11", span(MAIN, 2), "smtpd_sasl_type", "cyrus", is_default=True)
    told = report(result(cleartext(place=IN_MAIN.place, trace=(IN_MAIN, other, silent)), files=FILES))
    assert "= value: smtpd_sasl_auth_enable = yes: main.cf:1\n" in told
    assert "smtpd_sasl_type" not in told


def test_a_secret_in_a_trace_is_hidden() -> None:
    secret = Origin("main.cf", span(MAIN, 1), "smtp_sasl_password_maps", "static:user:pass")
    told = report(result(cleartext(trace=(OPTION, secret)), files=FILES))
    assert "smtp_sasl_password_maps = static:<secret>: main.cf:1" in told
    assert "user:pass" not in told


def test_the_same_finding_for_several_subjects_is_told_once() -> None:
    told = report(result(cleartext(), cleartext(subject="postfix:2525/inet:2525"), files=FILES))
    assert told.count("high[SUB-005]") == 1
    assert "= subjects: postfix:submission/inet:587, postfix:2525/inet:2525\n" in told
    assert "2 fail (2 high)" in told


@pytest.mark.parametrize("status", ["fail", "pass"])
def test_a_secret_in_the_name_of_a_subject_is_hidden(status: str) -> None:
    told = report(
        result(cleartext(subject="postfix:relay:static:user:pass", status=status), files=FILES), show_all=True
    )
    assert "postfix:relay:static:<secret>" in told


def test_many_subjects_are_counted() -> None:
    told = report(result(*(cleartext(subject=f"s{number}") for number in range(20)), files=FILES))
    assert "s11, and 8 more" in told
    assert "s12" not in told


def test_findings_are_grouped_by_file_the_worst_first() -> None:
    told = report(
        result(
            finding(code="A-1", severity="low", place=span(MAIN, 1)),
            finding(code="A-2", severity="medium", place=span(MASTER, 1)),
            finding(code="A-3", severity="critical", place=span(MAIN, 2)),
            finding(code="A-4", severity="high", place=None),
            finding(code="A-5", severity="critical", status="unknown", reason=TEMPLATE, place=span(MASTER, 2)),
            files=FILES,
        )
    )
    headings = re.findall(r"^(etc/\S+|\(in no file\))$|^\w+\[(A-\d)\]", told, re.MULTILINE)
    assert ["".join(each) for each in headings] == [MAIN, "A-3", "A-1", "(in no file)", "A-4", MASTER, "A-2", "A-5"]


def test_what_stands_in_no_file_has_no_frame() -> None:
    told = report(result(finding(place=None)))
    assert told.startswith("(in no file)\n\nhigh[SUB-005]: submission")
    assert "-->" not in told


def test_an_unknown_verdict_says_why() -> None:
    told = report(result(finding(status="unknown", message="Passwords travel encrypted", reason=TEMPLATE)))
    assert "unknown[SUB-005]: Passwords travel encrypted\n" in told
    assert "= reason: smtpd_tls_security_level is filled in by a template\n" in told


def test_what_cannot_be_seen_is_said_once_and_is_no_finding() -> None:
    unseen = finding(code="FIL-001", status="unknown", reason=HOST_ONLY)
    told = report(result(unseen, unseen, finding(status="pass")))
    assert "unknown[" not in told
    assert "  2 x host-only: the permissions of files are not in the files (FIL-001)\n" in told
    assert "0 fail, 2 not seen, 1 pass" in told


def test_what_passed_is_shown_only_on_request() -> None:
    made = result(
        finding(status="pass"), finding(status="pass", subject="s2"), finding(code="X-1", status="not_applicable")
    )
    assert "pass  " not in report(made)
    assert (
        "pass            SUB-005 no-cleartext-smtp-auth: postfix:submission/inet:587, s2\n"
        "not applicable  X-1 no-cleartext-smtp-auth: postfix:submission/inet:587\n"
    ) in report(made, show_all=True)


def test_related_places_and_long_remedies_are_told() -> None:
    related = (Related(span(MAIN, 2), "exposure is public"),)
    remedy = "Say it so:\nsmtpd_relay_restrictions = " + "permit_sasl_authenticated, " * 5 + "reject"
    told = report(result(cleartext(related=related, remedy=remedy), files=FILES))
    assert "= see also: etc/postfix/main.cf:2:1 exposure is public\n" in told
    assert f"= fix: Say it so:\n           {remedy.splitlines()[1]}\n" in told


def test_notices_have_a_place_and_a_hint_and_the_gravest_come_first() -> None:
    notices = (
        Notice("note", "judged as the last release"),
        Notice("warning", "overriding an earlier entry", span(MAIN, 2), "remove one"),
        Notice("error", "cannot be read"),
    )
    told = report(result(finding(status="pass"), notices=notices))
    assert (
        "error: cannot be read\n"
        "warning: etc/postfix/main.cf:2:1: overriding an earlier entry\n"
        "  hint: remove one\n"
        "note: judged as the last release\n"
    ) in told
    assert "exit status 2: a part of the job could not be done\n" in told


def test_the_summary_adds_up() -> None:
    made = result(
        finding(severity="critical"),
        *(finding(severity="high", subject=f"s{number}") for number in range(2)),
        finding(status="unknown", reason=TEMPLATE),
        *(finding(status="pass") for _ in range(20)),
        *(finding(status="not_applicable") for _ in range(6)),
    )
    line = "15 rules on 1 host, 1 listener: 3 fail (1 critical, 2 high), 1 unknown, 20 pass, 6 not applicable\n"
    assert line in report(made)
    counts = [int(number) for number in re.findall(r"(\d+) (?:fail|unknown|pass|not applicable)", line)]
    assert sum(counts) == len(made.findings)


def test_nothing_to_check_says_what_to_try() -> None:
    told = report(result(systems=(), rules=3))
    assert (
        "3 rules on 0 hosts, 0 listeners: 0 fail, 0 pass\nexit status 3: no mail server configuration was found\n"
        in told
    )
    assert "mailposture check /etc/postfix" in told


@pytest.mark.parametrize(
    ("gate", "line"),
    [
        (Gate("never"), "exit status 0: findings do not count (--fail-on never)\n"),
        (Gate("critical"), "exit status 0: nothing at or above critical\n"),
        (Gate("low"), "exit status 1: findings at or above low\n"),
    ],
)
def test_the_reason_of_the_exit_status_is_said(gate: Gate, line: str) -> None:
    assert line in report(result(finding(severity="high")), gate=gate)


def test_quiet_tells_findings_and_errors_alone() -> None:
    clean = result(finding(status="pass"), notices=(Notice("warning", "odd"),))
    assert report(clean, quiet=True) == ""
    assert report(replace(clean, notices=(Notice("error", "broken"),)), quiet=True) == "error: broken\n"
    assert report(result(finding()), quiet=True).endswith("= rule: no-cleartext-smtp-auth\n")


def test_spanish_is_spanish_throughout() -> None:
    interfaces = Reason("host-only", "mynetworks comes from the network interfaces of the machine")
    made = result(
        cleartext(message="submission acepta contraseñas sin TLS"),
        finding(status="unknown", severity="low", reason=interfaces),
        finding(status="pass"),
        files=FILES,
        language="es",
        notices=(Notice("note", "se evalúa como la última versión"),),
    )
    told = report(made, show_all=True)
    assert "alta[SUB-005]: submission acepta contraseñas sin TLS\n" in told
    assert "= valor: smtpd_tls_auth_only = no: por defecto (Postfix 3.7.11) -> main.cf:2 -> master.cf:3" in told
    assert "= solución: smtpd_tls_auth_only = yes\n    = regla: no-cleartext-smtp-auth\n" in told
    assert "15 reglas en 1 servidor, 1 punto de escucha: 1 incumplida (1 alta), 1 no observable, 1 cumplida\n" in told
    assert "código de salida 1: hay incumplimientos de gravedad media o superior\n" in told
    assert "host-only: mynetworks procede de las interfaces de red del equipo (SUB-005)\n" in told
    english = {"subject", "value", "fix", "rules", "listener", "fail", "pass", "assumed", "exit", "judged"}
    assert not english & set(re.findall(r"[a-z]+", re.sub(r"postfix:\S+|mailposture.*", "", told)))


def test_colour_changes_nothing_but_colour() -> None:
    made = result(cleartext(), finding(status="pass"), files=FILES, notices=(Notice("warning", "odd"),))
    coloured = report(made, style=Style(colour=True), show_all=True)
    assert "\x1b[1;31mhigh[SUB-005]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == report(made, show_all=True)


def test_hostile_text_reaches_no_terminal() -> None:
    evil = "\x1b]0;owned\x07\u202e\r\n::error::"
    made = result(
        replace(
            cleartext(message=evil, subject=evil, remedy=evil, rule=evil, code=evil),
            place=Span(evil, 1, 1, 1, 2),
            related=(Related(Span(evil, 1, 1, 1, 2), evil),),
            trace=(Origin(evil, Span(evil, 1, 1, 1, 2), evil, evil), Origin(evil, None, evil, evil)),
        ),
        finding(status="unknown", reason=replace(TEMPLATE, text=evil), subject=evil),
        finding(status="unknown", reason=replace(HOST_ONLY, text=evil), subject=evil),
        notices=(Notice("warning", evil, Span(evil, 1, 1, 1, 2), evil),),
        files={evil: evil.encode()},
    )
    told = report(made, show_all=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", told)
    assert not re.search("^::error", told, re.MULTILINE)


@pytest.mark.parametrize("width", [60, 72, 160])
def test_lines_keep_to_the_width_but_for_what_is_to_be_pasted(width: int) -> None:
    long = cleartext(message="word " * 60, trace=(replace(OPTION, text="value, " * 40), IN_MAIN), remedy="prose " * 50)
    notices = (Notice("warning", "much to say " * 20, hint="try this " * 20),)
    told = report(result(long, files=FILES, notices=notices), style=Style(width=width))
    assert all(text_width(line) <= width for line in told.splitlines() if "explain" not in line)
