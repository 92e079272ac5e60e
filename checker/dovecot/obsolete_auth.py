"""The section ``auth { }`` of Dovecot 1.x, with its ``socket listen { }``, as 2.3 still understands it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from checker.dovecot.names23 import escaped
from checker.dovecot.parser23 import Parser
from checker.dovecot.types import Refused, integer

PROCESS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "auth_executable": ("executable", str),
    "auth_process_size": ("vsz_limit", lambda value: f"{value} M"),
    "auth_user": ("user", str),
    "auth_chroot": ("chroot", str),
}
"""What the auth process was told, with the setting of ``service auth`` and its value."""

SOCKET = ("path", "mode", "user", "group")


class OldAuth(Struct):
    """How deep we are inside ``auth { }`` and its ``socket listen { }``, and what that socket is to be."""

    parser: Parser
    depth: int = 0
    socket_depth: int = 0
    is_master: bool = False
    socket: dict[str, str] = field(default_factory=dict)
    base_dir: str = "/run/dovecot"

    def open(self, key: str, name: str) -> bool:
        """Take a section that begins inside; return False for one that is nothing special."""
        self.socket.clear()
        self.depth += 1
        if key in ("passdb", "userdb") and self.depth == 2:
            self.parser.warn(f"{key} {name} {{}} has been replaced by {key} {{ driver={name} }}")
            self.parser.open(key, "")
            self.parser.set(self.parser.block, f"{self.parser.stack[-1].prefix}driver", name)
            return True
        if key == "socket" and self.depth == 2:
            if name != "listen":
                return False
            self.socket_depth += 1
            return True
        if self.socket_depth > 0:
            self.socket_depth += 1
        if key in ("master", "client") and self.socket_depth == 2:
            self.is_master = key == "master"
            return True
        return False

    def close(self) -> bool:
        """Take the end of a section; return False where it ends an ordinary one."""
        if self.depth > 0:
            self.depth -= 1
            if self.depth == 0:
                return True
        if self.socket_depth > 0:
            if self.socket_depth == 2:
                self._add_listener()
            self.socket_depth -= 1
            return True
        return False

    def setting_inside(self, key: str, value: str) -> None:
        """Take a setting right inside ``auth { }``, whose names lack the prefix; raise Refused."""
        key = key if key.startswith("auth_") else f"auth_{key}"
        if not self.setting(key, value):
            self.parser.set(self.parser.block, key, value)

    def setting(self, key: str, value: str) -> bool:
        """Take a setting of the auth process or of its socket; return False for all others. Raises Refused."""
        root = self.parser.blocks[0]
        if key in PROCESS:
            new, change = PROCESS[key]
            self.parser.warn(f"{key} has been replaced by service auth {{ {new} }}")
            self.parser.set(root, f"service/auth/{new}", change(value))
        elif key == "auth_cache_size" and _is_megabytes(value):
            self.parser.warn("auth_cache_size value no longer defaults to megabytes")
            self.parser.set(root, key, f"{value}M")
        elif key == "auth_count":
            self.parser.warn("auth_count has been removed")
        elif self.socket_depth == 2 and key in SOCKET:
            self.socket[key] = value
        else:
            return False
        return True

    def _add_listener(self) -> None:
        """Make the socket that has been described a listener of ``service auth``; raise Refused."""
        values = dict(self.socket)
        path = values.pop("path", "")
        if not path:
            self.parser.fail("socket listen {} is missing path")
            return
        path = path.removeprefix(f"{self.base_dir}/")
        if path.endswith(("-master", "-userdb")) != self.is_master:
            kind = "master" if self.is_master else "client"
            self.parser.fail(f"socket listen {{ {kind} {{ path=.. }} }}: the path's suffix does not fit")
            return
        root = self.parser.blocks[0]
        part = self.parser.add_section(root, "service/auth/unix_listener", escaped(path), path)
        for key, value in values.items():
            self.parser.set(root, f"service/auth/unix_listener/{part}/{key}", value)
        self.socket.clear()


def _is_megabytes(value: str) -> bool:
    try:
        return 0 < integer(value) < 1024
    except Refused:
        return False
