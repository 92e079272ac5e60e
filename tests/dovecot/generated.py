"""Configurations of both generations made at random: right ones, wrong ones, and everything in between."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.dovecot.made import HEAD

NETWORKS = ("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "2001:db8::/32", "10.1.2.3")
SETTINGS_23 = st.sampled_from(
    [
        "ssl = no",
        "ssl = yes",
        "ssl = required",
        "ssl = maybe",
        "disable_plaintext_auth = no",
        "mail_plugins = $mail_plugins acl",
        "mail_plugins = quota",
        "hostname = a#b",
        'login_greeting = "x # y"',
        "login_greeting = it's # x",
        "listen = 127.0.0.1",
        "auth_failure_delay = 90 secs",
        "auth_cache_size = 10240k",
        "bogus = 1",
        "ssl_min_protocol = TLSv1.3",
        "verbose_ssl = Y",
        "mail_max_keyword_length = 07",
        "ssl_options = no_ticket",
        "ssl_dh = <dh.pem",
        "login_trusted_networks = 10.0.0.0/8 \\",
        "# comment",
        "",
        "auth_mechanisms = plain login",
        "plugin/x = y",
        "plugin/x/y = z",
        "hostname = $ssl  $hostname x",
        "login_greeting = x$ssl",
        "ssl = $ssl",
        "ssl_disable = yes",
        "ssl_protocols = !SSLv3 !TLSv1",
        "ssl_listen = *:993",
        "listen = *:10143",
        "login_user = x",
        "imap_client_workarounds = outlook-idle tb-lsub-flags",
        "protocols = imap imaps",
        "protocols = imap nosuch",
        "sieve = x",
        "mail_process_size = 64",
    ]
)


def joined(parts: list[list[str]]) -> list[str]:
    """Return the lines of all parts."""
    return [line for part in parts for line in part]


def text(lines: list[str]) -> str:
    """Return the text of a file."""
    return "".join(f"{line}\n" for line in lines)


def section(heading: str, body: list[str]) -> list[str]:
    """Return the lines of a section."""
    return [f"{heading} {{", *(f"  {line}" for line in body), "}"]


ODD_LINES = st.sampled_from(
    [
        "hostname = 'a # b' # c",
        'hostname = "a\\"# b" # c',
        'hostname = "a\\"',
        'hostname = "a\\n"',
        "hostname = a#b",
        "hostname = 'a\\'b'",
        "hostname",
        "hostname a",
        "hostname {",
        "= a",
        "ssl \\",
        "= no",
        "  # c \\",
        "}",
        "} x",
        "protocol imap{",
        "protocol imap { ssl = no }",
        'protocol "pop3" { # c',
        "protocol 'imap' {",
        "!include_try nosuch/*.conf",
        "!include nosuch.conf",
        "!include = x",
        "ssl = no\r",
        "\fssl = no",
        "hostname = caf\u00e9 \t x",
    ]
)
"""Lines of any generation that are read in ways of their own."""

TYPED = st.builds(
    "{} = {}".format,
    st.sampled_from(["auth_failure_delay", "auth_cache_size", "mail_max_keyword_length", "verbose_proctitle"]),
    st.sampled_from(
        [
            "0",
            "1",
            "5s",
            "5 mins",
            "1500ms",
            "4294967296",
            "1k",
            "1 MB",
            "2GiB",
            "1.5M",
            "-1",
            "yes",
            "Y",
            "true",
            "unlimited",
            "010",
            "<file.txt",
            "7 days",
            "90 secs",
            "2 x",
        ]
    ),
)
VALUES = st.builds(
    "{} = {}".format,
    st.sampled_from(
        ["first_valid_uid", "last_valid_uid", "imap_client_workarounds", "mail_fsync", "imap_fetch_failure"]
    ),
    st.sampled_from(["0", "5", "500", "delay-newmail", "x", "always", "no-after"]),
)
NETS = st.builds(
    section,
    st.builds(
        "{} {}".format,
        st.sampled_from(["local", "remote"]),
        st.sampled_from(
            [
                "10.1",
                "010.1.2.3",
                "0x0a.1.2.3",
                "[::1]",
                "[::1]/64",
                "::ffff:10.1.2.3",
                "10.1.2.256",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "[10.1.2.3]",
                "*",
                "::/0",
                "1:2",
            ]
        ),
    ),
    st.just(["ssl = no"]),
)


def blocks(children: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    """Return a strategy for sections that are filters."""
    headings = st.one_of(
        st.sampled_from(["protocol imap", "protocol !pop3", "protocol pop3", "local_name *.example.org"]),
        st.sampled_from(NETWORKS).map("local {}".format),
        st.sampled_from(NETWORKS).map("remote {}".format),
    )
    return st.builds(section, headings, children)


LISTENER_23 = st.builds(
    section,
    st.sampled_from(["inet_listener imap", "inet_listener IMAPS", "inet_listener other", "unix_listener a/b"]),
    st.lists(
        st.sampled_from(["port = 0", "port = 10143", "ssl = yes", "mode = 0660", "mode = 666", "user = x"]), max_size=3
    ),
)
SERVICE_23 = st.builds(
    section,
    st.sampled_from(["service imap-login", "service auth", "service own"]),
    st.lists(st.one_of(LISTENER_23, st.sampled_from([["user = x"], ["client_limit = 5"]])), max_size=3).map(joined),
)
PASSDB_23 = st.builds(section, st.just("passdb"), st.lists(st.sampled_from(["driver = pam", "args = a b"]), max_size=2))
NETWORKSPACE = st.builds(
    section,
    st.sampled_from(["namespace inbox", "namespace"]),
    st.lists(st.sampled_from(["inbox = yes", "prefix = x/"])),
)
OLD_AUTH = st.builds(
    section,
    st.just("auth default"),
    st.lists(
        st.sampled_from(
            [
                ["mechanisms = plain"],
                ["user = x"],
                ["passdb pam {", "}"],
                ["socket listen {", "client {", "path = x", "}", "}"],
            ]
        ),
        max_size=3,
    ).map(joined),
)
PLUGIN = st.builds(
    section,
    st.sampled_from(["plugin", "plugin x"]),
    st.lists(st.sampled_from(["a = b", "a = $a c", "x_key = secret", "url = http://u:p@h/", "a {", "}"]), max_size=3),
)
LINES_23 = st.lists(st.one_of(SETTINGS_23, TYPED, VALUES), max_size=4)
MORE_23 = (NETS, OLD_AUTH, PLUGIN, ODD_LINES.map(lambda line: [line]))
TEXTS_23 = st.lists(
    st.one_of(LINES_23, blocks(LINES_23), blocks(blocks(LINES_23)), SERVICE_23, PASSDB_23, NETWORKSPACE, *MORE_23),
    max_size=6,
).map(lambda parts: text(joined(parts)))

SETTINGS_24 = st.sampled_from(
    [
        "ssl = no",
        "ssl = yes",
        "ssl = required",
        "ssl = maybe",
        "ssl = $SET:ssl",
        "auth_allow_cleartext = yes",
        "mail_plugins = $SET:mail_plugins acl",
        "mail_plugins = quota, acl",
        'mail_plugins = quota "a b"',
        "hostname = a#b",
        'login_greeting = "x # y"',
        "login_greeting = it's # x",
        "login_greeting = $SET:login_greeting more",
        "login_greeting = $SET:hostname $hostname",
        "listen = 127.0.0.1",
        "auth_failure_delay = 90 secs",
        "auth_cache_size = 10240k",
        "auth_cache_size = unlimited",
        "bogus = 1",
        "ssl_min_protocol = TLSv1.3",
        "ssl_server_cert_file = /c.pem",
        "ssl_server_request_client_cert = yes",
        "mail_max_keyword_length = 07",
        "mail_max_keyword_length = x",
        "ssl_options = no_ticket",
        "ssl_options = no_compression",
        "login_greeting = hello \\",
        "# comment",
        "",
        "auth_mechanisms = plain login",
        "mail_home = /home/%{user | lower}",
        "mail_home = /home/%{user",
        "protocols = imap pop3",
        "protocols = imap nosuch",
        "protocols/imap = yes",
        "service/imap-login/client_limit = 5",
        "service/imap-login/inet_listener/imap/port = 0",
        '"hostname" = quoted',
        "dovecot_config_version = 2.4.1",
        "hostname = $SET:ssl  $SET:hostname x",
        "hostname = $ENV:NOSUCH x",
        "ssl = %{env:NOSUCH}",
        "mail_home = /%{user | substr(1, 2)}/%%{x",
        "mail_home = %{user domain}",
        "ssl/x = no",
        "listen = * *",
        "auth_policy_server_url = x",
    ]
)
LISTENER_24 = st.builds(
    section,
    st.sampled_from(["inet_listener imap", "inet_listener IMAPS", "inet_listener other", "unix_listener a/b"]),
    st.lists(
        st.sampled_from(
            ["port = 0", "port = 10143", "ssl = yes", "mode = 0660", "mode = 666", "user = x", "listen = ::1"]
        ),
        max_size=3,
    ),
)
SERVICE_24 = st.builds(
    section,
    st.sampled_from(["service imap-login", "service auth", "service own"]),
    st.lists(
        st.one_of(
            LISTENER_24, st.sampled_from([["user = x"], ["client_limit = 5"], ["ssl = no"], ["protocol = imap"]])
        ),
        max_size=3,
    ).map(joined),
)
TLS_24 = st.builds(
    section,
    st.sampled_from(["ssl_server", "ssl_client", "ssl_server x"]),
    st.lists(
        st.sampled_from(["cert_file = /c.pem", "ssl_min_protocol = TLSv1.3", "request_client_cert = yes", "bogus = 1"]),
        max_size=2,
    ),
)
LIST_24 = st.builds(
    section,
    st.sampled_from(["protocols", "listen", "mail_plugins", "login_trusted_networks", "imap_id_send"]),
    st.lists(st.sampled_from(["imap = yes", "pop3 = no", '"a b" = yes', "::1 = yes", "x = maybe"]), max_size=3),
)
NAMED_24 = st.builds(
    section,
    st.sampled_from(["passdb pam", "passdb", "userdb passwd", "namespace inbox", "namespace inbox", "mailbox Sent"]),
    st.lists(
        st.sampled_from(
            ["driver = pam", "inbox = yes", "prefix = x/", "ssl = no", "auto = create", "result_success = x"]
        ),
        max_size=2,
    ),
)
GROUP_24 = st.builds(
    section,
    st.sampled_from(["group @g a", "group @g b", "group g a", "group @mailbox_defaults english"]),
    st.lists(st.sampled_from(["ssl = no", "hostname = x", "bogus = 1", "mail_plugins = quota"]), max_size=2),
)
USE_24 = st.sampled_from([["@g = a"], ["@g = b"], ["@h = a"]])
LINES_24 = st.lists(st.one_of(SETTINGS_24, TYPED, VALUES), max_size=4)
ODD_24 = ODD_LINES.map(lambda line: [line])
PARTS_24 = st.one_of(LINES_24, SERVICE_24, TLS_24, LIST_24, NAMED_24, GROUP_24, USE_24, NETS, ODD_24)
TEXTS_24 = st.lists(st.one_of(PARTS_24, blocks(PARTS_24), blocks(blocks(LINES_24))), max_size=6).map(
    lambda parts: HEAD + text(joined(parts))
)
