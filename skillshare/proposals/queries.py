"""Questions about seats and proposals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedSkill, NeedState, Seat
from skillshare.organisation.models import Agent
from skillshare.proposals.awaited import fell_silent, stands
from skillshare.proposals.contents import asked_hash, content_hash
from skillshare.proposals.models import HOLDING, LIVE, OpenSeat, Origin, Proposal, ProposalState

__all__ = ["content_hash", "free_seats", "invitations_left", "is_open", "live_of_agent", "numbered_name", "of_need"]
INVITATIONS = 3
WAITING = (ProposalState.PROPOSED, ProposalState.ACCEPTED)  # for the agent's answer, for the host's choice


def is_open(seat: Seat) -> bool:
    """Whether nothing live stands on a seat of a published need."""
    query = sa.select(Proposal.id).where(Proposal.seat_id == seat.id, Proposal.state.in_(LIVE))
    return seat.need.state == NeedState.PUBLISHED and db.session.scalar(query.limit(1)) is None


def free_seats(need: Need, on: date) -> list[Seat]:
    """Seats of `need` that nobody holds yet (chosen, in visa, approved), those where fewest stand first."""
    query = sa.select(Proposal.seat_id, Proposal.state, Proposal.accepted_at, Proposal.answer_by)
    rows = db.session.execute(query.where(Proposal.need_id == need.id)).all()
    on_seat = [row.seat_id for row in rows if stands(row, on)]
    return sorted(_unheld(need, rows), key=lambda seat: (on_seat.count(seat.id), seat.number))


def has_free_seat(need: Need, proposals: Iterable[Any]) -> bool:
    """Whether nobody holds some seat of `need`, among its proposals already read."""
    return bool(_unheld(need, proposals))


def _unheld(need: Need, proposals: Iterable[Any]) -> list[Seat]:
    held = {row.seat_id for row in proposals if row.state in HOLDING}
    return [seat for seat in need.seats if seat.id not in held]


def page_proposal(proposal_id: int) -> Proposal | None:
    """A proposal with what its agent's page shows of the need, in one query."""
    need = joinedload(Proposal.need)
    query = sa.select(Proposal).where(Proposal.id == proposal_id).options(
        need.joinedload(Need.unit), need.joinedload(Need.site), need.joinedload(Need.requester),
        need.joinedload(Need.mission_lead), need.joinedload(Need.demands).joinedload(NeedSkill.skill),
        joinedload(Proposal.agent).joinedload(Agent.unit), joinedload(Proposal.run))
    return db.session.scalars(query).unique().one_or_none()


def page_need(need_id: int) -> Need | None:
    """A need with all that its pages show, in one query."""
    query = (sa.select(Need).where(Need.id == need_id)
             .options(joinedload(Need.unit), joinedload(Need.site), joinedload(Need.requester).joinedload(Agent.unit),
                      joinedload(Need.mission_lead).joinedload(Agent.unit), joinedload(Need.seats),
                      joinedload(Need.demands).joinedload(NeedSkill.skill)))
    return db.session.scalars(query).unique().one_or_none()


def of_need(need: Need) -> list[Proposal]:
    """All proposals of a need, oldest first: their rank is their number."""
    query = (sa.select(Proposal).where(Proposal.need_id == need.id)
             .options(joinedload(Proposal.agent).joinedload(Agent.unit), joinedload(Proposal.run)))
    return list(db.session.scalars(query.order_by(Proposal.id)))


def numbered_name(proposal: Proposal) -> str:
    """« Candidat n° 2 »: how requesters know somebody who has not said yes. A counter-proposal keeps its number."""
    first = proposal
    while first.previous is not None:
        first = first.previous
    earlier = sa.select(sa.func.count()).select_from(Proposal).where(
        Proposal.need_id == first.need_id, Proposal.id <= first.id, Proposal.previous_id.is_(None))
    return f"Candidat n° {db.session.scalar(earlier)}"


def with_units(agent_ids: list[int]) -> dict[int, Agent]:
    """These agents with their units, by id."""
    if not agent_ids:
        return {}
    query = sa.select(Agent).where(Agent.id.in_(agent_ids)).options(joinedload(Agent.unit))
    return {agent.id: agent for agent in db.session.scalars(query)}


def invitations_left(need: Need) -> int:
    sent = sa.select(sa.func.count()).select_from(Proposal).where(Proposal.need_id == need.id,
                                                                  Proposal.origin == Origin.INVITATION)
    return max(0, INVITATIONS - (db.session.scalar(sent) or 0))


def live_of_agent(agent: Agent, need: Need) -> Proposal | None:
    return db.session.scalar(sa.select(Proposal).where(
        Proposal.agent_id == agent.id, Proposal.need_id == need.id, Proposal.state.in_(LIVE)))


def diagnoses_of(need: Need) -> dict[int, OpenSeat]:
    """Seat id → the latest diagnosis that still speaks of what the need asks today."""
    seats, asked = [seat.id for seat in need.seats], asked_hash(need)
    found: dict[int, OpenSeat] = {}
    for row in db.session.scalars(sa.select(OpenSeat).where(OpenSeat.seat_id.in_(seats)).order_by(OpenSeat.run_id)):
        found[row.seat_id] = row
    return {seat_id: row for seat_id, row in found.items() if row.diagnosis.get("asked") == asked}


def due_to_lapse(on: date) -> list[int]:
    query = sa.select(Proposal.id).where(Proposal.state == ProposalState.PROPOSED, Proposal.answer_by < on)
    return list(db.session.scalars(query.order_by(Proposal.id)))


def silent_since(first: date, on: date) -> list[int]:
    """Proposals whose last day to answer passed from `first` on without a yes, for needs that still seek."""
    query = (sa.select(Proposal.id).join(Need, Need.id == Proposal.need_id)
             .where(fell_silent(first, on), Need.state == NeedState.PUBLISHED))
    return list(db.session.scalars(query.order_by(Proposal.id)))


def not_yet_reminded(at: datetime) -> list[int]:
    """Proposals waiting for an agent's answer or a host's choice, whose reminder has not left."""
    query = sa.select(Proposal.id).where(Proposal.state.in_(WAITING), Proposal.reminded_at.is_(None),
                                         Proposal.answer_by >= clock.local_date(at))
    return list(db.session.scalars(query.order_by(Proposal.id)))
