"""From where a result is seen: the layout, the language, and how paths are shown."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checker.report.phrases import phrase
from checker.report.style import Style
from checker.report.summary import Gate
from checker.result import Result
from checker.safe_text import for_terminal
from checker.source import Span


class View(Struct, frozen=True):
    """A result, how it is laid out, what the run is to fail on, and the directory that paths are seen from.

    ``category`` tells several uploads of one commit apart, where the user wants that.
    """

    result: Result
    style: Style
    gate: Gate
    directory: Path
    show_all: bool = False
    quiet: bool = False
    category: str = ""

    def with_style(self, style: Style) -> View:
        """Return the same view in another layout."""
        return replace(self, style=style)

    def say(self, key: str, **values: object) -> str:
        """Return a phrase in the language of the result."""
        return phrase(self.result.language, key, **values)

    def reason(self, text: str) -> str:
        """Return a reason in the language of the result, as untrusted as it was."""
        if self.result.language == "en":
            return text
        from checker.report.reasons import in_language  # noqa: PLC0415 - English is what they are written in

        return in_language(self.result.language, text)

    def path(self, path: str) -> str:
        """Return a path as it is shown."""
        return for_terminal(shown_path(path, self.result.root, self.directory))

    def place(self, span: Span) -> str:
        """Return a place as terminals and editors take it."""
        return f"{self.path(span.path)}:{span.line}:{span.column}"


def shown_path(path: str, root: str, directory: Path) -> str:
    """Return a path as seen from a directory in or above the root, else an absolute one; without a root as it is."""
    if not root:
        return path
    absolute = os.path.join(root, path)  # noqa: PTH118 - an absolute path replaces the root
    seen = os.path.relpath(absolute, directory)
    inside = not Path(path).is_absolute() and directory.is_relative_to(root)
    climbs = seen == os.pardir or seen.startswith(os.pardir + os.sep)
    return seen if inside or not climbs else absolute
