"""What postconf prints and warns of, against the real program on generated files."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from checker.postfix.postconf.files import PostconfError
from tests import oracles
from tests.oracles import run_postconf, write_configuration
from tests.postfix.postconf.made import printed, said
from tests.postfix.test_oracle import BROKEN, VALUES

USERS = ("mine", "yours", "a_1", "never_asked")
SPECIAL = (
    "mail_name",
    "smtpd_banner",
    "mydestination",
    "smtpd_recipient_restrictions",
    "smtpd_restriction_classes",
    "smtpd_expansion_filter",
    "virtual_maps",
    "relay_destination_recipient_limit",
    "maildrop_time_limit",
    "maildrop_destination_rate_delay",
    "alias_maps",
    "smtpd_use_tls",
    "smtpd_tls_securty_level",
    "accounts_server_host",
    "accounts_hosts",
    "accounts_nothing",
    "name+",
)
NAMES = st.sampled_from([*USERS, *SPECIAL])
WORDS = st.sampled_from(
    [
        "mine, yours",
        "$mine $undefined",
        "${mine?{$yours}:{$a_1}}",
        "ldap:accounts",
        "proxy:mysql:accounts, hash:/etc/aliases",
        "inline:{ {ldap:accounts} x=$mine }",
        "{ a b, ldap:accounts } }",
        "pcre:{ {/x/ # no comment} }",
        "check_client_access ldap:/nowhere/clients.cf",
        "a # b",
        "#",
        "{ a",
        "a\u00e9b",
        "x" * 70 + " y",
        "words " * 20,
        "\v a \f",
    ]
)
TEXTS = st.lists(VALUES | WORDS, max_size=3).map(" ".join)
BREAKS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n# c\n", "\n \n", "\n  more\n", "\n#c\n\t$mine\n"])
# Others may refer to these, and whether the real one has dropped the value by then is up to chance.
READ_ONLY = st.sampled_from(["process_name = postconf\n", "service_name =\n", "process_id = 1\n"])
GAPS = st.sampled_from(["", " "])
SETTING = READ_ONLY | st.builds("{}{}={}{}{}".format, NAMES, GAPS, GAPS, TEXTS, BREAKS)
MAIN = st.lists(SETTING, max_size=7).map("".join)

FIELD = st.sampled_from(
    [
        "smtp inet n - y - - smtpd",
        "smtp inet n - n - - smtpd",
        "mine unix - n n - - pipe",
        "relay unix - - y - - smtp",
        "maildrop unix - n n - 5 pipe",
        "scan\tfifo n n n 300? 1 /usr/lib/postfix/sbin/spawn",
        "x pass - - - - - spawn",
        "127.0.0.1:10025 inet n - - - - smtpd",
        "policy unix - n n - 0 spawn",
        "caf\u00e9 unix - - - - - lmtp",
    ]
)
OPTION = st.one_of(
    st.builds("-o {}={}".format, NAMES, st.sampled_from(["", "1", "$mine", "a,b", "$process_name", "ldap:accounts"])),
    st.builds("-o {{ {} = {} }}".format, NAMES, WORDS),
    st.builds("-o{}={}".format, st.sampled_from(["mine", "yours"]), st.sampled_from(["1", "$a_1"])),
    st.sampled_from(
        [
            "-v",
            "-o process_name=x",
            "-vo mine=1",
            "-D",
            "-o",
            "-o mine",
            "-o {mine}",
            "-o {mine=1}x",
            "-o =x",
            "-o { = x }",
        ]
    ),
    st.sampled_from(["--", "flags=DRhu", "user=x argv={a b} { c }", "-o yours=1 2", "{a", "{-o mine=1}", "-s n"]),
)
ENTRY = st.builds("{} {}{}".format, FIELD, st.lists(OPTION, max_size=4).map(" ".join), BREAKS)
MASTER = st.lists(ENTRY, max_size=4).map("".join)
MODES = st.sampled_from(
    [
        "-n",
        "-nx",
        "-nf",
        "-nh",
        "-nH",
        "-M",
        "-Mf",
        "-Mx",
        "-Mfx",
        "-F",
        "-Fh",
        "-FH",
        "-P",
        "-Px",
        "-Pf",
        "-x mine yours smtpd_banner nothing",
        "mine a_1",
        "-n mail_name mine",
        "-nf smtpd_banner",
        "-dh smtpd_banner",
        "-M smtp",
        "-M smtp/inet */unix",
        "-F */*/command",
        "-F smtp/inet/type no",
        "-P */*/mine",
        "-Pf smtp",
        "-Ph",
        "-nC user",
        "-nC service",
        "-nC builtin",
        "-nxo mine=$yours",
        "-no smtpd_banner=x -o mine",
    ]
)

HEAD = "myhostname = mail.example.org\nmynetworks = 127.0.0.0/8\n"
generated = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=(Phase.explicit, Phase.generate),  # to shrink takes minutes: a postconf that refuses a file sleeps a second
)


class Real(Struct, frozen=True):
    """The real postconf of a platform, and a directory for all configurations."""

    platform: str
    root: Path
    version: str
    directory: Path

    def ours(self, main: str, master: str, mode: str) -> tuple[str, list[str]]:
        """Write the files and return what we say; raise PostconfError if we refuse them."""
        write_configuration(self.directory, {"main.cf": HEAD + main, "master.cf": master})
        return printed(self.directory, mode, self.version, self.platform)

    def refuses(self, main: str, master: str, mode: str) -> bool:
        """Say whether we refuse it; the real one then sleeps a second, so that has a test of its own."""
        try:
            self.ours(main, master, mode)
        except PostconfError:
            return True
        return False

    def run(self, mode: str) -> subprocess.CompletedProcess[str]:
        """Run the real one on the files that were written last."""
        return run_postconf(self.directory, *mode.split(), root=self.root)


@pytest.fixture(scope="module", params=["debian-12", "debian-13"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Give the real postconf of a platform."""
    root = {"debian-12": oracles.ROOT, "debian-13": oracles.DEBIAN_13}[request.param]
    oracles.require_root(root)
    directory = write_configuration(tmp_path_factory.mktemp("postfix"), {"main.cf": "", "master.cf": ""})
    version = run_postconf(directory, "-dh", "mail_version", root=root).stdout.strip()
    return Real(request.param, root, version, directory)


def compare(real: Real, main: str, master: str, mode: str) -> None:
    """Compare what is printed, and what is said, in any order."""
    assume(not real.refuses(main, master, mode))
    lines, warnings = real.ours(main, master, mode)
    done = real.run(mode)
    assert done.returncode == 0, done.stderr
    assert done.stdout == lines
    assert said(done.stderr) == Counter(warnings)


@settings(generated, max_examples=120)
@given(main=MAIN, master=MASTER, mode=MODES)
def test_it_prints_and_warns_as_the_real_one(real: Real, main: str, master: str, mode: str) -> None:
    compare(real, main, master, mode)


@pytest.mark.slow
@settings(generated, max_examples=3000)
@given(main=MAIN, master=MASTER, mode=MODES)
def test_it_prints_and_warns_as_the_real_one_at_length(real: Real, main: str, master: str, mode: str) -> None:
    compare(real, main, master, mode)


@pytest.mark.parametrize("mode", ["-d", "-df", "-dH", "", "-x", "-xf"])
def test_all_parameters_are_those_of_the_real_one(real: Real, mode: str) -> None:
    lines, _ = real.ours("", "smtp inet n - y - - smtpd\n", mode)
    assert each_line(lines) == each_line(real.run(mode).stdout)


def each_line(text: str) -> list[str]:
    """Return the lines but those that differ from run to run and from build to build."""
    builds = ("process_id", "mail_release_date")
    return [line for line in text.splitlines() if line.partition(" ")[0] not in builds]


BAD_MAIN = st.builds("mail_name = {}\n".format, BROKEN) | st.sampled_from(["x\n", "= y\n", "x += y\n"])
BAD_MASTER = st.sampled_from(
    [
        "smtp inet n - y - -\n",
        "smtp INET n - y - - smtpd\n",
        "smtp inet N - y - - smtpd\n",
        "a unix - - - x - smtp\n",
        "a unix - - - - 1x smtp\n",
        "a inet n - n - - smtpd -o { mail_name = ${ }\n",
    ]
)


@pytest.mark.slow
@settings(generated, max_examples=50)
@given(files=st.tuples(MAIN, MASTER), bad=BAD_MAIN | BAD_MASTER, mode=MODES)
def test_what_is_refused_is_refused_by_the_real_one(real: Real, files: tuple[str, str], bad: str, mode: str) -> None:
    main, master = files
    main, master = (main, master + bad) if " - " in bad else (main + bad, master)
    assume(real.refuses(main, master, mode))
    assert real.run(mode).returncode == 1
