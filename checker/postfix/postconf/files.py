"""The two files as postconf(1) reads them: lines split as its libraries split them, with their warnings.

Sources: util/readlline.c, util/split_nameval.c, util/dict.c:dict_load_fp.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from checker.errors import UserError
from checker.postfix.features import has
from checker.postfix.lines import BLANKS, LogicalLine, logical_lines
from checker.postfix.release import Release
from checker.source import Source


class PostconfError(UserError):
    """What the real postconf dies of, with exit status 1."""


class Files(Struct, frozen=True):
    """What postconf is started with.

    ``directory`` is as it was given, and what warnings name; ``given`` with ``-c``, which makes it a setting. ``main``
    and ``master`` are None where there is no such file. ``machine`` holds the defaults that the machine makes, as far
    as they are known; ``exists`` says whether there is a file of an absolute path; ``networks`` gives
    what mynetworks is for a style, interfaces and protocols; ``overrides`` are the ``-o
    name=value`` of the command line.
    """

    directory: str
    release: Release
    main: Source | None
    master: Source | None
    machine: Mapping[str, str]
    exists: Callable[[str], bool]
    networks: Callable[[str, str, str], str | None]
    given: bool = True
    overrides: tuple[str, ...] = ()


class Warnings(Struct):
    """What postconf says on the way, in order."""

    lines: list[str]

    def add(self, text: str) -> None:
        """Say it."""
        self.lines.append(text)


def kept_lines(source: Source, files: Files, warnings: Warnings) -> list[LogicalLine]:
    """Return the logical lines that count, and warn of the others."""
    kept: list[LogicalLine] = []
    for line in logical_lines(source):
        if line.cut and has(files.release.number, "nul-warning"):
            warnings.add(f"{source.path}, line {line.place.line}: text after null byte may be ignored")
        if line.ignored:
            warnings.add(f'{source.path}: logical line must not start with whitespace: "{line.text[:30]}..."')
        else:
            kept.append(line)
    return kept


def split_nameval(text: str, release: Release) -> tuple[str, str] | str:
    """Return name and value of ``name = value``, or what is wrong with it."""
    text = text.lstrip(BLANKS)
    end = next((at for at, character in enumerate(text) if character == "=" or character in BLANKS), len(text))
    name, rest = text[:end], text[end:].lstrip(BLANKS)
    if not text or (not name and has(release.number, "names-not-empty")):
        return "missing attribute name"
    if not rest.startswith("="):
        return "missing '=' after attribute name"
    return name, rest[1:].strip(BLANKS)


def read_main(files: Files, warnings: Warnings) -> dict[str, str]:
    """Return what main.cf sets, with ``-c`` and ``-o`` of the command line; raise PostconfError where it is refused."""
    source = files.main
    if source is None:
        raise PostconfError(f"open {files.directory}/main.cf: No such file or directory")
    settings = {"config_directory": files.directory} if files.given else {}
    for line in kept_lines(source, files, warnings):
        number = line.place.line
        found = split_nameval(line.text, files.release)
        if isinstance(found, str):
            raise PostconfError(f'{source.path}, line {number}: {found}: "{line.text}"')
        name, value = found
        if settings.get(name, value) != value and has(files.release.number, "overriding-warning"):
            warnings.add(f"{source.path}, line {number}: overriding earlier entry: {name}={settings[name]}")
        settings[name] = value
    for text in files.overrides:
        found = split_nameval(text, files.release)
        if isinstance(found, str):
            raise PostconfError(f"invalid parameter override: {text}: {found}")
        settings[found[0]] = found[1]
    return settings
