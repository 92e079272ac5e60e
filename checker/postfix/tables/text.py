"""Tables of keys as text: the input of postmap(1) and of ``texthash:``, and what stands in ``inline:{ }``."""

from __future__ import annotations

from collections.abc import Iterator

from checker.postfix import types
from checker.postfix.lines import BLANKS, LogicalLine, logical_lines
from checker.postfix.tables.reference import stripped_braces
from checker.postfix.tables.table import Entry
from checker.source import Source, Span


def lines_of(source: Source) -> Iterator[LogicalLine]:
    """Yield the logical lines that count, as util/readlline.c:readllines returns them to the readers of tables."""
    return (line for line in logical_lines(source) if not line.ignored)


def entries_of(source: Source) -> tuple[list[Entry], int]:
    """Return the entries in order, duplicates included, with keys as written; and how many lines are none.

    The key ends at the first blank outside quotes and keeps them; neither key nor value may be empty
    (postmap/postmap.c, util/dict_thash.c).
    """
    entries: list[Entry] = []
    skipped = 0
    for line in lines_of(source):
        end = _key_end(line.text, BLANKS)
        value = "" if end is None else line.text[end:].strip(BLANKS)
        if end and value:
            entries.append(Entry(line.text[:end], value, line))
        else:
            skipped += 1
    return entries, skipped


def _key_end(text: str, ends: str) -> int | None:
    """Return where a key ends, None if its quotes do not pair (util/split_qnameval.c)."""
    in_quotes = False
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == '"':
            in_quotes = not in_quotes
        elif character in ends and not in_quotes:
            break
        at += 1
    return None if in_quotes else min(at, len(text))


def inline_entries(inner: str, place: Span | None) -> list[Entry] | str:
    """Return the entries between the braces of ``inline:``, or what Postfix says of them (util/dict_inline.c)."""
    entries: list[Entry] = []
    for word in types.words(inner):
        pair = word
        if word.startswith("{"):
            stripped = stripped_braces(word)
            if stripped is None:
                return f"syntax error in '{word}'"
            pair = stripped
        pair = pair.lstrip(BLANKS)
        end = _key_end(pair, f"{BLANKS}=")
        if not pair or end is None:
            return f"no key in '{word}'"
        rest = pair[end:].lstrip(BLANKS)
        if not rest.startswith("="):
            return f"missing '=' after attribute name: '{word}'"
        entries.append(Entry(pair[:end], rest[1:].strip(BLANKS), at=place))
    return entries or "empty table"
