"""Whether a service leaves out checks that main.cf asks for, as the way back in from a content filter does."""

from __future__ import annotations

from checker.derive import Take, derive
from checker.postfix.scope import Scope
from checker.values import Known, Value

CHECKS = (
    "content_filter",
    "smtpd_proxy_filter",
    "smtpd_milters",
    *(f"smtpd_{stage}_restrictions" for stage in ("client", "helo", "sender", "relay", "recipient", "data")),
    "smtpd_end_of_data_restrictions",
)


def bypasses_checks(service: Scope) -> Value[bool | None]:
    """Return whether a service's own options empty a filter or a restriction list in which main.cf has something."""
    overridden = [name for name in CHECKS if service.overrides(name)]
    if not overridden:
        return Known(False)
    main = service.configuration.scope(service.program)

    def compute(take: Take) -> bool:
        return any(_has(take, main, name) and not _has(take, service, name) for name in overridden)

    return derive(compute)


def _has(take: Take, scope: Scope, name: str) -> bool:
    return bool((take(scope.text(name)) or "").strip())
