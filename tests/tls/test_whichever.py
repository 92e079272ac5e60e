"""Values that depend on a library that may be one of several."""

from __future__ import annotations

from checker.tls.whichever import WHICH, either_list, whichever, whichever_list
from checker.values import Known, OneOf, Open, Origin, Reason, Unknown, Value

HERE, THERE = (Origin("here"),), (Origin("there"),)
EVERY = ("a", "b", "c", "d")
List = Value[tuple[str, ...] | None]


def known(*members: str) -> List:
    return Known(members, HERE)


def test_where_all_libraries_agree_it_is_known() -> None:
    assert whichever([Known(1, HERE), Known(1, THERE)], all_known=True) == Known(1, HERE)
    assert whichever([Known(1), Known(2)], all_known=True) == Unknown(WHICH)
    assert whichever([Known(1), Known(1)], all_known=False) == Unknown(WHICH)


def test_what_is_unknown_or_absent_stays_so() -> None:
    template = Unknown(Reason("template", "filled in"))
    assert whichever([template, template], all_known=False) == template
    assert whichever([Known(None), Known(None)], all_known=False) == Known(None)


def test_of_lists_what_all_have_is_in_and_what_none_has_is_out() -> None:
    assert whichever_list([known("a", "b"), known("b", "c")], EVERY, all_known=True) == Open(
        ("b",), ("d",), WHICH, HERE
    )
    assert whichever_list([known("a"), known("a")], EVERY, all_known=True) == known("a")
    assert whichever_list([known("a"), known("b")], EVERY, all_known=False) == Unknown(WHICH, HERE)


def test_either_of_two_lists() -> None:
    absent: List = Known(None)
    assert either_list(known("b"), known("a", "b")) == known("b", "a")
    assert either_list(known("b"), known("a", "b"), EVERY) == known("a", "b")
    assert either_list(absent, absent) == absent
    assert either_list(absent, known("a")) == known("a")


def test_either_of_two_lists_that_are_open() -> None:
    one: List = Open(("a",), ("c", "d"), WHICH)
    other: List = Open(("b",), ("d",), WHICH)
    assert either_list(one, other, EVERY) == Open(("a", "b"), ("d",), WHICH)
    assert either_list(one, known("c")) == Open(("a", "c"), ("d",), WHICH, HERE)


def test_either_of_a_list_and_what_is_unknown_is_unknown() -> None:
    template: List = Unknown(Reason("template", "filled in"))
    assert either_list(Open(("a",), (), WHICH), template) == template
    assert either_list(template, known("a")) == template
    varied: List = OneOf((("one", Known(("a",))), ("other", Known(("b",)))))
    assert either_list(varied, known("c")) == OneOf(
        (("one", Known(("a", "c"), HERE)), ("other", Known(("b", "c"), HERE)))
    )
    assert either_list(varied, Open(("a",), (), WHICH)) == Unknown(WHICH)
