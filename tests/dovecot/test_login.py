"""What a client may do before it is logged in."""

from __future__ import annotations

import pytest

from checker.dovecot.login import permitted
from checker.facts.endpoint import Endpoint
from tests.dovecot.described import BOTH, CERTIFICATE, CLEARTEXT, endpoints, said
from tests.dovecot.made import plain

IMAP = "protocols = imap\n"
TRUSTED = "imap:143 trusted 10.0.0.0/8"
TRUST = f"{IMAP}login_trusted_networks = 10.0.0.0/8\n"


def stranger(text: str, generation: str, protocol: str = "imap", port: int = 143) -> Endpoint:
    """Return what a client in no special network meets."""
    return endpoints(f"protocols = {protocol}\n{text}", generation)[f"{protocol}:{port}"]


@pytest.mark.parametrize("generation", BOTH)
class TestCleartext:
    def test_by_default_no_password_goes_in_clear(self, generation: str) -> None:
        found = stranger("", generation)
        assert plain(found.auth.cleartext_allowed) is False
        assert plain(found.auth.mechanisms_before_tls) == ()
        assert plain(found.auth.mechanisms_after_tls) == ("PLAIN", "LOGIN")

    def test_without_tls_still_none(self, generation: str) -> None:
        found = stranger("ssl = no\n", generation)
        assert (plain(found.tls.mode), plain(found.auth.cleartext_allowed)) == ("none", False)

    def test_unless_it_is_permitted(self, generation: str) -> None:
        found = stranger(CLEARTEXT[generation], generation)
        assert plain(found.auth.cleartext_allowed) is True
        assert plain(found.auth.mechanisms_before_tls) == ("PLAIN", "LOGIN")

    def test_over_tls_alone_it_never_is_in_clear(self, generation: str) -> None:
        assert plain(stranger(CLEARTEXT[generation], generation, port=993).auth.cleartext_allowed) is False

    def test_a_mechanism_that_hides_the_password_is_offered_all_the_same(self, generation: str) -> None:
        found = stranger("auth_mechanisms = plain cram-md5\n", generation)
        assert plain(found.auth.mechanisms_before_tls) == ("CRAM-MD5",)
        found = stranger("auth_mechanisms = plain cram-md5\nssl = required\n", generation)
        assert plain(found.auth.mechanisms_before_tls) == ()

    def test_the_command_line_of_the_service_counts(self, generation: str) -> None:
        name = CLEARTEXT[generation].strip().replace(" ", "")
        service = f"service imap-login {{\n executable = imap-login -o {name}\n}}\n"
        assert plain(stranger(service, generation).auth.cleartext_allowed) is True
        service = "service imap-login {\n executable = imap-login -o ssl=no\n}\n"
        assert plain(stranger(service, generation).tls.mode) == "none"
        assert plain(stranger(service, generation, port=993).tls.versions) == ()

    def test_a_filter_for_another_protocol_does_not(self, generation: str) -> None:
        assert (
            plain(stranger(f"protocol pop3 {{\n {CLEARTEXT[generation]}}}\n", generation).auth.cleartext_allowed)
            is False
        )
        assert (
            plain(stranger(f"protocol imap {{\n {CLEARTEXT[generation]}}}\n", generation).auth.cleartext_allowed)
            is True
        )


def test_required_wins_over_the_permission_in_2_3() -> None:
    found = stranger(f"ssl = required\n{CLEARTEXT['2.3']}", "2.3")
    assert plain(found.auth.cleartext_allowed) is False
    assert plain(found.tls.required) is True


def test_both_together_serve_nobody_in_2_4() -> None:
    filtered = "ssl = required\nremote 10.0.0.0/8 {\n auth_allow_cleartext = yes\n}\n"
    found = endpoints(f"{IMAP}{filtered}", "2.4")
    assert plain(found["imap:143 remote 10.0.0.0/8"].serves) is False
    assert plain(found["imap:143"].serves) is True


class TestTrustedNetworks:
    @pytest.mark.parametrize("generation", BOTH)
    def test_they_log_in_in_clear(self, generation: str) -> None:
        found = endpoints(TRUST, generation)
        assert plain(found[TRUSTED].auth.cleartext_allowed) is True
        assert plain(found["imap:143"].auth.cleartext_allowed) is False

    @pytest.mark.parametrize(("generation", "allowed"), [("2.3", True), ("2.4", False)])
    def test_against_ssl_required_in_2_3_alone(self, generation: str, allowed: bool) -> None:
        found = endpoints(f"{TRUST}ssl = required\n", generation)[TRUSTED]
        assert plain(found.auth.cleartext_allowed) is allowed
        assert plain(found.tls.required) is not allowed


class TestProxies:
    TEXT = f"{IMAP}service imap-login {{\n inet_listener imap {{\n  haproxy = yes\n }}\n}}\n"

    @pytest.mark.parametrize(("generation", "allowed"), [("2.3", False), ("2.4", True)])
    def test_behind_one_2_4_takes_passwords_in_clear(self, generation: str, allowed: bool) -> None:
        found = endpoints(self.TEXT, generation)["imap:143"]
        assert plain(found.auth.cleartext_allowed) is allowed

    def test_unless_tls_is_required(self) -> None:
        assert plain(endpoints(f"{self.TEXT}ssl = required\n", "2.4")["imap:143"].auth.cleartext_allowed) is False


class TestOrderOf24:
    def test_settings_inside_the_service_reach_its_clients(self) -> None:
        text = f"service imap-login {{\n {CLEARTEXT['2.4']}}}\n"
        assert plain(stranger(text, "2.4").auth.cleartext_allowed) is True

    def test_those_of_a_listener_do_not(self) -> None:
        text = f"service imap-login {{\n inet_listener imap {{\n  {CLEARTEXT['2.4']} }}\n}}\n"
        assert plain(stranger(text, "2.4").auth.cleartext_allowed) is False

    def test_a_service_goes_before_a_later_network(self) -> None:
        text = (
            "service imap-login {\n auth_allow_cleartext = no\n}\nremote 10.0.0.0/8 {\n auth_allow_cleartext = yes\n}\n"
        )
        assert plain(endpoints(IMAP + text, "2.4")["imap:143 remote 10.0.0.0/8"].auth.cleartext_allowed) is False

    def test_a_filter_goes_before_the_command_line(self) -> None:
        text = "service imap-login {\n executable = imap-login -o auth_allow_cleartext=no\n}\n"
        filtered = "protocol imap {\n auth_allow_cleartext = yes\n}\n"
        assert plain(stranger(text + filtered, "2.4").auth.cleartext_allowed) is True

    def test_a_service_of_another_name_is_asked_for_by_its_program(self) -> None:
        own = "service own {\n executable = imap-login\n ssl = no\n inet_listener x {\n  port = 10143\n }\n}\n"
        named = "service imap-login {\n auth_allow_cleartext = yes\n}\n"
        found = endpoints(f"protocols =\n{own}{named}", "2.4")["imap:10143"]
        assert plain(found.tls.mode) == "starttls"
        assert plain(found.auth.cleartext_allowed) is True

    def test_tls_settings_of_the_server_go_before_others(self) -> None:
        text = "ssl_server {\n ssl_min_protocol = TLSv1.3\n}\nprotocol imap {\n ssl_min_protocol = TLSv1.2\n}\n"
        assert plain(stranger(text, "2.4").tls.min_version) == "TLSv1.3"
        assert plain(stranger("ssl_server {\n ssl = no\n}\n", "2.4").tls.mode) == "none"


@pytest.mark.parametrize("generation", BOTH)
class TestTls:
    def test_it_is_made_ready_when_the_process_starts_or_never(self, generation: str) -> None:
        found = endpoints(f"{IMAP}ssl = no\nremote 10.0.0.0/8 {{\n ssl = yes\n}}\n", generation)
        assert plain(found["imap:143 remote 10.0.0.0/8"].tls.mode) == "none"
        assert plain(stranger("ssl = no\nprotocol imap {\n ssl = yes\n}\n", generation).tls.mode) == "starttls"

    def test_it_is_announced_without_a_certificate(self, generation: str) -> None:
        found = stranger("", generation)
        assert (plain(found.tls.mode), plain(found.cert.present)) == ("starttls", False)
        assert plain(stranger(CERTIFICATE[generation], generation).cert.present) is True

    def test_lmtp_announces_it_with_a_certificate_alone_and_never_demands_it(self, generation: str) -> None:
        lmtp = "service lmtp {\n inet_listener lmtp {\n  port = 24\n }\n}\nssl = required\n"
        assert plain(stranger(lmtp, generation, "lmtp", 24).tls.mode) == "none"
        found = stranger(lmtp + CERTIFICATE[generation], generation, "lmtp", 24)
        assert (plain(found.tls.mode), plain(found.tls.required)) == ("starttls", False)

    def test_an_authentication_port_knows_no_tls(self, generation: str) -> None:
        auth = "service auth {\n inet_listener x {\n  port = 12345\n  ssl = no\n }\n}\nssl = required\n"
        found = endpoints(IMAP + auth, generation)["auth:12345"]
        assert (plain(found.tls.mode), plain(found.tls.required)) == ("none", False)


@pytest.mark.parametrize(
    ("text", "release", "lowest"),
    [
        ("TLSv1", (2, 3, 13), "TLSv1"),
        ("tlsv1", (2, 3, 13), None),
        ("TLSv1.3", (2, 3, 13), None),
        ("ANY", (2, 3, 13), None),
        ("tlsv1.1", (2, 3, 19, 1), "TLSv1.1"),
        ("TLSv1.3", (2, 3, 19, 1), "TLSv1.3"),
        ("LATEST", (2, 3, 19, 1), "TLSv1.3"),
        ("SSLv3", (2, 3, 19, 1), "SSLv3"),
        ("TLS1.2", (2, 3, 19, 1), None),
        ("LATEST", (2, 4, 1), "SSLv3"),
        ("ANY", (2, 4, 1), "SSLv3"),
        ("SSLv3", (2, 4, 1), None),
        ("TLSv1.2", (2, 4, 5), "TLSv1.2"),
    ],
)
def test_the_names_of_the_least_version_by_release(text: str, release: tuple[int, ...], lowest: str | None) -> None:
    found = permitted(text, release)
    assert (found[0] if found else None) == lowest


def test_what_a_template_fills_in_is_not_known() -> None:
    found = stranger("ssl = {{ ssl }}\n", "2.4")
    assert said(found.tls.mode) == "<template>"
