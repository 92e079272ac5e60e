"""Where Postfix listens, and which clients a network list names."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.facts.types import Exposure
from checker.networks import exposure_of
from checker.postfix.network import NetworkList, listeners, network_list, port_number, split_service
from tests.postfix.made import plain, reason, scope_of
from tests.postfix.tables.made import tables


@pytest.mark.parametrize(
    ("name", "host", "port"),
    [
        ("smtp", "", "smtp"),
        ("25", "", "25"),
        (":25", "", "25"),
        ("127.0.0.1:25", "127.0.0.1", "25"),
        ("localhost:smtp", "localhost", "smtp"),
        ("[::1]:25", "::1", "25"),
        ("::1:25", "::1", "25"),
        ("a:b:c", "a:b", "c"),
    ],
)
def test_a_service_name_is_split_at_its_last_colon(name: str, host: str, port: str) -> None:
    assert split_service(name) == (host, port)


@pytest.mark.parametrize(
    ("name", "version", "port"),
    [
        ("25", "3.7.11", 25),
        ("smtp", "3.7.11", 25),
        ("smtps", "3.7.11", 465),
        ("submissions", "3.7.11", 465),
        ("submission", "3.7.11", 587),
        ("lmtp", "3.7.11", 24),
        ("smtp", "3.5.25", 25),
        ("submissions", "3.5.25", 465),
    ],
)
def test_port_names(name: str, version: str, port: int) -> None:
    assert plain(port_number(scope_of(program="master", version=version), name)) == port


def test_known_tcp_ports_goes_first() -> None:
    master = scope_of("known_tcp_ports = smtp = mail=2525, bad, worse=x\n", program="master")
    assert plain(port_number(master, "smtp")) == 2525
    assert plain(port_number(master, "submission")) == 587


@pytest.mark.parametrize("name", ["no-such-service", "\u0665", "9" * 5000, ""])
def test_another_port_is_looked_up_on_the_host(name: str) -> None:
    assert reason(port_number(scope_of(program="master"), name)) == "host-only"


@pytest.mark.parametrize(
    ("address", "exposure"),
    [
        ("127.0.0.1", "loopback"),
        ("127.9.9.9", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("172.32.0.1", "public"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("169.254.1.1", "private"),
        ("fd00::1", "private"),
        ("fe80::1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("192.0.2.1", "public"),
        ("2001:db8::1", "public"),
        ("0.0.0.0", "public"),  # noqa: S104 - what the test is about
        ("::", "public"),
        ("mail.example.org", None),
        ("10.0.0.0/8", None),
        ("", None),
    ],
)
def test_who_can_reach_an_address(address: str, exposure: Exposure | None) -> None:
    assert exposure_of(address) == exposure


def listening(main: str = "", host: str = "") -> list[tuple[object, object]]:
    found = listeners(scope_of(main, program="master"), host)
    return [(plain(each.address), plain(each.exposure)) for each in found]


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("", [("*", "public")]),
        ("inet_interfaces = all\n", [("*", "public")]),
        ("inet_protocols = ipv6\n", [("::", "public")]),
        ("inet_protocols = ipv4\n", [("*", "public")]),
        ("inet_interfaces = loopback-only\n", [("127.0.0.1", "loopback"), ("::1", "loopback")]),
        ("inet_interfaces = loopback-only\ninet_protocols = ipv4\n", [("127.0.0.1", "loopback")]),
        ("inet_interfaces = localhost\n", [("127.0.0.1", "loopback")]),
        ("inet_interfaces = 127.0.0.1, 192.0.2.1\n", [("127.0.0.1", "loopback"), ("192.0.2.1", "public")]),
        ("inet_interfaces = [::1] 10.0.0.1\n", [("::1", "loopback"), ("10.0.0.1", "private")]),
        ("inet_interfaces = 10.0.0.1 10.0.0.1\n", [("10.0.0.1", "private")]),
        ("inet_interfaces =\n", []),
    ],
)
def test_a_port_alone_listens_on_the_interfaces(main: str, expected: list[tuple[str, str]]) -> None:
    assert listening(main) == expected


def test_a_host_in_the_service_name_beats_the_interfaces() -> None:
    assert listening("inet_interfaces = loopback-only\n", "192.0.2.1") == [("192.0.2.1", "public")]


@pytest.mark.parametrize("interfaces", ["ALL", "all, 10.0.0.1", "mail.example.org"])
def test_a_name_is_looked_up(interfaces: str) -> None:
    found = listeners(scope_of(f"inet_interfaces = {interfaces}\n", program="master"), "")
    assert reason(found[0].address) == reason(found[0].exposure) == "dns-only"


def test_interfaces_of_a_template_are_not_known() -> None:
    (found,) = listeners(scope_of("inet_interfaces = {{ interfaces }}\n", program="master"), "")
    assert reason(found.address) == reason(found.exposure) == "template"


def read(text: str) -> NetworkList:
    return network_list(tuple(text.split()), tables())


def members(text: str) -> list[str]:
    return [("!" if each.negated else "") + str(each.network) for each in read(text).entries]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.0/8 [::1]/128", ["127.0.0.0/8", "::1/128"]),
        ("192.0.2.1", ["192.0.2.1/32"]),
        ("[192.0.2.1]", ["192.0.2.1/32"]),
        ("[192.0.2.0]/24", ["192.0.2.0/24"]),
        ("[::1]", ["::1/128"]),
        ("[::ffff:127.0.0.0]/104", ["::ffff:7f00:0/104"]),
        ("!192.0.2.1 192.0.2.0/24", ["!192.0.2.1/32", "192.0.2.0/24"]),
        ("!!192.0.2.1", ["192.0.2.1/32"]),
        ("0.0.0.0/00", ["0.0.0.0/0"]),
        ("static:all", ["0.0.0.0/0", "::/0"]),
        ("127 localhost 127. a;b [bad]", []),
    ],
)
def test_the_entries_of_a_list(text: str, expected: list[str]) -> None:
    assert members(text) == expected
    assert read(text).fault is None


@pytest.mark.parametrize(
    "entry",
    [
        "10.0.0.1/8",
        "0/0",
        "10.0.0.0/33",
        "10.0.0.0/255.0.0.0",
        "010.0.0.0/8",
        "192.0.2.1/",
        "[bad]/8",
        "10.0.0.0/\u0668",
    ],
)
def test_a_bad_entry_ends_the_walk_of_its_family(entry: str) -> None:
    found = read(f"192.0.2.0/24 {entry} 0.0.0.0/0 [2001:db8::]/32")
    assert found.fault == entry
    assert [str(each.network) for each in found.entries] == ["192.0.2.0/24", "2001:db8::/32"]


def test_a_bad_entry_of_ipv6_does_not_stop_ipv4() -> None:
    found = read("[fe80::1]/64 0.0.0.0/0 [::]/0")
    assert found.fault == "[fe80::1]/64"
    assert [str(each.network) for each in found.entries] == ["0.0.0.0/0"]


@pytest.mark.parametrize("entry", ["2001:db8::/32", "foo:bar", "STATIC:all", "fail:x"])
def test_a_table_that_cannot_be_opened_ends_the_walk_for_all(entry: str) -> None:
    found = read(f"{entry} 0.0.0.0/0 static:all hash:/x")
    assert (found.fault, found.entries, found.tables) == (entry, (), ())


@pytest.mark.parametrize("entry", ["hash:/etc/postfix/nets", "/etc/postfix/nets", "cidr:/x", "proxy:mysql:/x"])
def test_a_table_that_is_not_there_may_hold_members(entry: str) -> None:
    (told,) = read(f"{entry} 10.0.0.0/8").tables
    assert (told[0], told[1].kind) == (entry, "not-in-set")


NETS = "10.1.0.0/16 !10.2.0.0/16, 10.0.0.0/8\n# 192.0.2.0/24\n  172.16.0.1 # 172.16.0.2\ncidr:/etc/postfix/c\n"
CIDR = "192.0.2.0/24 x\n!198.51.100.0/24 y\nif 10.0.0.0/8\n10.9.0.0/16 z\nendif\n"
HASH = "192.0.2.1 x\n192.0.2.0/24 x\n10.0 x\n2001:db8::1 x\n2001:DB8::2 x\n2001:db8:0::3 x\n"


OF_NETS = """\
nets:1 10.1.0.0/16
nets:1 !10.2.0.0/16
nets:1 10.0.0.0/8
nets:3 172.16.0.1/32
c:1 192.0.2.0/24
c:2 0.0.0.0/0
c:4 10.9.0.0/16
"""

NEGATED = """\
nets:1 !10.1.0.0/16
nets:1 10.2.0.0/16
nets:1 !10.0.0.0/8
nets:3 !172.16.0.1/32
c:1 !192.0.2.0/24
c:2 !0.0.0.0/0
c:4 !10.9.0.0/16
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/etc/postfix/nets", OF_NETS),
        ("!/etc/postfix/nets", NEGATED),
        ("hash:/etc/postfix/h", "h:1 192.0.2.1/32\nh:4 2001:db8::1/128\nh:5 2001:db8::2/128\n"),
        ("texthash:/etc/postfix/h", "h:1 192.0.2.1/32\nh:4 2001:db8::1/128\n"),
        ("10.0.0.0/8 # 0.0.0.0/0", "main.cf 10.0.0.0/8\n"),
        ("[192.0.2.0/24]", "main.cf 192.0.2.0/24\n"),
    ],
)
def test_networks_of_files_and_tables_have_their_places(text: str, expected: str) -> None:
    found = network_list(tuple(text.split()), tables({"nets": NETS, "c": CIDR, "h": HASH}))
    shown = ""
    for each in found.entries:
        where = f"{each.place.path.rpartition('/')[2]}:{each.place.line}" if each.place else "main.cf"
        shown += f"{where} {'!' * each.negated}{each.network}\n"
    assert shown == expected


@given(st.lists(st.text(alphabet="!/.:[]0123456789abfx%") | st.text(), max_size=5))
def test_any_words_are_a_network_list(words: list[str]) -> None:
    assert len(network_list(tuple(words), tables()).entries) <= 2 * len(words)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_networks_of_ipv4_are_read_as_they_are(address: object, prefix: int) -> None:
    network = ip_network(f"{address}/{prefix}", strict=False)
    assert members(str(network)) == [str(network)]
