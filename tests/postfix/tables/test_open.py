"""Lookup tables, as the files tell what they hold, compared with what the real postmap(1) finds in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.named_files import Files
from checker.postfix.tables.lookup import Hit, find
from checker.postfix.tables.open import MAX_DEPTH, MAX_ENTRIES
from checker.tree import MemoryTree
from tests.oracles import run_postmap, write_configuration
from tests.postfix.tables.made import found, tables

TEXT = """\
   begins with a blank
a x
# comment
 cont
B  Upper case key
"q k" quoted
c:
last: y
none
"unbalanced v
k\\ escaped val

tab\tvalue  \t
d\\
é ü
"""
KEYS = ("a", "b", "B", '"q k"', "q k", "c:", "last:", "none", '"unbalanced', "k\\ escaped", "tab", "d\\", "é", "begins")

CIDR = """\
10.0.0.1/8 bad
if 10.0.0.0/8
10.1.0.0/16 one
[10.3.0.0/16] three
[10.4.0.0]/16 four
endif
endif
IF !192.0.0.0/8
! 172.16.0.0/12 not 172
endif garbage
endif
if 10.0.0.0/8 garbage
2001:db8::/32   six
[::1] loop
0.0.0.0/33 bad
192.168.1.1
192.168.1.2 two
192.168.01.3 bad
if 192.168.0.0/16
192.168.3.0/24 unended
"""
ADDRESSES = (
    *("10.1.2.3", "10.2.0.1", "10.3.1.1", "10.4.1.1", "172.16.0.1", "192.168.1.1", "192.168.1.2", "192.168.1.3"),
    *("192.168.3.3", "192.0.2.1", "2001:db8::1", "2001:DB8:0::1", "::1", "::2", "host.example", "8.8.8.8"),
)


@pytest.mark.parametrize("kind", ["texthash", "hash", "btree"])
def test_a_text_of_keys(kind: str) -> None:
    files = {"t": TEXT}
    results = {key: found(f"{kind}:/etc/postfix/t", key.lower(), files) for key in KEYS}
    assert {key: value for key, value in results.items() if value is not None} == {
        "a": "x cont",
        "b": "Upper case key",
        "B": "Upper case key",
        '"q k"': "quoted",
        "last:": "y",
        "k\\ escaped": "val",
        "tab": "value",
        "é": "ü",
    }


def test_postmap_finds_the_same_in_a_text(tmp_path: Path) -> None:
    write_configuration(tmp_path, {"t": TEXT})
    real = run_postmap(tmp_path, f"texthash:{tmp_path}/t", KEYS)
    ours = {key: found("texthash:/etc/postfix/t", key.lower(), {"t": TEXT}) for key in KEYS}
    assert real == {key: value for key, value in ours.items() if value is not None}


def test_a_table_of_networks(tmp_path: Path) -> None:
    write_configuration(tmp_path, {"t": CIDR})
    real = run_postmap(tmp_path, f"cidr:{tmp_path}/t", ADDRESSES)
    ours = {key: found("cidr:/etc/postfix/t", key, {"t": CIDR}) for key in ADDRESSES}
    assert real == {key: value for key, value in ours.items() if value is not None}
    assert real["10.1.2.3"] == "one"
    assert tables({"t": CIDR}).open("cidr:/etc/postfix/t").skipped == 7


@pytest.mark.parametrize(
    "table",
    [
        'inline:{a=1, {b = 2 3}, {c d=4}, {"e f" = 5}, a=9, G=7}',
        "inline:{a=1, b}",
        "inline:{a=1, {b = 2}x}",
        "inline:{ }",
        "inline:{}",
        "inline:a=1",
        "static:OK",
        "static:{two words}",
        "static:{two words",
        "unionmap:{inline:{a=1},inline:{a=2,b=3}}",
        "unionmap:{inline:{a=1},fail:x}",
        "unionmap:{}",
        "unionmap:{a}",
        "pipemap:{inline:{a=X},inline:{x=7}}",
        "pipemap:{inline:{a=X,b=y},inline:{z=7}}",
        "randmap:{only}",
        "randmap:{}",
        "fail:x",
        "nosuch:x",
        "debug:static:x",
        "cidr:{{10.0.0.0/8 ten}, {if 192.0.2.0/24}, {192.0.2.1 one}, {endif}}",
        "cidr:{{10.0.0.0/8 ten}, 192.0.2.1}",
        "cidr:{{10.0.0.0/8 ten} {# no}}",
    ],
)
def test_a_table_that_the_parameter_holds(tmp_path: Path, table: str) -> None:
    keys = ("a", "b", "c", "c d", '"e f"', "g", "x", "10.1.1.1", "192.0.2.1", "192.0.2.2")
    ours = {key: found(table, key) for key in keys}
    real = run_postmap(tmp_path, table, keys)
    assert real == {key: value for key, value in ours.items() if value not in (None, "error")}


def test_keys_of_a_list_of_patterns_are_not_folded() -> None:
    table = tables().open("inline:{Example.COM=1}", folds=False)
    assert find(table, "example.com") is None
    table = tables({"t": "Example.COM x\n"}).open("hash:/etc/postfix/t", folds=False)
    assert isinstance(find(table, "example.com"), Hit)  # postmap(1) has folded them


def test_duplicates_are_the_end_of_a_texthash_alone() -> None:
    files = {"t": "a 1\nA 2\n"}
    assert found("texthash:/etc/postfix/t", "b", files) == "error"
    assert found("hash:/etc/postfix/t", "a", files) == "1"


def test_every_entry_has_its_place() -> None:
    made = tables({"t": "# c\na x\n  y\nb z\n"})
    assert [str(entry.place) for entry in made.open("hash:/etc/postfix/t").entries] == [
        "etc/postfix/t:2:1",
        "etc/postfix/t:4:1",
    ]
    place = made.open("hash:/etc/postfix/t").entries[0].place
    assert place is not None
    assert [str(entry.place) for entry in made.open("inline:{a=1}", place).entries] == ["etc/postfix/t:2:1"]


def test_the_entries_of_an_index_are_those_of_its_source() -> None:
    made = tables({"t": "a x\n"})
    assert made.open("proxy:hash:/etc/postfix/t").from_source
    assert not made.open("texthash:/etc/postfix/t").from_source


@pytest.mark.parametrize(
    "table",
    [
        *("hash:/etc/postfix/t", "texthash:t", "cidr:/etc/postfix/t", "pcre:/etc/postfix/t", "hash:/var/lib/t"),
        *("mysql:/etc/postfix/t.cf", "proxy:ldap:x", "tcp:127.0.0.1:10", "socketmap:unix:x:y", "unix:passwd.byname"),
        *("unionmap:{hash:/etc/postfix/t}", "randmap:{a,b}", "environ:x"),
    ],
)
def test_what_the_files_do_not_tell(table: str) -> None:
    assert found(table, "a") == "unknown"


@pytest.mark.parametrize("table", ["hash:", ":x", "proxy:", "proxy:hash:", "texthash", "", "STATIC:x"])
def test_what_is_no_table(table: str) -> None:
    assert found(table, "a") == "error"


def test_patterns_are_listed_and_not_run() -> None:
    text = "# c\n/^a b/ REJECT no\n!/x\\/y/i OK\nif /z/\n/a/!/b/ DUNNO\nendif\n/open REJECT\nword OK\n"
    table = tables({"t": text}).open("pcre:/etc/postfix/t")
    assert [(rule.operation, rule.negated, rule.pattern, rule.entry.value) for rule in table.rules] == [
        ("match", False, "/^a b/", "REJECT no"),
        ("match", True, "/x\\/y/i", "OK"),
        ("if", False, "/z/", ""),
        ("match", False, "/a/!/b/", "DUNNO"),
        ("endif", False, "", ""),
    ]
    assert table.skipped == 2
    assert found("pcre:/etc/postfix/t", "a b", {"t": text}) == "unknown"
    assert found("pcre:/etc/postfix/t", "a b", {"t": "# nothing\n"}) is None


@pytest.mark.parametrize(
    ("table", "release", "kind"),
    [
        ("inline:{a=1}", (2, 11, 11), "fails"),
        ("inline:{a=1}", (3, 0, 0), "keys"),
        ("cidr:{{10.0.0.0/8 x}}", (3, 6, 15), "unseen"),
        ("cidr:{{10.0.0.0/8 x}}", (3, 7, 0), "networks"),
        ("static:{x y}", (2, 11, 11), "anything"),
        ("debug:static:x", (3, 10, 13), "fails"),
        ("proxy:debug:static:x", (3, 11, 0), "anything"),
    ],
)
def test_what_a_release_knows(table: str, release: tuple[int, ...], kind: str) -> None:
    assert tables(release=release).open(table).kind == kind


def test_negation_and_blocks_of_networks_came_later() -> None:
    text = "if 10.0.0.0/8\n!10.1.0.0/16 a\n10.2.0.0/16 b\nendif\n"
    old, new = (tables({"t": text}, release=each).open("cidr:/etc/postfix/t") for each in ((3, 1, 0), (3, 2, 0)))
    assert [len(old.rules), old.skipped, len(new.rules), new.skipped] == [1, 3, 4, 0]


def test_tables_are_bounded() -> None:
    many = "".join(f"k{at} v\n" for at in range(MAX_ENTRIES + 1))
    assert found("hash:/etc/postfix/t", "k1", {"t": many}) == "unknown"
    deep = "inline:{a=1}"
    for _ in range(MAX_DEPTH + 1):
        deep = f"unionmap:{{{deep}}}"
    assert found(deep, "a") == "unknown"


@pytest.mark.parametrize(
    ("directory", "path", "name"),
    [
        ("etc/postfix", "/etc/postfix/t", "etc/postfix/t"),
        ("host/etc/postfix", "/etc/postfix/t", "host/etc/postfix/t"),
        ("host/etc/postfix", "/etc/mail/t", "host/etc/mail/t"),
        ("roles/postfix", "/etc/postfix/sub/t", "roles/postfix/sub/t"),
        ("roles/postfix", "/usr/local/etc/postfix/t", "roles/postfix/t"),
        ("", "/etc/postfix/t", "t"),
    ],
)
def test_where_the_files_of_a_configuration_are(directory: str, path: str, name: str) -> None:
    files = Files(MemoryTree({name: b"a x\n"}), directory)
    assert getattr(files.read(path), "path", None) == name
    assert [each.path for each in files.sources()] == [name]


@pytest.mark.parametrize("path", ["/etc/mail/t", "/etc/postfix/../shadow", "t", "/etc/postfix"])
def test_other_files_lie_outside(path: str) -> None:
    files = Files(MemoryTree({"roles/shadow": b"", "roles/postfix/t": b""}), "roles/postfix")
    assert not hasattr(files.read(path), "path")
    assert files.sources() == ()


TYPES = (
    "hash",
    "texthash",
    "cidr",
    "regexp",
    "inline",
    "unionmap",
    "pipemap",
    "randmap",
    "static",
    "proxy:hash",
    "debug",
)
WRITTEN = st.text(alphabet='a1{}=,:/ !if\n\t\\"#[].endx\0\u00e9')


@given(st.sampled_from(TYPES), WRITTEN, WRITTEN, WRITTEN)
def test_anything_may_be_written_as_a_table(kind: str, name: str, text: str, key: str) -> None:
    for table in (f"{kind}:{name}", f"{kind}:/etc/postfix/t", f"{kind}:{{{name}}}"):
        opened = tables({"t": text}).open(table)
        assert find(opened, key) is None or opened.kind != "patterns" or opened.rules
