"""Values with origins, and Kleene's logic."""

from __future__ import annotations

import itertools

import pytest

from checker.values import Known, OneOf, Origin, Reason, Truth, Unknown, conjunction, disjunction, merged, negated

TRUTHS: tuple[Truth, ...] = (True, False, None)
A, B = Origin("a"), Origin("b")


@pytest.mark.parametrize(("truth", "result"), [(True, False), (False, True), (None, None)])
def test_negation(truth: Truth, result: Truth) -> None:
    assert negated(truth) is result


@pytest.mark.parametrize("truths", list(itertools.product(TRUTHS, repeat=3)))
def test_one_false_member_decides_a_conjunction(truths: tuple[Truth, ...]) -> None:
    expected = False if False in truths else None if None in truths else True
    assert conjunction(truths) is expected


@pytest.mark.parametrize("truths", list(itertools.product(TRUTHS, repeat=3)))
def test_one_true_member_decides_a_disjunction(truths: tuple[Truth, ...]) -> None:
    expected = True if True in truths else None if None in truths else False
    assert disjunction(truths) is expected


def test_nothing_is_all_true_and_none_of_it_is() -> None:
    assert conjunction([]) is True
    assert disjunction([]) is False


def test_origins_are_merged_in_order_once_each() -> None:
    assert merged([(B, A), (A,), (B,)]) == (B, A)


def test_alternatives_have_all_origins() -> None:
    value = OneOf((("x", Known(1, (A,))), ("y", Unknown(Reason("template", "t"), (B, A)))))
    assert value.origins == (A, B)
