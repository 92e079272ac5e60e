"""The schema of rules: what it refuses, in which words, and that it agrees with the loader."""

from __future__ import annotations

import jsonschema
import pytest

from checker.errors import UserError
from checker.facts.fields import KINDS
from checker.policy.document import parse
from checker.policy.load import load_rule
from checker.policy.operators import OPERATORS
from checker.policy.schema import schema_error
from checker.resources import schema
from checker.result import SEVERITIES
from tests.policy.made import RULE, with_lines


@pytest.mark.parametrize("name", ["rule", "profile"])
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_the_schema_names_what_the_engine_knows() -> None:
    parts = schema("rule")["$defs"]
    assert parts["kind"]["enum"] == list(KINDS)
    assert parts["severity"]["enum"] == list(SEVERITIES)
    assert set(parts["operators"]["properties"]) == set(OPERATORS) - {"is"} | {"not"}


INVALID = [
    ("severity: hihg", "3:11", "`hihg` is none of the possible values", "did you mean `high`?"),
    ("applies_to: endpoints", "4:13", "`endpoints` is none of the possible values", "did you mean `endpoint`?"),
    ("code: tst-1", "2:7", "`tst-1` is not written rightly", "letters, a hyphen and three digits, such as ACC-001"),
    ("titel: {en: A, es: B}", "13:1", "`titel` is not known here", "did you mean `title`?"),
    ("title: {en: A, fr: B}", "5:16", "`fr` is not known here", "one of: en, es"),
    ("title: {en: A}", "5:8", "`es` is missing", ""),
    ("title: A title", "5:8", "must be of type object", ""),
    ("why: {en: A, es: 5}", "6:18", "must be of type string", ""),
    ("params: {limit: {a: 1}}", "13:17", "must be of type string or integer or boolean or array or null", "a word"),
    ("clauses: {a: {wen: {}}}", "13:15", "`wen` is not known here", "did you mean `when`?"),
    ("clauses: {a: {severity: bad}}", "13:25", "`bad` is none of the possible values", "one of: critical"),
    ("params: {Max: 1}", "13:10", "`Max` is not known here", "small letters, digits and underscores"),
    ("controls: {rfc8314: 4.1}", "13:21", "must be of type array", ""),
    ("remedy: {exim: {en: a, es: b}}", "13:10", "`exim` is not known here", "postfix, dovecot, or one with"),
    ("remedy: {postfix: {en: a}}", "13:19", "'es' is a dependency of 'en'", ""),
    ("products: [exim]", "13:12", "`exim` is not written rightly", "postfix, dovecot, or one with a generation"),
    ("tests: [{name: a, expect: failure}]", "10:27", "'failure' is not valid", ""),
    ("tests: [{name: a, expct: fail}]", "10:19", "`expct` is not known here", "did you mean `expect`?"),
    ("tests: [{name: a, expect: fail, postfx: x}]", "10:33", "`postfx` is not known here", "one of: name"),
    ("tests: [{name: a}]", "10:9", "`expect` is missing", ""),
    ("tests: [{cannot: {postfix: fail}}]", "10:18", "`because` is missing", ""),
    ("require: {protocol: {matchez: x}}", "8:22", "there is no operator `matchez`", "did you mean `matches`?"),
    ("require: {port: null}", "8:17", "nothing equals null", "write `present: false`"),
    ("require: {settings.a b: x}", "8:11", "`settings.a b` is not known here", ""),
    ("require: [port]", "8:10", "a condition is a mapping from fields to what they must be", ""),
]


@pytest.mark.parametrize(("line", "place", "message", "hint"), INVALID)
def test_an_invalid_file_is_refused_where_it_is_wrong(line: str, place: str, message: str, hint: str) -> None:
    document = parse(with_lines(RULE, **{line.partition(":")[0]: line}), "a-rule.yaml")
    with pytest.raises(UserError) as caught:
        load_rule(document, validate=True)
    assert message in caught.value.message
    assert caught.value.place == f"a-rule.yaml:{place}"
    assert hint in caught.value.hint
    assert not jsonschema.Draft202012Validator(schema("rule")).is_valid(document.data)


@pytest.mark.parametrize("text", ["[]", "text", "5", "id: a-rule"])
def test_whatever_a_file_holds_there_is_a_message(text: str) -> None:
    with pytest.raises(UserError):
        load_rule(parse(text, "a-rule.yaml"), validate=True)


@pytest.mark.parametrize(
    "line",
    [
        "require: {all: [{port: 1}, {any: [{not: {port: {in: [1, 2]}}}]}]}",
        "require: {exists: {trust: {bits: {ge: 24}, id: {field: outer.id}}}}",
        "require: {settings.mail_plugins: {empty: false, not: {matches: 'x*'}}}",
        "require: {settings.plugin/quota: {contains_none: [a, 5, true]}}",
        "require: {banner: {is_not: {matches: ['*a', 'b*']}}}",
        "remedy: {set: {a: 1}}",
        "tests: [{name: a, expect: {imap: fail}, dovecot-2.3.19.1: x, master: y, line: 1, file: main.cf}]",
        "tests: [{name: a, expect: unknown, files: {etc/postfix/main.cf: x}, params: {}}]".replace(", params: {}", ""),
    ],
)
def test_a_valid_file_is_accepted_by_both(line: str) -> None:
    document = parse(with_lines(RULE, **{line.partition(":")[0]: line}), "a-rule.yaml")
    assert schema_error(document, "rule") is None
    assert load_rule(document, validate=True).id == "a-rule"
