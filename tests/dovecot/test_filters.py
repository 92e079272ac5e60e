"""Which connections a filter is for."""

from __future__ import annotations

import pytest

from checker.dovecot.filters import Filter, FilterError, criterion, network

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
    ("kind", "name", "outer"),
    [
        ("protocol", "pop3", Filter("imap")),
        ("local", "10.0.0.1", Filter("imap")),
        ("local", "10.0.0.1", Filter(remote=network("10.0.0.1"))),
        ("local", "10.0.0.1", Filter(local_name="a")),
        ("remote", "10.0.0.1", Filter("imap")),
        ("local", "10.2.0.0/24", Filter(local=network("10.1.0.0/16"))),
        ("local", "10.0.0.0/8", Filter(local=network("10.1.0.0/16"))),
    ],
)
def test_an_order_of_nesting_that_is_refused(kind: str, name: str, outer: Filter) -> None:
    with pytest.raises(FilterError):
        criterion(kind, name, outer)


@pytest.mark.parametrize(
    ("kind", "name", "outer", "inside"),
    [
        ("local_name", "a", Filter(local=network("10.0.0.0/8")), "local 10.0.0.0/8 local_name a"),
        ("remote", "10.0.0.1", Filter(local_name="a"), "local_name a remote 10.0.0.1"),
        ("protocol", "imap", Filter(remote=network("10.0.0.1")), "remote 10.0.0.1 protocol imap"),
        ("local", "10.1.0.0/16", Filter(local=network("10.0.0.0/8")), "local 10.1.0.0/16"),
    ],
)
def test_the_order_of_nesting_that_is_allowed(kind: str, name: str, outer: Filter, inside: str) -> None:
    assert str(criterion(kind, name, outer).inside(outer)) == inside


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("10.0.0.0/8", "::ffff:11.1.2.3", False),
        ("::ffff:10.0.0.0/104", "10.1.2.3", False),
        ("::ffff:10.0.0.0/104", "::ffff:10.1.2.3", False),
        ("0.0.0.0/0", "::1", True),
    ],
)
def test_addresses_that_are_mapped_into_ipv6(wide: str, narrow: str, holds: bool) -> None:
    assert network(wide).holds(network(narrow)) is holds
