"""An offer belongs to its agent alone."""

from __future__ import annotations

from skillshare.ground.access import Ability, allows
from skillshare.offers.models import Offer
from skillshare.organisation.models import Agent


@allows(Ability.OFFER_OWN, Ability.OFFER_PUBLISH)
def is_own_offer(actor: Agent, offer: Offer | None) -> bool:
    return actor.active and (offer is None or offer.agent_id == actor.id)
