"""What a report closes with: as what each set was judged, the sum, and the reason of the exit status."""

from __future__ import annotations

from checker.facts.software import Software
from checker.report.phrases import counted
from checker.report.summary import TALLIED, Exit, tally
from checker.report.view import View
from checker.result import SEVERITIES
from checker.safe_text import for_terminal
from checker.values import Known, Unknown


def judged_as(view: View, software: Software) -> str:
    """Return ``etc/postfix judged as Postfix 3.7.11 (debian-12; assumed: ...)``."""
    product = _plain(software.product).capitalize()
    release = _plain(software.release) or view.say("release_unknown")
    assumed = view.reason(_plain(software.assumed))
    notes = [_plain(software.platform), view.say("assumed", why=assumed) if assumed else ""]
    told = f" ({'; '.join(note for note in notes if note)})" if any(notes) else ""
    place = software.origins[0].place if software.origins else None
    where = view.path(place.path.rpartition("/")[0] or ".") if place else for_terminal(software.id)
    return f"{where} {view.say('judged_as')} {product} {release}{told}"


def sum_of(view: View) -> str:
    """Return ``15 rules on 1 host, 4 listeners: 3 fail (1 critical, 2 high), 20 pass``."""
    result, language = view.result, view.result.language
    counts = tally(result)
    told = []
    for sort in TALLIED:
        if not counts[sort] and sort not in ("fail", "pass"):
            continue
        text = counted(language, sort, counts[sort])
        if sort == "fail" and counts[sort]:
            severities = [(name, result.count("fail", name)) for name in SEVERITIES]
            text += f" ({', '.join(counted(language, name, count) for name, count in severities if count)})"
        told.append(text)
    listeners = sum(len(system.endpoints) for system in result.systems)
    return view.say(
        "on",
        rules=counted(language, "rule", result.rules),
        where=f"{counted(language, 'host', len(result.systems))}, {counted(language, 'listener', listeners)}",
        counts=", ".join(told),
    )


def comparison(view: View) -> str:
    """Return ``compared with main (1a2b3c4d5e6f): 1 new, 3 known, 0 gone``; empty where nothing is compared with."""
    compared, counts = view.result.compared, tally(view.result)
    if compared is None:
        return ""
    return view.say(
        "compared",
        revision=for_terminal(compared.revision),
        commit=compared.commit[:12],
        new=counts["fail"] + counts["unknown"],
        known=counts["known"],
        gone=compared.gone,
    )


def cause_of(view: View, outcome: Exit) -> str:
    """Return why a run ends as it does."""
    threshold = view.gate.fail_on
    since = ".new" if view.result.compared and outcome.cause in ("clean", "findings") else ""
    return view.say(f"exit.{outcome.cause}{since}", threshold="" if threshold == "never" else view.say(threshold))


def _plain(value: object) -> str:
    """Return a known value as text; empty where it is absent, the reason where it is unknown."""
    if isinstance(value, Known):
        return "" if value.value is None else for_terminal(str(value.value))
    return f"? ({for_terminal(value.reason.text)})" if isinstance(value, Unknown) else "?"
