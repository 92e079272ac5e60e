"""Values of 2.3: the most specific filter that sets a setting wins, and conflicts refuse the client."""

from __future__ import annotations

from checker.dovecot.config import Configuration23
from checker.dovecot.merge23 import Setter, conflict_text, merged
from checker.dovecot.names23 import built_in, escaped, unescaped
from checker.dovecot.release import Known as Setting
from checker.dovecot.scope import Connection, Scope, installed_protocols
from checker.values import ABSENT, Known, Origin, Reason, Unknown, Value


class Scope23(Scope):
    """Setting values for one connection. The master asks without any: listeners come from ``Connection()``.

    Nested settings go by their path: ``service/imap-login/inet_listener/imap/port``.
    """

    def __init__(self, configuration: Configuration23, connection: Connection | None = None) -> None:
        super().__init__(configuration.release, configuration.entry, configuration.doubt)
        self.configuration = configuration
        self.connection = connection or Connection()
        self._merged = merged(configuration, self.connection.where)

    @property
    def conflict(self) -> tuple[str, Origin] | None:
        """Return what Dovecot says and where if two filters are at odds: such a client is refused. Else None."""
        if not self._merged.conflicts:
            return None
        path, setter = next(iter(self._merged.conflicts.items()))
        return conflict_text(self._merged), _origin(path, setter)

    def known(self, name: str) -> Setting | None:
        """Return the release's knowledge of a setting."""
        parts = name.split("/")
        if len(parts) == 1:
            return self.release.setting(name)
        if len(parts) == 2:
            return Setting(parts[1], "str", None) if parts[0] in ("plugin", "dict") else None
        if len(parts) == 3:
            return self.release.inner(parts[0], parts[2])
        return self.release.inner(f"{parts[0]}/{parts[2]}", parts[4]) if len(parts) == 5 else None

    def is_set(self, name: str) -> bool:
        """Say whether the files set a setting for this connection."""
        return name in self._merged.setters

    def services(self) -> tuple[str, ...]:
        """Return the names of all services."""
        written = map(unescaped, self._merged.sections.get("service", {}))
        return tuple(dict.fromkeys([*self.release.services, *written]))

    def listeners(self, service: str, kind: str = "inet_listener") -> tuple[str, ...]:
        """Return the names of a service's listeners; those of one name in another case are one."""
        path = f"service/{escaped(service)}/{kind}"
        parts = [*built_in(self.release, path), *self._merged.sections.get(path, {})]
        return tuple(dict.fromkeys(map(unescaped, parts)))

    def written_listeners(self, service: str, kind: str) -> tuple[str, ...]:
        """Return the names of the listeners that have a section."""
        return tuple(map(unescaped, self._merged.sections.get(f"service/{escaped(service)}/{kind}", {})))

    def is_built_in(self, service: str, listener: str, kind: str) -> bool:
        """Say whether the release brings a listener."""
        return escaped(listener) in built_in(self.release, f"service/{escaped(service)}/{kind}")

    def service_text(self, service: str, name: str) -> Value[str | None]:
        """Return a setting of a service."""
        return self.text(f"service/{escaped(service)}/{name}")

    def listener_text(self, service: str, listener: str, name: str, kind: str = "inet_listener") -> Value[str | None]:
        """Return a setting of a listener."""
        return self.text(f"service/{escaped(service)}/{kind}/{escaped(listener)}/{name}")

    def sections(self, kind: str) -> tuple[str, ...]:
        """Return the paths of the passdbs, userdbs, namespaces ... in order (``passdb/0``)."""
        return tuple(f"{kind}/{part}" for part in self._merged.sections.get(kind, {}))

    def entries(self, name: str) -> Value[tuple[tuple[str, str], ...]]:
        """Return a section of names with values of the user's own (``dict``)."""
        found = [(path, setters[0]) for path, setters in self._merged.setters.items() if path.startswith(f"{name}/")]
        texts = tuple((path.rpartition("/")[2], setter.assignment.text) for path, setter in found)
        return Known(texts, tuple(_origin(path, setter) for path, setter in found))

    def _value(self, name: str) -> Value[str | None]:
        known = self.known(name)
        if known is None:
            return ABSENT
        setters = self._merged.setters.get(name, [])
        if not setters:
            if name == "protocols" and self.configuration.missing_protocols:
                return installed_protocols(self.configuration.files)
            return self.default(name, self._default(name, known))
        default = Origin(self.release.label, self.anchor, name, known.default or "", is_default=True)
        chain = (*(_origin(name, setter) for setter in setters), default)
        first = setters[0].assignment
        if first.unknown is not None:
            if name == "protocols" and self.configuration.missing_protocols:
                return self._with_installed(first.text, chain)
            return Unknown(first.unknown, chain)
        if name in self._merged.conflicts:
            text = f"Dovecot refuses such a client: {conflict_text(self._merged)}"
            return Unknown(Reason("invalid", text), chain)
        return Known(first.text if first.is_file else self.release.normal(known, first.text), chain)

    def _with_installed(self, text: str, chain: tuple[Origin, ...]) -> Value[str | None]:
        """Return what ``protocols = $protocols x`` is: it adds to what the packages enable."""
        installed = installed_protocols(self.configuration.files)
        if isinstance(installed, Unknown):
            return Unknown(installed.reason, chain)
        words = dict.fromkeys([*(installed.value or "").split(), *text.split()])
        return Known(" ".join(words), (*chain, *installed.origins))

    def _default(self, name: str, known: Setting) -> str | None:
        parts = name.split("/")
        if parts[0] == "service":
            return built_in(self.release, "service").get(parts[1], {}).get("/".join(parts[2:]), known.default)
        return known.default


def _origin(name: str, setter: Setter) -> Origin:
    note = str(setter.block.filter) or "top level"
    return Origin(note, setter.assignment.place, name.rpartition("/")[2], setter.assignment.text)
