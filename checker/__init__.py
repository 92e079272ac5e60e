"""mailposture: what a mail server's configuration really does, judged against a written policy."""

__version__ = "0.1.0"
