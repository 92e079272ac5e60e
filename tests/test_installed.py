"""What a host's own files say of it."""

from __future__ import annotations

import pytest

from checker.installed import installed_version, platform_of
from checker.tree import MemoryTree

STATUS = """\
Package: dovecot-core
Status: install ok installed
Architecture: amd64
Version: 1:2.3.19.1+dfsg1-2.1+deb12u7

Package: dovecot-pop3d
Status: deinstall ok config-files
Version: 1:2.3.19.1-1

Package: native
Status: install ok installed
Version: 3.7
"""


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("ID=debian\nVERSION_ID=12\n", "debian-12"),
        ('NAME="Debian GNU/Linux"\nVERSION_ID="13"\nID="debian"\n', "debian-13"),
        ("ID=debian\n", "debian-sid"),
        ("ID=plan9\nVERSION_ID=4\n", None),
        ("no assignment\n", None),
    ],
)
def test_the_platform_is_that_of_os_release_if_it_is_known(text: str, platform: str | None) -> None:
    assert platform_of(MemoryTree({"host/etc/os-release": text.encode()}), "host") == platform


def test_without_os_release_there_is_none() -> None:
    assert platform_of(MemoryTree({}), "") is None


@pytest.mark.parametrize(
    ("package", "version"),
    [("dovecot-core", "2.3.19.1"), ("native", "3.7"), ("dovecot-pop3d", None), ("postfix", None)],
)
def test_the_version_of_a_package_that_is_installed(package: str, version: str | None) -> None:
    assert installed_version(MemoryTree({"var/lib/dpkg/status": STATUS.encode()}), "", package) == version


def test_of_another_host_below_its_own_root() -> None:
    tree = MemoryTree({"a/var/lib/dpkg/status": STATUS.encode()})
    assert installed_version(tree, "a", "dovecot-core") is not None
    assert installed_version(tree, "b", "dovecot-core") is None
