"""From the two files of a Postfix to its facts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.facts.fields import KINDS, field_value, fields_of
from checker.postfix.describe import describe
from checker.postfix.main_cf import parse_main_cf
from checker.postfix.master_cf import parse_master_cf
from checker.postfix.release import release
from checker.postfix.scope import Configuration
from checker.result import SetFacts
from checker.source import Source
from tests.postfix.made import MX, configuration, facts, plain, reason

GOOD = "compatibility_level = 3.6\n"


def test_the_software_is_named() -> None:
    software = facts(GOOD).software
    assert (software.id, plain(software.product), plain(software.release)) == (
        "postfix:etc/postfix",
        "postfix",
        "3.7.11",
    )
    assert [file.path for file in software.files] == ["main.cf", "master.cf"]
    assert plain(software.settings.get("mail_name")) == "Postfix"


def test_why_a_release_was_assumed_is_told() -> None:
    made = describe(configuration(GOOD, MX), assumed="nothing names a release")
    assert plain(made.software.assumed) == "nothing names a release"
    assert plain(facts(GOOD).software.assumed) is None


def test_a_good_configuration_starts() -> None:
    assert plain(facts(GOOD).software.starts) is True


@pytest.mark.parametrize(
    ("main", "master", "place"),
    [
        (GOOD + "mynetworks += 10.0.0.0/8\n", MX, "main.cf:2:1"),
        (GOOD, "smtp inet\n", "master.cf:1:1"),
        (GOOD, "smtp inet y - n - - smtpd\n", "master.cf:1:11"),
    ],
)
def test_a_fatal_line_stops_every_program(main: str, master: str, place: str) -> None:
    starts = facts(main, master).software.starts
    assert plain(starts) is False
    assert str(starts.origins[0].place) == place


@pytest.mark.parametrize("name", ["submision", "127.0.0.1:amavis", "\ufeffsmtp"])
def test_whether_the_machine_knows_a_port_name_is_not_known(name: str) -> None:
    assert reason(facts(GOOD, f"{MX}{name} inet n - n - - smtpd\n").software.starts) == "host-only"


@pytest.mark.parametrize(
    ("setting", "starts"),
    [
        ("inet_protocols = ip4", False),
        ("inet_protocols = ipv4, ipv6", True),
        ("inet_protocols =", True),
        ("inet_protocols = ipv4\ninet_interfaces = 127.0.0.1, [::1]", False),
        ("inet_protocols = ipv4\ninet_interfaces = loopback-only", True),
    ],
)
def test_addresses_are_of_protocols_that_are_used(setting: str, starts: bool) -> None:
    assert plain(facts(f"{GOOD}{setting}\n").software.starts) is starts


def test_without_a_protocol_nothing_listens() -> None:
    assert facts(f"{GOOD}inet_protocols =\n", f"{MX}127.0.0.1:25 inet n - n - - smtpd\n").endpoints == ()


def test_whether_a_name_has_an_address_is_not_known() -> None:
    assert reason(facts(f"{GOOD}inet_interfaces = al\n").software.starts) == "dns-only"


def test_a_disabled_service_needs_no_port() -> None:
    main = f"{GOOD}master_service_disable = submision.inet\n"
    assert plain(facts(main, f"{MX}submision inet n - n - - smtpd\n").software.starts) is True


def test_the_notices_of_a_file_that_is_none_are_bounded() -> None:
    notices = facts(GOOD + "a = \0\n" * 30 + "garbage\n").notices
    assert len(notices) == 21
    assert (notices[0].level, notices[-1].level) == ("warning", "error")
    assert notices[-1].text == "main.cf: 11 more lines are faulty; is it a file of Postfix?"
    assert len(facts(GOOD + "a = \0\n" * 20).notices) == 20


def test_whether_a_template_starts_is_not_known() -> None:
    assert reason(facts("{% if x %}\n" + GOOD).software.starts) == "template"


def test_a_death_of_one_service_stops_no_other() -> None:
    made = facts(GOOD, MX + "587 inet n - n - - smtpd stray\n")
    assert plain(made.software.starts) is True
    assert [plain(each.serves) for each in made.endpoints] == [True, False]


def without(name: str) -> SetFacts:
    made = configuration(GOOD, MX)
    main = None if name == "main.cf" else made.main
    master = None if name == "master.cf" else made.master
    return describe(Configuration("", made.release, main, master))


def test_without_a_master_cf_endpoints_and_connections_may_be_missing() -> None:
    made = without("master.cf")
    assert made.endpoints == ()
    assert {kind for kind, _ in made.missing} == {"endpoint", "outbound", "trust"}
    assert made.software.id == "postfix"


@pytest.mark.parametrize("name", ["main.cf", "master.cf"])
def test_whether_it_starts_is_told_as_far_as_the_files_tell(name: str) -> None:
    assert plain(without(name).software.starts) is True


# fmt: off
WORDS = st.sampled_from([
    *"ab=,/-:?!#${}()", " ", "\n", "\n ", "\t", "\r", "\0", " = ", "\n25 inet n - n - - smtpd ",
    "yes", "no", "may", "encrypt", "smtpd", "postscreen", "inet", "unix", "pass", "25", "smtp", "-o",
    "127.0.0.1", "0.0.0.0/0", "$a", "${a?b}", "{{ x }}", "permit", "reject", "mynetworks", "myhostname", "mydomain",
    "smtpd_tls_security_level", "smtpd_relay_restrictions", "smtpd_restriction_classes", "inet_interfaces",
    "master_service_disable", "compatibility_level",
])
# fmt: on
TEXTS = st.lists(WORDS, max_size=40).map("".join).map(str.encode)


def all_fields(made: SetFacts) -> int:
    """Ask for every field of every fact; return how many there are."""
    found = {
        "endpoint": made.endpoints,
        "outbound": made.gathered["outbound"].all(),
        "trust": made.trust,
        "process": made.gathered["process"].all(),
        "software": (made.software,),
    }
    asked = [
        field_value(fact, name) for kind in KINDS if kind in found for fact in found[kind] for name in fields_of(kind)
    ]
    return len(asked)


@settings(deadline=None)
@given(TEXTS | st.binary(), TEXTS | st.binary(), st.sampled_from(["2.10.0", "3.2.0", "3.7.11", "3.11.6"]))
def test_any_bytes_have_a_description(main: bytes, master: bytes, version: str) -> None:
    made = describe(
        Configuration(
            "",
            release(version, None),
            parse_main_cf(Source("main.cf", main)),
            parse_master_cf(Source("master.cf", master)),
        )
    )
    assert all_fields(made) > 0


def test_hundreds_of_services_with_a_name_that_doubles_itself_end() -> None:
    main = GOOD + "".join(f"a{at} = $a{at + 1}$a{at + 1}\n" for at in range(90))
    main += "smtpd_banner = $a0\nmynetworks = $a0\nsmtpd_recipient_restrictions = $a0\n"
    master = "".join(f"{port} inet n - n - - smtpd\n" for port in range(10000, 10100))
    assert len(facts(main, master).endpoints) == 100


def test_without_any_interface_nothing_starts() -> None:
    starts = facts("inet_interfaces =\n", "smtp inet n - n - - smtpd\n").software.starts
    assert plain(starts) is False
    assert starts.origins[0].parameter == "inet_interfaces"


def test_without_any_interface_entries_with_a_host_still_do() -> None:
    assert plain(facts("inet_interfaces =\n", "127.0.0.1:25 inet n - n - - smtpd\n").software.starts) is True
