"""What the requesting side may see of a proposal: numbers before names, and silence that hides refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.needs.models import Need, NeedState
from skillshare.offers.models import Offer, OfferState, Visibility
from skillshare.organisation.models import Agent, RoleName
from skillshare.proposals import queries
from skillshare.proposals.awaited import is_awaited, is_unanswered
from skillshare.proposals.models import HOLDING, Origin, Proposal, ProposalState


class Look(StrEnum):
    """How a proposal looks from the requesting side."""

    WAITING = "waiting"
    SILENT = "silent"
    READY = "ready"
    HOLDING = "holding"
    ENDED = "ended"


LIVE_LOOKS = (Look.WAITING, Look.READY, Look.HOLDING)


@dataclass(frozen=True)
class Seen:
    """One proposal as its requesters see it. `is_hidden`: not even the skills are shown before the yes."""

    proposal: Proposal
    look: Look
    name: str
    is_named: bool
    is_hidden: bool


def candidates_of(need: Need, viewer: Agent, *, on: date) -> list[Seen]:
    """Every proposal of `need` as `viewer` may see it, oldest first."""
    proposals = queries.of_need(need)
    shown = _visibilities(proposals)
    waits = _waits(need, proposals)
    numbers = _numbers(proposals)
    is_mediator = viewer.has_role(RoleName.MEDIATOR)
    return [_seen(p, numbers[p.id], shown.get(p.agent_id), is_mediator=is_mediator, waits=waits, on=on)
            for p in proposals]


def looks_live(need: Need, *, on: date) -> bool:
    """Whether something is under way for `need`, as its requesting side sees it."""
    proposals = queries.of_need(need)
    waits = _waits(need, proposals)
    return any(look_of(proposal, waits=waits, on=on) in LIVE_LOOKS for proposal in proposals)


def _waits(need: Need, proposals: list[Proposal]) -> bool:
    """Whether an answer would still serve."""
    return need.state == NeedState.PUBLISHED and queries.has_free_seat(need, proposals)


def _seen(proposal: Proposal, number: int, visibility: Visibility | None, *, is_mediator: bool, waits: bool,
          on: date) -> Seen:
    look = look_of(proposal, waits=waits, on=on)
    said_yes = proposal.accepted_at is not None or proposal.origin in (Origin.APPLICATION, Origin.COUNTER)
    named = said_yes or visibility == Visibility.EVERYONE or (is_mediator and look == Look.WAITING)
    name = proposal.agent.full_name if named else f"Candidat n° {number}"
    return Seen(proposal, look, name, named, not named and visibility == Visibility.MEDIATOR)


def look_of(proposal: Proposal, *, waits: bool, on: date) -> Look:
    """Unanswered, declined, lapsed and gone before any answer are the same thing, at the same moment: a wait until
    the last day to answer, then « sans suite ». Only the agent knows which (R5)."""
    if is_unanswered(proposal):
        return Look.WAITING if waits and is_awaited(proposal, on) else Look.SILENT
    if proposal.state == ProposalState.ACCEPTED:
        return Look.READY
    return Look.HOLDING if proposal.state in HOLDING else Look.ENDED


def _numbers(proposals: list[Proposal]) -> dict[int, int]:
    """Rank of each by age; a counter-proposal keeps the number of the one it replaces."""
    numbers: dict[int, int] = {}
    for proposal in proposals:
        kept = numbers.get(proposal.previous_id or 0)
        numbers[proposal.id] = kept or 1 + len(set(numbers.values()))
    return numbers


def _visibilities(proposals: list[Proposal]) -> dict[int, Visibility]:
    query = sa.select(Offer.agent_id, Offer.visibility).where(
        Offer.agent_id.in_([p.agent_id for p in proposals]),
        Offer.state.in_((OfferState.PUBLISHED, OfferState.PAUSED)))
    return {row.agent_id: row.visibility for row in db.session.execute(query)}
