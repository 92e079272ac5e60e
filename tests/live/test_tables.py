"""Lookup tables in restriction lists, networks and domains: a real Postfix relays where it is derived that it does.

The stranger is 198.51.100.7, says EHLO client.example, and writes from stranger@example.net to victim@example.com.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import oracles
from tests.conftest import Command
from tests.live.agreement import endpoints_derived
from tests.live.postfix import observe
from tests.live.test_generated import FIRST_PORT, INTERNAL_SERVICES

MAIN_CF = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
mynetworks = 192.0.2.0/28
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = lax, reject
smtpd_restriction_classes = lax strict inner
lax = permit
strict = reject_unauth_destination
inner = lax, reject
"""

FILES = {
    "senders": "stranger@example.net OK\nother@example.net REJECT\n",
    "domains": "example.net OK\n",
    "parents": "net OK\n",
    "dotted": ".net OK\n",
    "users": "stranger@ OK\n",
    "null": "<> OK\n",
    "helo": "client.example 1234\n",
    "folded": "STRANGER@Example.NET OK\n",
    "twice": "example.net OK\nexample.net OK\n",
    "quoted": '"x y"@example.net OK\n',
    "nets": "10.0.0.0/8\n!203.0.113.7 198.51.100.0/24\n",
    "others": "10.0.0.0/8\n# 198.51.100.0/24\n  172.16.0.0/12 # 0.0.0.0/0\n",
    "everybody": "10.0.0.0/8 x\n0.0.0.0/0 OK\n",
    "nobody": "10.0.0.0/8 OK\n!10.0.0.0/8 DUNNO\n0.0.0.0/0 OK\n",
    "refusals": "/^nobody@/ DEFER\n/./ REJECT\n",
    "patterns": "/^nobody@/ OK\n/./ REJECT\n",
    "literal": "/@example\\.org$/ OK\n/\\.invalid$/ OK\n",
}
"""Tables, by their names in /etc/postfix."""

RESULTS = {
    **dict.fromkeys(
        ("OK", "ok", "RELAY", "OK text", "0", "550", "1234", "permit", "lax", "inner", "lax, reject"), True
    ),
    **dict.fromkeys(("REJECT", "DEFER", "DEFER_IF_PERMIT", "550 no", "450 no", "reject", "strict", "nonesuch"), False),
    **dict.fromkeys(("DUNNO", "INFO x", "WARN", "HOLD", "DEFER_IF_REJECT", "PREPEND X: y", "BCC a@b.example"), False),
    **dict.fromkeys(("permit_sasl_authenticated", "permit_mynetworks", "static:OK", "OK,reject", "LAX"), False),
    **dict.fromkeys(("reject_unauth_destination", "permit_auth_destination", "warn_if_reject reject"), False),
}
"""Results of a table before ``reject_unauth_destination``, and whether the stranger may relay by them."""

LISTS = {
    "check_sender_access texthash:/etc/postfix/senders": True,
    "check_sender_access texthash:/etc/postfix/domains": True,
    "check_sender_access texthash:/etc/postfix/parents": True,
    "check_sender_access texthash:/etc/postfix/dotted": False,
    "check_sender_access texthash:/etc/postfix/users": True,
    "check_sender_access texthash:/etc/postfix/folded": True,
    "check_sender_access texthash:/etc/postfix/twice": False,
    "check_sender_access {texthash:/etc/postfix/senders}": False,
    "check_sender_access inline:{example.net=OK}": True,
    "check_sender_access inline:{{example.net = OK}, example.net=REJECT}": False,
    "check_sender_access regexp:/etc/postfix/refusals": False,
    "check_sender_access fail:x": False,
    "check_sender_access nosuch:x": False,
    "check_sender_access static:{reject}": False,
    "check_sender_access": False,
    "check_sender_access senders, permit": False,
    "check_sender_access unionmap:{static:OK,static:DUNNO}": False,
    "check_sender_access pipemap:{inline:{example.net=X},inline:{x=OK}}": True,
    "check_sender_mx_access static:OK": False,
    "check_reverse_client_hostname_access static:OK": False,
    "check_reverse_client_hostname_access static:DUNNO": False,
    "check_helo_access texthash:/etc/postfix/helo": True,
    "check_recipient_access texthash:/etc/postfix/senders, permit": True,
    "texthash:/etc/postfix/senders": False,
    "static:OK": True,
    "check_client_access cidr:/etc/postfix/everybody": True,
    "check_client_access cidr:/etc/postfix/nobody": False,
    "check_client_access texthash:/etc/postfix/nets": False,
    "check_client_access cidr:{{if 0.0.0.0/0}, {10.0.0.0/8 OK}, {endif}, {!10.0.0.0/8 OK}}": True,
    "check_etrn_access static:OK": False,
    "check_sasl_access static:OK": False,
    "check_bogus_access static:OK, permit": False,
    "warn_if_reject permit": True,
    "warn_if_reject check_sender_access static:OK": True,
    "warn_if_reject reject, permit": True,
    "warn_if_reject warn_if_reject reject, permit": True,
    "warn_if_reject strict, permit": True,
    "warn_if_reject nonesuch, permit": False,
    "warn_if_reject inner": True,
}
"""Relay restrictions that ``reject_unauth_destination`` follows, and whether the stranger may relay by them."""

NETWORKS = {
    "/etc/postfix/others": False,
    "!/etc/postfix/others 0.0.0.0/0": True,
    "cidr:/etc/postfix/everybody": True,
    "cidr:/etc/postfix/nobody": True,
    "texthash:/etc/postfix/nets": False,
    "texthash:/etc/postfix/twice, 0.0.0.0/0": False,
    "10.0.0.0/8 # 0.0.0.0/0": False,
    "[10.0.0.0/8], 0.0.0.0/0": True,
    "unknown": True,
    "UNKNOWN": True,
    "static:x": True,
    "!static:x": False,
    "texthash:/etc/postfix/unknown": True,
    "fail:x 0.0.0.0/0": False,
}
"""Values of mynetworks, and whether the stranger, who has no name, may relay by them."""

FILES["unknown"] = "unknown x\n"

NAMES = {
    "stranger.example": True,
    ".stranger.example": False,
    "client.stranger.example": True,
    "unknown": False,
}
"""Values of mynetworks, and whether a client may relay by them that has the name client.stranger.example."""

HOSTS = "127.0.0.1 localhost\n192.0.2.25 server.example\n198.51.100.7 client.stranger.example\n"

DOMAINS = {
    "relay_domains = com": True,
    "relay_domains = .com": False,
    "relay_domains = com\nparent_domain_matches_subdomains =": False,
    "relay_domains = .com\nparent_domain_matches_subdomains =": True,
    "relay_domains = *": False,
    "relay_domains = inline:{com=x}": True,
    "relay_domains = inline:{COM=x}": False,
    "relay_domains = inline:{*=x}": False,
    "relay_domains = regexp:/etc/postfix/patterns": True,
    "relay_domains = regexp:/etc/postfix/literal": False,
    "relay_domains = texthash:/etc/postfix/twice": False,
    "mydestination = inline:{com=x}": False,
    "mydestination = static:x": True,
    "virtual_mailbox_domains = static:x\nvirtual_mailbox_maps =": True,
    "virtual_alias_domains = /etc/postfix/tops": False,
    "relay_domains = /etc/postfix/tops": True,
}
"""Settings in main.cf, and whether whoever asks may have mail relayed to example.com."""

FILES["tops"] = "example.org\ncom # any\n"


def relays(
    tmp_path: Path, mailposture: Command, main_cf: str, services: dict[int, str]
) -> tuple[dict[int, bool], dict[int, bool]]:
    """Return by port whether a real Postfix relays for the stranger, and whether that is derived."""
    master_cf = INTERNAL_SERVICES + "".join(
        f"{port} inet n - n - - smtpd\n{options}" for port, options in services.items()
    )
    files = {f"etc/postfix/{name}": text for name, text in FILES.items()}
    configuration = {"etc/postfix/main.cf": main_cf, "etc/postfix/master.cf": master_cf, **files}
    host = oracles.write_configuration(tmp_path / "host", configuration)
    working = tmp_path / "root"
    working.mkdir()
    run = observe(main_cf, master_cf, list(services), working, {f"/{name}": text for name, text in files.items()})
    lost = [services[port] for port in services if "replies" not in run.ports[port]]
    assert not lost, [line for line in run.log if "fatal" in line]
    seen = {port: run.ports[port]["replies"]["RCPT"].startswith("250") for port in services}
    return seen, {port: each["smtp"]["open_relay"] for port, each in endpoints_derived(mailposture, host).items()}


def check(tmp_path: Path, mailposture: Command, name: str, values: dict[str, bool]) -> None:
    """Hold both against what is expected, for a parameter that each service has another value of."""
    services = {port: f"  -o {{ {name} = {value} }}\n" for port, value in enumerate(values, FIRST_PORT)}
    seen, derived = relays(tmp_path, mailposture, MAIN_CF, services)
    assert dict(zip(values, seen.values(), strict=True)) == values
    assert dict(zip(values, derived.values(), strict=True)) == values


@pytest.mark.slow
def test_what_a_result_of_an_access_table_means(tmp_path: Path, mailposture: Command) -> None:
    values = {
        f"check_sender_access inline:{{{{example.net = {result}}}}}, reject_unauth_destination": relayed
        for result, relayed in RESULTS.items()
    }
    check(tmp_path, mailposture, "smtpd_relay_restrictions", values)


@pytest.mark.slow
def test_what_is_looked_up_in_access_tables(tmp_path: Path, mailposture: Command) -> None:
    values = {f"{text}, reject_unauth_destination": relayed for text, relayed in LISTS.items()}
    check(tmp_path, mailposture, "smtpd_relay_restrictions", values)


@pytest.mark.slow
def test_who_is_in_networks_of_files_and_tables(tmp_path: Path, mailposture: Command) -> None:
    services = {
        port: f"  -o {{ smtpd_relay_restrictions = permit_mynetworks, reject }}\n  -o {{ mynetworks = {value} }}\n"
        for port, value in enumerate(NETWORKS, FIRST_PORT)
    }
    seen, derived = relays(tmp_path, mailposture, MAIN_CF, services)
    assert dict(zip(NETWORKS, seen.values(), strict=True)) == NETWORKS
    assert dict(zip(NETWORKS, derived.values(), strict=True)) == NETWORKS


@pytest.mark.slow
def test_networks_are_asked_for_the_name_of_a_client(tmp_path: Path) -> None:
    ports = range(FIRST_PORT, FIRST_PORT + len(NAMES))
    master_cf = INTERNAL_SERVICES + "".join(
        f"{port} inet n - n - - smtpd\n"
        f"  -o {{ smtpd_relay_restrictions = permit_mynetworks, reject }}\n  -o {{ mynetworks = {name} }}\n"
        for port, name in zip(ports, NAMES, strict=True)
    )
    run = observe(MAIN_CF, master_cf, ports, tmp_path, {"/etc/hosts": HOSTS})
    seen = [run.ports[port]["replies"]["RCPT"].startswith("250") for port in ports]
    assert dict(zip(NAMES, seen, strict=True)) == NAMES


@pytest.mark.slow
@pytest.mark.parametrize("setting", DOMAINS)
def test_which_domains_are_served(tmp_path: Path, mailposture: Command, setting: str) -> None:
    seen, derived = relays(tmp_path, mailposture, f"{MAIN_CF}{setting}\n", {FIRST_PORT: ""})
    assert (seen, derived) == ({FIRST_PORT: DOMAINS[setting]}, {FIRST_PORT: DOMAINS[setting]})
