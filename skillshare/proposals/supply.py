"""What the market is made of, read from the database in a stable order: offers, asks, units, commitments."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from skillshare.commitments.models import Commitment
from skillshare.commitments.queries import days_lent
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedState, Remote, Seat
from skillshare.offers.models import Offer, OfferSite, OfferSkill, OfferState, OfferWindow, Visibility
from skillshare.organisation.models import Agent, Site, Unit
from skillshare.proposals.models import HOLDING, LIVE, Proposal, ProposalState

# These pairs do not come back by themselves for that need; lapsed too, so that nobody tells it from declined.
GONE = (ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.REFUSED, ProposalState.WITHDRAWN)
OWN_WILL = (ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.WITHDRAWN)


@dataclass
class Offered:
    """One agent of the market. `highest_load` 0: no live offer, only commitments."""

    agent_id: int
    unit_id: int
    working_time: int
    latitude: float | None
    longitude: float | None
    site_name: str
    offer_id: int | None = None
    highest_load: int = 0
    remote: bool = False
    max_km: int | None = 0
    visibility: Visibility = Visibility.MEDIATOR
    age_days: int = 0
    lent: float = 0.0
    skills: list[tuple[int, int]] = field(default_factory=list)
    windows: list[tuple[date, date]] = field(default_factory=list)
    site_ids: list[int] = field(default_factory=list)

    @property
    def reach(self) -> int | None:
        """Highest distance in km, None anywhere: an agent who lists sites and no distance accepts these alone."""
        return 0 if self.max_km is None and self.site_ids else self.max_km


@dataclass(frozen=True)
class Asked:
    """One seat of the market; `need` gives its skills and place."""

    seat_id: int
    need: Need
    starts_on: date
    ends_on: date
    load: int

    @property
    def site(self) -> Site | None:
        """The site by its id: a need being typed has a new one before its relationship knows."""
        known = self.need.site
        if known is not None and known.id == self.need.site_id:
            return known
        return db.session.get(Site, self.need.site_id) if self.need.site_id else None

    @property
    def is_remote(self) -> bool:
        return self.need.remote == Remote.FULLY


def offers(at: datetime, *, only_agent: Agent | None = None) -> list[Offered]:
    """Agents with a published offer, then those without one who are on loan, each by id."""
    today = clock.local_date(at)
    found = _with_offer(at, only_agent)
    _fill(found)
    if only_agent is None:
        found += _on_loan_without_offer(today, {row.agent_id for row in found})
    lent = days_lent(today - timedelta(days=365), today)
    for row in found:
        row.lent = lent.get(row.agent_id, 0.0)
    return found


def _agents() -> Any:
    return (sa.select(Agent.id, Agent.unit_id, Agent.working_time, Site.latitude, Site.longitude, Site.name)
            .outerjoin(Site, Site.id == Agent.site_id).order_by(Agent.id))


def _with_offer(at: datetime, only_agent: Agent | None) -> list[Offered]:
    query = (_agents().join(Offer, Offer.agent_id == Agent.id)
             .add_columns(Offer.id, Offer.highest_load, Offer.remote, Offer.max_km, Offer.visibility, Offer.refreshed_at)
             .where(Offer.state == OfferState.PUBLISHED, Agent.active))
    if only_agent is not None:
        query = query.where(Agent.id == only_agent.id)
    return [Offered(agent, unit, time, lat, lon, site or "", offer, load, remote, km, shown,
                    max(0, (clock.local_date(at) - clock.local_date(refreshed)).days))
            for agent, unit, time, lat, lon, site, offer, load, remote, km, shown, refreshed in db.session.execute(query)]


def _fill(found: list[Offered]) -> None:
    """Skills, windows and accepted sites: three queries whatever the number of offers."""
    by_offer = {row.offer_id: row for row in found}
    published = Offer.state == OfferState.PUBLISHED

    def of_published(table: Any, *columns: Any) -> Iterable[Any]:
        query = sa.select(table.offer_id, *columns).join(Offer, Offer.id == table.offer_id).where(published)
        if len(found) == 1:
            query = query.where(table.offer_id == found[0].offer_id)
        return db.session.execute(query.order_by(table.offer_id, *columns))

    for offer_id, skill_id, level in of_published(OfferSkill, OfferSkill.skill_id, OfferSkill.level):
        if offer_id in by_offer:
            by_offer[offer_id].skills.append((skill_id, level))
    for offer_id, starts_on, ends_on in of_published(OfferWindow, OfferWindow.starts_on, OfferWindow.ends_on):
        if offer_id in by_offer:
            by_offer[offer_id].windows.append((starts_on, ends_on))
    for offer_id, site_id in of_published(OfferSite, OfferSite.site_id):
        if offer_id in by_offer:
            by_offer[offer_id].site_ids.append(site_id)


def _on_loan_without_offer(today: date, known: set[int]) -> list[Offered]:
    """They fill the caps of their units, so they are in the market without being candidates."""
    busy = sa.select(Commitment.agent_id).where(Commitment.released_at.is_(None), Commitment.ends_on >= today)
    rows = db.session.execute(_agents().where(Agent.id.in_(busy)))
    return [Offered(agent, unit, time, lat, lon, site or "")
            for agent, unit, time, lat, lon, site in rows if agent not in known]


def commitments(today: date, *, without: Collection[str] = ()) -> list[tuple[int, date, date, int]]:
    """(agent, first day, last day, load) of all time still promised or given, those sources left out."""
    query = (sa.select(Commitment.agent_id, Commitment.starts_on, Commitment.ends_on, Commitment.load)
             .where(Commitment.released_at.is_(None), Commitment.ends_on >= today).order_by(Commitment.id))
    if without:
        query = query.where(Commitment.source.not_in(without))
    return [(row.agent_id, row.starts_on, row.ends_on, row.load) for row in db.session.execute(query)]


def units() -> list[tuple[int, int | None, int | None]]:
    """(unit, parent, cap) of every unit, by id."""
    query = sa.select(Unit.id, Unit.parent_id, Unit.cap).order_by(Unit.id)
    return [(row.id, row.parent_id, row.cap) for row in db.session.execute(query)]


def gone_pairs(need_ids: Iterable[int], *, forgiven: int | None = None) -> list[tuple[int, int]]:
    """(agent, need) that may not be proposed again: live now, or ended for good. `forgiven`: an agent whose own
    refusals or silence do not stop their own application."""
    query = sa.select(Proposal.agent_id, Proposal.need_id, Proposal.state).where(
        Proposal.need_id.in_(list(need_ids)), Proposal.state.in_((*LIVE, *GONE)))
    return sorted({(agent_id, need_id) for agent_id, need_id, state in db.session.execute(query)
                   if not (agent_id == forgiven and state in OWN_WILL)})


def visibly_gone_pairs(need_ids: Iterable[int], today: date) -> list[tuple[int, int]]:
    """(agent, need) that no longer stands as its requesting side sees it: held, refused or withdrawn at once; declined
    or lapsed once the last day to answer is past."""
    silent = sa.and_(Proposal.state.in_((ProposalState.DECLINED, ProposalState.LAPSED)), Proposal.answer_by < today)
    ended = Proposal.state.in_((*HOLDING, ProposalState.REFUSED, ProposalState.WITHDRAWN))
    query = sa.select(Proposal.agent_id, Proposal.need_id).where(Proposal.need_id.in_(list(need_ids)), sa.or_(silent, ended))
    return sorted({(agent_id, need_id) for agent_id, need_id in db.session.execute(query)})


def sources_of_volunteers() -> list[str]:
    """The sources of time promised by a yes that no service has chosen yet."""
    accepted = sa.select(Proposal.id).where(Proposal.state == ProposalState.ACCEPTED).order_by(Proposal.id)
    return [f"proposal:{proposal_id}" for proposal_id in db.session.scalars(accepted)]


def published_needs() -> sa.Select[Any]:
    return (sa.select(Need).where(Need.state == NeedState.PUBLISHED)
            .options(selectinload(Need.demands), joinedload(Need.site)))


def open_seats(today: date) -> list[Asked]:
    """Seats of published needs yet to start, without a live proposal: what a run tries to fill."""
    return _seats(today, LIVE)


def unheld_seats(today: date) -> list[Asked]:
    """Seats of published needs yet to start for which nobody is chosen."""
    return _seats(today, HOLDING)


def _seats(today: date, taking: Collection[ProposalState]) -> list[Asked]:
    taken = sa.select(Proposal.seat_id).where(Proposal.state.in_(taking))
    needs = {need.id: need for need in db.session.scalars(published_needs().where(Need.starts_on > today))}
    query = sa.select(Seat.id, Seat.need_id).where(Seat.need_id.in_(needs), Seat.id.not_in(taken)).order_by(Seat.id)
    return [asked_by(needs[need_id], seat_id) for seat_id, need_id in db.session.execute(query)]


def asked_by(need: Need, seat_id: int = 0) -> Asked:
    """A seat of `need`; what a draft does not say yet is one day, from tomorrow, of the smallest load."""
    starts_on = need.starts_on or clock.today() + timedelta(days=1)
    return Asked(seat_id, need, starts_on, need.ends_on or starts_on, need.load or 1)
