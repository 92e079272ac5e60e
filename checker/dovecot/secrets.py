"""Hide what doveconf hides unless it is told not to (doveconf.c:hide_secrets_from_value)."""

from __future__ import annotations

import re

HIDDEN = "# hidden, use -P to show it"
REPLACED = "#hidden_use-P_to_show#"

_NAMES_23 = ("_password", "_key", "_nonce")
_NAMES_24 = (*_NAMES_23, "_secret")
_SECRET = re.compile("key|secret|pass|https?://|ftp://")


def hides_name(name: str, number: tuple[int, ...]) -> bool:
    """Say whether the value of a setting is hidden altogether."""
    suffixes = _NAMES_24 if number >= (2, 4) else _NAMES_23
    if number >= (2, 4, 5):
        suffixes = (*suffixes, "_key_file")
    return name.startswith("ssl_dh") or any(name.endswith(suffix) and name != suffix for suffix in suffixes)


def hidden(name: str, value: str, number: tuple[int, ...]) -> str | None:
    """Return a value as doveconf shows it to anyone where its name or words look like a secret, else None."""
    if value and hides_name(name, number):
        return HIDDEN
    if not _SECRET.search(value):
        return None
    result: list[str] = []
    done = at = 0
    while True:
        found = _SECRET.search(value, at)
        if found is None:
            break
        at = found.start()
        if found[0].endswith("://"):
            done, at = _without_user(value, done, found.end(), result)
        elif at and value[at - 1].isascii() and value[at - 1].isalnum():
            at += 1  # "nopassword" is no secret
        else:
            while at < len(value) and value[at] != "=" and not value[at].isspace():
                at += 1
            while at < len(value) and value[at].isspace():
                at += 1
            result.append(value[done:at])
            if value[at : at + 1] == "=":
                result += ["=", REPLACED]
                while at < len(value) and not value[at].isspace() and value[at] not in ";:":
                    at += 1
            done = at
    return "".join(result) + value[done:]


def _without_user(value: str, done: int, start: int, result: list[str]) -> tuple[int, int]:
    """Leave out who a URL logs in as; return how far the value is written and where to go on."""
    at = start
    while at < len(value) and not value[at].isspace() and value[at] not in "/@":
        at += 1
    result.append(value[done:start])
    result.append(REPLACED if value[at : at + 1] == "@" and at > start else value[start:at])
    return at, at
