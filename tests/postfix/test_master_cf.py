"""master.cf: services and their options, as master(8) and getopt(3) read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.postfix.master_cf import parse_master_cf, split_words
from checker.source import Source
from tests.postfix.made import master, service

ENTRY = "smtp inet n - n - - smtpd"


def overrides(options: str) -> dict[str, str]:
    return {name: each.value for name, each in service(options).effective_overrides().items()}


def deaths(options: str, program: str = "smtpd") -> list[str]:
    return [each.text for each in service(options, program).deaths]


def fatal(text: str) -> list[str]:
    return [each.text for each in master(text).problems if each.kind == "fatal"]


def test_an_entry_has_eight_columns() -> None:
    (each,) = master("smtp  inet n\t- y 10? 5 smtpd -v\n").services
    assert each.fields == ("smtp", "inet", "n", "-", "y", "10?", "5", "smtpd")
    assert (each.name, each.type, each.command, each.label) == ("smtp", "inet", "smtpd", "smtp/inet")


def test_entries_go_on_over_comments_and_crlf() -> None:
    (each,) = master(f"{ENTRY}\r\n# c\r\n\r\n  -o a=b\r\n").services
    assert each.command == "smtpd"
    assert [(one.name, one.value) for one in each.overrides] == [("a", "b")]


def test_a_duplicate_is_still_there() -> None:
    assert len(master(f"{ENTRY}\n{ENTRY}\n").services) == 2


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("smtp inet n - n - -", "bad field count: 7 instead of 8"),
        ("smtp", "bad field count: 1"),
        ("\0smtp", "bad field count: 0"),
        ("smtp INET n - n - - smtpd", "bad type 'INET'"),
        ("smtp tcp n - n - - smtpd", "bad type 'tcp'"),
        ("smtp inet - - n - - smtpd", "inet service cannot be private"),
        ("smtp inet y - n - - smtpd", "inet service cannot be private"),
        ("smtp unix x - n - - smtpd", "bad private field 'x'"),
        ("smtp unix n Y n - - smtpd", "bad unprivileged field 'Y'"),
        ("smtp unix n - yes - - smtpd", "bad chroot field 'yes'"),
        ("smtp unix n - n ? - smtpd", "bad wakeup field '?'"),
        ("smtp unix n - n 5s - smtpd", "bad wakeup field '5s'"),
        ("smtp unix n - n - ten smtpd", "bad process_limit field 'ten'"),
        ("smtp unix n - n - \u0665 smtpd", "bad process_limit field"),
        (f"{ENTRY} -o {{a=b", "missing '}'"),
        (f"{ENTRY} -o {{a=b}}c", "syntax error after '}'"),
        (f"{ENTRY} -o {{a=b}}{{c=d}}", "syntax error after '}'"),
    ],
)
def test_master_dies_of_a_bad_entry(entry: str, message: str) -> None:
    (text,) = fatal(f"# c\n{entry}\n{ENTRY}\n")
    assert message in text


@pytest.mark.parametrize("kind", ["inet", "unix", "fifo", "pass", "unix-dgram"])
def test_the_types_are_known(kind: str) -> None:
    assert not fatal(f"x {kind} n - n - - smtpd\n")


def test_a_fault_has_the_place_of_its_column() -> None:
    (problem,) = master("# c\nsmtp  INET n - n - - smtpd\n").problems
    assert (problem.place.line, problem.place.column, problem.place.end_column) == (2, 7, 11)


def test_an_indented_first_entry_is_ignored() -> None:
    parsed = master(f"  {ENTRY}\n25 inet n - n - - smtpd\n")
    assert [each.name for each in parsed.services] == ["25"]
    assert [each.kind for each in parsed.problems] == ["ignored"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("-o a=b", {"a": "b"}),
        ("-o a=b -o c=d", {"a": "b", "c": "d"}),
        ("-o a=b -o a=c", {"a": "c"}),
        ("-o a=", {"a": ""}),
        ("-o a=b=c", {"a": "b=c"}),
        ("-oa=b", {"a": "b"}),
        ("-osmtpd_helo_required=yes", {"smtpd_helo_required": "yes"}),
        ("-vo a=b", {"a": "b"}),
        ("-v -v -o a=b", {"a": "b"}),
        ("-s 10 -o a=b", {"a": "b"}),
        ('-o a="b"', {"a": '"b"'}),
        ("-o {a=b}", {"a": "b"}),
        ("-o { a = b  c }", {"a": "b  c"}),
        ("-o { a = {x} b }", {"a": "{x} b"}),
        ("-o a={b c}", {"a": "{b c}"}),
        ("-o a={x}y", {"a": "{x}y"}),
        ("-o a={ -o c=d", {"a": "{ -o c=d"}),
        ("-o a=} -o c=d", {"a": "}", "c": "d"}),
        ("{-o a=b}", {"a": "b"}),
        ("{-oa=b}", {"a": "b"}),
        ("-o{a=b}", {"{a": "b}"}),
        ("-o mynetworks=a,b", {"mynetworks": "a,b"}),
    ],
)
def test_an_option_overrides_a_parameter(options: str, expected: dict[str, str]) -> None:
    assert overrides(options) == expected
    assert not deaths(options)


@pytest.mark.parametrize("options", ["", "-v", "--", "-v --"])
def test_there_need_be_no_override(options: str) -> None:
    assert overrides(options) == {}
    assert not deaths(options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("-o a = b", "missing '=' after attribute name"),
        ("-o a= b", "unexpected command-line argument 'b'"),
        ("-o a=b, c", "unexpected command-line argument 'c'"),
        ("-o {a}", "missing '=' after attribute name"),
        ("-o =b", "missing attribute name"),
        ("-o { = b }", "missing attribute name"),
        ("-v- ", "invalid option --"),
        ("-x", "invalid option -x"),
        ("-q -o a=b", "invalid option -q"),
        ("-o", "option -o lacks its argument"),
        ("x", "unexpected command-line argument 'x'"),
        ("-", "unexpected command-line argument '-'"),
        ("-- -o a=b", "unexpected command-line argument '-o'"),
    ],
)
def test_a_program_dies_of_what_getopt_does_not_know(options: str, message: str) -> None:
    assert message in deaths(options)[0]
    assert not fatal(f"{ENTRY} {options}\n")


def test_options_behind_a_stray_word_do_not_count() -> None:
    assert overrides("-o a= b -o c=d") == {"a": ""}


@pytest.mark.parametrize("program", ["pipe", "spawn"])
def test_some_programs_take_words(program: str) -> None:
    made = service("-o a=b flags=R user=x argv=/bin/x -o c=d", program)
    assert not made.deaths
    assert list(made.effective_overrides()) == ["a"]


@pytest.mark.parametrize(("options", "column"), [("-o a=b", 30), ("-oa=b", 29), ("-o {a=b}", 31), ("-o { a = b }", 32)])
def test_an_override_has_its_place(options: str, column: int) -> None:
    (each,) = master(f"{ENTRY} {options}\n").services[0].overrides
    assert (each.place.line, each.place.column) == (1, column)


def test_braces_group_from_the_ninth_word_on() -> None:
    words, is_open = split_words("{a b} c d e f g h i {j k} l")
    assert [word.text for word in words] == ["{a", "b}", "c", "d", "e", "f", "g", "h", "i", "{j k}", "l"]
    assert not is_open


@given(st.binary())
def test_any_bytes_are_services_or_problems(data: bytes) -> None:
    parse_master_cf(Source("master.cf", data))


@given(st.text(alphabet="{}-o=ab \n\t"))
def test_any_options_are_overrides_or_deaths(options: str) -> None:
    source = Source("master.cf", f"{ENTRY} {options}\n".encode())
    for each in parse_master_cf(source).services:
        for one in each.overrides:
            assert one.name.strip()
            assert one.place.line >= 1
