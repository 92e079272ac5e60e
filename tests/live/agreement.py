"""The same words for what was derived from a configuration and for what was seen on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Command
from tests.live.postfix import Seen

PASSWORD_MECHANISMS = {"PLAIN", "LOGIN"}


@dataclass(frozen=True)
class Offer:
    """What a stranger is offered at one port."""

    banner: str
    tls_mode: str
    tls_required: bool
    auth_offered: bool
    cleartext_password: bool
    vrfy: bool
    open_relay: bool


def derived(endpoint: Mapping[str, Any]) -> Offer:
    """Return the offer that an endpoint of ``show endpoints --format json`` speaks of."""
    return Offer(
        banner=endpoint["banner"],
        tls_mode=endpoint["tls"]["mode"],
        tls_required=endpoint["tls"]["required"],
        auth_offered=endpoint["auth"]["offered"],
        cleartext_password=endpoint["auth"]["cleartext_allowed"],
        vrfy=endpoint["smtp"]["vrfy"],
        open_relay=endpoint["smtp"]["open_relay"],
    )


def seen(observation: Mapping[str, Any]) -> Offer:
    """Return the offer that was seen (``dialogue.observe``)."""
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
    )


def mechanisms(keywords: list[str]) -> set[str]:
    """Return the SASL mechanisms of an answer to EHLO."""
    return {name for line in keywords if line.startswith("AUTH ") for name in line.split()[1:]}


def offers_seen(run: Seen) -> dict[int, Offer]:
    """Return what the open ports among those observed offer."""
    return {
        port: seen(each) for port, each in run.ports.items() if "ConnectionRefusedError" not in each.get("error", "")
    }


def offers_derived(mailposture: Command, directory: Path) -> dict[int, Offer]:
    """Return what ``show endpoints`` says that a stranger is offered, by port."""
    done = mailposture("show", "endpoints", "--format", "json", "--platform", "debian-12", directory)
    assert done.returncode == 0, done.stderr
    endpoints = json.loads(done.stdout)["endpoints"]
    return {each["port"]: derived(each) for each in endpoints if each["exposure"] == "public" and each["case"] is None}
