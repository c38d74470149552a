"""The reminder before an offer expires."""

from __future__ import annotations

from datetime import datetime

from skillshare.ground import outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_fr
from skillshare.offers.models import Offer


def expires_soon(offer: Offer, *, at: datetime) -> None:
    text = (f"Bonjour,\n\nVotre offre de compétences expire le {date_fr(offer.expires_on)}. Ajoutez une période pour la "
            f"prolonger ; sans rien faire, elle s’éteint sans conséquence.\n\nMon offre : {absolute('offers.mine')}\n")
    outbox.post("offer_expires", to=offer.agent_id, key=f"{offer.id}:{offer.expires_on}",
                subject="Votre offre expire bientôt", text=text, at=at)
