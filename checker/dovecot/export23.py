"""Which settings doveconf of 2.3 prints, as rows by path (config-request.c)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from checker.dovecot.listing import Row, Scope
from checker.dovecot.merge23 import Merged
from checker.dovecot.names23 import NAME_OF, REPEATABLE, built_in, unescaped
from checker.dovecot.release import Known, Release

ALWAYS_PRINTED = frozenset({"namespace/prefix", "namespace/location"})
"""Settings with variables, in sections that are joined by name: doveconf never takes them for defaults."""


class Exporter(Struct, frozen=True, dict=True):
    """Chooses among the settings that a connection gets."""

    release: Release
    merge: Merged
    scope: Scope

    def rows(self) -> tuple[list[Row], list[str]]:
        """Return the rows to print, and the paths of all sections, each with a slash at its end."""
        rows: list[Row] = []
        sections: list[str] = []
        for known in self.release.settings:
            if known.type == "strlist":
                prefix = f"{known.name}/"
                sections.append(prefix)
                members = (each for each in self.merge.setters.items() if each[0].startswith(prefix))
                rows += [Row(path, found[0].assignment.text) for path, found in members]
            elif known.type == "list":
                rows += self._sections(known.name, known.name, sections)
            elif known.name in self.merge.setters or not self._only_written:
                rows += self._setting(known, known.name, self.scope)
        return rows, sections

    @property
    def _only_written(self) -> bool:
        """Say whether nothing is printed of what nobody has written."""
        return self.scope in ("changed", "set")

    @cached_property
    def _touched(self) -> frozenset[str]:
        """Return the paths of the sections that something is written of, and of those around them."""
        written = [f"{path}/{part}/" for path, parts in self.merge.sections.items() for part in parts]
        found: set[str] = set()
        for path in (*self.merge.setters, *written):
            at = path.rfind("/")
            while at > 0 and path[:at] not in found:
                found.add(path[:at])
                at = path.rfind("/", 0, at)
        return frozenset(found)

    def _setting(self, known: Known, path: str, scope: Scope) -> Iterator[Row]:
        """Yield a setting, known by the default that it has where it stands."""
        assignment = self.merge.assignment(path)
        if assignment is None:
            is_wanted = scope == "everything" or (scope in ("default", "all") and not known.hidden)
            if is_wanted and known.default is not None:
                yield Row(path, known.default)
            return
        text = assignment.text if assignment.is_file else self.release.normal(known, assignment.text)
        if scope != "changed" or text != known.default:
            yield Row(path, text)

    def _sections(self, path: str, kind: str, sections: list[str]) -> Iterator[Row]:
        """Yield what stands in the sections of a list; ``kind`` is its path without names of sections."""
        defaults = built_in(self.release, path)
        repeatable = kind in REPEATABLE
        name_of = None if repeatable else NAME_OF.get(kind.rpartition("/")[2], "name")
        for index, part in enumerate(dict.fromkeys([*defaults, *self.merge.sections.get(path, {})])):
            if self._only_written and f"{path}/{part}" not in self._touched:
                continue  # of all these nothing is printed
            where = f"{path}/{index if repeatable else part}"
            sections.append(f"{where}/")
            for name in self.release.inner_names(kind):
                known = self.release.inner(kind, name)
                inner = f"{path}/{part}/{name}"
                if known is None:
                    continue
                if name == name_of:
                    named = self.merge.assignment(inner)
                    own = unescaped(part) if part in defaults else ""
                    yield Row(f"{where}/{name}", named.text if named else own, is_name=True)
                elif known.type == "list":
                    yield from self._sections(inner, f"{kind}/{name}", sections)
                elif inner in self.merge.setters or not self._only_written or f"{kind}/{name}" in ALWAYS_PRINTED:
                    scope = self._inner_scope(f"{path}/{part}", kind, name)
                    known = Known(name, known.type, defaults.get(part, {}).get(name, known.default))
                    for row in self._setting(known, inner, scope) if scope is not None else ():
                        yield Row(f"{where}/{name}", row.value)

    def _inner_scope(self, section: str, kind: str, name: str) -> Scope | None:
        """Return what is printed of a setting in a section, None for nothing.

        In a section with a name all that is written counts as changed.
        """
        if f"{kind}/{name}" in ALWAYS_PRINTED and self.scope not in ("default", "all"):
            return "everything"
        if self.scope != "changed" or kind in REPEATABLE:
            return self.scope
        return None if self._is_borrowed(section) else "set"

    def _is_borrowed(self, path: str) -> bool:
        """Say whether a section, or the one around it, is none of the block that was asked first: blocks have the
        built-in sections, by their exact names.
        """
        parts = path.split("/")
        for end in range(1, len(parts), 2):
            place, part = "/".join(parts[:end]), parts[end]
            written = self.merge.sections.get(place, {}).get(part)
            is_built_in = part in built_in(self.release, place) and written in (None, unescaped(part))
            if f"{place}/{part}" in self.merge.borrowed and not is_built_in:
                return True
        return False
