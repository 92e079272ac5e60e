"""Facts from the plain data of tests."""

from __future__ import annotations

import pytest

from checker.errors import UserError
from checker.facts.endpoint import Tls
from checker.facts.software import System
from checker.policy.document import parse
from checker.policy.plain_facts import host_of
from checker.values import ABSENT, Known


def host(text: str) -> System:
    return host_of(parse(text, "rule.yaml").root)


def test_what_is_said_is_known_and_the_rest_has_its_default() -> None:
    (endpoint,) = host("endpoint: {protocol: imap, port: 143, tls: {mode: none, versions: [TLSv1.2]}}").endpoints
    assert (endpoint.id, endpoint.origins) == ("endpoint-1", ())
    assert (endpoint.protocol, endpoint.port) == (Known("imap"), Known(143))
    assert endpoint.tls == Tls(mode=Known("none"), versions=Known(("TLSv1.2",)))
    assert (endpoint.product, endpoint.source, endpoint.address) == (ABSENT, Known("live"), ABSENT)


def test_a_host_may_have_several_facts_of_several_kinds() -> None:
    made = host("endpoint: [{id: a}, {}]\ntrust: {purpose: relay, bits: 8}\nsoftware: {product: postfix}\n")
    assert [each.id for each in made.endpoints] == ["a", "endpoint-2"]
    assert made.trust[0].bits == Known(8)
    assert made.software[0].product == Known("postfix")


def test_settings_are_plain_values() -> None:
    (endpoint,) = host("endpoint: {settings: {a: [x, y], b: 5}}").endpoints
    assert endpoint.settings.get("a") == Known(("x", "y"))
    assert endpoint.settings.get("c") == ABSENT


def test_null_is_absent() -> None:
    (endpoint,) = host("endpoint: {port: null}").endpoints
    assert endpoint.port == ABSENT


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("endpoints: {}", "1:1", "a test can give no facts of kind `endpoints`", "did you mean `endpoint`?"),
        (
            "system: {}",
            "1:1",
            "a test can give no facts of kind `system`",
            "one of: endpoint, trust, software, outbound, authdb, process, setting",
        ),
        ("endpoint: {prt: 1}", "1:12", "a fact of kind endpoint has no field `prt`", "did you mean `port`?"),
        ("endpoint: {tls: {mod: x}}", "1:18", "has no field `tls.mod`", "did you mean `tls.mode`?"),
        ("endpoint: imap", "1:11", "must be a mapping from fields to values", ""),
    ],
)
def test_what_there_is_not_is_refused(text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        host(text)
    assert message in caught.value.message
    assert (caught.value.place, caught.value.hint) == (f"rule.yaml:{place}", hint)
