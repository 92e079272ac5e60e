"""The same words for what was derived from a Dovecot's configuration and for what its clients were offered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import Command
from tests.live.dialogue import VERSIONS
from tests.live.dovecot import Client

CONTINUES = re.compile(r"\+ |334|\"|\{")
"""How an answer begins that asks for the next step of a mechanism."""

JUDGED = re.compile(r"authentication failed|temporary", re.IGNORECASE)
"""What is answered to a password that was looked at, wrong as it is."""


@dataclass(frozen=True)
class Offer:
    """What one client is offered at one port. ``versions`` are those that OpenSSL can still speak; ``working`` is
    whether TLS can be had at all; ``demands_tls`` is None where no mechanism tells.
    """

    tls_mode: str
    cleartext_password: bool
    demands_tls: bool | None
    before: frozenset[str]
    after: frozenset[str]
    versions: tuple[str, ...]


def offer_derived(endpoint: Mapping[str, Any]) -> Offer | None:
    """Return the offer that an endpoint of ``show endpoints --format json`` speaks of; None if it serves nobody."""
    if not endpoint["serves"]:
        return None
    auth, tls = endpoint["auth"], endpoint["tls"]
    works = endpoint["cert"]["present"]
    before = frozenset(auth["mechanisms_before_tls"] or ())
    after = frozenset(auth["mechanisms_after_tls"] or ())
    versions = tuple(each for each in tls["versions"] or () if each in VERSIONS and works)
    if tls["mode"] == "implicit" and not versions:
        return None
    return Offer(
        _mode(endpoint["protocol"], tls["mode"], versions),
        auth["cleartext_allowed"],
        tls["required"]
        if "CRAM-MD5" in (after if versions else before) | before and tls["mode"] != "implicit"
        else None,
        before,
        after if versions else frozenset(),
        versions,
    )


def offer_seen(client: Client, seen: Mapping[str, Any]) -> Offer | None:
    """Return the offer that was seen (``mail_dialogue.observe``); None if the client was not served."""
    if "clear" not in seen and "tls" not in seen:
        return None
    before, after = (mechanisms(client.protocol, seen.get(phase, [])) for phase in ("clear", "tls"))
    login = seen.get("login", [])
    accepted = bool(login) and bool(JUDGED.search(login[-1]))
    if client.protocol in ("imap", "pop3"):  # their own commands for a password in clear
        before |= {"LOGIN"} if accepted else set()
        after |= {"LOGIN"} if "tls" in seen else set()
    cram = "CRAM-MD5" in after | before and not seen["implicit"]
    mode = "implicit" if seen["implicit"] else "starttls" if "starttls" in seen else "none"
    return Offer(
        _mode(client.protocol, mode, seen.get("versions", ())),
        accepted,
        not CONTINUES.match(seen["cram"]) if cram else None,
        frozenset(before),
        frozenset(after),
        tuple(seen.get("versions", ())),
    )


def _mode(protocol: str, mode: str, versions: Sequence[str]) -> str:
    """Return the mode; ManageSieve announces STARTTLS to everyone and refuses it where ssl = no."""
    return "none" if protocol == "sieve" and mode == "starttls" and not versions else mode


def mechanisms(protocol: str, capabilities: Sequence[str]) -> set[str]:
    """Return the SASL mechanisms among the capabilities."""
    text = "\n".join(capabilities)
    if protocol == "imap":
        return set(re.findall(r"\bAUTH=(\S+)", text))
    named = {"pop3": r"^SASL (.*)$", "sieve": r'^"SASL" "(.*)"$'}.get(protocol, r"^250[- ]AUTH (.*)$")
    return {word for line in re.findall(named, text, re.MULTILINE) for word in line.split()}


def show_endpoints(mailposture: Command, platform: str, *args: str | Path) -> list[dict[str, Any]]:
    """Return what ``show endpoints`` says."""
    done = mailposture("show", "endpoints", "--format", "json", "--platform", platform, *args)
    assert done.returncode == 0, done.stderr
    endpoints: list[dict[str, Any]] = json.loads(done.stdout)["endpoints"]
    return endpoints
