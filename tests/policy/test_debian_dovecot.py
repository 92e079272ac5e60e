"""Debian's own Dovecot, with all of its packages, gives the recommended rules nothing to say."""

from __future__ import annotations

import pytest

from checker.analysis import describe
from checker.policy.judge import judge
from checker.policy.profile import load_policy
from checker.result import Finding, Target
from checker.tree import MemoryTree
from tests import oracles

ROOTS = {"debian-12": oracles.ROOT, "debian-13": oracles.DEBIAN_13}

ENABLED = b"\nprotocols = imap pop3 lmtp submission sieve\n"


def findings(platform: str, profile: str) -> list[Finding]:
    parts = oracles.require_root(ROOTS[platform]) / "usr/share/dovecot"
    files = [*parts.glob("*.conf"), *parts.glob("conf.d/*")]
    held = {f"etc/dovecot/{path.relative_to(parts)}": path.read_bytes() for path in files}
    held["etc/dovecot/dovecot.conf"] += ENABLED  # in place of the files that the packages drop beside it
    tree = MemoryTree(held)
    systems = describe(tree, ("",), Target(platform=platform)).systems
    return list(judge(systems, load_policy([], profile), "en"))


@pytest.mark.parametrize("platform", ROOTS)
def test_it_keeps_what_is_recommended(platform: str) -> None:
    found = findings(platform, "recommended")
    assert [each.question for each in found if each.status in ("fail", "unknown")] == []
    passed = {each.rule for each in found if each.status == "pass"}
    assert {"pop3-no-plaintext", "access-no-cleartext-login", "min-tls12-users", "certificate-configured"} <= passed


@pytest.mark.parametrize("platform", ROOTS)
def test_the_strict_profile_asks_for_more(platform: str) -> None:
    failed = {each.rule for each in findings(platform, "strict") if each.status == "fail"}
    assert {"access-tls-required", "submission-tls-required"} <= failed
    assert failed <= {"access-tls-required", "submission-tls-required", "smtps-required"}
