"""A host that moved is the same host."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checker import moves
from checker.facts.software import System
from checker.moves import at_their_new_places
from checker.source import Source
from tests.report.made import system

LINES = tuple(f"parameter_{number} = value\n" for number in range(10))


def host(name: str, *lines: str) -> System:
    software = replace(system().software[0], id=f"postfix:{name}", files=(Source("main.cf", "".join(lines).encode()),))
    return replace(system(), id=name, software=(software,))


def places(then: list[System], now: list[System]) -> list[str]:
    moved = at_their_new_places(then, now)
    assert [each.software[0].id for each in moved] == [f"postfix:{each.id}" for each in moved]
    return [each.id for each in moved]


def test_a_host_that_stayed_keeps_its_id_whatever_became_of_it() -> None:
    assert places([host("a", *LINES)], [host("a", "other = 1\n"), host("b", *LINES)]) == ["a"]


def test_a_host_that_moved_gets_its_new_id() -> None:
    assert places([host("a", *LINES), host("c", "x = y\n")], [host("b", *LINES), host("c", "x = y\n")]) == ["b", "c"]


@pytest.mark.parametrize(("kept", "expected"), [(10, "b"), (5, "b"), (4, "a")])
def test_half_of_its_lines_tell_a_host_that_was_changed_as_well(kept: int, expected: str) -> None:
    changed = (*LINES[:kept], *(f"other_{number} = value\n" for number in range(10 - kept)))
    assert places([host("a", *LINES)], [host("b", *changed)]) == [expected]


def test_blank_lines_and_comments_tell_nothing() -> None:
    noise = ("\n", "# comment\n") * 50
    assert places([host("a", *noise, "x = 1\n")], [host("b", *noise, "y = 2\n")]) == ["a"]
    assert places([host("a", *LINES)], [host("b", *noise, *LINES)]) == ["b"]


def test_the_most_alike_go_together_and_each_but_once() -> None:
    then = [host("a", *LINES), host("b", *LINES[:8])]
    now = [host("x", *LINES[:8], "new = 1\n"), host("y", *LINES, "new = 1\n"), host("z", *LINES[:7])]
    assert places(then, now) == ["y", "x"]


def test_hosts_that_are_all_the_same_move_in_order() -> None:
    assert places([host("a", *LINES), host("b", *LINES)], [host("x", *LINES), host("y", *LINES)]) == ["x", "y"]


def test_of_too_many_hosts_only_those_unchanged_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MAX_PAIRS", 3)
    then = [host("a", *LINES), host("b", "one = 1\n"), host("c", "two = 2\n")]
    now = [host("x", *LINES), host("y", "one = 1\n", "three = 3\n"), host("z", "two = 2\n", "four = 4\n")]
    assert places(then, now) == ["x", "b", "c"]
