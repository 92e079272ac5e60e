"""The processes of the services."""

from __future__ import annotations

import pytest

from checker.facts.process import Process
from tests.dovecot.described import BOTH, facts
from tests.dovecot.made import plain


def processes(text: str, generation: str) -> dict[str, Process]:
    """Return the kinds of process by name."""
    found = facts(f"protocols = imap\n{text}", generation).gathered["process"].all()
    return {each.id.removeprefix("dovecot:"): each for each in found}


def told(process: Process) -> list[object]:
    return [plain(each) for each in (process.program, process.user, process.chroot, process.privileged)]


@pytest.mark.parametrize("generation", BOTH)
def test_as_whom_they_run(generation: str) -> None:
    found = processes("", generation)
    assert told(found["imap-login"]) == ["imap-login", "dovenull", "login", False]
    assert told(found["imap"]) == ["imap", "root", "", True]
    assert told(found["auth"]) == ["auth", "dovecot", "", False]
    assert told(found["auth-worker"])[0::3] == ["auth", True]


@pytest.mark.parametrize("generation", BOTH)
def test_a_login_process_that_is_made_root_was_not_made_for_it(generation: str) -> None:
    found = processes("service imap-login {\n  user = root\n  chroot =\n}\n", generation)["imap-login"]
    assert told(found) == ["imap-login", "root", "", False]
    assert found.user.origins[0].place is not None


@pytest.mark.parametrize("generation", BOTH)
def test_a_script_of_ones_own_runs_as_root_unless_it_is_told(generation: str) -> None:
    text = "service own {\n  executable = script /usr/local/bin/own.sh\n}\n"
    assert told(processes(text, generation)["own"]) == ["script", "root", "", False]


@pytest.mark.parametrize("generation", BOTH)
def test_arguments_do_not_change_what_a_program_is_for(generation: str) -> None:
    text = "service imap {\n  executable = imap imap-postlogin\n}\n"
    assert plain(processes(text, generation)["imap"].privileged) is True


@pytest.mark.parametrize("generation", BOTH)
def test_services_of_other_protocols_do_not_run(generation: str) -> None:
    assert not {"pop3", "lmtp", "managesieve-login"} & processes("", generation).keys()


@pytest.mark.parametrize(
    ("generation", "renewed", "endless"), [("2.3", "service_count", "0"), ("2.4", "restart_request_count", "unlimited")]
)
def test_how_many_clients_one_serves(generation: str, renewed: str, endless: str) -> None:
    assert plain(processes("", generation)["imap-login"].restart_after) == 1
    text = f"service imap-login {{\n  {renewed} = {endless}\n}}\n"
    assert plain(processes(text, generation)["imap-login"].restart_after) == 0


@pytest.mark.parametrize("generation", BOTH)
def test_how_many_there_are(generation: str) -> None:
    text = "default_process_limit = 7\nservice imap {\n  process_limit = 9\n}\n"
    found = processes(text, generation)
    assert [plain(found[name].process_limit) for name in ("imap", "imap-login")] == [9, 7]


@pytest.mark.parametrize("generation", BOTH)
def test_a_wrapper_does_not_change_what_a_service_is_for(generation: str) -> None:
    text = "service indexer-worker {\n  executable = /usr/bin/nice -n 19 /usr/lib/dovecot/indexer-worker\n}\n"
    assert plain(processes(text, generation)["indexer-worker"].privileged) is True


@pytest.mark.parametrize("generation", BOTH)
def test_the_quota_service_becomes_the_user(generation: str) -> None:
    text = "service quota-status {\n  executable = quota-status -p postfix\n}\n"
    assert plain(processes(text, generation)["quota-status"].privileged) is True
