"""Text that comes from files is only text, wherever it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.report.markup import code_block, for_command, for_link, for_markdown, for_message, for_property


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("everybody in [::1]/128 may relay", "everybody in [::1]/128 may relay"),
        ("[click](https://evil.example)", "[click] (https://evil.example)"),
        ("{0} and {12}", "{{0}} and {{12}}"),
        ("${mynetworks} {x}", "${mynetworks} {x}"),
        ("a\nb\x1b[2J\u202e", "a\\nb\\x1b[2J\\u202e"),
        ("connect = host=db password=hunter2", "connect = host=db password=<secret>"),
    ],
)
def test_a_message_has_no_links_placeholders_controls_or_secrets(text: str, safe: str) -> None:
    assert for_message(text) == safe


def test_a_link_closes_where_it_should() -> None:
    assert for_link("x](1) [y\\") == r"x\] (1) \[y\\"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a | b", r"a \| b"),
        ("`code` *bold* _x_ ~~no~~", r"\`code\` \*bold\* \_x\_ \~\~no\~\~"),
        ("<img src=x>&amp;", r"&lt;img src=x\>&amp;amp;"),
        ("![x](y)", r"!\[x\](y)"),
        ("https://evil.example", r"https\://evil.example"),
        ("- no item", r"\- no item"),
        ("1. no item", r"1\. no item"),
        ("main.cf:12 is well-formed: yes", "main.cf:12 is well-formed: yes"),
        ("a\n# b", r"a\\n\# b"),
    ],
)
def test_markdown_shows_it_as_it_is(text: str, safe: str) -> None:
    assert for_markdown(text) == safe


@given(st.text())
def test_no_text_ends_a_block_of_code(text: str) -> None:
    first, *inside, last = code_block(text).split("\n")
    fence = first.removesuffix("text")
    assert last == fence == "`" * len(fence)
    assert not [line for line in inside if fence in line]


def test_a_command_is_on_one_line_and_its_properties_do_not_end_early() -> None:
    assert for_command("50%\n::error::x") == "50%25\\n::error::x"
    assert for_property("a,b:c%\r\n") == "a%2Cb%3Ac%25\\r\\n"
