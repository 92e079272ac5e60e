"""master.cf as postconf(1) reads and prints it (postconf/postconf_master.c); master(8) and getopt(3) see it
otherwise.
"""

from __future__ import annotations

from msgspec import Struct

from checker.postfix.lines import logical_lines
from checker.postfix.master_cf import FIELDS, MasterCf, Word, split_words

COLUMNS = (11, 17, 25, 33, 41, 49, 57)
"""Where each column but the first begins."""

LINE_LIMIT = 80
INDENT = 4
_BLANKS = " \t\r\n"


class MasterEntry(Struct, frozen=True):
    """One entry: eight fields, the arguments as printed, and the ``-o`` options that postconf finds in them."""

    fields: tuple[str, ...]
    arguments: tuple[str, ...]
    options: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Return ``name/type``."""
        return f"{self.fields[0]}/{self.fields[1]}"


def master_entries(master: MasterCf) -> tuple[MasterEntry, ...]:
    """Return the entries in order, duplicates included."""
    lines = (line for line in logical_lines(master.source) if not line.ignored)
    return tuple(_entry(words) for words in (split_words(line.text)[0] for line in lines) if len(words) >= len(FIELDS))


def _entry(words: tuple[Word, ...]) -> MasterEntry:
    pending = [_unbraced(word.text) for word in words[len(FIELDS) :]]
    arguments: list[str] = []
    options: list[tuple[str, str]] = []
    while pending:
        word = pending.pop(0)
        if not word.startswith("-") or word == "--":
            arguments += [word, *pending]
            break
        later = word.find("o", 2)
        if later >= 0:
            # "-vo x=y" is split before the o, and so is "-osmtpd_helo_required" at its second one.
            pending.insert(0, f"-{word[later:]}")
            word = word[:later]
        if word.startswith("-o") and len(word) > len("-o"):
            pending.insert(0, word[2:])
            word = "-o"
        arguments.append(word)
        if word == "-o" and pending:
            text = _unbraced(pending.pop(0))
            name, equals, value = text.partition("=")
            if equals:
                name, value = name.strip(_BLANKS), value.strip(_BLANKS)
                options.append((name, value))
                text = f"{name}={value}"
            arguments.append(text)
    return MasterEntry(tuple(word.text for word in words[: len(FIELDS)]), tuple(arguments), tuple(options))


def _unbraced(word: str) -> str:
    """Return a word without the braces that group it, trimmed (extpar)."""
    if not word.startswith("{"):
        return word
    return word[1:].removesuffix("}").strip(_BLANKS)


def printed_entry(entry: MasterEntry, *, fold: bool = False) -> str:
    """Return the line of an entry in columns; folded, every ``-o`` has a line of its own."""
    out = ""
    for column, field in zip((0, *COLUMNS), entry.fields, strict=False):
        out = out.ljust(column) if len(out) < column or not out else f"{out} "
        out += field
    length = len(out)
    at = 0
    in_options = True
    while at < len(entry.arguments):
        argument, value = entry.arguments[at], ""
        at += 1
        if in_options and (not argument.startswith("-") or argument == "--"):
            in_options = False
        elif in_options and argument == "-o" and at < len(entry.arguments):
            value = f" {_braced(entry.arguments[at])}"
            at += 1
            length = LINE_LIMIT  # a line of its own
        text = argument if argument == "-o" else _braced(argument)
        if fold and length + 1 + len(text) >= LINE_LIMIT:
            out, length = f"{out}\n{' ' * INDENT}{text}", INDENT + len(text)
        else:
            out, length = f"{out} {text}", length + 1 + len(text)
        out += value
        if value:
            length = LINE_LIMIT
    return out


def _braced(word: str) -> str:
    return f"{{{word}}}" if any(blank in word for blank in _BLANKS) else word


def printed_fields(entry: MasterEntry) -> list[str]:
    """Return the lines of ``-F``: ``service/type/field = value``; the command comes with its arguments."""
    words = [_braced(each) for each in entry.arguments]
    values = (*entry.fields[:7], " ".join((entry.fields[7], *words)))
    return [f"{entry.label}/{name} = {value}" for name, value in zip(FIELDS, values, strict=True)]
