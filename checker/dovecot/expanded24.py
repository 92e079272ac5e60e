"""What releases before 2.4.2 find when they read the settings of the master with their variables expanded
(master-settings.c:master_settings_get_services): those of the top level, of each service and of its listeners.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.dovecot.release import Known, Release
from checker.dovecot.tree24 import Block24
from checker.dovecot.types import LISTS, Refused, check_text
from checker.dovecot.variables24 import variables

MASTER = (
    *("base_dir", "state_dir", "libexec_dir", "instance_name", "ssl", "version_ignore"),
    *("default_internal_user", "default_internal_group", "default_login_user"),
    *("first_valid_uid", "last_valid_uid", "first_valid_gid", "last_valid_gid"),
)
"""Settings that the master reads, without those that become defaults of services."""

LISTENERS = ("inet_listener", "unix_listener", "fifo_listener")
PROVIDERS = ("env:", "system:", "dovecot:", "process:")
"""What variables may begin with where nothing is known of a connection."""


def expansion_errors(release: Release, root: Block24, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with values once they are expanded."""
    services = [child for child in root.children.values() if child.name == "service"]
    listeners = [each for service in services for each in service.children.values() if each.name in LISTENERS]
    for name in ("protocols", "listen"):
        for member, assignment in root.lists[name].members.items() if name in root.lists else ():
            if "$" in assignment.text:
                yield f"master settings: Failed to parse configuration: Invalid setting {name}/{member}"
    for block in (root, *services, *listeners):
        for name, assignment in block.values.items():
            is_own = block.name in LISTENERS and name.startswith(f"{block.name}_")
            known = release.setting(name) if is_own or name in MASTER else None
            if known is not None and known.type not in LISTS and not assignment.is_file:
                error = _error(known, assignment.text, environment)
                if error is not None:
                    yield f"{block.name or 'master'} settings: Failed to parse configuration: {error}"


def _error(known: Known, text: str, environment: Mapping[str, str]) -> str | None:
    value, at = "", 0
    for variable in variables(text):
        if not variable.name.startswith(PROVIDERS):
            return f"Failed to expand {known.name} setting variables: Unknown variable '{variable.name}'"
        if not variable.is_plain or not variable.name.startswith("env:"):
            return None  # what filters and the system make of it is not known
        value += text[at : variable.start] + environment.get(variable.name.removeprefix("env:"), "")
        at = variable.end
    value += text[at:]
    if value == text and "$" not in text:
        return None  # as it was when it was read
    try:
        check_text(known.type, value, "2.4")
    except Refused as refused:
        return f"Invalid setting {known.name}={value}: {refused}"
    return None
