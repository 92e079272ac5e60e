"""Typed values, as global/mail_conf_*.c convert them."""

from __future__ import annotations

import pytest

from checker.postfix import types
from checker.values import Reason


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("YES", True), ("No", False), ("no", False)])
def test_a_boolean_is_yes_or_no_in_any_case(text: str, value: bool) -> None:
    assert types.boolean(text) is value


@pytest.mark.parametrize("text", ["", "true", "1", "on", "yes "])
def test_no_other_word_is_a_boolean(text: str) -> None:
    assert types.boolean(text) == Reason("invalid", f"bad boolean '{text}'")


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("+5", 5), ("-5", -5), (" 5", 5), ("007", 7), ("2147483647", 2**31 - 1), ("-2147483648", -(2**31))],
)
def test_a_number_is_decimal(text: str, value: int) -> None:
    assert types.integer(text) == value


@pytest.mark.parametrize("text", ["", "5 ", "0x10", "1k", "1_0", "\u0665", "2147483648", "9" * 5000])
def test_a_number_fits_an_int_and_has_no_trailing_text(text: str) -> None:
    refused = types.integer(text)
    assert isinstance(refused, Reason)
    assert len(refused.text) < 250


def test_a_long_number_has_more_room() -> None:
    assert types.integer("9223372036854775807", types.LONG_MAX) == 2**63 - 1
    assert isinstance(types.integer("9223372036854775808", types.LONG_MAX), Reason)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("10", "s", 10),
        ("10", "d", 864000),
        ("10s", "h", 10),
        ("2m", "s", 120),
        ("2h", "s", 7200),
        ("1d", "s", 86400),
        ("1w", "s", 604800),
        ("10sx", "h", 10),
        ("+5s", "s", 5),
        (" 5s", "s", 5),
        ("0", "s", 0),
        ("00000000000000010", "s", 10),
        ("s", "h", 0),
        ("m5", "s", 0),
        ("-0", "s", 0),
        ("2147483647", "s", 2**31 - 1),
        ("3549w", "s", 3549 * 604800),
    ],
)
def test_a_time_has_one_lower_case_unit(text: str, unit: str, value: int) -> None:
    assert types.seconds(text, unit) == value


@pytest.mark.parametrize(
    "text", ["", "-5s", "1S", "1D", "60x", "1 s", "99999999999", "9999w", "3550w", "+s", "x", "9" * 5000]
)
def test_no_other_text_is_a_time(text: str) -> None:
    assert isinstance(types.seconds(text, "s"), Reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ()),
        (" , \t\r\n", ()),
        ("a,b c\td\r\ne", ("a", "b", "c", "d", "e")),
        ("inline:{a=b, c=d} x", ("inline:{a=b, c=d}", "x")),
        ("a} b", ("a}", "b")),
        ("{a b", ("{a b",)),
    ],
)
def test_a_list_is_split_at_commas_and_blanks_outside_braces(text: str, value: tuple[str, ...]) -> None:
    assert types.words(text) == value


@pytest.mark.parametrize(
    ("least", "most", "number", "kept"),
    [(1, None, 1, True), (1, None, 0, False), (None, 6, 6, True), (None, 6, 7, False), (None, None, -5, True)],
)
def test_a_number_keeps_its_bounds(least: int | None, most: int | None, number: int, kept: bool) -> None:
    assert (types.Bounds(least, most).kept(number, str(number)) == number) is kept


@pytest.mark.parametrize(
    ("least", "most", "text", "kept"),
    [
        (1, None, "a", True),
        (1, None, "", False),
        (2, 2, "+", False),
        (2, 2, "+=", True),
        (2, 2, "\u00e9", True),
        (2, 2, "+=-", False),
    ],
)
def test_a_text_keeps_the_bounds_of_its_length_in_bytes(least: int, most: int | None, text: str, kept: bool) -> None:
    assert (types.Bounds(least, most).long_enough(text) == text) is kept


def test_what_is_refused_already_stays_so() -> None:
    refused = types.refused("no")
    assert types.Bounds(1, None).kept(refused, "x") is refused
