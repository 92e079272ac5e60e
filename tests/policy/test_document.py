"""YAML as rules mean it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.errors import UserError
from checker.policy.document import MAX_BYTES, MAX_DEPTH, parse, read


@pytest.fixture(params=["c", "python"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "c" and not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("25", 25),
        ("0", 0),
        ("-1", -1),
        ("no", "no"),
        ("Yes", "Yes"),
        ("True", "True"),
        ("~", "~"),
        ("0600", "0600"),
        ("1.2", "1.2"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("12:30", "12:30"),
        ("2027-01-01", "2027-01-01"),
        ("'25'", "25"),
        ('"true"', "true"),
        ("TLSv1.2", "TLSv1.2"),
        ("9" * 30, "9" * 30),
    ],
)
def test_only_true_false_null_and_integers_are_special(text: str, value: Any) -> None:
    assert parse(f"key: {text}", "a.yaml").data == {"key": value}


@pytest.mark.usefixtures("_loader")
def test_a_key_is_always_text() -> None:
    assert parse("25: a\ntrue: b\nno: c\n", "a.yaml").data == {"25": "a", "true": "b", "no": "c"}


@pytest.mark.usefixtures("_loader")
def test_every_part_has_a_place() -> None:
    root = parse("a:\n  b: [one,\n      two]\nc: x\n", "a.yaml").root
    assert root["a"]["b"][1].place == "a.yaml:3:7"
    assert root["a"]["b"].line == 2
    assert root["c"].error("wrong").place == "a.yaml:4:4"
    assert root["c"].key_error("wrong").place == "a.yaml:4:1"


def test_a_step_that_leads_nowhere_ends_at_what_holds_it() -> None:
    assert parse("a: {b: 1}", "a.yaml").node(("a", "missing", "more")).place == "a.yaml:1:4"


def test_the_root_has_no_key_so_its_own_place_stands_for_it() -> None:
    assert parse("a: 1", "a.yaml").root.key_error("wrong").place == "a.yaml:1:1"


DEEP = "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2)


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1", "`a` stands here twice"),
        ("a: &x 1\nb: *x\n", "a.yaml:2:4", "aliases"),
        ("a: !!python/object:os.system x\n", "a.yaml:1:4", "tags"),
        ("a: ! x\n", "a.yaml:1:4", "tags"),
        ("? [a]\n: b\n", "a.yaml:1:3", "a key must be a word"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1", "a second document"),
        ("a: [1\n", "a.yaml:2:1", "is not YAML"),
        ("a: \x00\n", "a.yaml", "is not YAML"),
        ("", "a.yaml", "is empty"),
        (DEEP, f"a.yaml:1:{MAX_DEPTH + 2}", "nested deeper"),
    ],
)
def test_what_is_not_understood_is_refused_where_it_stands(text: str, place: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text, "a.yaml")
    assert message in caught.value.message
    assert caught.value.place == place


def test_many_aliases_are_refused_before_they_are_followed() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"k{n}: &b{n} [*a, *a]\n" for n in range(50))
    with pytest.raises(UserError, match="aliases"):
        parse(bomb, "a.yaml")


def test_a_duplicate_key_names_the_first() -> None:
    with pytest.raises(UserError) as caught:
        parse("a:\n  b: 1\n  b: 2\n", "a.yaml")
    assert caught.value.hint == "first at line 2"


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(UserError, match="larger than 256 KiB"):
        read(path)


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(UserError, match="is not UTF-8") as caught:
        read(path)
    assert caught.value.place == f"{path}:2"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        read(tmp_path / "a.yaml")
