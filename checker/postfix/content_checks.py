"""What is checked about the mail that smtpd(8) takes, by the well-known programs that it asks: Milters, policy services
and content filters.
"""

from __future__ import annotations

from checker.derive import Take, derive
from checker.facts.types import MailCheck
from checker.postfix.restriction_entries import entries
from checker.postfix.restrictions import words_of
from checker.postfix.scope import Scope
from checker.values import Known, Open, Reason, Unknown, Value

KNOWN_PROGRAMS: tuple[tuple[tuple[str, ...], tuple[MailCheck, ...], bool], ...] = (
    (("rspam", ":11332"), ("spf", "dkim", "dmarc", "spam"), False),
    (("opendkim", "dkimpy", "dkim-milter", ":8891"), ("dkim", "dkim-sign"), True),
    (("opendmarc", ":8893"), ("dmarc",), True),
    (("openarc", ":8894"), (), True),
    (("postgrey", "milter-greylist", ":10023"), (), True),
    (("clamav", "clamsmtp", "clamd"), ("malware",), True),
    (("spamass", "spampd", "spamd"), ("spam",), True),
    (("amavis", ":10024"), ("spam", "malware"), False),
    (("policyd-spf", "policy-spf", "pyspf", "spf-milter"), ("spf",), True),
)
"""What programs check that are recognised by the names or the customary ports of their sockets, and whether that is all
they can: of a program that can be told to check more, more is possible.
"""

_STAGES = ("client", "helo", "sender", "relay", "recipient", "data", "end_of_data")


def checks(scope: Scope) -> Value[tuple[MailCheck, ...] | None]:
    """Return what is checked; the list is open where a program is not recognised or may check more."""
    found = derive(lambda take: _asked(take, scope))
    if isinstance(found, Unknown):
        return found
    if not isinstance(found, Known):
        return Unknown(Reason("template", "what is asked about mail varies"), found.origins)
    members: dict[MailCheck, None] = {}
    doubtful: str | None = None
    for text in found.value:
        known = next(((found, whole) for signs, found, whole in KNOWN_PROGRAMS if _shows(text, signs)), None)
        if known is None or not known[1]:
            doubtful = doubtful or next(iter(text.split()), "a helper without a name")
        members |= dict.fromkeys(known[0] if known else ())
    if doubtful is None:
        return Known(tuple(members), found.origins)
    reason = Reason("not-in-set", f"what {doubtful} checks is its own configuration")
    return Open(tuple(members), (), reason, found.origins)


def _asked(take: Take, scope: Scope) -> tuple[str, ...]:
    """Return what smtpd asks about mail, each with the program behind it where master.cf names one."""
    overrides = take(scope.words("receive_override_options")) or ()
    found: list[str] = []
    if "no_milters" not in overrides:
        found += words_of(take, scope, "smtpd_milters")
    for name in ("content_filter", "smtpd_proxy_filter"):
        found += words_of(take, scope, name)[:1]
    for stage in _STAGES:
        for word, argument in entries(words_of(take, scope, f"smtpd_{stage}_restrictions")):
            if word.lower() == "check_policy_service" and argument:
                found.append(argument)
    return tuple(_with_program(scope, each) for each in dict.fromkeys(found))


def _with_program(scope: Scope, asked: str) -> str:
    """Return an address with the arguments of the service behind it: ``unix:private/NAME``, or a transport's name."""
    text = asked.strip("{} \t").split(",")[0]
    kind, _, rest = text.partition(":")
    name = rest.removeprefix("private/") if kind == "unix" else kind
    master = scope.configuration.master
    services = [each for each in (master.services if master else ()) if each.type == "unix" and each.name == name]
    arguments = " ".join(word.text for each in services for word in each.words[7:])
    return f"{text} {arguments}".lower()


def _shows(text: str, signs: tuple[str, ...]) -> bool:
    """Say whether a text has one of the names, or an address with one of the ports."""
    words = text.split()
    return any(any(word.endswith(sign) for word in words) if sign[0] == ":" else sign in text for sign in signs)
