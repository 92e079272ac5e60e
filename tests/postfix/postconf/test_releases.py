"""What postconf does from which release on; seen with the real programs of these releases."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import Struct

from checker.postfix.postconf.files import PostconfError
from tests.oracles import write_configuration
from tests.postfix.postconf.made import printed

MAIN = "myhostname = mail.example.org\nmynetworks = 127.0.0.0/8\n"
SMTPD = "submission inet n - y - - smtpd"


class Case(Struct, frozen=True):
    """A change: what is printed or said before and from a release on. None: it is refused."""

    name: str
    mode: str
    before: str
    since: str
    old: str | None
    new: str | None
    main: str = ""
    master: str = ""

    def __str__(self) -> str:
        return self.name


COLUMNS = "submission inet  n       -       y       -       -       smtpd"
ODD = "x          unix  N       -       y       -       -       smtpd\n"
TYPE = "x/unix-dgram/type = unix-dgram\n"
DEPRECATED = '/main.cf: support for parameter "{}" will be removed; instead, specify "{}"\n'
CASES = [
    Case("braces in values", "-nhx mail_name", "2.11.11", "3.0.15", None, "true\n", "mail_name = ${{1} == {1}}\n"),
    Case(
        "blanks around names",
        "-nhx mail_name",
        "3.2.22",
        "3.3.22",
        None,
        "127.0.0.0/8\n",
        "mail_name = ${ mynetworks }\n",
    ),
    Case(
        "a parameter without a name",
        "-nhx mail_name",
        "3.2.22",
        "3.3.22",
        None,
        "q\n/main.cf: undefined parameter: \n",
        "mail_name = ${:q}\n",
    ),
    Case("levels", "-nhx mail_name", "3.5.27", "3.6.20", None, "true\n", "mail_name = ${{3.6} <level {3.10}}\n"),
    Case("functions", "-nhx mail_name", "3.10.13", "3.11.6", None, "xn--4ca\n", "mail_name = ${domain_to_ascii{ä}}\n"),
    Case(
        "a name must not be empty",
        "-nh mail_name",
        "3.3.22",
        "3.4.29",
        "x\n/main.cf: unused parameter: =y\n",
        None,
        "mail_name = x\n= y\n",
    ),
    Case(
        "values that are replaced are told",
        "-nh mail_name",
        "2.10.10",
        "2.11.11",
        "y\n",
        "y\n/main.cf, line 4: overriding earlier entry: mail_name=x\n",
        "mail_name = x\nmail_name = y\n",
    ),
    Case("fields are looked at", "-M x", "2.10.10", "2.11.11", ODD, None, master="x unix N - y - - smtpd\n"),
    Case("unix-dgram", "-F x/unix-dgram/type", "3.3.22", "3.4.29", None, TYPE, master="x unix-dgram n - n - - y\n"),
    Case(
        "braces group in master.cf",
        "-M",
        "2.11.11",
        "3.0.15",
        f"{COLUMNS} -o {{ mail_name = x }}\n",
        f"{COLUMNS} -o mail_name=x\n",
        master=f"{SMTPD} -o {{ mail_name = x }}\n",
    ),
    Case(
        "each option has a line of its own",
        "-Mf",
        "2.10.10",
        "2.11.11",
        f"{COLUMNS} -o a=b\n    -o mail_name=x\n",
        f"{COLUMNS}\n    -o a=b\n    -o mail_name=x\n",
        master=f"{SMTPD} -o a=b -o mail_name=x\n",
    ),
    Case("parameters of entries", "-P", "2.10.10", "2.11.11", None, "", master=f"{SMTPD}\n"),
    Case(
        "unused options are told with -M",
        "-M",
        "3.2.22",
        "3.3.22",
        f"{COLUMNS} -o a=b\n",
        f"{COLUMNS} -o a=b\n/master.cf: unused parameter: a=b\n",
        master=f"{SMTPD} -o a=b\n",
    ),
    Case(
        "the name of the service",
        "-P -x",
        "3.2.22",
        "3.3.22",
        "submission/inet/mail_name = -postconf\n/master.cf: undefined parameter: service_name\n",
        "submission/inet/mail_name = submission-smtpd\n",
        master=f"{SMTPD} -o mail_name=$service_name-$process_name\n",
    ),
    Case(
        "comments in values",
        "-nh mail_name",
        "3.7.22",
        "3.8.20",
        "a # b\n",
        "a # b\n/main.cf: #comment after other text is not allowed: # b...\n",
        "mail_name = a # b\n",
    ),
    Case(
        "deprecated names",
        "-nh smtpd_use_tls",
        "3.8.20",
        "3.9.14",
        "yes\n",
        "yes\n" + DEPRECATED.format("smtpd_use_tls", "smtpd_tls_security_level"),
        "smtpd_use_tls = yes\n",
    ),
    Case(
        "deprecated names of old, and where to read about them",
        "-nh virtual_maps",
        "3.10.13",
        "3.11.6",
        "hash:/x\n",
        "hash:/x\n"
        + DEPRECATED.format("virtual_maps", "virtual_alias_maps")
        + "See https://www.postfix.org/DEPRECATION_README.html for details\n",
        "virtual_maps = hash:/x\n",
    ),
    Case(
        "text behind a NUL",
        "-nh mail_name",
        "3.8.20",
        "3.9.14",
        "a\n",
        "a\n/main.cf, line 3: text after null byte may be ignored\n",
        "mail_name = a\0b\n",
    ),
    Case("quiet", "-nqh mail_name", "3.10.13", "3.11.6", "a\n", "a\n", "mail_name = a\nmine = b\nsmtp_use_tls = yes\n"),
]


def answer(directory: Path, case: Case, version: str) -> str | None:
    """Return what is printed and then what is said, None if it is refused."""
    write_configuration(directory, {"main.cf": MAIN + case.main, "master.cf": case.master})
    try:
        lines, warnings = printed(directory, case.mode, version)
    except PostconfError:
        return None
    return lines + "".join(f"{text.replace(str(directory), '')}\n" for text in warnings)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_changed_with_a_release(case: Case, tmp_path: Path) -> None:
    assert (answer(tmp_path, case, case.before), answer(tmp_path, case, case.since)) == (case.old, case.new)


def test_what_only_the_real_program_knows_is_said(tmp_path: Path) -> None:
    """A difference on purpose: the real one looks host names up to compute mynetworks."""
    main = "inet_interfaces = localhost\nmail_name = $mynetworks\n"
    write_configuration(tmp_path, {"main.cf": main, "master.cf": ""})
    lines, warnings = printed(tmp_path, "-nxh mail_name", "3.7.11")
    assert lines == "\n"
    assert warnings == ["mynetworks: the default is known to the real program alone, and is left out"]


def test_the_file_of_a_table_client_is_not_read(tmp_path: Path) -> None:
    """A difference on purpose: it may be any file of the machine, and the real one would show what is in it."""
    (tmp_path / "ldap.cf").write_text("password = secret\n")
    files = f"alias_maps = ldap:{tmp_path}/ldap.cf, ldap:{tmp_path}/none.cf\n"
    write_configuration(tmp_path, {"main.cf": files, "master.cf": ""})
    _, warnings = printed(tmp_path, "-n", "3.7.11")
    assert warnings == [f'open "ldap" configuration "{tmp_path}/none.cf": No such file or directory']
