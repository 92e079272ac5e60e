"""The settings of both files as they are written, and what is wrong with them."""

from __future__ import annotations

import pytest

from checker.facts.written import Setting
from checker.postfix.main_cf import parse_main_cf
from checker.postfix.release import release
from checker.postfix.scope import Configuration
from checker.postfix.written import written
from checker.source import Source
from tests.postfix.made import MX, configuration, facts, plain

SUBMISSION = "submission inet n - n - - smtpd {}\n"
CLIENT = "smtp unix - - n - - smtp {}\n"


def settings(main: str = "", master: str = MX, version: str = "3.7.11") -> dict[str, Setting]:
    return {each.id: each for each in written(configuration(main, master, version))}


def problems(main: str = "", master: str = MX, version: str = "3.7.11") -> dict[str, tuple[str, ...]]:
    """Return what is wrong, by the id without the product; what is sound is left out."""
    found = {
        name.removeprefix("postfix:"): plain(each.problems) for name, each in settings(main, master, version).items()
    }
    return {name: each for name, each in found.items() if each}


def advice(main: str, name: str, master: str = MX, version: str = "3.7.11") -> str | None:
    return plain(settings(main, master, version)[f"postfix:{name}"].advice)  # type: ignore[no-any-return]


def test_each_assignment_and_each_option_is_a_fact() -> None:
    found = settings("mail_name = Ours\n", SUBMISSION.format("-o smtpd_tls_security_level=encrypt"))
    assert list(found) == ["postfix:main.cf:mail_name", "postfix:submission/inet:smtpd_tls_security_level"]
    one, other = found.values()
    assert (plain(one.name), plain(one.value), plain(one.scope), plain(one.path)) == (
        "mail_name",
        "Ours",
        "global",
        "main.cf",
    )
    assert (plain(other.value), plain(other.scope), plain(other.path)) == ("encrypt", "submission/inet", "master.cf")
    assert one.origins[0].place is not None
    assert one.origins[0].place.line == 1


def test_the_same_name_twice_is_two_facts() -> None:
    assert list(settings("mail_name = a\nmail_name = b\n")) == [
        "postfix:main.cf:mail_name",
        "postfix:main.cf:mail_name#2",
    ]


def test_they_are_looked_at_only_if_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(each: Configuration) -> tuple[Setting, ...]:
        raise AssertionError(each)

    monkeypatch.setattr("checker.postfix.describe.written", fail)
    assert "setting" in facts("mail_name = a\n").gathered


def test_without_a_main_cf_there_are_the_options() -> None:
    master = configuration("", CLIENT.format("-o smtp_helo_timeout=5")).master
    found = written(Configuration("", release("3.7.11", None), None, master))
    assert [plain(each.name) for each in found] == ["smtp_helo_timeout"]


def test_a_secret_is_not_shown() -> None:
    main = "ldap_bind_password = hunter2\nvirtual_maps = $ldap_bind_password\n"
    secret = settings(main)["postfix:main.cf:ldap_bind_password"]
    assert plain(secret.secret) is True
    assert "hunter2" not in str(plain(secret.value))


def test_the_programs_that_read_a_setting() -> None:
    found = settings("smtp_helo_timeout = 5\nmail_name = a\n", MX + CLIENT.format(""))
    assert plain(found["postfix:main.cf:smtp_helo_timeout"].programs) == ("smtp",)
    assert plain(found["postfix:main.cf:mail_name"].programs) == ("master", "smtp", "smtpd")


@pytest.mark.parametrize(
    ("name", "problem", "meant"),
    [
        ("smtpd_recipient_restriction", "misspelt", "smtpd_recipient_restrictions"),
        ("smtpd_tls_securtiy_level", "misspelt", "smtpd_tls_security_level"),
        ("Smtpd-Banner", "misspelt", "smtpd_banner"),
        ("our_own_thing", "unknown", None),
        ("smtpd_hide_client_session", "foreign", "Postfix 3.10.0"),
        ("disable_plaintext_auth", "foreign", "Dovecot"),
        ("auth_allow_cleartext", "foreign", "Dovecot"),
        ("tls_dane_digest_agility", "removed", None),
    ],
)
def test_a_name_that_nothing_reads(name: str, problem: str, meant: str | None) -> None:
    assert problems(f"{name} = 1\n") == {f"main.cf:{name}": (problem,)}
    assert advice(f"{name} = 1\n", f"main.cf:{name}") == meant
    assert problems("", MX.rstrip() + f" -o {name}=1\n") == {f"smtp/inet:{name}": (problem,)}


@pytest.mark.parametrize(
    ("main", "master"),
    [
        ("mua = a\nsmtpd_banner = $mua\n", MX),
        ("mua = reject\n", SUBMISSION.format("-o smtpd_client_restrictions=$mua")),
        ("smtpd_restriction_classes = ours\nours = reject\n", MX),
        ("people_server_host = x\nvirtual_alias_maps = proxy:ldap:people\n", MX),
        ("slow_destination_rate_delay = 1s\n", "slow unix - - n - - smtp\n"),
        ("policy_time_limit = 1h\n", "policy unix - n n - 0 spawn user=nobody argv=/bin/policy\n"),
        ("virtual_maps = hash:/x\n", MX),
        ("postscreen_blacklist_action = drop\n", MX),
        ("process_name = x\n", MX),
    ],
)
def test_a_name_that_something_reads(main: str, master: str) -> None:
    assert problems(main, master) == {}


def test_a_placeholder_is_no_name() -> None:
    assert plain(settings("{{name}} = 1\n")["postfix:main.cf:{{name}}"].problems).kind == "template"


def test_without_a_master_cf_a_name_may_be_read() -> None:
    main = parse_main_cf(Source("main.cf", b"ours = 1\nsmtpd_hide_client_session = yes\n"))
    ours, later = written(Configuration("", release("3.7.11", None), main, None))
    assert plain(ours.problems).kind == "not-in-set"
    assert plain(later.problems) == ("foreign",)


def test_a_master_cf_that_is_a_template_may_have_a_service_that_a_name_belongs_to() -> None:
    master = MX + "{% for service in services %}\n{{ service }}\n{% endfor %}\n"
    found = settings("spf_time_limit = 3600\nsmtpd_use_postscreen = no\n", master)
    assert {plain(each.problems).kind for each in found.values()} == {"template"}


@pytest.mark.parametrize(
    ("line", "name", "version", "instead"),
    [
        ("smtpd_use_tls = yes", "smtpd_use_tls", "3.9.0", "smtpd_tls_security_level"),
        ("smtpd_tls_dh1024_param_file = /x", "smtpd_tls_dh1024_param_file", "3.10.13", None),
        ("virtual_maps = hash:/x", "virtual_maps", "3.11.6", "virtual_alias_maps"),
        (
            "smtpd_relay_restrictions = permit_mx_backup, reject",
            "smtpd_relay_restrictions",
            "3.9.0",
            "relay_domains",
        ),
    ],
)
def test_a_deprecated_name(line: str, name: str, version: str, instead: str | None) -> None:
    assert problems(f"{line}\n", MX, version) == {f"main.cf:{name}": ("deprecated",)}
    assert advice(f"{line}\n", f"main.cf:{name}", MX, version) == instead
    assert problems(f"{line}\n", MX, "3.8.4") == {}


@pytest.mark.parametrize("name", ["check_relay_domains", "reject_maps_rbl", "permit_naked_ip_address"])
def test_a_restriction_that_is_gone(name: str) -> None:
    line = f"smtpd_recipient_restrictions = {name}, reject\n"
    assert problems(line, MX, "3.9.0") == {"main.cf:smtpd_recipient_restrictions": ("removed",)}
    assert problems(line, MX, "3.8.4") == {"main.cf:smtpd_recipient_restrictions": ("deprecated",)}


def test_what_a_later_line_says_otherwise() -> None:
    assert problems("mail_name = a\nmail_name = b\n") == {"main.cf:mail_name": ("shadowed",)}
    assert problems("mail_name = a\nmail_name = a\n") == {}
    assert problems("", MX.rstrip() + " -o mail_name=a -o mail_name=b\n") == {"smtp/inet:mail_name": ("shadowed",)}


@pytest.mark.parametrize(
    ("main", "name", "decisive"),
    [
        ("smtpd_tls_security_level = may\nsmtpd_use_tls = yes", "smtpd_use_tls", "smtpd_tls_security_level"),
        ("smtpd_tls_cert_file = /c", "smtpd_tls_cert_file", "smtpd_tls_security_level"),
        (
            "smtpd_tls_security_level = may\nsmtpd_tls_chain_files = /p\nsmtpd_tls_cert_file = /c",
            "smtpd_tls_cert_file",
            "smtpd_tls_chain_files",
        ),
        (
            "smtpd_tls_security_level = may\nsmtpd_tls_mandatory_protocols = >=TLSv1.2",
            "smtpd_tls_mandatory_protocols",
            "smtpd_tls_security_level",
        ),
        (
            "smtpd_tls_security_level = encrypt\nsmtpd_tls_protocols = >=TLSv1.2",
            "smtpd_tls_protocols",
            "smtpd_tls_security_level",
        ),
        ("smtpd_sasl_path = private/auth", "smtpd_sasl_path", "smtpd_sasl_auth_enable"),
        ("mynetworks = 127.0.0.1\nmynetworks_style = host", "mynetworks_style", "mynetworks"),
    ],
)
def test_a_setting_that_another_one_makes_idle(main: str, name: str, decisive: str) -> None:
    assert problems(f"{main}\n") == {f"main.cf:{name}": ("no-effect",)}
    assert advice(f"{main}\n", f"main.cf:{name}") == decisive


@pytest.mark.parametrize("name", ["smtp_use_tls", "smtp_enforce_tls"])
def test_a_client_with_a_level_does_not_look_at_what_was_before_levels(name: str) -> None:
    main = f"smtp_tls_security_level = may\n{name} = yes\n"
    assert problems(main, CLIENT.format("")) == {f"main.cf:{name}": ("no-effect",)}
    assert advice(main, f"main.cf:{name}", CLIENT.format("")) == "smtp_tls_security_level"
    old = CLIENT.replace("smtp", "old", 1).format("-o smtp_tls_security_level=")
    assert f"main.cf:{name}" not in problems(main, CLIENT.format("") + old)


@pytest.mark.parametrize(
    ("main", "options"),
    [
        ("smtpd_sasl_path = private/auth\n", "-o smtpd_sasl_auth_enable=yes"),
        ("smtpd_tls_mandatory_ciphers = high\n", "-o smtpd_tls_security_level=encrypt"),
        ("smtpd_use_tls = yes\n", ""),
    ],
)
def test_one_service_that_looks_is_enough(main: str, options: str) -> None:
    assert problems(main, MX + SUBMISSION.format(options)) == {}


def test_what_another_program_takes_as_its_default_has_an_effect() -> None:
    main = "smtpd_tls_mandatory_protocols = >=TLSv1.2\nsmtpd_tls_security_level = may\n"
    assert problems(main, MX + "tlsproxy unix - - n - 0 tlsproxy\n") == {}


@pytest.mark.parametrize(
    ("service", "option", "decisive"),
    [
        (MX, "header_checks=", None),
        (MX, "transport_maps=hash:/t", None),
        (MX, "smtp_tls_security_level=encrypt", None),
        (MX, "smtpd_tls_session_cache_database=", None),
        (MX, "relay_domains=", "trivial-rewrite"),
        (MX, "mydestination=", "trivial-rewrite"),
        ("x unix - - n - - lmtp\n", "smtp_send_xforward_command=yes", None),
        (MX.rstrip() + " -o smtpd_tls_wrappermode=yes\n", "smtpd_tls_security_level=none", "smtpd_tls_wrappermode"),
    ],
)
def test_an_option_that_its_program_does_not_look_at(service: str, option: str, decisive: str | None) -> None:
    label = "/".join(service.split()[:2])
    name = f"{label}:{option.partition('=')[0]}"
    master = f"{service.rstrip()} -o {option}\n"
    assert problems("", master) == {name: ("no-effect",)}
    assert advice("", name, master) == decisive


@pytest.mark.parametrize(
    "options",
    [
        "-o mine=1 -o smtpd_banner=$mine",
        "-o header_checks=a -o smtpd_banner=$header_checks",
        "-o syslog_name=postfix/x",
        "-o content_filter=",
        "-o milter_macro_daemon_name=ORIGINATING",
        "-o smtpd_client_restrictions=permit_sasl_authenticated,reject",
        "-o receive_override_options=no_address_mappings",
    ],
)
def test_options_that_smtpd_reads(options: str) -> None:
    assert problems("", SUBMISSION.format(options)) == {}


def test_a_service_that_does_not_run_has_idle_options() -> None:
    master = SUBMISSION.format("-o mail_name=a") + "587 inet n - n - - smtpd\n"
    assert problems("", master) == {"submission/inet:mail_name": ("no-effect",)}


@pytest.mark.parametrize(
    ("main", "option"),
    [
        ("smtpd_tls_security_level = encrypt\n", "smtpd_tls_security_level=may"),
        ("smtpd_tls_security_level = may\n", "smtpd_tls_security_level=none"),
        ("smtpd_tls_auth_only = yes\n", "smtpd_tls_auth_only=no"),
        ("smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2\n", "smtpd_tls_protocols=>=TLSv1"),
        ("smtpd_sender_restrictions = reject_unknown_sender_domain\n", "smtpd_sender_restrictions="),
        ("", "smtpd_reject_unlisted_recipient=no"),
    ],
)
def test_an_option_that_takes_protection_away(main: str, option: str) -> None:
    name = option.partition("=")[0]
    assert problems(main, SUBMISSION.format(f"-o {option}")) == {f"submission/inet:{name}": ("weakens",)}


@pytest.mark.parametrize(
    ("main", "option"),
    [
        ("smtpd_tls_security_level = may\n", "smtpd_tls_security_level=encrypt"),
        ("smtpd_tls_security_level = may\nsmtpd_tls_protocols = >=TLSv1.2\n", "smtpd_tls_protocols=nonsense"),
        ("smtpd_helo_required = yes\n", "smtpd_helo_required=yes"),
        ("smtpd_tls_security_level = encrypt\n", "smtpd_tls_security_level=$level"),
    ],
)
def test_an_option_that_does_not(main: str, option: str) -> None:
    assert "weakens" not in sum(problems(f"{main}level = encrypt\n", SUBMISSION.format(f"-o {option}")).values(), ())


@pytest.mark.parametrize(
    ("main", "master", "name"),
    [
        ("smtpd_timeout = 1S\n", MX, "main.cf:smtpd_timeout"),
        ("smtp_connect_timeout = 1S\n", CLIENT.format(""), "main.cf:smtp_connect_timeout"),
        ("default_process_limit = 0\n", MX, "main.cf:default_process_limit"),
        ("canonical_classes = all\n", "cleanup unix n - n - 0 cleanup\n", "main.cf:canonical_classes"),
        ("", CLIENT.format("-o smtp_tls_security_level=required"), "smtp/unix:smtp_tls_security_level"),
        ("", "p unix n - n 60 1 pickup -o receive_override_options=x\n", "p/unix:receive_override_options"),
        (
            "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit\n",
            MX,
            "main.cf:smtpd_recipient_restrictions",
        ),
    ],
)
def test_a_value_that_a_program_dies_of(main: str, master: str, name: str) -> None:
    assert problems(main, master) == {name: ("fatal",)}
    assert advice(main, name, master)


@pytest.mark.parametrize("first", ["smtp", "smtpd"])
def test_one_program_dies_of_what_another_takes(first: str) -> None:
    services = {"smtp": CLIENT.format(""), "smtpd": MX}
    master = services.pop(first) + "".join(services.values())
    assert problems("notify_classes = bogus\n", master) == {"main.cf:notify_classes": ("fatal",)}


def test_the_program_that_dies_of_a_class() -> None:
    main = "smtpd_restriction_classes = a b\na = b\nb = a\nsmtpd_relay_restrictions = a\n"
    found = next(each for each in settings(main).values() if "fatal" in plain(each.problems))
    assert plain(found.programs) == ("smtpd",)


def test_nothing_dies_of_what_nothing_reads() -> None:
    assert problems("smtp_connect_timeout = 1S\n", MX) == {}


@pytest.mark.parametrize(
    ("line", "culprit"),
    [
        ("smtpd_sender_restrictions = reject_unknown_sender_domian", "reject_unknown_sender_domian"),
        ("smtpd_client_restrictions = warn_if_reject reject, nonsense", "nonsense"),
        ("mynetworks = 127.0.0.1, 10.0.0.1/8", "10.0.0.1/8"),
    ],
)
def test_an_entry_that_turns_mail_away(line: str, culprit: str) -> None:
    name = f"main.cf:{line.split(maxsplit=1)[0]}"
    assert problems(f"{line}\n") == {name: ("refuses-mail",)}
    assert advice(f"{line}\n", name) == culprit


@pytest.mark.parametrize(
    "line",
    [
        "smtpd_client_restrictions = permit, nonsense",
        "smtpd_client_restrictions = check_client_access hash:/a, hash:/b, sleep 1, reject_rbl_client a.example",
        "smtpd_restriction_classes = ours\nours = reject\nsmtpd_sender_restrictions = ours",
        "smtpd_relay_before_recipient_restrictions = yes",
    ],
)
def test_entries_that_do_not(line: str) -> None:
    assert problems(f"{line}\n") == {}


def test_a_value_that_nothing_looks_at_disables_nothing() -> None:
    main = "smtpd_tls_security_level = may\nsmtpd_tls_mandatory_protocols = nonsense\n"
    assert problems(main) == {"main.cf:smtpd_tls_mandatory_protocols": ("no-effect",)}


@pytest.mark.parametrize(
    ("line", "version", "invalid"),
    [
        ("smtpd_tls_protocols = TLS1.2", "3.7.11", True),
        ("smtpd_tls_protocols = >=TLSv1.2", "3.5.25", True),
        ("smtpd_tls_protocols = >=TLSv1.2", "3.7.11", False),
        ("smtpd_tls_ciphers = strong", "3.7.11", True),
        ("smtpd_tls_ciphers = High", "3.7.11", False),
        ("smtpd_tls_ciphers = $grade", "3.7.11", False),
    ],
)
def test_a_value_without_which_there_would_be_tls(line: str, version: str, invalid: bool) -> None:
    main = f"grade = high\nsmtpd_tls_security_level = may\n{line}\n"
    found = problems(main, MX, version)
    assert found.get(f"main.cf:{line.split(maxsplit=1)[0]}", ()) == (("disables-tls",) if invalid else ())


def test_a_service_whose_program_is_not_known_is_passed_over() -> None:
    found = settings("mail_name = a\n", "x unix - - n - - our-own -o mail_name=b\n")
    assert plain(found["postfix:x/unix:mail_name"].problems) == ()
    assert plain(found["postfix:x/unix:mail_name"].programs) == ()
