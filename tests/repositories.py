"""Small Git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@dataclass(frozen=True)
class Repository:
    """A work tree and what is done to it."""

    path: Path

    def git(self, *arguments: str | Path, data: bytes = b"") -> str:
        """Run git, which must succeed, and return what it prints."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=ENVIRONMENT, input=data, check=True, capture_output=True
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file of the work tree."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def commit(self, message: str = "change") -> str:
        """Commit the whole work tree, and return the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def commit_tree(self, *entries: tuple[str, str, bytes]) -> str:
        """Commit a directory made of mode, id and name as they are, and return the commit's id."""
        data = b"".join(f"{mode} ".encode() + name + b"\0" + bytes.fromhex(name_id) for mode, name_id, name in entries)
        tree = self.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=data)
        return self.git("commit-tree", "-m", "made", tree)

    def blob(self, content: bytes) -> str:
        """Store a file's content, and return its id."""
        return self.git("hash-object", "-w", "--stdin", data=content)


def repository(path: Path) -> Repository:
    """Make an empty repository with the branch main."""
    path.mkdir(parents=True, exist_ok=True)
    made = Repository(path)
    made.git("init", "--quiet", "--initial-branch=main")
    return made
