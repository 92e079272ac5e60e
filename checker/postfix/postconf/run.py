"""What postconf(1) prints for its arguments (postconf/postconf.c:main)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checker.postfix.features import has
from checker.postfix.postconf.entries import FIELDS, read_master
from checker.postfix.postconf.files import Files, PostconfError, Warnings, read_main
from checker.postfix.postconf.layout import Expand, entry_lines, field_line, line_of
from checker.postfix.postconf.names import Names, Service, expanded, known_names
from checker.postfix.postconf.unused import tell_unused
from checker.postfix.postconf.users import register_users

CLASSES = ("builtin", "service", "user")


class Mode(Struct, frozen=True):
    """What is asked for: ``view`` is p (parameters), M (entries), F (fields) or P (parameters of entries); ``letters``
    are the other options; ``kind`` is the class of parameters that ``-C`` selects.
    """

    view: str
    letters: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    kind: str = "all"

    def has(self, letter: str) -> bool:
        """Say whether an option is given."""
        return letter in self.letters


def run_mode(files: Files, mode: Mode, warnings: Warnings) -> list[str]:
    """Return the lines that are printed; raise PostconfError where the real one refuses the files or the arguments."""
    _check(mode, files)
    if mode.view == "p":
        return _parameters(files, mode, warnings)
    if files.master is None:
        raise PostconfError(f"open {files.directory}/master.cf: No such file or directory")
    entries = read_master(files, warnings)
    names = known_names(files, read_main(files, warnings), entries, warnings)
    register_users(names)
    names.untold.clear()
    lines = list({"M": _entries, "F": _fields, "P": _options}[mode.view](names, mode))
    _tell_untold(names)
    if not mode.has("q"):
        tell_unused(names, master=True)
    return lines


def _check(mode: Mode, files: Files) -> None:
    for pair in ("nd", "hH"):
        if all(map(mode.has, pair)):
            raise PostconfError(f"specify one of -{pair[0]} and -{pair[1]}")
    if mode.kind not in (*CLASSES, "all"):
        raise PostconfError(f'unknown -C option value "{mode.kind}"')
    excess = {"p": "", "M": "ndhH", "F": "nd", "P": "nd"}[mode.view]
    for letter in excess:
        if mode.has(letter):
            raise PostconfError(f"with option -{mode.view}, do not specify -{letter}")
    if mode.view in "FP" and not has(files.release.number, "master-parameters"):
        raise PostconfError(f"invalid option -- '{mode.view}'")


def _parameters(files: Files, mode: Mode, warnings: Warnings) -> list[str]:
    defaults = mode.has("d")
    settings = {} if defaults else read_main(files, warnings)
    if files.master is None:
        warnings.add(f"open {files.directory}/master.cf: No such file or directory")
    names = known_names(files, settings, read_master(files, warnings), warnings)
    if not defaults:
        register_users(names)
    wanted = mode.names or sorted(
        (name for name, known in names.known.items() if mode.kind in (known.kind, "all") and known.kind in CLASSES),
        key=lambda name: name.encode("utf-8", "surrogateescape"),
    )
    names.untold.clear()
    lines: list[str] = []
    for name in wanted:
        known = names.name(name)
        if known is None:
            warnings.add(f"{name}: unknown parameter")
            continue
        value = names.settings.get(name) if mode.has("n") else names.value(name)
        if value is None:
            continue
        if mode.has("x") and not known.is_raw:
            value = expanded(names, value, names.value)
        lines.append(_shown(mode, name, value))
    _tell_untold(names)
    if not defaults and not mode.has("q"):
        tell_unused(names, master=False)
    return lines


def _tell_untold(names: Names) -> None:
    """Warn of defaults that only the real program on its machine knows, where some line needs one."""
    for name in sorted(names.untold):
        names.warnings.add(f"{name}: the default is known to the real program alone, and is left out")


def _shown(mode: Mode, name: str, value: str) -> str:
    text = name if mode.has("H") else value if mode.has("h") else f"{name} = {value}"
    return line_of(text, fold=mode.has("f"))


def _entries(names: Names, mode: Mode) -> Iterator[str]:
    alone = has(names.files.release.number, "options-alone")
    for service, _ in _selected(names, mode, 2):
        yield entry_lines(service.entry, _expander(names, mode, service), fold=mode.has("f"), alone=alone)


def _fields(names: Names, mode: Mode) -> Iterator[str]:
    for service, field in _selected(names, mode, 3):
        for each in FIELDS if field == "*" else (field,):
            name = f"{service.entry.label}/{each}"
            if mode.has("H"):
                yield name
            else:
                shown = "" if mode.has("h") else f"{name} = "
                yield field_line(service.entry, each, _expander(names, mode, service), shown, fold=mode.has("f"))


def _options(names: Names, mode: Mode) -> Iterator[str]:
    for service, parameter in _selected(names, mode, 3):
        options = service.options
        for name in sorted(options, key=lambda text: text.encode("utf-8", "surrogateescape")):
            if parameter in ("*", name):
                expand = _expander(names, mode, service)
                value = expand(options[name]) if expand else options[name]
                yield _shown(mode, f"{service.entry.label}/{name}", value)


def _expander(names: Names, mode: Mode, service: Service) -> Expand | None:
    if not mode.has("x"):
        return None
    return lambda text: expanded(names, text, names.lookup(service))


def _selected(names: Names, mode: Mode, parts: int) -> Iterator[tuple[Service, str]]:
    """Yield the entries that the arguments ask for, with the third part of what asks; all without arguments."""
    patterns = [_pattern(text, mode, parts) for text in mode.names]
    found = dict.fromkeys(mode.names, False)
    for service in names.services:
        if not patterns:
            yield service, "*"
        for text, pattern in zip(mode.names, patterns, strict=True):
            is_named = all(part in ("*", field) for part, field in zip(pattern, service.entry.fields[:2], strict=False))
            if is_named and (mode.view != "P" or (service.has_options and pattern[2] in ("*", *service.options))):
                found[text] = True
                yield service, pattern[2]
    for text, is_found in found.items():
        if not is_found:
            names.warnings.add(f'unmatched request: "{text}"')


def _pattern(text: str, mode: Mode, most: int) -> tuple[str, str, str]:
    parts = [part for part in text.split("/") if part]
    if text.startswith("/") or not 0 < len(parts) <= most or any("*" in part and part != "*" for part in parts):
        form = {"M": "", "F": "[/field]", "P": "[/parameter]"}[mode.view]
        raise PostconfError(f"-{mode.view} option requires service_name[/type{form}]")
    service, kind, third = (*parts, "*", "*")[:3]
    if mode.view == "F" and third not in ("*", *FIELDS):
        raise PostconfError(f'invalid service attribute name: "{third}"')
    return service, kind, third
