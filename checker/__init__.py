"""mailposture: what a mail server's configuration really does, judged against a written policy."""

import sys

__version__ = "0.1.0"

if "typing_extensions" not in sys.modules:
    # msgspec takes two names from there if it can, else from typing; to load it costs a tenth of a run.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
