"""What a host's own files say of it."""

from __future__ import annotations

import pytest

from checker.installed import installed_version, platform_of
from checker.releases.platforms import Package
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

POSTFIX = """\
Package: postfix
Status: {}
Version: {}
"""

APK = """\
C:Q1x=
P:dovecot-pop3d
V:2.3.21.1-r0

C:Q1y=
P:postfix
V:3.10.8-r0
A:x86_64
"""


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("ID=debian\nVERSION_ID=12\n", "debian-12"),
        ('NAME="Debian GNU/Linux"\nVERSION_ID="13"\nID="debian"\n', "debian-13"),
        ("ID=debian\n", "debian-sid"),
        ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n', "ubuntu-22.04"),
        ('ID="rhel"\nVERSION_ID="9.4"\n', "rhel-9"),
        ('ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.10"\n', "rhel-8"),
        ("ID=alpine\nVERSION_ID=3.22.1\n", "alpine-3.22"),
        ("ID=linuxmint\nID_LIKE=debian\nVERSION_ID=99\n", None),
        ("ID=plan9\nVERSION_ID=4\n", None),
        ("no assignment\n", None),
    ],
)
def test_the_platform_is_that_of_os_release_if_it_is_known(text: str, platform: str | None) -> None:
    assert platform_of(MemoryTree({"host/etc/os-release": text.encode()}), "host") == platform


def test_without_os_release_there_is_none() -> None:
    assert platform_of(MemoryTree({}), "") is None


@pytest.mark.parametrize(("package", "version"), [("dovecot", "2.3.19.1"), ("postfix", None)])
def test_the_version_of_a_package_that_is_installed(package: Package, version: str | None) -> None:
    assert installed_version(MemoryTree({"var/lib/dpkg/status": STATUS.encode()}), "", package) == version


@pytest.mark.parametrize(
    ("status", "text", "version"),
    [
        ("install ok installed", "3.7.11-0+deb12u1", "3.7.11"),
        ("install ok installed", "3.7", "3.7"),
        ("install ok installed", "unheard-of", None),
        ("deinstall ok config-files", "3.7.11-0+deb12u1", None),
    ],
)
def test_a_package_counts_while_it_is_installed(status: str, text: str, version: str | None) -> None:
    tree = MemoryTree({"var/lib/dpkg/status": POSTFIX.format(status, text).encode()})
    assert installed_version(tree, "", "postfix") == version


@pytest.mark.parametrize("path", ["lib/apk/db/installed", "usr/lib/apk/db/installed"])
def test_the_version_of_a_package_of_alpine(path: str) -> None:
    tree = MemoryTree({path: APK.encode()})
    assert installed_version(tree, "", "postfix") == "3.10.8"
    assert installed_version(tree, "", "dovecot") is None


def test_of_another_host_below_its_own_root() -> None:
    tree = MemoryTree({"a/var/lib/dpkg/status": STATUS.encode()})
    assert installed_version(tree, "a", "dovecot") is not None
    assert installed_version(tree, "b", "dovecot") is None
