"""The remedy for the product of a fact."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checker.facts.software import Software
from checker.policy.remedy import remedy_for
from checker.values import ABSENT, Known, Origin, Unknown
from tests.policy.made import HOST_ONLY, endpoint, rule, software, system

BY_PRODUCT = rule(
    remedy="remedy: {postfix: {set: {a: 1, b: 'x y'}}, dovecot-2.3: {set: {old: 'yes'}}, "
    "dovecot-2.4: {en: 'Set:', es: 'Ponga:', set: {new: 'no'}}}"
)
FOR_ALL = rule(remedy="remedy: {en: Change it, es: Cámbielo}")


@pytest.mark.parametrize(
    ("kept", "lines"),
    [
        (software("postfix"), "a = 1\nb = x y"),
        (software("dovecot", "2.3.19.1"), "old = yes"),
        (software("dovecot", "2.4.1"), "Set:\nnew = no"),
        (software("dovecot", "2.2.36"), ""),
    ],
)
def test_it_is_for_product_and_generation(kept: Software, lines: str) -> None:
    fact = endpoint(product=kept.product)
    host = system(fact, software=(software("postfix"), kept))
    assert remedy_for(BY_PRODUCT, fact, host, "en") == lines
    assert remedy_for(BY_PRODUCT, kept, host, "en") == lines


def test_the_product_is_the_same_wherever_each_fact_has_it_from() -> None:
    kept = software("dovecot", "2.4.1")
    elsewhere = replace(kept, product=Known("dovecot", (Origin("dovecot.conf"),)))
    fact = endpoint(product=Known("dovecot"))
    assert remedy_for(BY_PRODUCT, fact, system(fact, software=(elsewhere,)), "en") == "Set:\nnew = no"


def test_it_comes_in_the_language_asked_for() -> None:
    kept = software("dovecot", "2.4.1")
    assert remedy_for(BY_PRODUCT, kept, system(software=(kept,)), "es") == "Ponga:\nnew = no"
    assert remedy_for(FOR_ALL, kept, system(software=(kept,)), "es") == "Cámbielo"


def test_a_product_seen_on_the_wire_needs_no_software() -> None:
    fact = endpoint(product=Known("postfix"))
    assert remedy_for(BY_PRODUCT, fact, system(fact), "en").startswith("a = 1")


@pytest.mark.parametrize("product", [ABSENT, Unknown(HOST_ONLY)])
def test_where_the_product_is_not_known_only_one_for_all_will_do(product: Known[None] | Unknown) -> None:
    fact = endpoint(product=product)
    assert remedy_for(BY_PRODUCT, fact, system(fact), "en") == ""
    assert remedy_for(FOR_ALL, fact, system(fact), "en") == "Change it"


def test_where_the_release_is_not_known_the_product_must_do() -> None:
    kept = replace(software("postfix"), release=Unknown(HOST_ONLY))
    assert remedy_for(BY_PRODUCT, kept, system(software=(kept,)), "en").startswith("a = 1")
    nameless = replace(kept, product=Unknown(HOST_ONLY))
    host = system(software=(nameless, kept))
    assert remedy_for(BY_PRODUCT, host, host, "en").startswith("a = 1")


def test_a_host_gets_the_first_remedy_for_what_it_runs() -> None:
    both = system(software=(software("dovecot", "2.3.19"), software("postfix")))
    assert remedy_for(BY_PRODUCT, both, both, "en").startswith("a = 1")
    dovecot = system(software=(software("dovecot", "2.3.19"),))
    assert remedy_for(BY_PRODUCT, dovecot, dovecot, "en") == "old = yes"
    assert remedy_for(BY_PRODUCT, system(), system(), "en") == ""
