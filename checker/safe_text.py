"""Untrusted text made safe to show: no control reaches a terminal, and no secret leaves in any format."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_SHOWN = 2000
"""Longer texts are cut: a report is read by people, and the file itself is at hand."""

SECRET = "<secret>"  # noqa: S105 - what is shown instead of one
"""What is shown in the place of a secret."""

_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f"  # C0 with newlines and tabs, DEL, C1
    "\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # invisible, line ends, bidirectional overrides
    "\ud800-\udfff"  # bytes that were no UTF-8
    "\U000e0000-\U000e007f]"  # tags
)
"""Not compiled here: that takes long, and is seldom needed. All of these are not printable to Python, either."""

_TELLING = r"(?:passw(?:or)?d|passphrase|secret|api_?key|api_header|dnpass|token|nonce|private_key)"
_SECRET_WORD = re.compile(_TELLING, re.IGNORECASE)
_ASSIGNMENT = re.compile(
    rf"(?P<name>{_TELLING}[\w.-]{{0,60}})[ \t]{{0,20}}=[ \t]{{0,20}}"
    r"(?P<value>\"[^\"]*\"|'[^']*'|\{[\w.-]+\}[^\s,;}]+|[^\s,;}]+)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"[ \t]*(?P<name>\w[\w./-]*)[ \t]*=[ \t]*")
_NOT_SECRET_NAME = re.compile(r"_(?:schemes?|query|format|map|maps|files?|path|timeout|length)\Z", re.IGNORECASE)
_NOT_SECRET_VALUE = re.compile(r"(?:[<$/]|yes\b|no\b|<secret>|(?!static:|inline:)[a-z]+:(?:[a-z]+:)*[/$])")
_EMBEDDED = (
    ("://", r"://[^\s/:@]*:(?P<value>\S{1,200})@"),  # the password of a DSN
    ("@", r"(?<![\w.%+-])[\w.%+-]+:(?P<value>[^\s:@/,;{}]{1,200})@(?=[\w\[])"),  # user:password@host
    ("$", r"(?P<value>\$(?:1|2[abxy]|5|6|7|y|gy|argon2[id]{1,2})\$[^\s,;]+)"),  # crypt(3)
    ("}", r"\{(?:PLAIN|CLEAR|CLEARTEXT|[A-Z0-9-]*CRYPT|S?SHA\d*|[A-Z-]*MD5|PBKDF2|ARGON2I?D?|SCRAM[\w-]*)(?:\.\w+)?\}(?P<value>[^\s,;}]+)"),  # noqa: E501 - a password with its scheme
    ("static:", r"\bstatic:(?P<value>[^\s:{/]+:[^\s,]+)"),
    ("uthorization:", r"(?i:authorization:[ ]*(?:basic|bearer)?[ ]*)(?P<value>[\w+/=.~-]+)"),
    ("-----BEGIN", r"(?s:-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<value>.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))"),
)  # fmt: skip
"""Secrets inside of values, each with what a text must have in it to hold one, in lower case or as it is."""

_MAP = re.compile(r"(?:static|inline|regexp|pcre|texthash):(?=[^/\s$])[ \t]*")
_KEY_EDGE = re.compile(r"-----(BEGIN|END) [A-Z ]*PRIVATE KEY-----")


def escaped(character: str) -> str:
    """Return a visible escape of a character that a terminal would obey, or the character itself."""
    if character.isprintable() or not re.match(_UNSAFE, character):
        return character
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"  # the byte that the surrogate stands for
    if number < 0x100:
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def for_terminal(text: str, limit: int = MAX_SHOWN) -> str:
    """Return text on one line that can do nothing to a terminal: controls, overrides and broken bytes are visible."""
    cut = text if len(text) <= limit else f"{text[:limit]}..."
    return cut if cut.isprintable() else re.sub(_UNSAFE, lambda match: escaped(match[0]), cut)


def shown(text: str) -> str:
    """Return text of a message for a terminal: secrets replaced, on one line, without controls."""
    return for_terminal(redact("", text))


def without_surrogates(text: str) -> str:
    """Return text that any encoder takes: bytes that were no UTF-8 become visible escapes."""
    return re.sub("[\ud800-\udfff]", lambda match: escaped(match[0]), text)


@lru_cache(maxsize=256)  # one value, such as a long list of networks, stands behind many findings
def redact(parameter: str, value: str) -> str:
    """Return a setting's value with every secret in it replaced; the parameter may be empty."""
    return masked(value, secrets(value, parameter))


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return text with these stretches replaced."""
    kept: list[str] = []
    at = 0
    for start, end in spans:
        kept += (text[at:start], SECRET)
        at = end
    return "".join((*kept, text[at:]))


def is_secret(parameter: str) -> bool:
    """Say whether a parameter of this name holds a secret, or a table of them."""
    return bool(_SECRET_WORD.search(parameter)) and not _NOT_SECRET_NAME.search(parameter)


def secrets(text: str, parameter: str = "") -> list[tuple[int, int]]:
    """Return the stretches of a text that must not be shown, in order and apart from one another.

    ``parameter`` is the setting that the whole text is the value of; without it a text that begins with an assignment
    is taken as one (an entry of main.cf, of a table's file).
    """
    start = 0
    if not parameter and (opening := _OPENING.match(text)):
        parameter, start = opening["name"].rpartition("/")[2], opening.end()
    found: list[tuple[int, int]] = []
    if _SECRET_WORD.search(parameter):
        found += _of_secret(text, start, parameter)
    for match in _ASSIGNMENT.finditer(text):
        if match.start() >= start and not _NOT_SECRET_VALUE.match(match["value"]):
            spans = _of_assignment(text, match)
            found += spans
            start = max(start, *(end for _, end in spans)) if spans else start
    lower = text.lower()
    likely = (pattern for mark, pattern in _EMBEDDED if mark in text or mark in lower)
    found += [match.span("value") for pattern in likely for match in re.finditer(pattern, text)]
    return _joined(found)


def _of_secret(text: str, start: int, parameter: str) -> list[tuple[int, int]]:
    """Return what is secret in the value of a setting with a telling name: literal tables, or all of it."""
    tables = list(_MAP.finditer(text, start))
    if tables:
        return [(tables[0].end(), len(text))]
    if not is_secret(parameter) or start == len(text) or _NOT_SECRET_VALUE.match(text, start):
        return []
    return [(start, len(text))]


def _of_assignment(text: str, match: re.Match[str]) -> list[tuple[int, int]]:
    name, (start, end) = match["name"], match.span("value")
    if table := _MAP.match(text, start):
        return [(table.end(), _end_of_word(text, table.end()))]
    return [(start, end)] if is_secret(name) else []


def _end_of_word(text: str, start: int) -> int:
    """Return where a word ends: at white space or, if it opens with a brace, at the brace that closes it."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth <= 0 and (text[at].isspace() or text[at] == "}"):
            return at
    return len(text)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def in_private_key(text_before: str) -> bool:
    """Say whether what follows this text stands inside a private key block."""
    edges = _KEY_EDGE.findall(text_before)
    return bool(edges) and edges[-1] == "BEGIN"
