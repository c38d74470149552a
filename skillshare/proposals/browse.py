"""Open needs as an agent reads them, each with their own fit, and one need's supply for whoever writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

import matching
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.ground.paging import Page, paginate
from skillshare.ground.typography import plural
from skillshare.needs.models import Need, NeedSkill, NeedState, Seat
from skillshare.offers.models import Offer, OfferState
from skillshare.organisation.models import Agent
from skillshare.proposals import shortage
from skillshare.proposals.making import WHY_NOT, missing_filter, weights
from skillshare.proposals.market import build
from skillshare.proposals.models import HOLDING, LIVE, Proposal
from skillshare.proposals.pairs import Pair, pairs_of
from skillshare.proposals.terms import displayed

BEST, PER_PAGE = 8, 50
MISSING = {"offers": "Cette place ne vous est pas ouverte.", "skills": "Il vous manque des compétences indispensables.",
           "dates": "Hors de vos périodes.", "load": "Plus de temps que votre offre n’en donne.",
           "place": "Plus loin que votre offre.", "commitments": "Vos autres engagements prennent ce temps.",
           "caps": "Le plafond de votre service est atteint."}


@dataclass(frozen=True)
class OpenNeed:
    """A need and how it suits the reader: their fit on 100, or why not in a sentence and in short, or the proposal they
    already have."""

    need: Need
    total: int | None
    why_not: str
    missing: str
    live: Proposal | None
    pair: Pair | None


def has_offer(agent: Agent) -> bool:
    query = sa.select(Offer.id).where(Offer.agent_id == agent.id, Offer.state == OfferState.PUBLISHED)
    return db.session.scalar(query) is not None


def open_needs(agent: Agent, *, at: datetime, page: int, offering: bool) -> tuple[Page, list[OpenNeed], list[OpenNeed]]:
    """Published needs with a seat nobody holds, soonest first, a page at a time; and, before the first page, those
    that suit the agent best."""
    held = sa.select(Proposal.seat_id).where(Proposal.state.in_(HOLDING))
    free = sa.select(Seat.need_id).where(Seat.id.not_in(held))
    query = (sa.select(Need).where(Need.state == NeedState.PUBLISHED, Need.starts_on > clock.local_date(at),
                                   Need.id.in_(free), Need.unit_id != agent.unit_id)
             .options(joinedload(Need.unit), joinedload(Need.site),
                      selectinload(Need.demands).joinedload(NeedSkill.skill))
             .order_by(Need.starts_on, Need.id))
    if page > 1 or not offering:
        found = paginate(query, page, PER_PAGE)
        return found, looks(found.items, agent, at=at, offering=offering), []
    every = looks(list(db.session.scalars(query)), agent, at=at, offering=True)
    first = Page([one.need for one in every[:PER_PAGE]], 1, max(1, -(-len(every) // PER_PAGE)), len(every), PER_PAGE)
    suits = sorted((one for one in every if one.total is not None and one.live is None),
                   key=lambda one: (-(one.total or 0), one.need.starts_on, one.need.id))
    return first, every[:PER_PAGE], suits[:BEST]


def looks(needs: list[Need], agent: Agent, *, at: datetime, offering: bool) -> list[OpenNeed]:
    """How each of these needs suits `agent`, who has a published offer (`offering`) or not, by one pass of the engine."""
    live = {p.need_id: p for p in db.session.scalars(sa.select(Proposal).where(
        Proposal.agent_id == agent.id, Proposal.state.in_(LIVE), Proposal.need_id.in_([need.id for need in needs])))}
    if not needs or not offering:
        return [OpenNeed(need, None, "", "", live.get(need.id), None) for need in needs]
    market, maps = build(at, only_needs=needs, only_agent=agent, forgive=True)
    found = matching.candidates(market, weights())
    seats = found.pool.pair_seat.tolist()
    pairs = dict(zip(seats, pairs_of(found, maps, range(len(seats))), strict=True))
    return [_look(need, pairs.get(n), live.get(need.id), found, n) for n, need in enumerate(needs)]


def _look(need: Need, pair: Pair | None, live: Proposal | None, found: matching.Found, position: int) -> OpenNeed:
    if pair is not None:
        return OpenNeed(need, displayed(pair.fit), "", "", live, pair)
    name = "" if live else missing_filter(found, position)
    return OpenNeed(need, None, WHY_NOT.get(name, ""), MISSING.get(name, ""), live, None)


def supply_of(need: Need, *, at: datetime) -> dict[str, Any]:
    """The funnel of a need alone, as far as it is written, and one sentence for screen readers."""
    market, _ = build(at, only_need=need)
    found = matching.candidates(market, weights())
    counts = dict(zip(found.filters, found.funnel[0].tolist(), strict=True))
    known = {name: counts[name] for name in _known(need)}
    steps = shortage.funnel_steps(known, need)
    last = list(known.values())[-1]
    return {"steps": steps, "announce": f"{shortage.how_many(last)} {plural(last, 'possible', number=False)}",
            "eligible": last, "at": at}


def _known(need: Need) -> list[str]:
    """The criteria a draft already states."""
    names = ["offers"]
    if not need.demands:
        return names
    names.append("skills")
    if need.starts_on and need.ends_on:
        names.append("dates")
        if need.load:
            names += ["load", "place", "commitments", "caps"]
    return names
