"""What proposals do when a need, an offer or an agent goes away, and the count they give to the need's form.

Approved proposals are the loans' affair.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from flask import Flask

from skillshare.ground import clock, events
from skillshare.ground.extensions import db
from skillshare.needs import supply as needs_supply
from skillshare.needs.models import Seat
from skillshare.offers.models import Offer, OfferState
from skillshare.proposals import browse
from skillshare.proposals.actions import cancel
from skillshare.proposals.awaited import awaited
from skillshare.proposals.contents import content_hash
from skillshare.proposals.fitting import fits
from skillshare.proposals.models import NEVER_SAID_YES, Origin, Proposal, ProposalState
from skillshare.proposals.standing import standing_of
from skillshare.proposals.workflow import BEFORE_APPROVAL


def register(app: Flask) -> None:
    events.subscribe(events.NeedWithdrawn, on_need_withdrawn)
    events.subscribe(events.NeedChanged, on_need_changed)
    events.subscribe(events.OfferNarrowed, on_offer_narrowed)
    events.subscribe(events.AgentLeft, on_agent_left)
    needs_supply.provide(needs_supply.Answers(browse.supply_of, served, standing_of))


def _before_approval(*conditions: sa.ColumnElement[bool]) -> list[Proposal]:
    query = sa.select(Proposal).where(Proposal.state.in_(BEFORE_APPROVAL), *conditions).order_by(Proposal.id)
    return list(db.session.scalars(query))


def served(need_ids: Collection[int]) -> set[int]:
    """Those of these needs whose every seat has an approved proposal."""
    approved = sa.select(Proposal.seat_id).where(Proposal.state == ProposalState.APPROVED)
    lacking = sa.select(Seat.need_id).where(Seat.need_id.in_(need_ids), Seat.id.not_in(approved))
    return set(need_ids) - set(db.session.scalars(lacking))


def on_need_withdrawn(event: events.NeedWithdrawn) -> None:
    for proposal in _before_approval(Proposal.need_id == event.subject_id):
        cancel(proposal, at=event.at, cause="need_withdrawn")


def on_need_changed(event: events.NeedChanged) -> None:
    """A proposal whose content is no longer what was proposed ends; the next run starts from the new need. One that was
    declined is no longer awaited either: its seat opens as the others' (R5)."""
    unseen = sa.and_(awaited(clock.local_date(event.at)), Proposal.state.in_(NEVER_SAID_YES))
    query = sa.select(Proposal).where(Proposal.need_id == event.subject_id, sa.or_(Proposal.state.in_(BEFORE_APPROVAL), unseen))
    for proposal in filter(_is_changed, list(db.session.scalars(query.order_by(Proposal.id)))):
        if proposal.is_live:
            cancel(proposal, at=event.at, cause="need_changed")
        else:
            proposal.answer_by = None


def _is_changed(proposal: Proposal) -> bool:
    need, own_dates = proposal.need, proposal.origin == Origin.COUNTER
    moved = (proposal.starts_on, proposal.ends_on, proposal.load) != (need.starts_on, need.ends_on, need.load)
    return (moved and not own_dates) or content_hash(proposal) != proposal.content_hash


def on_offer_narrowed(event: events.OfferNarrowed) -> None:
    """What an agent has already accepted stands; unanswered proposals end unless the offer still covers them."""
    offer = db.session.get_one(Offer, event.subject_id)
    for proposal in _before_approval(Proposal.agent_id == offer.agent_id, Proposal.state == ProposalState.PROPOSED,
                                     Proposal.origin != Origin.COUNTER):
        if offer.state != OfferState.PUBLISHED or not fits(proposal, at=event.at):
            cancel(proposal, at=event.at, cause="offer_narrowed")


def on_agent_left(event: events.AgentLeft) -> None:
    for proposal in _before_approval(Proposal.agent_id == event.subject_id):
        cancel(proposal, at=event.at, cause="agent_left")
