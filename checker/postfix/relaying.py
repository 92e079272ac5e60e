"""Who may send what to whom through smtpd(8): what its restriction lists come to for strangers."""

from __future__ import annotations

from collections.abc import Mapping

from checker.derive import Take
from checker.postfix.domains import DomainLists, domain_lists
from checker.postfix.outcome import UNREAD, Outcome, outcome
from checker.postfix.restriction_entries import STAGES
from checker.postfix.restrictions import lists_of, permits_before_refusal, words_of
from checker.postfix.scope import Scope
from checker.postfix.strangers import strangers
from checker.values import Known, Origin, Reason


def any_passes(take: Take, scope: Scope, domains: Scope, *, foreign: bool) -> bool:
    """Say whether any stranger gets a recipient past all lists, by what it says of itself: relay and recipient list
    both must pass it.

    ``foreign``: a recipient in whatever domain, so that this is an open relay; otherwise any at all, so that a login is
    not required. ``domains`` is the scope of trivial-rewrite(8).
    """
    lists = lists_of(take, scope)
    refusing: str | None = None
    doubtful: tuple[str, Reason] | None = None
    served = domain_lists(take, domains)
    for each in strangers(lists, served, foreign=foreign):
        results = {name: outcome(lists, name, lists.words(name), each) for name in STAGES}
        refusal = next((name for name, result in results.items() if result.known == "reject"), None)
        doubt = next((name for name, result in results.items() if result.effects & {"reject", "error"}), None)
        if refusal is not None:
            refusing = refusing or refusal
        elif doubt is not None:
            doubtful = doubtful or (doubt, results[doubt].doubt or UNREAD)
        else:
            _take_reason(take, scope, results)
            if foreign and each.served == "yes":
                _take_listing(take, domains, served, each.recipient)
            return True
    if doubtful is not None:
        words_of(take, scope, doubtful[0])
        raise take.unknown(doubtful[1])
    if refusing is not None:
        words_of(take, scope, refusing)
    return False


def _take_reason(take: Take, scope: Scope, results: Mapping[str, Outcome]) -> None:
    """Take what let a stranger pass, last what decided: an entry of a table, or mynetworks."""
    for name in STAGES:
        words_of(take, scope, name)
    permits = [result for result in results.values() if result.known == "permit"]
    if any(result.by == "permit_mynetworks" for result in permits):
        take(scope.words("mynetworks"))
    for result in permits:
        if result.entry is not None and result.entry.place is not None:
            take(Known(None, (Origin("access table", result.entry.place),)))


def _take_listing(take: Take, domains: Scope, served: DomainLists, recipient: str) -> None:
    """Take the list of domains that holds those of others too."""
    name = served.listing(recipient.rpartition("@")[2])
    if name is not None:
        take(domains.words(name))


def relay_list(take: Take, scope: Scope) -> str:
    """Return the list that protects against relaying: the recipient list where the relay list is empty or unheard
    of.
    """
    relay = words_of(take, scope, "smtpd_relay_restrictions")
    return "smtpd_relay_restrictions" if relay else "smtpd_recipient_restrictions"


def relay_permits(take: Take, scope: Scope) -> tuple[str, ...]:
    """Return the names that let clients pass before unauthorised destinations are refused."""
    lists = lists_of(take, scope)
    name = relay_list(take, scope)
    return permits_before_refusal(lists, name, lists.words(name))
