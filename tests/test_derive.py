"""Computations over values: which origins decide, and what an unknown does."""

from __future__ import annotations

import pytest

from checker.derive import MAX_RUNS, Take, converted, derive
from checker.values import Known, OneOf, Open, Origin, Reason, Unknown, Value

A, B = Origin("a"), Origin("b")
LOST = Reason("template", "lost")
BAD = Reason("invalid", "bad")


def known(value: int, origin: Origin = A) -> Known[int]:
    return Known(value, (origin,))


def either(low: int = 1, high: int = 2) -> OneOf[int]:
    return OneOf((("low", known(low, A)), ("high", known(high, B))))


def unknown_switch() -> Value[bool | None]:
    return Unknown(LOST, (A,))


def test_what_is_taken_last_decides() -> None:
    assert derive(lambda take: take(known(1, A)) + take(known(2, B))) == Known(3, (B, A))


def test_what_is_taken_again_decides() -> None:
    first, second = known(1, A), known(2, B)

    def compute(take: Take) -> int:
        return take(first) + take(second) + 0 * take(first)

    assert derive(compute).origins == (A, B)


def test_an_unknown_ends_the_computation() -> None:
    assert derive(lambda take: take(known(1, B)) + take(Unknown(LOST, (A,)))) == Unknown(LOST, (A, B))


def test_the_open_part_of_a_list_is_unknown() -> None:
    assert derive(lambda take: take(Open((1,), (), LOST, (A,)))) == Unknown(LOST, (A,))


def test_a_computation_may_refuse() -> None:
    def compute(take: Take) -> int:
        take(known(1))
        raise take.unknown(BAD)

    assert derive(compute) == Unknown(BAD, (A,))


def test_each_alternative_is_computed() -> None:
    value = derive(lambda take: take(either()) * 10)
    assert value == OneOf((("low", Known(10, (A,))), ("high", Known(20, (B,)))))


def test_alternatives_that_agree_are_one_value() -> None:
    assert derive(lambda take: take(either()) > 0) == Known(True, (A, B))


def test_alternatives_that_are_all_unknown_are_unknown() -> None:
    value: OneOf[int] = OneOf((("x", Unknown(LOST, (A,))), ("y", Unknown(BAD, (B,)))))
    assert derive(lambda take: take(value)) == Unknown(LOST, (A, B))


def test_one_value_has_the_same_alternative_throughout_a_run() -> None:
    value = either()
    assert derive(lambda take: take(value) - take(value)) == Known(0, (A, B))


def test_two_values_combine() -> None:
    one, other = either(1, 2), either(10, 20)
    value = derive(lambda take: take(one) + take(other))
    assert isinstance(value, OneOf)
    assert sorted(each.value for _, each in value.alternatives if isinstance(each, Known)) == [11, 12, 21, 22]
    assert ("low and high") in [condition for condition, _ in value.alternatives]


def test_too_many_combinations_are_unknown() -> None:
    values = [either() for _ in range(MAX_RUNS.bit_length())]
    value = derive(lambda take: sum(take(each) << 2 * at for at, each in enumerate(values)))
    assert isinstance(value, Unknown)
    assert "combinations" in value.reason.text


def test_an_unknown_switch_that_does_not_matter_is_no_unknown() -> None:
    switch = unknown_switch()
    assert derive(lambda take: take.boolean(switch) in (True, False)) == Known(True, (A,))


def test_an_unknown_switch_that_matters_is_unknown() -> None:
    switch = unknown_switch()
    assert derive(lambda take: bool(take.boolean(switch))) == Unknown(LOST, (A,))


def test_a_known_switch_is_taken_as_it_is() -> None:
    assert derive(lambda take: take.boolean(Known(True, (B,)))) == Known(True, (B,))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (known(4), Known("4", (A,))),
        (known(-1), Unknown(BAD, (A,))),
        (Unknown(LOST, (B,)), Unknown(LOST, (B,))),
        (either(1, -1), OneOf((("low", Known("1", (A,))), ("high", Unknown(BAD, (B,)))))),
        (Open(3, 4, LOST, (A,)), Unknown(LOST, (A,))),
    ],
)
def test_conversion_keeps_origins(value: Value[int], expected: Value[str]) -> None:
    assert converted(value, lambda number: BAD if number < 0 else str(number)) == expected
