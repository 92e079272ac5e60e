"""Where only a part of a host is kept, an include without a file is not yet a fault."""

from __future__ import annotations

import pytest

from checker.dovecot.describe import describe, release_of
from checker.tree import MemoryTree
from tests.dovecot.described import BOTH, facts, said

TEXT = "protocols = imap\nssl = required\n!include {}\n"


@pytest.mark.parametrize("generation", BOTH)
def test_what_it_would_set_is_unknown(generation: str) -> None:
    found = facts(TEXT.format("conf.d/*.conf"), generation)
    assert said(found.software.starts) == "<not-in-set>"
    assert said(found.software.settings.get("ssl")) == "required"
    assert said(found.software.settings.get("verbose_proctitle")) == "<not-in-set>"
    assert [kind for kind, _ in found.missing] == ["endpoint", "trust"]
    assert [notice.level for notice in found.notices] == ["warning"]


@pytest.mark.parametrize("name", ["auth-system.conf.ext", "conf.d/auth-passwdfile.inc"])
def test_a_file_of_passdbs_leaves_all_else_known(name: str) -> None:
    found = facts(TEXT.format(name))
    assert said(found.software.starts) == "<not-in-set>"
    assert said(found.software.settings.get("verbose_proctitle")) is False
    assert not found.missing
    assert "passdbs" in found.notices[0].text


def test_where_it_is_there_nothing_is_missing() -> None:
    found = facts(TEXT.format("a.conf"), files={"a.conf": "verbose_proctitle = yes\n"})
    assert said(found.software.starts) is True
    assert said(found.software.settings.get("verbose_proctitle")) is True


def test_on_a_host_it_is_fatal() -> None:
    tree = MemoryTree({"etc/dovecot/dovecot.conf": TEXT.format("conf.d/*.conf").encode()}, is_host=True)
    entry = "etc/dovecot/dovecot.conf"
    found = describe(tree, entry, release_of(tree, entry, None, "debian-12"), directory="etc/dovecot")
    assert said(found.software.starts) is False
    assert [notice.level for notice in found.notices] == ["error"]
