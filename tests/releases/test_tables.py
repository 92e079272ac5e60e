"""The tables as data."""

from __future__ import annotations

import itertools

import pytest

from checker.releases.tables import Number, number, table, within

PARAMETERS = table("postfix/parameters")


@pytest.mark.parametrize(
    ("release", "parts"),
    [
        ("3.7.11", (3, 7, 11)),
        ("3.7", (3, 7)),
        ("3.7.11-0+deb12u1", (3, 7, 11)),
        ("3.12-20260821", (3, 12, 20260821)),
        ("", ()),
        ("x", ()),
        ("3.x.1", (3,)),
        ("3.\u0665", (3,)),
        ("9" * 5000, ()),
    ],
)
def test_a_release_number_ends_at_the_first_part_that_is_no_number(release: str, parts: Number) -> None:
    assert number(release) == parts


@pytest.mark.parametrize(
    ("release", "inside"),
    [((3, 4, 0), True), ((3, 5, 9), True), ((3, 6, 0), True), ((3, 6, 1), False), ((3, 3), False)],
)
def test_both_ends_of_an_interval_are_in_it(release: Number, inside: bool) -> None:
    assert within(release, "3.4.0", "3.6.0") is inside


def test_an_open_interval_goes_on() -> None:
    assert within((99,), "3.4.0", None)


@pytest.mark.parametrize("name", ["postfix/parameters", "postfix/load_order", "postfix/platform_defaults", "platforms"])
def test_a_table_is_read_once(name: str) -> None:
    assert table(name) is table(name)


def test_no_two_intervals_of_a_parameter_overlap() -> None:
    for name, rows in PARAMETERS.items():
        for one, other in itertools.pairwise(rows):
            assert one[1] is not None, name
            assert number(one[0]) <= number(one[1]) < number(other[0]), name


def test_types_are_the_known_ones() -> None:
    kinds = {kind for rows in PARAMETERS.values() for _, _, kind, _ in rows}
    assert kinds <= {"str", "str_fn", "raw", "bool", "nbool", "int", "nint", "long", "time"}


def test_programs_load_what_there_is() -> None:
    loaded = {name for rows in table("postfix/load_order").values() for *_, names in rows for name in names.split()}
    assert len(loaded - PARAMETERS.keys()) < len(loaded) / 100


def test_every_platform_has_a_release_of_the_tables() -> None:
    for platform in table("platforms").values():
        assert number(platform["postfix"])[:2] >= (3, 4)
