"""What conditions find: operators, Kleene's logic, and the parts that decided."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from checker.facts.endpoint import Auth, Tls
from checker.facts.trust import Trust
from checker.facts.types import Network
from checker.policy.condition import Scope, evaluate
from checker.values import ABSENT, Known, OneOf, Open, Reason, Truth, Unknown, Value
from tests.policy.made import HOST_ONLY, TEMPLATE, at, condition, endpoint, outcome, software, system

UNKNOWN = Unknown(TEMPLATE)


def truth(text: str, **fields: Any) -> Truth:
    return outcome(text, endpoint(**fields)).truth


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        ("143", 143, True),
        ("143", 144, False),
        ("[143, 993]", 993, True),
        ("[143, 993]", 25, False),
        ("{in: [143]}", 143, True),
        ("{is_not: 143}", 143, False),
        ("{is_not: [25, 143]}", 587, True),
        ("{lt: 10}", 9, True),
        ("{lt: 10}", 10, False),
        ("{le: 10}", 10, True),
        ("{gt: 10}", 10, False),
        ("{ge: 10}", 10, True),
        ("{gt: 0, le: 50}", 51, False),
        ("{gt: 0, le: 50}", 50, True),
        ("{not: 143}", 143, False),
        ("{not: {ge: 10}}", 9, True),
        ("{is_not: {ge: 10}}", 9, True),
        ("{present: true}", 1, True),
        ("{present: false}", 1, False),
    ],
)
def test_numbers(asked: str, value: int, expected: Truth) -> None:
    assert truth(f"{{port: {asked}}}", port=Known(value)) is expected


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        ("{le: 5m}", 300, True),
        ("{lt: 5m}", "300s", False),
        ("{ge: 2h}", "1d", True),
        ("{ge: 40M}", 40 << 20, True),
        ("{ge: 40M}", "1G", True),
        ("{gt: 0}", "1w", True),
        ("{ge: '3.6'}", "3.10", True),
        ("{ge: '3.6'}", "3.6", True),
        ("{ge: '3.6'}", 2, False),
        ("{ge: TLSv1.2}", "TLSv1.3", True),
        ("{le: loopback}", "private", False),
        ("{ge: 5}", "five", None),
        ("0", "0", True),
        ("true", "yes", False),
        ("yes", True, False),
        ("static:anyone", "static:anyone", True),
        ("{contains: b}", "a, b c", True),
        ("{contains: b}", ("a", "b"), True),
        ("{contains_none: [b]}", "a,c", True),
        ("{subset_of: [a, b, c]}", "a b", True),
        ("{superset_of: [a, b]}", "a b c", True),
        ("{matches: 'ESMTP *'}", "ESMTP Postfix", True),
        ("{matches: ['x*', '*fix']}", "ESMTP Postfix", True),
        ("{matches: '*postfix'}", "ESMTP Postfix", False),
        ("{matches: 'a, b'}", ("a", "b"), True),
        ("{empty: true}", "", True),
        ("{empty: true}", (), True),
        ("{empty: false}", "x", True),
        ("{within: '0640'}", "0600", True),
        ("{within: '0640'}", "0606", False),
        ("{within: '0640'}", "rw-", None),
        ("{covers: mx.example.org}", ("*.example.org",), True),
        ("{covers: a.mx.example.org}", ("*.example.org",), False),
        ("{covers: example.org}", ("*.example.org",), False),
        ("{covers: [MX.example.org., b.example.org]}", ("mx.example.org", "B.Example.Org"), True),
        ("{covers: [mx.example.org, other.test]}", ("mx.example.org",), False),
    ],
)
def test_settings_take_their_type_from_the_operand(asked: str, value: Any, expected: Truth) -> None:
    assert truth(f"{{settings.x: {asked}}}", settings={"x": value}) is expected


@pytest.mark.parametrize(
    ("asked", "value", "expected"),
    [
        ("{ge: private}", "public", True),
        ("{ge: private}", "loopback", False),
        ("{le: loopback}", "unix", True),
        ("public", "public", True),
    ],
)
def test_exposures_are_ordered(asked: str, value: str, expected: Truth) -> None:
    assert truth(f"{{exposure: {asked}}}", exposure=Known(value)) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("{ge: '3.9'}", True), ("{lt: '3.10.10'}", True), ("{ge: '3.11'}", False), ("'3.10.2'", True), ("['3.9']", False)],
)
def test_releases_are_ordered_by_number(asked: str, expected: Truth) -> None:
    scope = Scope(software(version="3.10.2"), system())
    assert evaluate(condition(f"release: {asked}", "software"), scope).truth is expected


@pytest.mark.parametrize(
    ("asked", "network", "expected"),
    [
        ("{subset_of: [10.0.0.0/8]}", "10.1.0.0/16", True),
        ("{subset_of: [10.1.0.0/16]}", "10.0.0.0/8", False),
        ("{subset_of: [0.0.0.0/0]}", "2001:db8::/32", False),
        ("{subset_of: ['::/0']}", "2001:db8::/32", True),
        ("{subset_of: []}", "10.0.0.0/8", False),
        ("{superset_of: [10.1.2.3]}", "10.0.0.0/8", True),
        ("192.0.2.1", "192.0.2.1/32", True),
    ],
)
def test_networks_are_compared_by_containment(asked: str, network: str, expected: Truth) -> None:
    fact = Trust("t", (), Known("postfix"), Known("config"), Known("relay"), network=Known(Network(network)))
    assert evaluate(condition(f"network: {asked}", "trust"), Scope(fact, system())).truth is expected


ALL_TESTS_OF_LISTS = {
    "{contains: TLSv1.2}": (True, False),
    "{contains_any: [TLSv1.2, TLSv1.3]}": (True, False),
    "{contains_none: [SSLv3]}": (True, False),
    "{subset_of: [TLSv1.2, TLSv1.3]}": (True, False),
    "{superset_of: [TLSv1.2]}": (True, False),
    "{empty: false}": (True, True),
}


@pytest.mark.parametrize("asked", ALL_TESTS_OF_LISTS)
def test_lists(asked: str) -> None:
    for value, expected in zip((("TLSv1.2",), ("SSLv3",)), ALL_TESTS_OF_LISTS[asked], strict=True):
        assert truth(f"{{tls.versions: {asked}}}", tls=Tls(versions=Known(value))) is expected  # type: ignore[arg-type]  # literals of a table


HOLDS_FOR_ABSENT = {
    "banner: x": False,
    "banner: [x, y]": False,
    "banner: {is_not: x}": True,
    "banner: {matches: '*'}": False,
    "banner: {not: {matches: '*'}}": True,
    "banner: {present: false}": True,
    "banner: {present: true}": False,
    "banner: {empty: true}": True,
    "banner: {empty: false}": False,
    "port: {lt: 5}": False,
    "port: {ge: 0}": False,
    "tls.versions: {contains_none: [SSLv3]}": True,
    "tls.versions: {contains: SSLv3}": False,
    "tls.versions: {contains_any: [SSLv3]}": False,
    "tls.versions: {subset_of: [SSLv3]}": False,
    "tls.versions: {superset_of: []}": False,
    "banner: {covers: x}": False,
    "banner: {within: '0777'}": False,
}


@pytest.mark.parametrize("asked", HOLDS_FOR_ABSENT)
def test_absent_equals_nothing(asked: str) -> None:
    assert outcome(asked).truth is HOLDS_FOR_ABSENT[asked]


@pytest.mark.parametrize("asked", HOLDS_FOR_ABSENT)
def test_of_an_unknown_value_nothing_is_known(asked: str) -> None:
    fact = endpoint(banner=UNKNOWN, port=UNKNOWN, tls=Tls(versions=UNKNOWN))
    found = outcome(asked, fact)
    assert found.truth is None
    assert [part.reason for part in found.parts] == [TEMPLATE]


OPEN: Open[tuple[str, ...]] = Open(("PLAIN",), ("ANONYMOUS",), TEMPLATE)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("{contains: PLAIN}", True),
        ("{contains: ANONYMOUS}", False),
        ("{contains: NTLM}", None),
        ("{contains_any: [NTLM, PLAIN]}", True),
        ("{contains_any: [ANONYMOUS]}", False),
        ("{contains_any: [ANONYMOUS, NTLM]}", None),
        ("{contains_none: [ANONYMOUS]}", True),
        ("{contains_none: [PLAIN]}", False),
        ("{contains_none: [ANONYMOUS, NTLM]}", None),
        ("{subset_of: [LOGIN]}", False),
        ("{subset_of: [PLAIN, LOGIN]}", None),
        ("{superset_of: [PLAIN]}", True),
        ("{superset_of: [PLAIN, ANONYMOUS]}", False),
        ("{superset_of: [PLAIN, NTLM]}", None),
        ("{covers: PLAIN}", True),
        ("{covers: other}", None),
        ("{empty: false}", True),
        ("{empty: true}", False),
        ("{present: true}", True),
        ("{present: false}", False),
    ],
)
def test_an_open_list_decides_what_its_known_members_decide(asked: str, expected: Truth) -> None:
    found = outcome(f"{{auth.mechanisms_after_tls: {asked}}}", endpoint(auth=Auth(mechanisms_after_tls=OPEN)))
    assert found.truth is expected
    assert [part.reason for part in found.parts] == [TEMPLATE if expected is None else None]


def test_an_open_list_without_known_members_may_be_empty() -> None:
    nothing: Open[tuple[str, ...]] = Open((), (), TEMPLATE)
    fact = endpoint(auth=Auth(mechanisms_after_tls=nothing))
    assert outcome("auth.mechanisms_after_tls: {empty: true}", fact).truth is None


def one_of(*values: Known[Any] | Unknown) -> Value[Any]:
    return OneOf(tuple((f"world {number}", value) for number, value in enumerate(values, 1)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((Known(25), Known(2525)), None),
        ((Known(25), Known(25)), True),
        ((Known(26), Known(2525)), False),
        ((Known(25), UNKNOWN), None),
        ((UNKNOWN, UNKNOWN), None),
        ((Known(26), ABSENT), False),
    ],
)
def test_of_alternatives_the_common_answer_counts(values: tuple[Known[Any] | Unknown, ...], expected: Truth) -> None:
    assert truth("{port: 25}", port=one_of(*values)) is expected


def test_where_alternatives_differ_the_reason_names_their_conditions() -> None:
    found = outcome("port: 25", endpoint(port=one_of(Known(25), Known(26))))
    assert found.parts[0].reason == Reason("template", "it depends: world 1, world 2")


def test_what_cannot_be_compared_is_unknown_and_says_so() -> None:
    found = outcome("settings.x: {ge: 5}", endpoint(settings={"x": "five"}))
    assert found.parts[0].reason == Reason("invalid", "'five' cannot be compared with 5")


FIELDS = {True: "port: 25", False: "port: 26", None: "banner: x"}
TRUTHS: tuple[Truth, ...] = (True, False, None)


@pytest.mark.parametrize(("one", "other"), list(product(TRUTHS, TRUTHS)))
def test_kleene_tables(one: Truth, other: Truth) -> None:
    fact = endpoint(port=Known(25), banner=UNKNOWN)
    pair = f"[{{{FIELDS[one]}}}, {{{FIELDS[other]}}}]"
    both = False if False in (one, other) else None if None in (one, other) else True
    either = True if True in (one, other) else None if None in (one, other) else False
    assert outcome(f"all: {pair}", fact).truth is both
    assert outcome(f"any: {pair}", fact).truth is either
    assert outcome(f"not: {{{FIELDS[one]}}}", fact).truth is (None if one is None else not one)


def test_a_mapping_is_a_conjunction() -> None:
    fact = endpoint(port=Known(25))
    assert outcome("{port: 25, protocol: imap}", fact).truth is True
    assert outcome("{port: 25, protocol: pop3}", fact).truth is False
    assert outcome("{}", fact).truth is True


def test_the_parts_are_those_that_decided() -> None:
    fact = endpoint(port=Known(25), banner=UNKNOWN)
    found = outcome("{port: 25, protocol: pop3, banner: x, any: [{port: 26}, {address: a}]}", fact)
    assert found.truth is False
    assert [part.field for part in found.parts] == ["protocol", "port", "address"]
    assert [part.field for part in outcome("{port: 25, banner: x}", fact).parts] == ["banner"]
    assert [part.field for part in outcome("any: [{port: 26}, {protocol: imap}]", fact).parts] == ["protocol"]
    assert [part.field for part in outcome("not: {port: 25}", fact).parts] == ["port"]


def test_a_part_without_origins_of_its_own_has_those_of_the_fact() -> None:
    found = outcome("{port: 25, tls.mode: none}", endpoint(port=Known(25, at(7)), tls=Tls(mode=Known("none"))))
    assert [part.origins for part in found.parts] == [at(7), at(1, path="master.cf")]


def test_operands_may_be_parameters_and_fields() -> None:
    fact = endpoint(port=Known(25), settings={"x": 25, "y": 26})
    assert outcome("port: {param: ports}", fact, ports=[25, 26]).truth is True
    assert outcome("port: {in: {param: ports}}", fact, ports=[26]).truth is False
    assert outcome("port: {is_not: {param: port}}", fact, port=25).truth is False
    assert outcome("port: {field: settings.x}", fact).truth is True
    assert outcome("port: {ge: {field: settings.y}}", fact).truth is False


def test_a_parameter_can_be_asked_itself() -> None:
    assert outcome("params.strict: true", strict=True).truth is True
    assert outcome("params.limit: {le: 5}", limit=6).truth is False
    assert outcome("params.names: {empty: true}", names=[]).truth is True
    assert outcome("params.names: {contains: a}", names=["a"]).truth is True
    assert outcome("params.limit: {present: true}", limit=None).truth is False


def test_nothing_compares_with_a_parameter_that_is_null() -> None:
    assert outcome("port: {le: {param: limit}}", endpoint(port=Known(25)), limit=None).truth is False
    assert outcome("port: {is_not: {param: limit}}", endpoint(port=Known(25)), limit=None).truth is True
    members = endpoint(auth=Auth(mechanisms_after_tls=OPEN))
    assert outcome("auth.mechanisms_after_tls: {contains: {param: limit}}", members, limit=None).truth is False


def test_an_operand_that_is_unknown_makes_the_answer_unknown() -> None:
    found = outcome("address: {field: banner}", endpoint(address=Known("a"), banner=UNKNOWN))
    assert (found.truth, found.parts[0].reason) == (None, TEMPLATE)


# exists and no_such

IMAPS = endpoint(port=Known(993, at(9)), tls=Tls(mode=Known("implicit")), name="test:imaps", line=9)
IMAP = endpoint(port=Known(143, at(4)), tls=Tls(mode=Known("none", at(5))), name="test:imap", line=4)
ASKED = "{endpoint: {protocol: imap, port: 993, tls.mode: implicit}}"


def test_exists_looks_at_all_facts_of_the_host() -> None:
    host = system(IMAP, IMAPS)
    found = outcome(f"exists: {ASKED}", IMAP, host)
    assert found.truth is True
    assert [part.origins for part in found.parts][1] == at(9)
    assert outcome(f"no_such: {ASKED}", IMAP, host).truth is False


def test_a_miss_is_told_by_the_fact_that_came_nearest() -> None:
    almost = endpoint(port=Known(993), tls=Tls(mode=Known("none", at(6))), name="test:almost")
    found = outcome(f"exists: {ASKED}", IMAP, system(IMAP, almost))
    assert found.truth is False
    assert [(part.field, part.origins) for part in found.parts] == [("tls.mode", at(6))]


def test_where_nothing_came_near_the_judged_fact_is_the_place() -> None:
    found = outcome("exists: {endpoint: {protocol: sieve}}", IMAP, system(IMAP))
    assert [(part.field, part.added, part.origins) for part in found.parts] == [
        ("endpoint", True, at(4, path="master.cf"))
    ]


def test_what_may_be_missing_may_exist() -> None:
    host = system(IMAP, missing=(("endpoint", TEMPLATE),))
    assert outcome(f"exists: {ASKED}", IMAP, host).truth is None
    assert outcome(f"no_such: {ASKED}", IMAP, host).truth is None
    assert outcome(f"exists: {ASKED}", IMAP, host).parts[0].reason == TEMPLATE
    assert outcome("exists: {trust: {purpose: relay}}", IMAP, host).truth is False


def test_what_is_there_is_there_whatever_may_be_missing() -> None:
    host = system(IMAPS, missing=(("endpoint", TEMPLATE),))
    assert outcome(f"exists: {ASKED}", IMAP, host).truth is True
    assert outcome(f"no_such: {ASKED}", IMAP, host).truth is False


def test_a_fact_that_may_fit_makes_it_unknown() -> None:
    perhaps = endpoint(port=Known(993), tls=Tls(mode=Unknown(HOST_ONLY)))
    found = outcome(f"exists: {ASKED}", IMAP, system(IMAP, perhaps))
    assert (found.truth, [part.reason for part in found.parts]) == (None, [HOST_ONLY])


def test_outer_is_the_judged_fact() -> None:
    same = "exists: {endpoint: {protocol: {field: outer.protocol}, port: 993}}"
    assert outcome(same, IMAP, system(IMAP, IMAPS)).truth is True
    assert outcome(same, endpoint(protocol=Known("pop3")), system(IMAP, IMAPS)).truth is False


def test_a_listener_that_serves_nobody_is_not_there() -> None:
    dead = endpoint(port=Known(993), tls=Tls(mode=Known("implicit")), serves=Known(False))
    assert outcome(f"exists: {ASKED}", IMAP, system(dead)).truth is False
    assert outcome("exists: {endpoint: {serves: false}}", IMAP, system(dead)).truth is True
