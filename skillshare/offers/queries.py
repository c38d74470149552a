"""Questions about offers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from skillshare.ground.extensions import db
from skillshare.offers.models import Offer, OfferSite, OfferSkill, OfferState
from skillshare.organisation.models import Agent, Site
from skillshare.skills.models import Skill, SkillState

LIVE = (OfferState.DRAFT, OfferState.PUBLISHED, OfferState.PAUSED)
EXPIRING = (OfferState.PUBLISHED, OfferState.PAUSED)


def live_offer(agent: Agent) -> Offer | None:
    """The agent's draft, published or paused offer."""
    return db.session.scalar(sa.select(Offer).where(Offer.agent_id == agent.id, Offer.state.in_(LIVE)))


def with_details(offer: Offer) -> Offer:
    """The same offer with its skills, windows and sites read at once."""
    query = sa.select(Offer).where(Offer.id == offer.id).options(
        selectinload(Offer.skills).joinedload(OfferSkill.skill), selectinload(Offer.windows),
        selectinload(Offer.sites).joinedload(OfferSite.site))
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def last_ended(agent: Agent) -> Offer | None:
    """The agent's latest withdrawn or expired offer: a new one starts from it."""
    query = sa.select(Offer).where(Offer.agent_id == agent.id, Offer.state.not_in(LIVE))
    return db.session.scalars(query.order_by(Offer.id.desc()).limit(1)).first()


def sites(agent: Agent) -> list[Site]:
    query = sa.select(Site).where(Site.employer_id == agent.employer_id)
    return list(db.session.scalars(query.order_by(Site.name, Site.id)))


def active_skills(ids: Collection[int]) -> dict[int, Skill]:
    query = sa.select(Skill).where(Skill.id.in_(list(ids)), Skill.state == SkillState.ACTIVE)
    return {skill.id: skill for skill in db.session.scalars(query)}


def published() -> sa.Select[Offer]:
    return sa.select(Offer).join(Agent, Agent.id == Offer.agent_id).where(Offer.state == OfferState.PUBLISHED,
                                                                          Agent.active)


def expiring(before: date, *, since: date = date.min) -> list[int]:
    """Published or paused offers whose last day is from `since` on and comes before `before`."""
    query = sa.select(Offer.id).where(Offer.state.in_(EXPIRING),
                                      Offer.expires_on >= since, Offer.expires_on < before)
    return list(db.session.scalars(query.order_by(Offer.id)))
