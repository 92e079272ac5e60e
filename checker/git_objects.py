"""Objects of a Git repository, read by the git program: nothing is checked out, written, fetched or run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from checker.errors import UserError

SECONDS = 120
"""How long git may take for one question, and for all objects of a revision together."""

_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
"""What of git's environment is the user's; the rest (GIT_DIR in a hook) speaks of another repository."""

_QUIET: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone would fetch what it lacks
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_COMMAND = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")

DEPTH_HINT = "fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout"

LACK_HINT = "a partial clone lacks some (fetch without --filter); `git fsck` tells of damage"


def work_tree_of(directory: Path) -> Path:
    """Return the Git work tree that holds a directory; raise UserError if there is none."""
    for each in (directory, *directory.parents):
        if os.path.lexists(each / ".git"):
            return each
    raise UserError(
        "is in no Git work tree, so there is no revision to compare with",
        place=str(directory),
        hint="name a path inside the repository that holds the configuration",
    )


def commit_of(work_tree: Path, revision: str) -> str:
    """Return the commit that a revision names, as its object id; raise UserError.

    ``REF...`` means the merge base of REF and HEAD, as for ``git diff``: what a pull request started from.
    """
    name = revision.removesuffix("...")
    if name == revision:
        return _commit(work_tree, revision)
    ours, theirs = _commit(work_tree, name), _commit(work_tree, "HEAD")
    done = _git(work_tree, "merge-base", ours, theirs)
    if done.returncode != 0:
        hint = DEPTH_HINT if _is_shallow(work_tree) else "compare with a revision that HEAD descends from"
        raise UserError(f"`{name}` and HEAD have no commit in common", hint=hint)
    return done.stdout.decode().strip()


def _commit(work_tree: Path, name: str) -> str:
    if name and not name.startswith("-") and name.isprintable():
        done = _git(work_tree, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if done.returncode == 0:
            return done.stdout.decode().strip()
        if b"dubious ownership" in done.stderr:
            hint = f"if you trust it: git config --global --add safe.directory {work_tree}"
            raise UserError("belongs to another user, so git does not read it", place=str(work_tree), hint=hint)
    hint = DEPTH_HINT if _is_shallow(work_tree) else "see `git branch --all`; what is not there may have to be fetched"
    raise UserError(f"there is no commit `{name}` in this repository", place=str(work_tree), hint=hint)


def _is_shallow(work_tree: Path) -> bool:
    return _git(work_tree, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _git(work_tree: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in a work tree; raise UserError where there is no git, or no answer."""
    try:
        return subprocess.run(  # noqa: S603 - a fixed program; what the user names is no option
            [*_COMMAND, *arguments],
            cwd=work_tree,
            env=_environment(work_tree),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except FileNotFoundError:
        raise _no_git() from None
    except subprocess.TimeoutExpired:
        raise UserError(f"git gave no answer within {SECONDS} seconds", place=str(work_tree)) from None


def _environment(work_tree: Path) -> dict[str, str]:
    """Return an environment in which git reads this repository, and runs and asks nobody."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    # A broken .git must not make git go on to a repository above.
    return {**own, **_QUIET, "GIT_CEILING_DIRECTORIES": str(work_tree.parent)}


def _no_git() -> UserError:
    return UserError("the git program is not installed", hint="comparing with a revision needs git")


class TooLarge(Exception):  # noqa: N818 - what an object is
    """An object is larger than the caller wants to hold."""


class Objects:
    """The objects of one repository, from one ``git cat-file --batch``, which ends with the context."""

    def __init__(self, work_tree: Path) -> None:
        self._work_tree = work_tree
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, name: str, limit: int) -> bytes | None:
        """Return the content of an object by its id, None if the repository lacks it; raise TooLarge, UserError."""
        requests, answers = self._pipes()
        try:
            requests.write(f"{name}\n".encode())
            requests.flush()
        except BrokenPipeError:
            raise self._silent() from None
        head = answers.readline(1000).split()
        if head[-1:] == [b"missing"]:
            return None
        if len(head) != 3:
            raise self._silent()
        size = int(head[2])
        if size > limit:
            self._stop()  # quicker than to read what nobody wants
            raise TooLarge
        data = answers.read(size + 1)
        if len(data) != size + 1:
            raise self._silent()
        return data[:-1]

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - a fixed program
                    [*_COMMAND, "cat-file", "--batch"],
                    cwd=self._work_tree,
                    env=_environment(self._work_tree),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except FileNotFoundError:
                raise _no_git() from None
            self._timer = threading.Timer(SECONDS, self._process.kill)
            self._timer.daemon = True
            self._timer.start()
        return cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)

    def _silent(self) -> UserError:
        self._stop()
        return UserError("git stopped before it had given all objects", place=str(self._work_tree), hint=LACK_HINT)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(BrokenPipeError):  # a request that a dead git did not take
                cast("IO[bytes]", process.stdin).close()
            with process:  # closes the other pipe and waits
                pass
