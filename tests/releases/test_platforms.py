"""What platforms package."""

from __future__ import annotations

import pytest

from checker.dovecot.release import release as dovecot_release
from checker.errors import UserError
from checker.postfix.release import release as postfix_release
from checker.releases.platforms import packaged
from checker.releases.tables import table


@pytest.mark.parametrize("platform", table("platforms"))
def test_each_platform_names_releases_that_the_tables_know_and_a_source(platform: str) -> None:
    row = table("platforms")[platform]
    assert row["source"]
    assert postfix_release(None, platform).version == row["postfix"]
    assert dovecot_release(None, platform).version == row.get("dovecot", "2.3.19.1")


def test_a_platform_that_nobody_knows_is_refused_with_those_that_are() -> None:
    with pytest.raises(UserError, match="unknown platform 'plan9-4'") as error:
        packaged("plan9-4", "postfix")
    assert "debian-12" in error.value.hint
    assert "--postfix-version" in error.value.hint


def test_a_distribution_may_know_parameters_before_their_release_does() -> None:
    name = "smtpd_forbid_bare_newline"
    assert postfix_release("3.6.4", None).parameter(name) is None
    patched = postfix_release(None, "ubuntu-22.04")
    assert (parameter := patched.parameter(name)) is not None
    assert parameter.default == "no"
    assert name in patched.names()
