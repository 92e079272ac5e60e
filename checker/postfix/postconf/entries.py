"""master.cf as postconf(1) reads it (postconf/postconf_master.c); master(8) and getopt(3) see it otherwise."""

from __future__ import annotations

import re

from msgspec import Struct

from checker.postfix.features import has
from checker.postfix.lines import BLANKS as SPACE
from checker.postfix.postconf.files import Files, PostconfError, Warnings, kept_lines, split_nameval
from checker.postfix.release import Release

FIELDS = ("service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command")

BLANKS = " \t\r\n"
_TYPES = ("unix", "fifo", "inet", "pass")
_WAKEUP = r"(?a)[0-9]*\??|-\??"
_MAXPROC = r"(?a)[0-9]*|-"


class MasterEntry(Struct, frozen=True):
    """One entry: eight fields, the arguments as printed, and the ``-o`` options that postconf finds in them."""

    fields: tuple[str, ...]
    arguments: tuple[str, ...]
    options: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Return ``name/type``. Entries of one label share their parameters."""
        return f"{self.fields[0]}/{self.fields[1]}"

    @property
    def program(self) -> str:
        """Return the name of the program without its directory."""
        return self.fields[7].rpartition("/")[2]


def read_master(files: Files, warnings: Warnings) -> tuple[MasterEntry, ...]:
    """Return the entries in order, duplicates included; raise PostconfError where the file is refused."""
    source = files.master
    if source is None:
        return ()
    entries: list[MasterEntry] = []
    for line in kept_lines(source, files, warnings):
        words = split(line.text, files.release)
        if len(words) < len(FIELDS):
            raise PostconfError(f"file {source.path}: line {line.place.line}: bad field count")
        if has(files.release.number, "master-field-checks"):
            _check(words, line.text, files.release)
        entries.append(_entry(words, files.release, warnings))
    return tuple(entries)


def split(text: str, release: Release) -> list[str]:
    """Split at blanks; braces group (util/mystrtok.c:mystrtokq)."""
    if not has(release.number, "macro-braces"):
        return [word for word in re.split(f"[{BLANKS}]+", text) if word]
    words: list[str] = []
    start, depth = None, 0
    for at, character in enumerate(text):
        if start is None:
            if character in BLANKS:
                continue
            start = at
        if character == "{":
            depth += 1
        elif depth and character == "}":
            depth -= 1
        elif not depth and character in BLANKS:
            words.append(text[start:at])
            start = None
    return words if start is None else [*words, text[start:]]


def _check(words: list[str], text: str, release: Release) -> None:
    """Raise PostconfError for a field that pcf_check_master_entry refuses."""
    types = (*_TYPES, "unix-dgram") if has(release.number, "unix-dgram") else _TYPES
    wrong = next(
        (
            name
            for name, word in zip(FIELDS, words, strict=False)
            if (name == "type" and word not in types)
            or (name in ("private", "unprivileged", "chroot") and word not in ("y", "n", "-"))
            or (name == "wakeup" and not re.fullmatch(_WAKEUP, word))
            or (name == "process_limit" and not re.fullmatch(_MAXPROC, word))
        ),
        None,
    )
    if wrong:
        raise PostconfError(f'invalid {wrong} field "{words[FIELDS.index(wrong)]}" in "{text}"')


def _entry(words: list[str], release: Release, warnings: Warnings) -> MasterEntry:
    arguments = _normalized(words[len(FIELDS) :], release, warnings)
    options: list[tuple[str, str]] = []
    at = 0
    while at < len(arguments) and is_option(arguments[at]):
        if takes_value(arguments[at]) and at + 1 < len(arguments):
            if arguments[at] == "-o":
                found = split_nameval(arguments[at + 1], release)
                if not isinstance(found, str):
                    options.append(found)
            at += 1
        at += 1
    return MasterEntry(tuple(words[: len(FIELDS)]), tuple(arguments), tuple(options))


def is_option(word: str) -> bool:
    """Say whether a word belongs to the options of a program, if it stands among them."""
    return word.startswith("-") and word != "--"


def takes_value(word: str) -> bool:
    """Say whether postconf takes the next word for the value of this option (of a lone ``-``, too: strchr(3) finds the
    end of the text).
    """
    return word[1:2] in ("", "o")


def _normalized(words: list[str], release: Release, warnings: Warnings) -> list[str]:
    """Split clusters of options, take off braces that group, and write ``-o name=value`` without blanks."""
    words = list(words)
    at = 0
    while at < len(words) and is_option(words[at]):
        later = words[at].find("o", 2)
        if later >= 0:  # "-vo x=y" is split before the o, and so is "-osmtpd_helo_required" at its second one
            words.insert(at + 1, f"-{words[at][later:]}")
            words[at] = words[at][:later]
        if takes_value(words[at]):
            if words[at][2:]:
                words.insert(at + 1, words[at][2:])
                words[at] = words[at][:2]
            if at + 1 < len(words):
                at += 1
                if words[at].startswith("{") and has(release.number, "macro-braces"):
                    words[at] = _unbraced(words[at], warnings)
                    words[at] = _nameval(words[at], release, warnings)
        at += 1
    if has(release.number, "macro-braces"):
        words[at:] = [_unbraced(word, warnings) if word.startswith("{") else word for word in words[at:]]
    return words


def _nameval(word: str, release: Release, warnings: Warnings) -> str:
    found = split_nameval(word, release)
    if isinstance(found, str):
        warnings.add(f'master.cf: {found}: "{word}"')
        return word
    return "=".join(found)


def _unbraced(word: str, warnings: Warnings) -> str:
    inner, faults = extracted(word)
    for fault in faults:
        warnings.add(f"master.cf: {fault}")
    return inner.strip(SPACE)


def extracted(word: str) -> tuple[str, list[str]]:
    """Return what is inside the braces that begin a word, and what is wrong with them (util/extpar.c)."""
    depth = 0
    for at, character in enumerate(word):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not depth:
            return word[1:at], [f"syntax error after '}}' in \"{word}\""] if word[at + 1 :] else []
    return word[1:], [f"missing '}}' in \"{word}\""]
