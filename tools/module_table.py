"""Write the table of modules in docs/architecture.md from the first sentences of the modules themselves.

usage: python tools/module_table.py [--check]    with --check nothing is written; status 1 if the table is outdated
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "checker"
DOCUMENT = PROJECT / "docs" / "architecture.md"
BEGIN = "<!-- modules: written by `make docs` -->\n"
END = "<!-- end of modules -->\n"


def purpose(path: Path) -> str:
    """Return the first paragraph of a module's docstring on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def table() -> str:
    """Return one Markdown table a room: the modules directly in the package first."""
    parts = []
    for room in (PACKAGE, *sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))):
        name = "" if room == PACKAGE else f"{room.name}/"
        title = f"### `checker/{name}`\n\n{purpose(room / '__init__.py')}\n\n" if name else "### `checker/`\n\n"
        rows = [
            f"| `{name}{path.name}` | {purpose(path)} |\n"
            for path in sorted(room.glob("*.py"))
            if path.name != "__init__.py"
        ]
        parts.append(f"{title}| module | purpose |\n|---|---|\n{''.join(rows)}" if rows else title)
    return "\n".join(parts)


def main() -> int:
    """Write the document, or compare; return the exit status."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    fresh = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if "--check" in sys.argv[1:]:
        return int(fresh != text)
    DOCUMENT.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
