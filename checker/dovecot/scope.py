"""The value of any setting as one connection, service or listener gets it, with the chain that made it."""

from __future__ import annotations

import posixpath
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from msgspec import Struct

from checker.derive import converted
from checker.dovecot import types
from checker.dovecot.filters import Filter
from checker.dovecot.release import UPSTREAM_PROTOCOLS, Release
from checker.dovecot.release import Known as Setting
from checker.dovecot.types import Refused
from checker.facts.settings import Plain
from checker.source import Source, Span
from checker.values import ABSENT, Known, OneOf, Origin, Reason, Unknown, Value

INSTALLED_PROTOCOLS = {
    "20-imap.conf": "imap",
    "20-pop3.conf": "pop3",
    "20-lmtp.conf": "lmtp",
    "20-submission.conf": "submission",
    "20-managesieve.conf": "sieve",
}
"""The protocol of the package that brings a file of conf.d on Debian; the package also enables it, in a file outside
of the configuration directory.
"""

TEMPLATE = re.compile(r"\{\{.*\}\}|\{%.*%\}|<%.*%>")
"""What a template engine would replace."""

TO_RENDER = "this is a template: render it first and check the result"


class Connection(Struct, frozen=True):
    """Who asks. ``where`` is what filters look at; ``service`` and ``listener`` count in 2.4 alone.

    ``kind`` is the kind of the listener; ``role`` is ``ssl_server`` or ``ssl_client`` where TLS settings are asked for.
    ``within`` are other named blocks that it is about, with their instances: a passdb, a database server.
    """

    where: Filter = Filter()
    service: str | None = None
    listener: str | None = None
    kind: str = "inet_listener"
    role: str | None = None
    within: tuple[tuple[str, str | None], ...] = ()


class Scope(ABC):
    """Setting values for one connection. Values are cached, so that alternatives keep their identity."""

    def __init__(self, release: Release, entry: Source, doubt: Reason | None) -> None:
        self.release = release
        self.entry = entry
        self.doubt = doubt
        self._texts: dict[str, Value[str | None]] = {}
        self._typed: dict[tuple[str, str], Value[Plain]] = {}

    @property
    def anchor(self) -> Span:
        """Return the place where a setting of the top level would be added."""
        return self.entry.end()

    # What a generation defines.

    @property
    def conflict(self) -> tuple[str, Origin] | None:
        """Return what Dovecot says and where if it refuses the client since two filters are at odds, as 2.3 does."""
        return None

    def is_narrowed(self, name: str) -> bool:
        """Say whether a filter sets a setting so that it goes before the command line of a service, as in 2.4."""
        del name
        return False

    def sections(self, kind: str) -> tuple[str, ...]:
        """Return the paths of the passdbs, userdbs, namespaces ... in order (``passdb/0``), as 2.3 has them."""
        del kind
        return ()

    def entries(self, name: str) -> Value[tuple[tuple[str, str], ...]]:
        """Return a list of names with values (``passdb_fields``), as 2.4 has them."""
        del name
        return Known(())

    @abstractmethod
    def known(self, name: str) -> Setting | None:
        """Return the release's knowledge of a setting, None if there is no such name here."""

    @abstractmethod
    def is_set(self, name: str) -> bool:
        """Say whether the files set a setting for this connection."""

    @abstractmethod
    def services(self) -> tuple[str, ...]:
        """Return the names of all services, built-in ones first, whether or not they run."""

    @abstractmethod
    def listeners(self, service: str, kind: str = "inet_listener") -> tuple[str, ...]:
        """Return the names (paths, of unix_listener) of a service's listeners, built-in ones first."""

    @abstractmethod
    def written_listeners(self, service: str, kind: str) -> tuple[str, ...]:
        """Return the names of a service's listeners that have a section of their own in the files."""

    @abstractmethod
    def is_built_in(self, service: str, listener: str, kind: str) -> bool:
        """Say whether the release brings a listener."""

    @abstractmethod
    def service_text(self, service: str, name: str) -> Value[str | None]:
        """Return a setting of a service by its short name (``protocol``, ``executable``)."""

    @abstractmethod
    def listener_text(self, service: str, listener: str, name: str, kind: str = "inet_listener") -> Value[str | None]:
        """Return a setting of a listener by its short name (``port``, ``ssl``, ``mode``)."""

    @abstractmethod
    def _value(self, name: str) -> Value[str | None]:
        """Return the text of a setting."""

    # What is the same for both.

    def text(self, name: str) -> Value[str | None]:
        """Return the text of a setting; absent if the release has no such name."""
        if name not in self._texts:
            self._texts[name] = rendered(self._value(name))
        return self._texts[name]

    def boolean(self, name: str) -> Value[bool | None]:
        """Return a setting as yes or no; unknown if Dovecot would refuse its text."""
        return self._as(name, "bool", types.boolean)  # type: ignore[return-value]  # the cache holds all types

    def words(self, name: str) -> Value[tuple[str, ...] | None]:
        """Return a setting as a list, split at blanks and commas."""
        return self._as(name, "words", types.words)  # type: ignore[return-value]  # the cache holds all types

    def get(self, name: str) -> Value[Plain]:
        """Return a setting with the type that the tables give it: times in seconds (milliseconds where the setting
        counts them), sizes in bytes, modes as the kernel will have them (``0660``); ``unlimited`` stays a word.
        """
        known = self.known(name)
        if known is None:
            return ABSENT
        change = _CHANGES.get(known.type)
        return self._as(name, known.type, change) if change else self.text(name)

    def _as(self, name: str, kind: str, change: Callable[[str], Plain]) -> Value[Plain]:
        key = (name, kind)
        if key not in self._typed:
            self._typed[key] = typed(self.text(name), change)
        return self._typed[key]

    def default(self, name: str, text: str | None) -> Value[str | None]:
        """Return what a setting is where no file sets it."""
        origin = Origin(self.release.label, self.anchor, name, text or "", is_default=True)
        if self.doubt is not None:
            return Unknown(self.doubt, (origin,))
        if name == "protocols" and self.release.generation == "2.3" and self.release.platform is None:
            upstream = Origin(self.release.label, self.anchor, name, UPSTREAM_PROTOCOLS, is_default=True)
            alternatives = {
                "Debian's build": Known(text, (origin,)),
                "upstream": Known(UPSTREAM_PROTOCOLS, (upstream,)),
            }
            return OneOf(tuple(alternatives.items()))
        other = (text or "").removeprefix("$SET:").removeprefix("$")
        if other != text and self.known(other) is not None:
            value = self.text(other)  # the default of one setting is the value of another
            return Known(value.value, (*value.origins, origin)) if isinstance(value, Known) else value
        return Known(text, (origin,))


def installed_protocols(files: Sequence[Source]) -> Known[str | None] | Unknown:
    """Return which protocols Debian's packages enable, by the files that they bring."""
    origins: list[Origin] = []
    found: list[str] = []
    for source in files:
        protocol = INSTALLED_PROTOCOLS.get(posixpath.basename(source.path))
        if protocol is not None and protocol not in found:
            found.append(protocol)
            place = source.span(0, min(len(source.text), 1))
            origins.append(Origin(f"the package of {posixpath.basename(source.path)} enables {protocol}", place))
    if not found:
        text = "which protocols are installed is said in /usr/share/dovecot/protocols.d, outside of what is checked"
        return Unknown(Reason("not-in-set", text))
    return Known(" ".join(found), tuple(origins))


def rendered(value: Value[str | None]) -> Value[str | None]:
    """Return a value; unknown where a template engine is still to fill it in."""
    if isinstance(value, Known) and value.value and TEMPLATE.search(value.value):
        return Unknown(Reason("template", TO_RENDER), value.origins)
    return value


def typed(value: Value[str | None], change: Callable[[str], Plain]) -> Value[Plain]:
    """Return a value changed to a type; unknown where Dovecot would refuse the text."""

    def changed(text: str | None) -> Plain | Reason:
        if text is None:
            return None
        if text in types.UNLIMITED:
            return text
        try:
            return change(text)
        except Refused as refused:
            return Reason("invalid", f"Dovecot refuses the value: {refused}")

    return converted(value, changed)


def _mode(text: str) -> str:
    return f"{types.octal(text):04o}"


_CHANGES: dict[str, Callable[[str], Plain]] = {
    "bool": types.boolean,
    "uint": types.integer,
    "uintmax": lambda text: types.integer(text, types.SIZE_MAX),
    "octal": _mode,
    "time": lambda text: types.milliseconds(text, whole_seconds=True) // 1000,
    "msecs": lambda text: types.milliseconds(text, whole_seconds=False),
    "size": types.size,
    "port": types.port,
    "boollist": types.words,
}
