"""What becomes of mail where a helper does not answer is what is derived."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import oracles
from tests.conftest import Command
from tests.live.postfix import observe
from tests.live.test_generated import INTERNAL_SERVICES

MAIN_CF = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.com
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_policy_service_try_limit = 1
smtpd_policy_service_retry_delay = 1s
"""

NOBODY = "inet:127.0.0.1:1"
"""Where nothing listens."""

POLICY = f"smtpd_recipient_restrictions=check_policy_service {NOBODY}"
OPTIONS: tuple[tuple[str, ...], ...] = (
    (f"smtpd_milters={NOBODY}",),
    (f"smtpd_milters={NOBODY}", "milter_default_action=accept"),
    (f"smtpd_milters={NOBODY}", "milter_default_action=Accept"),
    (f"smtpd_milters={NOBODY}", "milter_default_action=reject"),
    (f"smtpd_milters={NOBODY}", "milter_default_action=bogus"),
    (f"smtpd_milters={{ {NOBODY}, default_action=accept }}",),
    (f"smtpd_milters={{ {NOBODY}, {{ default_action = tempfail }} }}", "milter_default_action=accept"),
    (POLICY,),
    (POLICY, "smtpd_policy_service_default_action=DUNNO"),
    (POLICY, "smtpd_policy_service_default_action=ok"),
    (POLICY, "smtpd_policy_service_default_action=permit"),
    (POLICY, "smtpd_policy_service_default_action=WARN it is away"),
    (POLICY, "smtpd_policy_service_default_action=550 5.7.1 no"),
    (POLICY, "smtpd_policy_service_default_action=DEFER_IF_PERMIT later"),
    (POLICY, "smtpd_policy_service_default_action=reject_unauth_destination"),
    (f"smtpd_recipient_restrictions=check_policy_service {{ {NOBODY}, default_action=DUNNO }}",),
    ("smtpd_proxy_filter=127.0.0.1:1",),
)
FIRST_PORT = 20001


@pytest.mark.slow
def test_mail_passes_as_is_derived(tmp_path: Path, mailposture: Command) -> None:
    services = {FIRST_PORT + number: options for number, options in enumerate(OPTIONS)}
    lines = (
        f"{port} inet n - n - - smtpd\n" + "".join(f"  -o {{ {option} }}\n" for option in options)
        for port, options in services.items()
    )
    master_cf = INTERNAL_SERVICES + "".join(lines)
    passes: dict[int, bool | None] = {}
    for port, options in services.items():  # one host each: what services ask in the same way is one fact
        alone = f"{port} inet n - n - - smtpd\n" + "".join(f"  -o {{ {option} }}\n" for option in options)
        files = {"etc/postfix/main.cf": MAIN_CF, "etc/postfix/master.cf": alone}
        host = oracles.write_configuration(tmp_path / str(port), files)
        done = mailposture("show", "endpoints", "--format", "json", "--platform", "debian-12", host)
        (fact,) = json.loads(done.stdout)["outbound"]
        passes[port] = fact["fails_open"]
    working = tmp_path / "root"
    working.mkdir()
    run = observe(MAIN_CF, master_cf, list(services), working)
    replies = {port: run.ports[port].get("replies", {}) for port in services}
    seen = {port: all(replies[port].get(verb, "").startswith("250") for verb in ("MAIL", "RCPT")) for port in services}
    differing = {port: (services[port], replies[port], passes[port]) for port in services if seen[port] != passes[port]}
    assert not differing, "\n".join(run.log)
