"""Values as postconf(1) computes them: the scope without a program, against the real program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from checker.postfix.main_cf import parse_main_cf
from checker.postfix.release import release
from checker.postfix.scope import Configuration, Scope
from checker.source import Source
from checker.values import Known, Unknown
from tests.conftest import Postconf
from tests.oracles import write_configuration

BUILT_IN = (
    "mail_name",
    "mydomain",
    "mydestination",
    "relay_domains",
    "smtpd_banner",
    "smtpd_tls_key_file",
    "syslog_name",
)
ASKED = (
    *BUILT_IN,
    "myhostname",
    "append_dot_mydomain",
    "mynetworks_style",
    "smtpd_relay_restrictions",
    "virtual_alias_domains",
)
MADE_UP = ("x", "y", "a_1")
NAMES = st.sampled_from([*MADE_UP, *BUILT_IN, "myhostname", "smtpd_tls_cert_file", "not_defined", "process_name"])

LITERALS = st.sampled_from(
    ["a", "B", "1", "09", "9", "3.10", " ", "  ", "\t", ",", "$$", ":", "?", "=", "#", "é", "(", ")"]
)
INSIDE = st.sampled_from(["a", "B", "1", "9", "10", "", " ", ",", "$$"])
BLANK = st.sampled_from(["", "", "", " ", "\t"])
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
LEVELS = st.sampled_from(["0", "1", "2", "3.6", "3.7.1", "9999"])


def conditions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return references of every form around some texts."""
    return st.one_of(
        st.builds("${{{}?{}}}".format, NAMES, inner),
        st.builds("${{{}:{}}}".format, NAMES, inner),
        st.builds("$({}?{{{}}}:{{{}}})".format, NAMES, inner, inner),
        st.builds("${{{0}{1}{0}?{0}{{{2}}}{0}:{0}{{{3}}}{0}}}".format, BLANK, NAMES, inner, inner),
        st.builds("${{{1}?{{{2}}}:{3}}}".format, BLANK, NAMES, inner, inner),
        st.builds(
            "${{{0}{{{1}}}{0}{2}{0}{{{3}}}{0}?{0}{{{4}}}{0}:{0}{{{5}}}}}".format,
            BLANK,
            inner,
            OPERATORS,
            inner,
            inner,
            inner,
        ),
        st.builds("${{{{{}}} {} {{{}}}}}".format, inner, OPERATORS, inner),
        st.builds("${{{{{}}} {}level {{{}}} ? {{{}}}}}".format, LEVELS, OPERATORS, LEVELS, inner),
        st.builds("{}{}".format, inner, inner),
    )


REFERENCES = st.builds("${}".format, NAMES) | st.builds("${{{}}}".format, NAMES) | st.builds("$( {} )".format, NAMES)
TEXTS = st.recursive(INSIDE | REFERENCES, conditions, max_leaves=5)
BROKEN = st.sampled_from(["$", "${", "${x", "${}", "${x!}", "${x?{a}b}", "${{a} ~ {b}}", "$-"])
VALUES = st.lists(TEXTS | LITERALS, max_size=4).map("".join)
BREAKS = st.sampled_from(["\n", "\n", "\r\n", "\n# c\n", "\n \n", "\n\n"])
FOLDS = st.sampled_from(["", "", "\n ", "\n# c\n\t", "\n\n "])
LINES = st.builds(
    "{}{}={}{}{}{}".format,
    st.sampled_from([*MADE_UP, *BUILT_IN, "smtpd_tls_cert_file", "myhostname", "virtual_maps"]),
    BLANK,
    BLANK,
    FOLDS,
    VALUES,
    BREAKS,
)
SETTINGS = st.lists(LINES, min_size=1, max_size=8).map("".join)
BAD_LINES = st.builds("mail_name = {}\n".format, BROKEN) | st.sampled_from(["x\n", "= y\n", "x += y\n", "\0x = y\n"])


def postconf_prints(text: str) -> str:
    """Return a value with its white space as postconf prints it."""
    return " ".join(re.findall(r"[^ \t\r\n]+", text))


def derived(main: str) -> dict[str, str] | None:
    """Return what we say of the values; None if Postfix is to refuse the file."""
    parsed = parse_main_cf(Source("main.cf", main.encode()))
    scope = Scope(Configuration("", release("3.7.11", "debian-12"), parsed, None))
    explicit = [name for name in scope.explicit_names() if scope.release.parameter(name)]
    values = {name: scope.text(name) for name in (*ASKED, *explicit)}
    broken = [value for value in values.values() if isinstance(value, Unknown) and value.reason.kind == "invalid"]
    if broken or any(problem.kind == "fatal" for problem in parsed.problems):
        return None
    return {
        name: postconf_prints(value.value)
        for name in ASKED
        if isinstance(value := values[name], Known) and value.value is not None
    }


def observed(postconf: Postconf, directory: Path, main: str) -> dict[str, str] | None:
    """Return what the real postconf says of the values; None if it refuses the file."""
    write_configuration(directory, {"main.cf": main, "master.cf": ""})
    done = postconf(directory, "-x", *ASKED)
    if done.returncode:
        return None
    pairs = (line.partition(" =") for line in done.stdout.removesuffix("\n").split("\n"))
    return {name: value.removeprefix(" ") for name, _, value in pairs}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one directory for all configurations."""
    return tmp_path_factory.mktemp("postfix")


HEAD = "myhostname = mail.example.org\ncompatibility_level = {}\n"
generated = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),  # to shrink takes minutes: a postconf that refuses a file sleeps a second
)


def agree(postconf: Postconf, directory: Path, text: str) -> None:
    """Compare; what we say is refused is left to a test of its own, since it takes a second."""
    said = derived(text)
    assume(said is not None)
    assert said == observed(postconf, directory, text)


@settings(generated, max_examples=60)
@given(level=LEVELS, main=SETTINGS)
def test_values_are_those_of_postconf(postconf: Postconf, directory: Path, level: str, main: str) -> None:
    agree(postconf, directory, HEAD.format(level) + main)


@pytest.mark.slow
@settings(generated, max_examples=4000)
@given(level=LEVELS, main=SETTINGS)
def test_many_values_are_those_of_postconf(postconf: Postconf, directory: Path, level: str, main: str) -> None:
    agree(postconf, directory, HEAD.format(level) + main)


@pytest.mark.slow
@settings(generated, max_examples=40)
@given(main=SETTINGS, bad=BAD_LINES)
def test_postconf_refuses_what_is_refused(postconf: Postconf, directory: Path, main: str, bad: str) -> None:
    text = HEAD.format("3.6") + main + bad
    assume(derived(text) is None)
    assert observed(postconf, directory, text) is None
