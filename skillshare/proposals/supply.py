"""What the market is made of, read from the database in a stable order: offers, asks, units, commitments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from skillshare.commitments.models import Commitment, CommitmentKind
from skillshare.commitments.queries import share_days
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedSkill, NeedState, Remote, Seat
from skillshare.offers.models import Offer, OfferSite, OfferSkill, OfferState, OfferWindow, Visibility
from skillshare.organisation.models import Agent, Site, Unit
from skillshare.proposals.awaited import standing
from skillshare.proposals.models import HOLDING, LIVE, Proposal, ProposalState

# These pairs do not come back by themselves for that need; lapsed too, so that nobody tells it from declined.
GONE = (ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.REFUSED, ProposalState.WITHDRAWN)
OWN_WILL = (ProposalState.DECLINED, ProposalState.LAPSED, ProposalState.WITHDRAWN)
SILENT = (ProposalState.PROPOSED, ProposalState.DECLINED, ProposalState.LAPSED)


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


def offers(at: datetime, lent: Mapping[int, float], *, only_agent: Agent | None = None) -> list[Offered]:
    """Agents with a published offer, then those without one whose time is promised or given: they fill the caps of
    their units, so they are in the market without being candidates. Each by id; `lent`: days by agent."""
    found = _agents(at, only_agent)
    _fill([row for row in found if row.offer_id is not None])
    for row in found:
        row.lent = lent.get(row.agent_id, 0.0)
    return found


def _agents(at: datetime, only_agent: Agent | None) -> list[Offered]:
    today = clock.local_date(at)
    busy = sa.select(Commitment.agent_id).where(Commitment.released_at.is_(None), Commitment.ends_on >= today)
    published = sa.and_(Offer.agent_id == Agent.id, Offer.state == OfferState.PUBLISHED, Agent.active)
    query = (sa.select(Agent.id, Agent.unit_id, Agent.working_time, Site.latitude, Site.longitude, Site.name, Offer.id,
                       Offer.highest_load, Offer.remote, Offer.max_km, Offer.visibility, Offer.refreshed_at)
             .outerjoin(Offer, published).outerjoin(Site, Site.id == Agent.site_id).order_by(Offer.id.is_(None), Agent.id))
    concerned = Agent.id == only_agent.id if only_agent is not None else sa.or_(Offer.id.is_not(None), Agent.id.in_(busy))
    if only_agent is not None:
        query = query.where(Offer.id.is_not(None))
    return [_offered(row, today) for row in db.session.execute(query.where(concerned))]


def _offered(row: Any, today: date) -> Offered:
    agent_id, unit_id, working_time, latitude, longitude, site, *offer = row
    made = Offered(agent_id, unit_id, working_time, latitude, longitude, site or "")
    if offer[0] is not None:
        made.offer_id, made.highest_load, made.remote, made.max_km, made.visibility = offer[:5]
        made.age_days = max(0, (today - clock.local_date(offer[5])).days)
    return made


def _fill(found: list[Offered]) -> None:
    """Skills, windows and accepted sites: one query whatever the number of offers."""
    by_offer = {row.offer_id: row for row in found}
    number, day = sa.cast(sa.null(), sa.Integer), sa.cast(sa.null(), sa.Date)
    skills = _rows(OfferSkill, found, OfferSkill.skill_id, OfferSkill.level, day, day)
    windows = _rows(OfferWindow, found, number, number, OfferWindow.starts_on, OfferWindow.ends_on)
    sites = _rows(OfferSite, found, OfferSite.site_id, number, day, day)
    every = sa.union_all(skills, windows, sites)
    for offer_id, one, two, starts_on, ends_on in db.session.execute(every.order_by("offer_id", "one", "two", "start", "end")):
        offered = by_offer.get(offer_id)
        if offered is None:
            continue
        if starts_on is not None:
            offered.windows.append((starts_on, ends_on))
        elif two is not None:
            offered.skills.append((one, two))
        else:
            offered.site_ids.append(one)


def _rows(table: Any, found: list[Offered], *columns: Any) -> sa.Select[Any]:
    named = [column.label(name) for column, name in zip(columns, ("one", "two", "start", "end"), strict=True)]
    query = (sa.select(table.offer_id.label("offer_id"), *named)
             .join(Offer, Offer.id == table.offer_id).where(Offer.state == OfferState.PUBLISHED))
    return query.where(table.offer_id == found[0].offer_id) if len(found) == 1 else query


@dataclass(frozen=True)
class Time:
    """`busy`: (agent, first day, last day, load) still promised or given; `lent`: days given in twelve months, by agent."""

    busy: list[tuple[int, date, date, int]]
    lent: dict[int, float]


def time_of(today: date, *, without: Collection[str] = ()) -> Time:
    """What live commitments take, in one query; promises of these sources are left out."""
    since = today - timedelta(days=365)
    query = sa.select(Commitment).where(Commitment.released_at.is_(None), Commitment.ends_on >= since)
    busy: list[tuple[int, date, date, int]] = []
    lent: dict[int, float] = {}
    for row in db.session.scalars(query.order_by(Commitment.id)):
        if row.ends_on >= today and row.source not in without:
            busy.append((row.agent_id, row.starts_on, row.ends_on, row.load))
        if row.kind == CommitmentKind.GIVEN and row.starts_on <= today:
            lent[row.agent_id] = lent.get(row.agent_id, 0.0) + share_days(row, since, today)
    return Time(busy, lent)


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
    or left without an answer once the last day is past, whether or not the clock has come by."""
    silent = sa.and_(Proposal.state.in_(SILENT), Proposal.answer_by < today)
    ended = Proposal.state.in_((*HOLDING, ProposalState.REFUSED, ProposalState.WITHDRAWN))
    query = sa.select(Proposal.agent_id, Proposal.need_id).where(Proposal.need_id.in_(list(need_ids)), sa.or_(silent, ended))
    return sorted({(agent_id, need_id) for agent_id, need_id in db.session.execute(query)})


def sources_of_volunteers() -> list[str]:
    """The sources of time promised by a yes that no service has chosen yet."""
    accepted = sa.select(Proposal.id).where(Proposal.state == ProposalState.ACCEPTED).order_by(Proposal.id)
    return [f"proposal:{proposal_id}" for proposal_id in db.session.scalars(accepted)]


def published_needs() -> sa.Select[Any]:
    return (sa.select(Need).where(Need.state == NeedState.PUBLISHED)
            .options(selectinload(Need.demands).joinedload(NeedSkill.skill), joinedload(Need.site)))


def open_seats(today: date) -> list[Asked]:
    """Seats of published needs yet to start, on which nobody stands: what a run tries to fill. Whoever still looks
    awaited stands: a seat that opened at a refusal would tell it by its second candidate (R5)."""
    return _seats(today, standing(today))


def unheld_seats(today: date) -> list[Asked]:
    """Seats of published needs yet to start for which nobody is chosen."""
    return _seats(today, Proposal.state.in_(HOLDING))


def _seats(today: date, taking: sa.ColumnElement[bool]) -> list[Asked]:
    taken = sa.select(Proposal.seat_id).where(taking)
    needs = {need.id: need for need in db.session.scalars(published_needs().where(Need.starts_on > today))}
    query = sa.select(Seat.id, Seat.need_id).where(Seat.need_id.in_(needs), Seat.id.not_in(taken)).order_by(Seat.id)
    return [asked_by(needs[need_id], seat_id) for seat_id, need_id in db.session.execute(query)]


def asked_by(need: Need, seat_id: int = 0) -> Asked:
    """A seat of `need`; what a draft does not say yet is one day, from tomorrow, of the smallest load."""
    starts_on = need.starts_on or clock.today() + timedelta(days=1)
    return Asked(seat_id, need, starts_on, need.ends_on or starts_on, need.load or 1)
