"""The rules of the package: each is valid, says what it needs to, fires and does not fire."""

from __future__ import annotations

import subprocess
import sys

import pytest

from checker.analysis import describe
from checker.policy import selftest
from checker.policy.frameworks import framework_name
from checker.policy.lint import lint
from checker.policy.load import load_rules
from checker.policy.profile import load_all_profiles, load_policy, load_profiles
from checker.policy.rule import Rule, RuleTest
from checker.resources import rules_directory
from checker.result import Target
from checker.tree import MemoryTree

RULES = load_rules([rules_directory()], validate=False)
TESTS = [pytest.param(rule, test, id=f"{rule.id}: {test.name}") for rule in RULES for test in rule.tests]


@pytest.mark.parametrize(("rule", "test"), TESTS)
def test_the_tests_inside_rules(rule: Rule, test: RuleTest) -> None:
    outcome = selftest.run_test(rule, test, describe)
    assert outcome.passed, f"{outcome.place}: {outcome.message}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_has_all_it_needs(rule: Rule) -> None:
    assert lint([rule]) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_cites_a_framework(rule: Rule) -> None:
    assert rule.controls
    assert all(framework_name(key) for key in rule.controls)


def test_the_rules_pass_the_checks_for_rules_of_users() -> None:
    assert [rule.id for rule in load_rules([rules_directory()], validate=True)] == [rule.id for rule in RULES]
    assert load_profiles([rules_directory()], validate=True).keys() == load_all_profiles([]).keys()


DEBIAN_MAIN = b"""\
smtpd_banner = $myhostname ESMTP $mail_name (Debian/GNU)
biff = no
append_dot_mydomain = no
readme_directory = no
compatibility_level = 3.6
smtpd_tls_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem
smtpd_tls_key_file=/etc/ssl/private/ssl-cert-snakeoil.key
smtpd_tls_security_level=may
smtp_tls_CApath=/etc/ssl/certs
smtp_tls_security_level=may
smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
myhostname = mx.example.org
alias_maps = hash:/etc/aliases
mydestination = $myhostname, localhost
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
mailbox_size_limit = 0
inet_interfaces = all
"""


def test_debians_default_fails_for_smuggling_alone_and_no_more_once_it_is_fixed() -> None:
    from checker.policy.judge import judge  # noqa: PLC0415 - the one test that judges as `check` does

    tree = MemoryTree({"etc/postfix/main.cf": DEBIAN_MAIN, "etc/postfix/master.cf": selftest.DEBIAN_MASTER.encode()})
    policy = load_policy([], "recommended")
    for platform, expected in (("debian-12", {"smtp-smuggling-inbound"}), ("debian-13", set())):
        systems = describe(tree, ("",), Target(platform=platform)).systems
        findings = judge(systems, policy, "en")
        assert {each.rule for each in findings if each.status in ("fail", "unknown")} == expected
        assert any(each.status == "pass" for each in findings)


def test_a_plain_run_loads_neither_the_schema_checker_nor_networks() -> None:
    code = (
        "import sys; from checker.policy.profile import load_policy; import checker.policy.judge; "
        "load_policy([], 'recommended'); print(sorted({'jsonschema', 'difflib', 'socket'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout == "[]\n"
