"""The same words for what was derived from a configuration and for what was seen on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Command
from tests.live.dialogue import VERSIONS
from tests.live.postfix import Seen

PASSWORD_MECHANISMS = {"PLAIN", "LOGIN"}


@dataclass(frozen=True)
class Offer:
    """What a stranger is offered at one port.

    ``versions`` are those that OpenSSL can still speak, none where TLS is not offered. ``vrfy`` is true unless the
    command is refused as disabled: where TLS is demanded but not to be had, nobody gets so far.
    """

    banner: str
    tls_mode: str
    tls_required: bool
    auth_offered: bool
    cleartext_password: bool
    vrfy: bool
    open_relay: bool
    versions: tuple[str, ...]


def offer_derived(endpoint: Mapping[str, Any]) -> Offer | None:
    """Return the offer that an endpoint of ``show endpoints --format json`` speaks of; None if it serves nobody."""
    if not endpoint["serves"]:
        return None
    required, mode = endpoint["tls"]["required"], endpoint["tls"]["mode"]
    return Offer(
        banner=endpoint["banner"],
        tls_mode=mode,
        tls_required=required,
        auth_offered=endpoint["auth"]["offered"],
        cleartext_password=endpoint["auth"]["cleartext_allowed"],
        vrfy=endpoint["smtp"]["vrfy"] or (required and mode == "none"),
        open_relay=endpoint["smtp"]["open_relay"],
        versions=tuple(each for each in endpoint["tls"]["versions"] or () if each in VERSIONS and mode != "none"),
    )


def offer_seen(observation: Mapping[str, Any]) -> Offer | None:
    """Return the offer that was seen (``dialogue.observe``); None if the service hung up or did not answer."""
    if "error" in observation:
        return None
    in_clear = observation.get("ehlo", [])
    implicit = observation["implicit"]
    last_replies = observation.get("replies_tls", observation["replies"])
    mode = "implicit" if implicit else "starttls" if "STARTTLS" in in_clear else "none"
    return Offer(
        banner=observation["greeting"].removeprefix("220 "),
        tls_mode=mode,
        tls_required=implicit or observation["replies"]["MAIL"].startswith("530 5.7.0"),
        auth_offered=bool(mechanisms(in_clear) | mechanisms(observation.get("ehlo_tls", []))),
        cleartext_password=bool(mechanisms(in_clear) & PASSWORD_MECHANISMS),
        vrfy=not last_replies["VRFY"].startswith("502"),
        open_relay=last_replies["RCPT"].startswith("250"),
        versions=tuple(observation.get("versions", ())),
    )


def mechanisms(keywords: list[str]) -> set[str]:
    """Return the SASL mechanisms of an answer to EHLO."""
    return {name for line in keywords if line.startswith("AUTH ") for name in line.split()[1:]}


def open_ports(run: Seen) -> set[int]:
    """Return the ports among those observed where something listens."""
    return {port for port, each in run.ports.items() if "ConnectionRefusedError" not in each.get("error", "")}


def endpoints_derived(mailposture: Command, directory: Path) -> dict[int, dict[str, Any]]:
    """Return what ``show endpoints`` says of the listeners that a stranger reaches, by port."""
    done = mailposture("show", "endpoints", "--format", "json", "--platform", "debian-12", directory)
    assert done.returncode == 0, done.stderr
    endpoints = json.loads(done.stdout)["endpoints"]
    return {each["port"]: each for each in endpoints if each["exposure"] == "public" and each["case"] is None}
