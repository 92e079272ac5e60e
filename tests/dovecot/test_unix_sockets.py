"""The unix sockets of the services."""

from __future__ import annotations

from typing import Literal

import pytest

from checker.dovecot.server import Server
from checker.dovecot.unix_sockets import built_in_sockets, unix_sockets
from checker.facts.endpoint import Endpoint
from tests.dovecot.made import HEAD_LINES, made23, made24, plain

Made = Literal["2.3", "2.4"]
BOTH = pytest.mark.parametrize("generation", ["2.3", "2.4"])
POSTFIX = "/var/spool/postfix/private/auth"


def sockets(generation: Made, text: str) -> list[Endpoint]:
    server = Server(made23(text) if generation == "2.3" else made24(text))
    return list(unix_sockets(server))


def listener(path: str, *lines: str, service: str = "auth") -> str:
    inner = "".join(f"    {line}\n" for line in lines)
    return f"service {service} {{\n  unix_listener {path} {{\n{inner}  }}\n}}\n"


@BOTH
def test_a_socket_for_postfix(generation: Made) -> None:
    (found,) = sockets(generation, listener(POSTFIX, "mode = 0666", "user = postfix"))
    assert found.id == f"dovecot:auth{POSTFIX}"
    assert [plain(each) for each in (found.protocol, found.exposure, found.tls.mode)] == ["auth", "unix", "none"]
    assert [plain(each) for each in (found.socket.path, found.socket.mode, found.socket.use)] == [
        POSTFIX,
        "0666",
        "client",
    ]


@BOTH
def test_the_mode_is_the_first_place(generation: Made) -> None:
    (found,) = sockets(generation, listener(POSTFIX, "user = postfix", "mode = 0660"))
    place = found.socket.mode.origins[0].place
    assert place is not None
    assert place.line == 4 + (HEAD_LINES if generation == "2.4" else 0)


@BOTH
@pytest.mark.parametrize(
    ("written", "mode"), [("0600", "0600"), ("0777", "0777"), ("666", "0232"), ("660", "0224"), ("01777", "0777")]
)
def test_without_a_leading_zero_the_mode_is_decimal(generation: Made, written: str, mode: str) -> None:
    (found,) = sockets(generation, listener(POSTFIX, f"mode = {written}"))
    assert plain(found.socket.mode) == mode


@BOTH
def test_a_new_socket_is_for_its_owner_alone(generation: Made) -> None:
    (found,) = sockets(generation, listener(POSTFIX, "user = postfix"))
    assert plain(found.socket.mode) == "0600"


@BOTH
@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("auth-userdb", "userdb"),
        ("auth-master", "master"),
        ("login/login", "login"),
        ("/run/in-mail/auth", "client"),
        ("/run/mine-userdb", "userdb"),
        ("auth-client", "client"),
        ("token-login/tokenlogin", None),
    ],
)
def test_what_it_is_for_follows_from_its_name(generation: Made, name: str, use: str | None) -> None:
    (found,) = sockets(generation, listener(name, "mode = 0600"))
    assert plain(found.socket.use) == use
    assert plain(found.socket.path) == (name if name.startswith("/") else f"/run/dovecot/{name}")


def test_in_2_4_from_its_type_first() -> None:
    (found,) = sockets("2.4", listener(POSTFIX, "mode = 0600", "type = userdb"))
    assert plain(found.socket.use) == "userdb"


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "",
        listener(POSTFIX, "mode = 0"),
        listener("auth-userdb", "mode = 0"),
        listener("lmtp", "mode = 0666", service="lmtp"),  # the protocol is not enabled
        listener("x", "mode = 0666", service="own"),  # no program
    ],
)
def test_what_is_no_socket_to_speak_of(generation: Made, text: str) -> None:
    assert sockets(generation, text) == []


@BOTH
def test_those_of_any_service(generation: Made) -> None:
    (found,) = sockets(generation, listener("lmtp", "mode = 0660", service="lmtp") + "protocols = lmtp\n")
    assert [plain(each) for each in (found.protocol, found.socket.mode, found.socket.use)] == ["lmtp", "0660", None]


@BOTH
def test_whose_they_are(generation: Made) -> None:
    owned = listener("a", "user = postfix") + listener("b", "group = mail")
    found = {each.id: (plain(each.socket.owner), plain(each.socket.group)) for each in sockets(generation, owned)}
    assert found == {"dovecot:auth/a": ("postfix", "root"), "dovecot:auth/b": ("root", "mail")}


@pytest.mark.parametrize(
    ("generation", "variable", "owner"),
    [("2.3", "$default_internal_user", "mine"), ("2.4", "$SET:default_internal_user", "dovecot")],
)
def test_variables_in_an_owner(generation: Made, variable: str, owner: str) -> None:
    """2.4.1 looks for them in the section alone, and takes the default."""
    (found,) = sockets(generation, f"default_internal_user = mine\n{listener('a', f'user = {variable}')}")
    assert plain(found.socket.owner) == owner


@BOTH
def test_what_no_file_mentions_is_built_in(generation: Made) -> None:
    text = listener("auth-client", "mode = 0660") + listener("auth-login", "mode = 0")
    server = Server(made23(text) if generation == "2.3" else made24(text))
    found = {plain(each.socket.path): each.socket for each in built_in_sockets(server)}
    assert {"/run/dovecot/auth-userdb", "/run/dovecot/doveadm-server"} <= found.keys()
    assert not {"/run/dovecot/auth-client", "/run/dovecot/auth-login", "/run/dovecot/lmtp"} & found.keys()
    userdb = found["/run/dovecot/auth-userdb"]
    assert [plain(each) for each in (userdb.mode, userdb.owner, userdb.group)] == ["0666", "dovecot", "root"]


@BOTH
@pytest.mark.parametrize(
    ("lines", "offered", "required"), [((), False, False), (("mode = 0660",), True, True)], ids=["its owner's", "wider"]
)
def test_doveadm_believes_its_owner_alone(
    generation: Made, lines: tuple[str, ...], offered: bool, required: bool
) -> None:
    text = "doveadm_password = x\n" + listener("doveadm-server", "user = x", *lines, service="doveadm")
    (found,) = sockets(generation, text)
    assert [plain(found.auth.offered), plain(found.auth.required)] == [offered, required]


def test_a_section_outside_of_services_counts_for_all_of_that_name() -> None:
    found = sockets("2.4", "unix_listener auth-client {\n  mode = 0666\n}\n")
    assert [(each.id, plain(each.socket.mode)) for each in found] == [("dovecot:auth/auth-client", "0666")]
