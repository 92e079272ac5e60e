"""What a condition cannot mean is refused, with its place and the nearest right name."""

from __future__ import annotations

from typing import Any

import pytest

from checker.errors import UserError
from checker.policy.compile import Context, compiled
from checker.policy.condition import All, AnyOf, Atom, Constant, Exists, FieldOf, Not
from checker.policy.document import parse
from tests.policy.made import condition

PARAMS: dict[str, Any] = {"ports": [25, 26], "version": "TLSv1.2", "wrong": "startls", "nothing": None, "strict": True}


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("protocl: imap", "1:1", "a fact of kind endpoint has no field `protocl`", "did you mean `protocol`?"),
        ("tls.mod: none", "1:1", "has no field `tls.mod`", "did you mean `tls.mode`?"),
        ("settings.: x", "1:1", "has no field `settings.`", ""),
        ("exist: {}", "1:1", "has no field `exist`", "did you mean `exists`?"),
        ("contains: x", "1:1", "`contains` is an operator, not a field", "write it below the field that it asks"),
        ("params.port: 25", "1:1", "the rule has no parameter `port`", "did you mean `ports`?"),
        ("port: {lessthan: 5}", "1:8", "there is no operator `lessthan`", ""),
        ("port: {matchs: 5}", "1:8", "there is no operator `matchs`", "did you mean `matches`?"),
        ("port: {is: 5}", "1:8", "there is no operator `is`", ""),
        ("port: {}", "1:7", "nothing is asked of this field", "a word, a list or an operator"),
        ("tls.mode: startls", "1:11", "`startls` is no value of this field", "did you mean `starttls`?"),
        ("tls.mode: [none, startls]", "1:11", "`startls` is no value of this field", "did you mean `starttls`?"),
        ("tls.mode: {is_not: tls}", "1:20", "`tls` is no value of this field", "one of: none, starttls, implicit"),
        ("tls.versions: {contains: TLSv1.4}", "1:26", "`TLSv1.4` is no value of this field", "did you mean `TLSv1."),
        (
            "exposure: {ge: local}",
            "1:16",
            "`local` is no value of this field",
            "one of: unix, loopback, private",
        ),
        ("port: '25x'", "1:7", "`25x` does not fit this field", "it holds a number, a duration (5s) or a size (40M)"),
        ("tls.required: yes", "1:15", "`yes` does not fit this field", "it holds true or false"),
        ("banner: 220", "1:9", "`220` does not fit this field", "it holds text; put what looks like a number"),
        ("banner: true", "1:9", "`true` does not fit this field", "in quotes"),
        ("banner: null", "1:9", "nothing equals null", "write `present: false`"),
        ("port: {present: yes}", "1:17", "`present` needs true or false", ""),
        ("banner: {within: '09'}", "1:18", "`within` needs a file mode in octal", 'such as "0640"'),
        ("tls.versions: {contains_any: SSLv3}", "1:30", "`contains_any` needs a list", "[one, another]"),
        ("port: {le: [1]}", "1:12", "one word is needed here", ""),
        ("settings.x: {le: soon}", "1:18", "`soon` has no order", "a number, a duration (5s)"),
        ("banner: {matches: 5}", "1:19", "`5` does not fit this field", "it holds text"),
        ("banner: {le: x}", "1:10", "`le` cannot be asked of this field (text)", "matches, present, empty"),
        ("tls.versions: TLSv1.2", "1:1", "a word cannot be asked of this field (a list of tls-version)", "contains"),
        ("tls.versions: [TLSv1.2]", "1:1", "a list of possible words cannot be asked of this field", "contains_any"),
        ("port: {contains: 5}", "1:8", "`contains` cannot be asked of this field (integer)", "lt, le, gt, ge"),
        ("port: {le: {parm: x}}", "1:12", "`le` cannot take a mapping", "{param: NAME} or {field: NAME}"),
        ("port: {in: {param: port}}", "1:20", "the rule has no parameter `port`", "did you mean `ports`?"),
        ("tls.mode: {param: wrong}", "1:11", "`wrong`: `startls` is no value of this field", "`starttls`"),
        ("port: {le: {param: ports}}", "1:12", "`ports`: one word is needed here", ""),
        ("port: {field: prt}", "1:15", "a fact of kind endpoint has no field `prt`", "did you mean `port`?"),
        ("port: {field: outer.port}", "1:15", "`outer.` means the judged fact", ""),
        ("port: {field: tls.mode}", "1:15", "`tls.mode` (text) cannot be compared with integer", ""),
        ("all: {port: 25}", "1:6", "`all` needs a list of conditions", ""),
        ("any: []", "1:6", "`any` needs a list of conditions", ""),
        ("not: [port]", "1:6", "a condition is a mapping", ""),
        ("exists: {endpoints: {}}", "1:10", "there is no kind of fact `endpoints`", "did you mean `endpoint`?"),
        ("exists: {endpoint: {}, trust: {}}", "1:9", "`exists` needs one kind of fact and its condition", ""),
        ("no_such: endpoint", "1:10", "`no_such` needs one kind of fact and its condition", ""),
        ("exists: {endpoint: {exists: {trust: {}}}}", "1:21", "`exists` cannot stand inside another", ""),
        (
            "exists: {trust: {purpose: {field: outer.purpse}}}",
            "1:35",
            "a fact of kind endpoint has no field `purpse`",
            "",
        ),
        ("exists: {trust: {purpos: relay}}", "1:18", "a fact of kind trust has no field `purpos`", "`purpose`"),
    ],
)
def test_errors_have_a_place_and_a_hint(text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        compiled(parse(text, "rule.yaml").root, Context("endpoint", PARAMS))
    assert message in caught.value.message
    assert caught.value.place == f"rule.yaml:{place}"
    assert hint in caught.value.hint


def test_the_tree_of_a_condition() -> None:
    assert condition("{port: 25, not: {tls.mode: none}}") == All(
        (
            Atom(FieldOf("port"), "is", Constant(25), "integer"),
            Not(Atom(FieldOf("tls.mode"), "is", Constant("none"), "text")),
        )
    )
    assert condition("any: [{port: {gt: 0, le: {param: max}}}]", max=9) == AnyOf(
        (
            All(
                (
                    Atom(FieldOf("port"), "gt", Constant(0), "integer"),
                    Atom(FieldOf("port"), "le", Constant(9, "max"), "integer"),
                )
            ),
        )
    )
    assert condition("no_such: {trust: {id: {field: outer.id}}}") == Not(
        Exists("trust", Atom(FieldOf("id"), "is", FieldOf("id", outer=True), "text"))
    )


def test_a_field_of_a_fact_may_be_compared_with_a_setting() -> None:
    assert condition("port: {le: {field: settings.x}}") == Atom(FieldOf("port"), "le", FieldOf("settings.x"), "integer")
