"""Which connections a filter is for."""

from __future__ import annotations

import pytest

from checker.dovecot.filters import Filter, FilterError, check_nesting, network

HERE = Filter("imap", network("10.1.2.3"), "mail.example.org", network("192.0.2.7"))


@pytest.mark.parametrize(
    "matching",
    [
        Filter(),
        Filter("imap"),
        Filter("!pop3"),
        Filter(local=network("10.1.2.99/24")),  # the bits of the host do not count
        Filter(local=network("10.0.0.0/8"), protocol="imap"),
        Filter(remote=network("192.0.2.7")),
        Filter(local_name="*.example.org"),
        Filter(local_name="MAIL.example.ORG"),
        Filter(local_name="a.example.org mail.example.org"),
        Filter(local=network("::/0")),  # no bits: every connection, of either family
    ],
)
def test_it_matches(matching: Filter) -> None:
    assert matching.matches(HERE)


@pytest.mark.parametrize(
    "other",
    [
        Filter("IMAP"),
        Filter("!imap"),
        Filter(local=network("10.1.3.0/24")),
        Filter(remote=network("::ffff:192.0.2.7")),
        Filter(local_name="*.org"),  # the star is one label
        Filter(local_name="example.org"),
        Filter(local=network("some.host.name")),
    ],
)
def test_it_does_not_match(other: Filter) -> None:
    assert not other.matches(HERE)


def test_what_is_not_said_matches_no_criterion() -> None:
    assert not Filter("imap").matches(Filter())
    assert not Filter("!imap").matches(Filter())
    assert not Filter(local=network("10.0.0.0/8")).matches(Filter("imap"))


def test_addresses() -> None:
    assert str(network("[2001:db8::1]/64")) == "2001:db8::1/64"
    assert network("mail.example.org").address is None
    for text in ("10.0.0.0/33", "10.0.0.1/x", "a b", "", "/8"):
        with pytest.raises(FilterError):
            network(text)


@pytest.mark.parametrize(
    ("kind", "outer", "inner"),
    [
        ("protocol", Filter("imap"), Filter("pop3")),
        ("local", Filter("imap"), Filter(local=network("10.0.0.1"))),
        ("local", Filter(remote=network("10.0.0.1")), Filter(local=network("10.0.0.1"))),
        ("local", Filter(local_name="a"), Filter(local=network("10.0.0.1"))),
        ("remote", Filter("imap"), Filter(remote=network("10.0.0.1"))),
        ("local", Filter(local=network("10.1.0.0/16")), Filter(local=network("10.2.0.0/24"))),
        ("local", Filter(local=network("10.1.0.0/16")), Filter(local=network("10.0.0.0/8"))),
    ],
)
def test_an_order_of_nesting_that_is_refused(kind: str, outer: Filter, inner: Filter) -> None:
    with pytest.raises(FilterError):
        check_nesting(inner, kind, outer)


def test_the_order_of_nesting_that_is_allowed() -> None:
    check_nesting(Filter(local_name="a"), "local_name", Filter(local=network("10.0.0.0/8")))
    check_nesting(Filter(remote=network("10.0.0.1")), "remote", Filter(local_name="a"))
    check_nesting(Filter("imap"), "protocol", Filter(remote=network("10.0.0.1")))
    check_nesting(Filter(local=network("10.1.0.0/16")), "local", Filter(local=network("10.0.0.0/8")))
