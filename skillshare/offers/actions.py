"""The verbs of an offer: start it from the HR data, save, publish, pause, resume, withdraw, expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from skillshare.ground import clock, events, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.rows import one_by_one
from skillshare.ground.workflow import move
from skillshare.offers import mails, queries
from skillshare.offers.models import Offer, OfferSite, OfferSkill, OfferState, OfferWindow, Visibility
from skillshare.offers.workflow import OFFER
from skillshare.organisation.models import Agent

MOST_SKILLS, MOST_WINDOWS = 30, 12
REMINDER_DAYS = 15
USUAL_KM = 30


def usual_load(agent: Agent) -> int:
    """One day a week, or all their working time where it is less."""
    return max(1, min(20, agent.working_time))


def start(agent: Agent, *, at: datetime) -> Offer:
    """The agent's live offer, or a new draft prefilled from the HR data (R19)."""
    demand(agent, Ability.OFFER_OWN)
    found = queries.live_offer(agent)
    if found is not None:
        return found
    offer = Offer(agent_id=agent.id, agent=agent, highest_load=usual_load(agent), max_km=USUAL_KM, created_at=at,
                  refreshed_at=at)
    db.session.add(offer)
    db.session.flush()
    return offer


def save(offer: Offer, *, actor: Agent, at: datetime, skills: Sequence[tuple[int, int]],
         windows: Sequence[tuple[date, date]], highest_load: int, remote: bool, max_km: int | None,
         site_ids: Sequence[int], visibility: Visibility, note: str = "") -> None:
    """Write the whole offer; narrowing a published one is announced, so that no promise hangs on what is gone."""
    demand(actor, Ability.OFFER_OWN, offer)
    if offer.state not in queries.LIVE:
        raise RuleBroken("", "Cette offre est close : ouvrez-en une nouvelle.")
    _check(offer, skills, windows, highest_load)
    before = _reach(offer)
    _write_skills(offer, skills)
    offer.windows[:] = [OfferWindow(starts_on=s, ends_on=e) for s, e in sorted(set(windows))]
    offer.sites[:] = [OfferSite(site_id=site_id) for site_id in sorted(set(site_ids))]
    offer.highest_load, offer.remote, offer.max_km = highest_load, remote, max_km
    offer.visibility, offer.note, offer.refreshed_at = Visibility(visibility), note, at
    offer.expires_on = max((e for _, e in windows), default=None)
    db.session.flush()
    journal.record("offers:save", actor=actor, at=at, subject=offer)
    if offer.state == OfferState.PUBLISHED:
        _check_publishable(offer, on=clock.local_date(at))
        if not _covers(_reach(offer), before):
            events.announce(events.OfferNarrowed(offer.id, at))


def _check(offer: Offer, skills: Sequence[tuple[int, int]], windows: Sequence[tuple[date, date]], load: int) -> None:
    if len(skills) > MOST_SKILLS or len(windows) > MOST_WINDOWS:
        raise RuleBroken("", f"Gardez au plus {MOST_SKILLS} compétences et {MOST_WINDOWS} périodes.")
    if len({skill_id for skill_id, _ in skills}) < len(skills):
        raise RuleBroken("add", "Cette compétence est déjà dans votre offre.")
    if len(queries.active_skills([skill_id for skill_id, _ in skills])) < len(skills):
        raise RuleBroken("add", "Une de ces compétences n’est pas, ou plus, dans le catalogue : retirez-la.")
    for starts_on, ends_on in windows:
        if ends_on < starts_on:
            raise RuleBroken("windows", f"La fin précède le début, le {starts_on:%d/%m/%Y}. Choisissez une date après.")
    if not 1 <= load <= max(1, offer.agent.working_time):
        raise RuleBroken("highest_load", f"Votre temps de travail est de {offer.agent.working_time} % : "
                                         "la part proposée ne peut pas le dépasser.")


def _write_skills(offer: Offer, skills: Sequence[tuple[int, int]]) -> None:
    known = {row.skill_id: row for row in offer.skills}
    rows = []
    for skill_id, level in skills:
        row = known.get(skill_id) or OfferSkill(skill_id=skill_id)
        row.level = level
        rows.append(row)
    offer.skills[:] = rows


@dataclass(frozen=True)
class Reach:
    """What an offer covers: level by skill, windows, load, remote work, places."""

    skills: dict[int, int]
    windows: list[tuple[date, date]]
    load: int
    remote: bool
    km: float
    sites: frozenset[int]


def _reach(offer: Offer) -> Reach:
    sites = frozenset(row.site_id for row in offer.sites)
    anywhere = 0.0 if sites else float("inf")
    return Reach({row.skill_id: row.level for row in offer.skills},
                 [(row.starts_on, row.ends_on) for row in offer.windows], offer.highest_load, offer.remote,
                 anywhere if offer.max_km is None else offer.max_km, sites)


def _covers(now: Reach, before: Reach) -> bool:
    """Whether everything offered before is still offered."""
    same_skills = all(now.skills.get(skill_id, 0) >= level for skill_id, level in before.skills.items())
    same_days = all(any(s <= start and end <= e for s, e in now.windows) for start, end in before.windows)
    same_places = now.km >= before.km and (now.km == float("inf") or now.sites >= before.sites)
    return same_skills and same_days and same_places and now.load >= before.load and now.remote >= before.remote


def _check_publishable(offer: Offer, *, on: date) -> None:
    if not offer.skills:
        raise RuleBroken("add", "Ajoutez au moins une compétence.")
    if not offer.windows or max(row.ends_on for row in offer.windows) < on:
        raise RuleBroken("windows", "Donnez au moins une période à venir.")
    if offer.agent.working_time == 0:
        raise RuleBroken("highest_load", "Votre temps de travail au SIRH est de 0 % : voyez avec les ressources humaines.")


def publish(offer: Offer, *, actor: Agent, at: datetime) -> None:
    demand(actor, Ability.OFFER_PUBLISH, offer)
    _check_publishable(offer, on=clock.local_date(at))
    move(OFFER, offer, "publish", actor=actor, at=at)
    offer.refreshed_at = at


def pause(offer: Offer, *, actor: Agent, at: datetime) -> None:
    move(OFFER, offer, "pause", actor=actor, at=at)
    events.announce(events.OfferNarrowed(offer.id, at))


def resume(offer: Offer, *, actor: Agent, at: datetime) -> None:
    demand(actor, Ability.OFFER_PUBLISH, offer)
    _check_publishable(offer, on=clock.local_date(at))
    move(OFFER, offer, "resume", actor=actor, at=at)
    offer.refreshed_at = at


def withdraw(offer: Offer, *, actor: Agent, at: datetime) -> None:
    move(OFFER, offer, "withdraw", actor=actor, at=at)
    events.announce(events.OfferNarrowed(offer.id, at))


def expire_due(at: datetime) -> int:
    """Remind 15 days before the last day, expire after it; one transaction each. Returns how many expired."""
    today = clock.local_date(at)
    with one_by_one() as rows:
        expired = rows.each("offre", queries.expiring(today), lambda offer_id: _expire(offer_id, at))
        rows.each("offre", queries.expiring(today + timedelta(days=REMINDER_DAYS), since=today),
                  lambda offer_id: _remind(offer_id, at))
    return expired


def _expire(offer_id: int, at: datetime) -> int:
    offer = _last_day_before(offer_id, clock.local_date(at))
    if offer is None:
        return 0
    move(OFFER, offer, "expire", actor=SYSTEM, at=at)
    events.announce(events.OfferNarrowed(offer_id, at))
    return 1


def _remind(offer_id: int, at: datetime) -> int:
    offer = _last_day_before(offer_id, clock.local_date(at) + timedelta(days=REMINDER_DAYS))
    if offer is None:
        return 0
    mails.expires_soon(offer, at=at)
    return 1


def _last_day_before(offer_id: int, day: date) -> Offer | None:
    """The offer, held, where its last day still comes before `day`: its agent may have prolonged or withdrawn it."""
    offer = db.session.get_one(Offer, offer_id)
    db.session.refresh(offer, attribute_names=["state", "expires_on"], with_for_update=True)
    is_due = offer.state in queries.EXPIRING and offer.expires_on is not None and offer.expires_on < day
    return offer if is_due else None
