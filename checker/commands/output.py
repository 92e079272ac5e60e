"""Write a report to a file: whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from checker.errors import UserError


def write_atomically(path: Path, text: str) -> None:
    """Put text into a file, which is replaced only once the whole text is on disk; raise UserError.

    What is there and no regular file (a pipe, ``/dev/stdout``) is written to as it is.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        _replace(path.resolve(), data)
    except OSError as error:
        hint = "does the directory exist?" if isinstance(error, FileNotFoundError) else ""
        raise UserError(f"cannot be written: {error.strerror}", place=str(path), hint=hint) from None


def _replace(path: Path, data: bytes) -> None:
    import tempfile  # noqa: PLC0415 - slow to load, and most runs write no file

    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), _mode(path))
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, else those that a new file gets."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
