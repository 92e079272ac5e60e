"""Options that postconf(1) takes, and whether the smtpd(8) that gets them serves anybody. A real Postfix has said so:
``tests/live/test_traps.py``.
"""

from __future__ import annotations

DEADLY = (
    "-o smtpd_helo_required=true",
    "-o smtpd_helo_required=",
    "-o smtpd_delay_reject=1",
    "-osmtpd_helo_required=maybe",
    "-o smtpd_recipient_limit=0",
    "-o smtpd_recipient_limit=-1",
    "-o smtpd_recipient_limit=1000x",
    "-o smtpd_recipient_limit=",
    "-o unknown_client_reject_code=x",
    "-o unverified_sender_reject_code=100",
    "-o delay_logging_resolution_limit=7",
    "-o in_flow_delay=11s",
    "-o in_flow_delay=1m",
    "-o smtpd_timeout=0",
    "-o smtpd_timeout=1S",
    "-o smtpd_timeout=60x",
    "-o smtpd_timeout=s",
    "-o smtpd_timeout=m5",
    "-o smtpd_timeout=",
    "-o { smtpd_timeout = 1 s }",
    "-o smtpd_banner=",
    "-o smtpd_banner=${",
    "-o mail_version=",
    "-o smtpd_tls_mandatory_ciphers=",
    "-o smtpd_tls_security_level=dane",
    "-o myhostname=a..b",
    "-o myhostname=-a.b",
    "-o myhostname=123",
    "-o myhostname=",
    "-o { myorigin = a, b }",
    "-o myorigin=",
    "-o relayhost=MAIL.example.org",
    "-o syslog_facility=bogus",
    "-o compatibility_level=abc",
    "-o compatibility_level=",
    "-o compatibility_level=3.6.1.1",
    "-o inet_protocols=ipv5",
    "-o inet_protocols=IPv4",
    "-o inet_protocols=",
    "-o inet_interfaces=ALL",
    "-o default_privs=root",
    "-o default_privs=postfix",
    "-o mail_owner=nobody",
    "-o mail_owner=root",
    "-o default_verp_delimiters=+",
    "-o default_verp_delimiters=aa",
    "-o maillog_file=/etc/log",
    "-o smtpd_upstream_proxy_protocol=bogus",
    "-o smtpd_forbid_bare_newline=note",
    "-o unknown_address_tempfail_action=bogus",
    "-o reject_tempfail_action=bogus",
    "-o receive_override_options=no_such",
    "-o header_from_format=bogus",
    "-o notify_classes=bogus",
    "-o smtpd_command_filter=bogus",
    "-o mynetworks=!",
    "-o smtpd_authorized_xclient_hosts=!",
    "-o smtpd_noop_commands=!",
    "-o smtpd_restriction_classes=foo",
    "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=Dovecot",
    "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_security_options=bogus",
    "-o smtpd_sasl_auth_enable=yes -o smtpd_tls_wrappermode=yes -o smtpd_sasl_tls_security_options=bogus",
    "-o alias_database",
    "-o",
    "-o smtpd_helo_required = yes",
    "-o smtpd_client_restrictions=permit_mynetworks, reject",
    "-- -o smtpd_helo_required=yes",
)
"""The service dies before it does anything for a client."""

HARMLESS = (
    "-o { smtpd_helo_required = yes }",
    "-o smtpd_helo_required=Yes",
    "-v -o smtpd_helo_required=yes",
    "-o smtpd_timeout=10sx",
    "-o smtpd_error_sleep_time=s",
    "-o myhostname=mail_x.example.org",
    "-o mydomain=x_y",
    "-o inet_protocols=all,ipv4",
    "-o mail_version=9.9",
    "-o smtpd_no_such_parameter=yes",
    "-o smtpd_reject_footer=${",
    "-o smtpd_tls_ciphers=bogus",
    "-o smtpd_tls_protocols=TLS1.2",
    "-o smtpd_tls_eecdh_grade=bogus",
    "-o smtpd_sasl_type=courier",
    "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_security_options=NoAnonymous",
    "-o smtpd_sasl_auth_enable=yes -o smtpd_sasl_tls_security_options=bogus",
    "-o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_sasl_security_options=bogus",
    "-o smtpd_client_restrictions=no_such_thing",
    "-o mynetworks=/etc/nosuch",
)
"""The service greets its clients all the same, whatever becomes of their mail."""

STOPS_ALL = (
    "default_process_limit = 0",
    "default_process_limit = abc",
    "service_throttle_time = s",
    "in_flow_delay = 1m",
    "line_length_limit = 10",
    "max_idle = 0",
    "hash_queue_names =",
    "queue_directory =",
    "multi_instance_enable = x",
    "smtputf8_enable = maybe",
    "compatibility_level = abc",
    "inet_protocols = ipv5",
    "inet_interfaces = ALL",
    "inet_interfaces = all, 127.0.0.1",
    "inet_interfaces = Loopback-Only",
    "inet_interfaces =",
    "syslog_facility = bogus",
    "relayhost = MAIL.example.org",
    "mydomain = a..b",
    "mynetworks_style = bogus",
    "mail_owner = root",
    "default_privs = postfix",
    "maillog_file = /etc/log",
)
"""Lines of main.cf by which master(8) does not start."""

STOPS_NOTHING = (
    "mail_version = 9.9",
    "mynetworks_style = bogus\nmynetworks = 127.0.0.1",
    "known_tcp_ports = xx",
    "default_database_type = bogus",
    "authorized_flush_users = bogus:x",
    "smtp_connect_timeout = 1S",
    "master_service_disable = !",
)
"""Lines of main.cf with which smtpd(8) goes on serving."""

MAIN_CF = """\
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mail.pem
local_recipient_maps =
"""
