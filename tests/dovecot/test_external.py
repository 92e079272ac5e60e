"""The files of database drivers (2.3); each of these was tried with the real one."""

from __future__ import annotations

import pytest

from checker.dovecot.external import External, external
from checker.named_files import DOVECOT_PLACES, Files
from checker.tree import MemoryTree
from tests.dovecot.made import plain

PATH = "/etc/dovecot/dovecot-sql.conf.ext"


def read(text: str, **beside: str) -> External:
    """Return what such a file says; others lie beside it, their names without the ending."""
    files = {PATH[1:]: text.encode()}
    files |= {f"etc/dovecot/{name}.ext": body.encode() for name, body in beside.items()}
    return external(Files(MemoryTree(files), "etc/dovecot", DOVECOT_PLACES), PATH)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = b\n", "b"),
        ("a=b", "b"),
        ("  a  =  b c  \n", "b c"),
        ("a = b\r\n", "b"),
        ("a = b # c\n", "b"),
        ("a = b#c\n", "b"),
        ("a = 'b # c'\n", "b # c"),
        ('a = "b \\" c"\n', 'b " c'),
        ("a = it's # c\n", "it's # c"),
        ("a = </etc/file\n", "</etc/file"),
        ("a = $b\n", "$b"),
        ("a = b \\\n  c\n", "b c"),
        ("a = b \\\n# in between\n\n  c\n", "b c"),
        ("a = b\na = c\n", "c"),
        ("# a = b\n", None),
        ("A = b\n", None),
        ("x {\n a = b\n}\n", None),
    ],
)
def test_what_a_setting_is(text: str, value: str | None) -> None:
    assert plain(read(text).text("a")) == value


def test_the_place_is_the_name() -> None:
    value = read("x = y\n  a = b\n").text("a")
    assert str(value.origins[0].place) == "etc/dovecot/dovecot-sql.conf.ext:2:3"


def test_other_files_are_included() -> None:
    found = read("a = 1\n!include more.ext\n!include_try more.ext\n", more="\na = 2\n")
    assert plain(found.text("a")) == "2"


@pytest.mark.parametrize("text", ["!include missing.ext\n", "!include *.ext\n", "!include dovecot-sql.conf.ext\n"])
def test_what_an_include_hides_is_not_known(text: str) -> None:
    assert plain(read(text).text("a")) == "<not-in-set>"
    assert plain(read(f"{text}a = b\n").text("a")) == "b"


def test_a_file_that_is_not_there() -> None:
    found = external(Files(MemoryTree({}), "etc/dovecot", DOVECOT_PLACES), PATH)
    assert plain(found.text("a")) == "<not-in-set>"
