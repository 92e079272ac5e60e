"""The ways that mail takes out of a Postfix, and how they are protected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from checker.facts.fields import field_value
from checker.facts.outbound import Outbound
from checker.named_files import Files
from checker.postfix.describe import describe
from checker.postfix.outbound import outbound
from checker.postfix.tables.open import Tables
from checker.tree import MemoryTree
from checker.values import Unknown
from tests.postfix.made import configuration, plain, reason

LEVEL = "compatibility_level = 3.6\n"
CLIENTS = "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\nlmtp unix - - n - - lmtp\n"


def made(
    main: str = "", master: str = CLIENTS, files: Mapping[str, str] | None = None, version: str = "3.7.11"
) -> dict[str, Outbound]:
    """Return the connections of a configuration by their ids, without the product."""
    parsed = configuration(LEVEL + main, master, version)
    held = {f"etc/postfix/{name}": text.encode() for name, text in (files or {}).items()}
    tables = Tables(Files(MemoryTree(held), "etc/postfix"), parsed.release.number)
    found = outbound(replace(parsed, tables=tables))
    by_id = {each.id.removeprefix("postfix:"): each for each in found}
    assert len(by_id) == len(found), "ids are unique"
    return by_id


def of(main: str, *names: str, version: str = "3.7.11") -> Any:
    """Return fields of the client ``smtp``: one alone, or several as a tuple."""
    fact = made(main, version=version)["smtp/unix"]
    values = tuple(plain(field_value(fact, name)) for name in names)
    return values[0] if len(names) == 1 else values


def decisive(fact: Outbound, name: str) -> str:
    """Return the parameter that decided a field."""
    return field_value(fact, name).origins[0].parameter


# Which ways there are.


def test_mail_goes_where_dns_says() -> None:
    found = made()
    assert list(found) == ["smtp/unix", "relay/unix", "lmtp/unix"]
    fact = found["smtp/unix"]
    fields = ("service", "purpose", "protocol", "destination", "address", "port", "exposure", "used")
    assert tuple(plain(field_value(fact, name)) for name in fields) == (
        *("smtp/unix", "mx", "smtp", None, None, None, "public", True),
    )


def test_a_relay_host_takes_all() -> None:
    fact = made("relayhost = [mail.example.net]:submission\n")["smtp/unix"]
    assert [plain(each) for each in (fact.purpose, fact.destination, fact.address, fact.port)] == [
        *("relay", "[mail.example.net]:submission", "mail.example.net", 587),
    ]
    assert reason(fact.exposure) == "dns-only"


@pytest.mark.parametrize(
    ("relay", "address", "port", "exposure"),
    [
        ("[127.0.0.1]:10025", "127.0.0.1", 10025, "loopback"),
        ("[::1]", "::1", 25, "loopback"),
        ("[ipv6:2001:db8::25]:465", "2001:db8::25", 465, "public"),
        ("[localhost]:2525", "localhost", 2525, "loopback"),
        ("10.0.0.25", "10.0.0.25", 25, "private"),
        ("[192.0.2.25]:", "192.0.2.25", 25, "public"),
    ],
)
def test_where_the_relay_is(relay: str, address: str, port: int, exposure: str) -> None:
    assert of(f"relayhost = {relay}\n", "address", "port", "exposure") == (address, port, exposure)


def test_each_of_several_relays_is_a_fact() -> None:
    found = made("relayhost = [a.example], [b.example]\nsmtp_fallback_relay = [c.example]\n")
    names = [name for name in found if name.startswith("smtp/unix")]
    assert names == ["smtp/unix", "smtp/unix:[b.example]", "smtp/unix:[c.example]"]


def test_the_transports_own_next_hop_goes_before_the_relay_host() -> None:
    main = "default_transport = smtp:[a.example]\nrelayhost = [b.example]\n"
    assert of(main, "destination") == "[a.example]"


def test_relays_may_depend_on_the_sender() -> None:
    found = made("sender_dependent_relayhost_maps = inline:{@example.org=[a.example]:587, @example.net=DUNNO}\n")
    assert plain(found["smtp/unix"].purpose) == "mx"
    assert plain(found["smtp/unix:[a.example]:587"].purpose) == "relay"


def test_what_stays_is_delivered() -> None:
    fact = made("virtual_transport = lmtp:unix:private/dovecot-lmtp\n")["lmtp/unix"]
    assert [plain(each) for each in (fact.purpose, fact.address, fact.exposure, fact.used)] == [
        *("delivery", "private/dovecot-lmtp", "unix", True),
    ]


def test_a_filter_has_a_way_of_its_own() -> None:
    master = CLIENTS + "scan unix - - n - - smtp\n25 inet n - n - - smtpd -o content_filter=scan:[127.0.0.1]:10024\n"
    fact = made("", master)["scan/unix"]
    assert (plain(fact.purpose), plain(fact.exposure), plain(fact.used)) == ("filter", "loopback", True)


@pytest.mark.parametrize(
    ("main", "used"),
    [
        ("", False),
        ("relay_domains = example.com\n", True),
        ("default_transport = relay\n", True),
        ("relay_transport = smtp\nrelay_domains = example.com\n", False),
        ("transport_maps = inline:{example.com=relay:}\n", True),
        ("transport_maps = inline:{example.com=smtp:[a.example]}\n", False),
        ("sender_dependent_default_transport_maps = inline:{@example.com=relay}\n", True),
    ],
)
def test_whether_a_service_is_used(main: str, used: bool) -> None:
    assert plain(made(main)["relay/unix"].used) is used


@pytest.mark.parametrize(
    "main",
    [
        "transport_maps = hash:/etc/postfix/transport\n",
        "header_checks = regexp:/etc/postfix/headers\n",
        "default_transport = {{ transport }}\n",
        "relay_domains = {{ domains }}\n",
    ],
)
def test_what_is_not_read_may_use_a_service(main: str) -> None:
    assert isinstance(made(main)["relay/unix"].used, Unknown)


def test_a_check_may_hand_mail_to_a_service() -> None:
    files = {"senders": "example.com FILTER relay:[127.0.0.1]:10026\nexample.org REJECT relay:\n"}
    master = CLIENTS + "25 inet n - n - - smtpd\n"
    main = "smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders\n"
    fact = made(main, master, files)["relay/unix"]
    assert (plain(fact.purpose), plain(fact.used), plain(fact.port)) == ("filter", True, 10026)


def test_without_a_master_cf_there_is_the_client_that_every_postfix_has() -> None:
    parsed = replace(configuration("smtp_tls_security_level = may\n"), master=None)
    (fact,) = outbound(parsed)
    assert (fact.id, plain(fact.level)) == ("postfix:smtp/unix", "may")


def test_without_a_main_cf_no_way_is_known() -> None:
    made = describe(replace(configuration("", CLIENTS), main=None))
    assert made.gathered["outbound"].all() == ()
    assert "outbound" in dict(made.missing)


def test_other_programs_are_no_clients() -> None:
    assert made("", "smtp inet n - n - - smtpd\nx unix - - n - - /usr/sbin/smtp\nlocal unix - n n - - local\n") == {}


# What is asked of TLS.

DNSSEC = "smtp_dns_support_level = dnssec\n"


@pytest.mark.parametrize(
    ("main", "level", "mode", "required", "verified"),
    [
        ("", "none", "none", False, False),
        ("smtp_use_tls = yes\n", "may", "starttls", False, False),
        ("smtp_enforce_tls = yes\n", "verify", "starttls", True, True),
        ("smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no\n", "encrypt", "starttls", True, False),
        ("smtp_tls_security_level = none\nsmtp_enforce_tls = yes\n", "none", "none", False, False),
        ("smtp_tls_security_level = MAY\n", "may", "starttls", False, False),
        ("smtp_tls_security_level = encrypt\n", "encrypt", "starttls", True, False),
        ("smtp_tls_security_level = fingerprint\n", "fingerprint", "starttls", True, True),
        ("smtp_tls_security_level = dane\n", "dane", "starttls", False, False),
        ("smtp_tls_security_level = dane-only\n", "dane-only", "starttls", True, True),
        ("smtp_tls_security_level = may\nsmtp_discard_ehlo_keywords = starttls\n", "may", "none", False, False),
        ("smtp_tls_security_level = encrypt\nsmtp_tls_wrappermode = yes\n", "encrypt", "implicit", True, False),
        ("smtp_tls_security_level = may\nsmtp_tls_wrappermode = yes\n", "may", "implicit", True, False),
    ],
)
def test_levels(main: str, level: str, mode: str, required: bool, verified: bool) -> None:
    assert of(main, "level", "tls.mode", "tls.required", "verified") == (level, mode, required, verified)


def test_the_default_depends_on_release_and_compatibility() -> None:
    assert of("compatibility_level = 3.11\n", "level", version="3.11.6") == "may"
    assert of("compatibility_level = 3.10\n", "level", version="3.11.6") == "none"


@pytest.mark.parametrize(
    ("main", "works"),
    [
        ("smtp_tls_security_level = dane\n" + DNSSEC, True),
        ("smtp_tls_security_level = dane-only\n" + DNSSEC, True),
        ("smtp_tls_security_level = encrypt\n" + DNSSEC, False),
        ("smtp_tls_security_level = dane\n", False),
        ("smtp_tls_security_level = dane\nsmtp_dns_support_level = enabled\n", False),
        ("smtp_tls_security_level = dane\nsmtp_host_lookup = native\n" + DNSSEC, False),
        ("smtp_tls_security_level = dane\nsmtp_host_lookup = native, dns\n" + DNSSEC, True),
        ("smtp_tls_security_level = dane\nignore_mx_lookup_error = yes\n" + DNSSEC, False),
        ("smtp_tls_security_level = dane\nsmtp_dns_resolver_options = res_dnsrch\n" + DNSSEC, False),
        ("smtp_tls_security_level = dane\nrelayhost = [192.0.2.25]\n" + DNSSEC, False),
        ("smtp_tls_security_level = dane\nrelayhost = [mx.example.net]\n" + DNSSEC, True),
    ],
)
def test_dane_needs_more_than_its_level(main: str, works: bool) -> None:
    assert of(main, "dane") is works


def test_an_option_of_the_service_counts() -> None:
    found = made(
        "smtp_tls_security_level = may\n",
        CLIENTS.replace("smtp\nrelay", "smtp\n -o smtp_tls_security_level=none\nrelay"),
    )
    assert (plain(found["smtp/unix"].level), plain(found["relay/unix"].level)) == ("none", "may")


def test_lmtp_has_parameters_of_its_own() -> None:
    main = "lmtp_tls_security_level = encrypt\nlmtp_discard_lhlo_keywords = starttls\n"
    fact = made(main + "virtual_transport = lmtp:inet:a.example\n")["lmtp/unix"]
    assert (plain(fact.level), plain(fact.address), plain(fact.port)) == ("encrypt", "a.example", 24)
    assert "lmtp_discard_lhlo_keywords" in str(plain(fact.fault))


def test_over_a_unix_socket_tls_is_used_only_where_it_must() -> None:
    main = "virtual_transport = lmtp:unix:private/lmtp\nlmtp_tls_security_level = "
    assert plain(made(main + "may\n")["lmtp/unix"].tls.mode) == "none"
    assert plain(made(main + "encrypt\n")["lmtp/unix"].tls.required) is True
    assert "unix-domain" in str(plain(made(main + "dane\n")["lmtp/unix"].fault))


@pytest.mark.parametrize(
    ("main", "versions"),
    [
        ("smtp_tls_security_level = may\nsmtp_tls_mandatory_protocols = TLSv1.3\n", ("TLSv1", "TLSv1.3")),
        ("smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_protocols = >=TLSv1.2\n", ("TLSv1.2", "TLSv1.3")),
        (
            "smtp_tls_security_level = dane\nsmtp_tls_mandatory_protocols = TLSv1.3\nsmtp_tls_protocols = TLSv1.2\n"
            + DNSSEC,
            ("TLSv1.2", "TLSv1.3"),
        ),
    ],
)
def test_which_list_of_versions_counts(main: str, versions: tuple[str, str]) -> None:
    assert of(main, "tls.min_version", "tls.max_version") == versions


def test_without_tls_there_are_no_versions() -> None:
    assert of("", "tls.versions") is None


@pytest.mark.parametrize(
    ("main", "words"),
    [
        ("smtp_tls_security_level = bogus\n", "smtp_tls_security_level has no value 'bogus'"),
        ("smtp_tls_security_level = verify\n", "smtp_tls_CAfile"),
        ("smtp_tls_security_level = fingerprint\n", "no fingerprint"),
        ("smtp_tls_security_level = dane-only\n", "DNSSEC"),
        ("smtp_tls_security_level = may\nsmtp_tls_wrappermode = yes\n", "smtp_tls_wrappermode"),
        ("smtp_tls_security_level = encrypt\nsmtp_discard_ehlo_keywords = STARTTLS\n", "leaves out STARTTLS"),
        ("smtp_tls_security_level = encrypt\nsmtp_tls_mandatory_protocols = TLS1.2\n", "permits none"),
        ("smtp_sasl_auth_enable = yes\n", "needs smtp_sasl_password_maps"),
        ("smtp_dns_support_level = yes\n", "smtp_dns_support_level has no value 'yes'"),
        ("smtp_host_lookup = hosts\n", "smtp_host_lookup has no value 'hosts'"),
        ("smtp_tls_dane_insecure_mx_policy = verify\n", "insecure_mx_policy 'verify'"),
        ("smtp_connect_timeout = 60x\n", "bad time '60x'"),
        ("smtp_tls_policy_maps = fail:me\n", "the policy table fails"),
        ("smtp_tls_policy_maps = static:strict\n", "invalid security level 'strict'"),
    ],
)
def test_what_sends_nothing(main: str, words: str) -> None:
    assert words in of(main, "fault")


@pytest.mark.parametrize(
    "main",
    [
        "",
        "smtp_tls_security_level = verify\nsmtp_tls_CApath = /etc/ssl/certs\n",
        "smtp_tls_security_level = secure\ntls_append_default_CA = yes\n",
        "smtp_tls_security_level = secure\nsmtp_tls_trust_anchor_file = /etc/ssl/anchor.pem\n",
        "smtp_tls_security_level = fingerprint\nsmtp_tls_fingerprint_cert_match = 00:11\n",
        "smtp_tls_security_level = encrypt\nsmtp_tls_wrappermode = yes\nsmtp_discard_ehlo_keywords = starttls\n",
        "smtp_tls_security_level = dane-only\n" + DNSSEC,
        "smtp_tls_security_level = may\nsmtp_tls_mandatory_protocols = TLS1.2\n",
    ],
)
def test_what_sends(main: str) -> None:
    assert of(main, "fault") is None


# Logins.

RELAY = "relayhost = [mail.example.net]:587\n"
LOGIN = RELAY + "smtp_sasl_auth_enable = yes\nsmtp_sasl_password_maps = hash:/etc/postfix/sasl\n"
PLAIN = "smtp_sasl_security_options = noanonymous\n"


@pytest.mark.parametrize(
    ("main", "credentials", "cleartext"),
    [
        ("relayhost = [mail.example.net]:587\n", False, False),
        (LOGIN, True, False),
        (LOGIN + PLAIN, True, True),
        (LOGIN + PLAIN + "smtp_tls_security_level = may\n", True, True),
        (LOGIN + PLAIN + "smtp_tls_security_level = encrypt\n", True, False),
        (LOGIN + PLAIN + "smtp_tls_security_level = dane\n" + DNSSEC, True, True),
        (LOGIN + PLAIN + "smtp_sasl_mechanism_filter = cram-md5, digest-md5\n", True, False),
        (LOGIN + PLAIN + "smtp_sasl_mechanism_filter = cram-md5, plain\n", True, True),
        (LOGIN + PLAIN + "smtp_sasl_mechanism_filter = !gssapi, static:all\n", True, True),
        (LOGIN + PLAIN + "smtp_discard_ehlo_keywords = auth\n", False, False),
        (LOGIN + PLAIN + "smtp_sasl_auth_enable = no\n", False, False),
        (LOGIN + PLAIN + "smtp_sasl_password_maps = inline:{mail.example.net=u:p}\n", True, True),
        (LOGIN + PLAIN + "smtp_sasl_password_maps = inline:{[mail.example.net]:587=u:p}\n", True, True),
        (LOGIN + PLAIN + "smtp_sasl_password_maps = inline:{[mail.example.net]=u:p}\n", False, False),
        (LOGIN + PLAIN + "smtp_sasl_password_maps = static:u:p\nrelayhost =\n", True, True),
        (LOGIN + PLAIN + "smtp_sasl_password_maps = inline:{mail.example.net=u:p}\nrelayhost =\n", False, False),
    ],
)
def test_logins(main: str, credentials: bool, cleartext: bool) -> None:
    assert of(main, "credentials", "cleartext_allowed") == (credentials, cleartext)


def test_each_server_with_a_password_is_a_fact() -> None:
    main = LOGIN + PLAIN + "smtp_tls_policy_maps = inline:{[b.example]:587=encrypt}\n"
    files = {"sasl": "mail.example.net u:p\n[b.example]:587 u:p\n[c.example]:587 u:p\nuser@example.org u:p\n"}
    found = made(main, files=files)
    logins = {name: plain(fact.cleartext_allowed) for name, fact in found.items() if ":login:" in name}
    assert logins == {"smtp/unix:login:[c.example]:587": True}
    assert decisive(found["smtp/unix:login:[c.example]:587"], "destination") == "smtp_sasl_password_maps"


def test_files_with_passwords_are_not_listed() -> None:
    parsed = configuration(LOGIN + "smtp_tls_policy_maps = hash:/etc/postfix/tls\n", CLIENTS)
    held = {"etc/postfix/sasl": b"[c.example]:587 u:p\n", "etc/postfix/tls": b"example.com may\n"}
    tables = Tables(Files(MemoryTree(held), "etc/postfix"), parsed.release.number)
    described = describe(replace(parsed, tables=tables))
    assert [each.path for each in described.software.files] == ["main.cf", "master.cf", "etc/postfix/tls"]
    assert "postfix:smtp/unix:login:[c.example]:587" in [each.id for each in described.gathered["outbound"].all()]


def test_passwords_and_policies_that_are_not_read_may_belong_together() -> None:
    main = LOGIN + PLAIN + "relayhost =\nsmtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:/etc/postfix/tls\n"
    assert reason(made(main)["smtp/unix"].cleartext_allowed) == "not-in-set"


# Tables of policies.


@pytest.mark.parametrize(
    ("relay", "table", "level"),
    [
        ("[a.example]:587", "inline:{[a.example]:587=encrypt}", "encrypt"),
        ("[A.example]:587", "inline:{[a.example]:587=encrypt}", "encrypt"),
        ("[a.example]:587", "inline:{[a.example]=encrypt}", "may"),
        ("[a.example]:587", "inline:{a.example=encrypt}", "may"),
        ("mx.a.example", "inline:{.a.example=encrypt}", "encrypt"),
        ("mx.a.example", "inline:{a.example=encrypt}", "may"),
        ("mx.a.example:587", "inline:{.a.example=encrypt}", "may"),
        ("[a.example]", "inline:{[b.example]=none} static:encrypt", "encrypt"),
        ("[a.example]", "static:none inline:{[a.example]=encrypt}", "none"),
        ("", "static:encrypt", "encrypt"),
        ("", "inline:{a.example=encrypt}", "may"),
        ("", "socketmap:inet:127.0.0.1:8461:postfix", "may"),
    ],
)
def test_the_entry_for_the_next_hop_decides(relay: str, table: str, level: str) -> None:
    main = f"relayhost = {relay}\nsmtp_tls_security_level = may\nsmtp_tls_policy_maps = {table}\n"
    assert of(main, "level") == level


@pytest.mark.parametrize(
    ("main", "kind"),
    [
        ("relayhost = [a.example]\nsmtp_tls_policy_maps = hash:/etc/postfix/tls\n", "not-in-set"),
        ("relayhost = [a.example]\nsmtp_tls_per_site = hash:/etc/postfix/tls\n", "not-in-set"),
        ("smtp_tls_policy_maps = pcre:/etc/postfix/tls\n", "not-in-set"),
        ("smtp_tls_policy_maps = {{ tables }}\n", "template"),
        ("relayhost = [a.example]\nsmtp_tls_policy_maps = static:bogus\n", "invalid"),
    ],
)
def test_where_the_level_is_not_known(main: str, kind: str) -> None:
    assert reason(made(main)["smtp/unix"].level) == kind


def entry(default: str, text: str, key: str = "example.com") -> Outbound:
    main = f"smtp_tls_security_level = {default}\nsmtp_tls_policy_maps = inline:{{{{{key}={text}}}}}\n" + DNSSEC
    return made(main)[f"smtp/unix:policy:{key}"]


@pytest.mark.parametrize(
    ("default", "text", "weakens"),
    [
        ("may", "none", True),
        ("may", "may", False),
        ("may", "encrypt", False),
        ("none", "none", False),
        ("encrypt", "may", True),
        ("encrypt", "dane", True),
        ("encrypt", "secure", False),
        ("secure", "encrypt", True),
        ("secure", "fingerprint match=00:11", False),
        ("dane", "may", True),
        ("dane", "dane-only", False),
        ("dane", "encrypt", False),
        ("encrypt", "encrypt protocols=TLSv1.3", False),
        ("encrypt", "encrypt protocols=!SSLv2", True),
    ],
)
def test_which_entries_ask_for_less(default: str, text: str, weakens: bool) -> None:
    assert plain(entry(default, text).weakens) is weakens


def test_an_entry_is_a_fact_with_its_place() -> None:
    main = "smtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:/etc/postfix/tls\n"
    found = made(main, files={"tls": "# partners\nexample.com encrypt\n[mx.example.net]:587 secure\n"})
    facts = [found[f"smtp/unix:policy:{key}"] for key in ("example.com", "[mx.example.net]:587")]
    assert [(plain(each.purpose), plain(each.level)) for each in facts] == [("mx", "encrypt"), ("relay", "secure")]
    assert [each.origins[0].place.line for each in facts if each.origins[0].place] == [2, 3]
    assert "smtp_tls_CAfile" in str(plain(facts[1].fault))
    assert plain(facts[0].used) is None


def test_both_clients_have_one_table() -> None:
    main = "smtp_tls_policy_maps = inline:{example.com=may}\nrelay_domains = example.org\n"
    assert [name for name in made(main) if ":policy:" in name] == ["smtp/unix:policy:example.com"]
    master = CLIENTS.replace(
        "relay unix - - n - - smtp", "relay unix - - n - - smtp -o smtp_tls_security_level=encrypt"
    )
    assert len([name for name in made(main, master) if ":policy:" in name]) == 2


def test_an_invalid_entry_defers() -> None:
    fact = entry("may", "encrypt match=example.com")
    assert (reason(fact.level), reason(fact.weakens)) == ("invalid", "invalid")
    assert plain(fact.fault) == "attribute 'match' is invalid at level 'encrypt'"


def test_a_table_that_is_not_read_is_a_fact_too() -> None:
    fact = made("smtp_tls_policy_maps = hash:/etc/postfix/tls\n")["smtp/unix:policy:hash:/etc/postfix/tls"]
    assert reason(fact.level) == reason(fact.weakens) == "not-in-set"
    assert [plain(each) for each in (fact.address, fact.exposure, fact.fault)] == [None, None, None]


def test_there_is_an_end_to_facts() -> None:
    text = "".join(f"{number}.example encrypt\n" for number in range(2000))
    assert len(made("smtp_tls_policy_maps = hash:/etc/postfix/tls\n", files={"tls": text})) < 600


@pytest.mark.parametrize(
    ("table", "asks"),
    [
        ("", False),
        ("hash:/etc/postfix/tls", False),
        ("socketmap:inet:127.0.0.1:8461:postfix", True),
        ("socketmap:inet:127.0.0.1:8642:QUERY", True),
        ("socketmap:unix:/run/postfix-tlspol/tlspol.sock:QUERYwithTLSRPT", True),
        ("inline:{example.com=none} socketmap:unix:/run/mta-sts/daemon.sock:postfix", True),
        ("static:may", False),
    ],
)
def test_resolvers_of_mta_sts(table: str, asks: bool) -> None:
    assert of(f"smtp_tls_policy_maps = {table}\n", "mta_sts") is asks


def test_any_other_server_may_be_a_resolver_of_mta_sts() -> None:
    assert reason(made("smtp_tls_policy_maps = tcp:localhost:1234\n")["smtp/unix"].mta_sts) == "not-in-set"


# Where a value comes from.


def test_what_decides_comes_first() -> None:
    fact = made("smtp_tls_security_level = dane\nsmtp_tls_protocols = TLSv1.2\n")["smtp/unix"]
    assert decisive(fact, "level") == decisive(fact, "tls.mode") == "smtp_tls_security_level"
    assert decisive(fact, "tls.required") == decisive(fact, "verified") == "smtp_tls_security_level"
    assert decisive(fact, "dane") == "smtp_dns_support_level"
    assert decisive(fact, "tls.versions") == "smtp_tls_protocols"
    deaf = made("smtp_tls_security_level = may\nsmtp_discard_ehlo_keywords = starttls\n")["smtp/unix"]
    assert decisive(deaf, "tls.mode") == "smtp_discard_ehlo_keywords"
    login = made(LOGIN + PLAIN + "smtp_tls_security_level = may\n")["smtp/unix"]
    assert decisive(login, "cleartext_allowed") == "smtp_tls_security_level"
