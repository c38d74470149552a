"""The smallest changes that make a loan tenable for the team: computed, checked, ready to send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from skillshare.approvals.team import Cap, Team, Week, working_days
from skillshare.ground import clock
from skillshare.ground.typography import date_fr, days_fr, number_fr, percent_fr, plural
from skillshare.proposals.models import Proposal

SHORTEST_DAYS = 5
STEP = 10


@dataclass(frozen=True)
class Variant:
    """Other dates or another load; `name` is the value of its radio."""

    name: str
    title: str
    detail: str
    starts_on: date
    ends_on: date
    load: int


def variants_of(proposal: Proposal, team: Team, caps: list[Cap], on: date) -> list[Variant]:
    """At most two: without the weeks below the threshold, where they are at one end; with a smaller load."""
    found = [_without_weeks(proposal, team, on), _smaller_load(proposal, team, caps)]
    return [variant for variant in found if variant is not None]


def _without_weeks(proposal: Proposal, team: Team, on: date) -> Variant | None:
    weeks = team.weeks(proposal.starts_on, proposal.ends_on, proposal.load)
    low = [week for week in weeks if team.is_below(week)]
    if not low:
        return None
    until = _last_working_day_before(low[0].monday)
    since = clock.add_working_days(low[-1].monday + timedelta(days=7), 0)
    ends = [("before", proposal.starts_on, until), ("after", since, proposal.ends_on)]
    kept = [(len(list(working_days(first, last))), name, first, last) for name, first, last in ends if first > on]
    longest = max(kept, key=lambda each: each[0], default=None)
    if longest is None or longest[0] < SHORTEST_DAYS:
        return None
    _, name, first, last = longest
    title = f"Jusqu’au {date_fr(last)}" if name == "before" else f"À partir du {date_fr(first)}"
    dropped = [week for week in weeks if not first <= week.monday + timedelta(days=4) or week.monday > last]
    return Variant(name, f"{title}, {_without(dropped)}", f"{_held(proposal, first, last, proposal.load)} "
                   "Aucune semaine de ce prêt ne passe sous votre seuil.", first, last, proposal.load)


def _last_working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not clock.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _without(weeks: list[Week]) -> str:
    if len(weeks) == 1:
        return f"sans la semaine {weeks[0].label[1:]}"
    return f"sans les semaines {weeks[0].label[1:]} à {weeks[-1].label[1:]}"


def _smaller_load(proposal: Proposal, team: Team, caps: list[Cap]) -> Variant | None:
    """The highest smaller load that pushes no week below the threshold and stays within every cap."""
    for load in range((proposal.load - 1) // STEP * STEP, 0, -STEP):
        weeks = team.weeks(proposal.starts_on, proposal.ends_on, load)
        fits = all(cap.peak + load <= cap.limit for cap in caps)
        if fits and not any(team.is_pushed_below(week) for week in weeks):
            why = _why(proposal, team, caps)
            detail = f"{_held(proposal, proposal.starts_on, proposal.ends_on, load)}{why}"
            return Variant("load", per_week(load), detail, proposal.starts_on, proposal.ends_on, load)
    return None


def _why(proposal: Proposal, team: Team, caps: list[Cap]) -> str:
    if any(cap.is_exceeded for cap in caps):
        return " Votre plafond de prêt est tenu."
    weeks = team.weeks(proposal.starts_on, proposal.ends_on, proposal.load)
    return " Ce prêt ne fait plus passer aucune semaine sous votre seuil." if any(map(team.is_pushed_below, weeks)) else ""


def _held(proposal: Proposal, first: date, last: date, load: int) -> str:
    """« 16 journées au lieu de 20. Le besoin reste tenu à 80 %. »"""
    asked = days_of(proposal.starts_on, proposal.ends_on, proposal.load)
    kept = days_of(first, last, load)
    return (f"{plural(kept, 'journée')} au lieu de {asked}. Le besoin reste tenu à "
            f"{percent_fr(round(100 * kept / max(1, asked)))}.")


def days_of(starts_on: date, ends_on: date, load: int) -> int:
    """Days of work that a load makes over a period, as the letter counts them."""
    return max(1, round(clock.working_days(starts_on, ends_on) * load / 100))


def per_week(load: int) -> str:
    """40 hundredths: « 2 jours par semaine »; other shares: « 30 % d’un temps plein »."""
    days = load / 20
    if days == int(days) or days * 2 == int(days * 2):
        return f"{days_fr(days) if days != 0.5 else 'Un demi-jour'} par semaine"
    return f"{number_fr(load)} % d’un temps plein"
