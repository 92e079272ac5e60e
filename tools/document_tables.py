"""Write the tables in the documents that follow from the program: its modules, and the platforms that it knows.

usage: python tools/document_tables.py [--check]    with --check nothing is written; status 1 if a table is outdated
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "checker"
BEGIN = "<!-- {}: written by `make docs` -->\n"
END = "<!-- end of {} -->\n"


def purpose(path: Path) -> str:
    """Return the first paragraph of a module's docstring on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def modules() -> str:
    """Return one table a room: the modules directly in the package first."""
    parts = []
    for room in (PACKAGE, *sorted(path.parent for path in PACKAGE.glob("*/**/__init__.py"))):
        name = "" if room == PACKAGE else f"{room.relative_to(PACKAGE).as_posix()}/"
        title = f"### `checker/{name}`\n\n{purpose(room / '__init__.py')}\n\n" if name else "### `checker/`\n\n"
        rows = [
            f"| `{name}{path.name}` | {purpose(path)} |\n"
            for path in sorted(room.glob("*.py"))
            if path.name != "__init__.py"
        ]
        parts.append(f"{title}| module | purpose |\n|---|---|\n{''.join(rows)}" if rows else title)
    return "\n".join(parts)


def platforms() -> str:
    """Return the platforms, what they package, and where that is from."""
    rows = [
        f"| `{name}` | {row['name']} | {row['postfix']} | {row.get('dovecot', '?')} | {row['source']} |\n"
        for name, row in json.loads((PACKAGE / "releases" / "platforms.json").read_text("utf-8")).items()
    ]
    return f"| platform | | Postfix | Dovecot | source |\n|---|---|---|---|---|\n{''.join(rows)}"


TABLES: Mapping[str, tuple[str, Callable[[], str]]] = {
    "modules": ("architecture.md", modules),
    "platforms": ("platforms.md", platforms),
}


def main() -> int:
    """Write the documents, or compare; return the exit status."""
    outdated = False
    for name, (file, table) in TABLES.items():
        document = PROJECT / "docs" / file
        text = document.read_text("utf-8")
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        fresh = f"{before}{begin}\n{table()}\n{end}{after}"
        outdated |= fresh != text
        if "--check" not in sys.argv[1:]:
            document.write_text(fresh, "utf-8")
    return int(outdated and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
