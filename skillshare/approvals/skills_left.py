"""What is known of the skills that stay in the team: those that others declare in an offer open to all, no more."""

from __future__ import annotations

import sqlalchemy as sa

from skillshare.ground.extensions import db
from skillshare.ground.typography import plural
from skillshare.offers.models import Offer, OfferSkill, OfferState, Visibility
from skillshare.organisation.models import Agent, Unit
from skillshare.proposals.models import Proposal


def declared_by_others(proposal: Proposal, unit: Unit) -> dict[int, int]:
    """Skill id → how many others of the unit's subtree declare it in a published offer that all services may read.

    Narrower offers are not counted: in a small team a count would name somebody who chose not to be seen.
    """
    asked = [demand.skill_id for demand in proposal.need.demands]
    query = (sa.select(OfferSkill.skill_id, sa.func.count(sa.distinct(Offer.agent_id)))
             .join(Offer, Offer.id == OfferSkill.offer_id).join(Agent, Agent.id == Offer.agent_id)
             .join(Unit, Unit.id == Agent.unit_id)
             .where(OfferSkill.skill_id.in_(asked), Offer.state == OfferState.PUBLISHED,
                    Offer.visibility == Visibility.EVERYONE, Agent.active, Agent.id != proposal.agent_id,
                    Unit.path.startswith(unit.path)).group_by(OfferSkill.skill_id))
    return {row[0]: row[1] for row in db.session.execute(query)}


def in_words(proposal: Proposal, unit: Unit) -> str:
    """« Langue des signes, 1 autre agent », and that nothing else is counted."""
    found = declared_by_others(proposal, unit)
    told = [f"{demand.skill.name}, {plural(found[demand.skill_id], 'autre agent') if demand.skill_id in found else 'personne'}"
            for demand in proposal.need.demands]
    return f"Offres de l’équipe ouvertes à tous : {' ; '.join(told)}. Rien d’autre n’est compté."
