"""Questions about offers."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.offers.models import Offer, OfferState
from skillshare.organisation.models import Agent

LIVE = (OfferState.DRAFT, OfferState.PUBLISHED, OfferState.PAUSED)


def live_offer(agent: Agent) -> Offer | None:
    """The agent's draft, published or paused offer."""
    return db.session.scalar(sa.select(Offer).where(Offer.agent_id == agent.id, Offer.state.in_(LIVE)))


def published() -> sa.Select[tuple[Offer]]:
    return sa.select(Offer).join(Agent, Agent.id == Offer.agent_id).where(Offer.state == OfferState.PUBLISHED,
                                                                          Agent.active)


def expiring(before: date) -> list[Offer]:
    """Published or paused offers whose last day comes before that date."""
    query = sa.select(Offer).where(Offer.state.in_((OfferState.PUBLISHED, OfferState.PAUSED)),
                                   Offer.expires_on.is_not(None), Offer.expires_on < before)
    return list(db.session.scalars(query.order_by(Offer.id)))
