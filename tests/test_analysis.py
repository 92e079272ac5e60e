"""From paths to facts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.analysis import describe
from checker.result import Described, Target
from checker.tree import MAX_FILE_BYTES, DiskTree, MemoryTree, Tree
from tests.postfix.made import plain

MAIN, MASTER = b"compatibility_level = 3.6\n", b"smtp inet n - n - - smtpd\n"
FILES = {"etc/postfix/main.cf": MAIN, "etc/postfix/master.cf": MASTER}
DEBIAN_12 = b"ID=debian\nVERSION_ID=12\n"
STATUS = b"Package: postfix\nStatus: install ok installed\nVersion: 3.7.9-0+deb12u1\n"


def described(files: dict[str, bytes], target: Target | None = None, *, is_host: bool = False) -> Described:
    return describe(MemoryTree(files, is_host), ("",), target or Target())


def errors(found: Described) -> list[str]:
    return [each.text for each in found.notices if each.level == "error"]


def test_a_set_is_a_system_with_its_facts() -> None:
    found = described(FILES)
    (system,) = found.systems
    assert system.id == "."
    assert [each.id for each in system.software] == ["postfix:etc/postfix"]
    assert [each.id for each in system.endpoints] == ["postfix:smtp/inet:25"]
    assert [each.id for each in system.trust] == ["postfix:relay:mynetworks_style"]
    assert set(found.sources) == set(FILES)
    assert system.missing == ()


def test_sets_of_many_hosts_are_systems_of_their_own() -> None:
    found = described({f"{host}/{name}": data for host in "ab" for name, data in FILES.items()})
    assert [each.id for each in found.systems] == ["a", "b"]


def test_postfix_and_dovecot_of_one_host_are_one_system() -> None:
    dovecot = b"protocols = imap\nssl = required\n"
    found = described({**FILES, "etc/dovecot/dovecot.conf": dovecot}, target=Target(dovecot_version="2.3.19.1"))
    (system,) = found.systems
    assert [each.id for each in system.software] == ["dovecot:etc/dovecot", "postfix:etc/postfix"]
    assert {"postfix:smtp/inet:25", "dovecot:imap-login/imap:143"} <= {each.id for each in system.endpoints}


def test_directories_named_for_their_products_side_by_side_are_one_host() -> None:
    files = {
        "mail/postfix/main.cf": MAIN,
        "mail/postfix/master.cf": MASTER,
        "mail/dovecot/dovecot.conf": b"ssl = yes\n",
    }
    assert [each.id for each in described(files).systems] == ["mail"]


def test_a_conf_d_without_its_root_is_judged_as_if_one_included_it() -> None:
    found = described(
        {"roles/dovecot/files/conf.d/10-ssl.conf": b"ssl = no\n", "roles/dovecot/files/conf.d/x.conf": b""}
    )
    (system,) = found.systems
    assert [each.id for each in system.software] == ["dovecot:roles/dovecot/files"]
    assert any("no dovecot.conf" in each.text for each in found.notices)


def test_a_set_at_the_root_has_an_id() -> None:
    assert described({"main.cf": MAIN, "master.cf": MASTER}).systems[0].id == "."


def test_nothing_found_is_no_system() -> None:
    assert described({"README": b""}).systems == ()


@pytest.mark.parametrize(
    ("files", "target", "is_host", "release", "assumed"),
    [
        ({}, Target(postfix_version="3.5.25"), False, "3.5.25", None),
        ({}, Target(platform="debian-11"), False, "3.5.25", None),
        ({}, Target(), False, "3.10.13", "nothing names a release"),
        ({"etc/os-release": DEBIAN_12}, Target(), False, "3.10.13", "nothing names a release"),
        ({"etc/os-release": DEBIAN_12}, Target(), True, "3.7.11", "the host's os-release"),
        (
            {"etc/os-release": DEBIAN_12, "var/lib/dpkg/status": STATUS},
            Target(),
            True,
            "3.7.9",
            "the installed package",
        ),
        ({"etc/os-release": DEBIAN_12}, Target(postfix_version="3.9.1"), True, "3.9.1", None),
    ],
)
def test_the_release_is_the_users_or_the_hosts_or_debian_stable(
    files: dict[str, bytes], target: Target, is_host: bool, release: str, assumed: str | None
) -> None:
    (system,) = described({**FILES, **files}, target, is_host=is_host).systems
    software = system.software[0]
    assert (plain(software.release), plain(software.assumed)) == (release, assumed)


def test_a_release_beyond_the_tables_is_noted() -> None:
    found = described(FILES, Target(postfix_version="3.99.0"))
    assert [each.level for each in found.notices] == ["note"]
    assert "3.99.0" in found.notices[0].text


def test_what_postfix_refuses_is_an_error_with_its_place() -> None:
    found = described({**FILES, "etc/postfix/main.cf": MAIN + b"mynetworks += 10.0.0.0/8\n"})
    (notice,) = found.notices
    assert (notice.level, str(notice.place)) == ("error", "etc/postfix/main.cf:2:1")


def test_a_line_that_postfix_ignores_is_a_warning() -> None:
    found = described({**FILES, "etc/postfix/main.cf": b"  a = b\n" + MAIN})
    assert [each.level for each in found.notices] == ["warning"]


def test_a_set_without_master_cf_may_lack_endpoints() -> None:
    (system,) = described({"etc/postfix/main.cf": MAIN}).systems
    assert "endpoint" in dict(system.missing)


def test_a_file_that_is_too_large_is_an_error_and_what_depends_on_it_is_missing() -> None:
    found = described({**FILES, "etc/postfix/main.cf": b"#" * (MAX_FILE_BYTES + 1)})
    assert "larger than 8 MiB" in errors(found)[0]
    assert {kind for kind, _ in found.systems[0].missing} >= {"endpoint", "trust"}


def test_a_set_of_which_nothing_can_be_read_is_no_system() -> None:
    found = described({"main.cf": b"#" * (MAX_FILE_BYTES + 1)})
    assert found.systems == ()
    assert len(errors(found)) == 1


@pytest.mark.parametrize("kind", ["fifo", "link out", "link to nothing", "loop"])
def test_a_main_cf_that_is_no_file_is_an_error(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "master.cf").write_bytes(MASTER)
    (tmp_path / "secret").write_text("password = x\n")
    if kind == "fifo":
        os.mkfifo(root / "main.cf")
    else:
        (root / "main.cf").symlink_to({"link out": "../secret", "link to nothing": "none", "loop": "main.cf"}[kind])
    found = describe(DiskTree(root), ("",), Target())
    assert len(errors(found)) == 1
    assert "endpoint" in dict(found.systems[0].missing)


def fields(tree: Tree) -> Described:
    return describe(tree, ("",), Target())


@settings(deadline=None)
@given(st.binary(), st.binary())
def test_any_bytes_have_a_description(main: bytes, master: bytes) -> None:
    found = fields(MemoryTree({"main.cf": main, "master.cf": master}))
    assert len(found.systems) == 1


@settings(deadline=None)
@given(st.binary(), st.binary())
def test_any_host_has_a_release_or_none(os_release: bytes, status: bytes) -> None:
    files = {**FILES, "etc/os-release": os_release, "var/lib/dpkg/status": b"Package: postfix\n" + status}
    assert described(files, is_host=True).systems


def test_a_platform_whose_dovecot_is_not_known_is_judged_by_the_language_of_the_files() -> None:
    files = {"etc/dovecot/dovecot.conf": b"dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.1\n"}
    (system,) = described(files, Target(platform="alpine-3.24")).systems
    software = system.software[0]
    assert plain(software.release) == "2.4.1"
    assert plain(software.assumed) == "which release alpine-3.24 packages is not known"
