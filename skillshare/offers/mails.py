"""The reminder before an offer expires."""

from __future__ import annotations

from datetime import datetime

from skillshare.ground import outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_fr, fr
from skillshare.offers.models import Offer


def expires_soon(offer: Offer, *, at: datetime) -> None:
    text = fr(f"Bonjour,\n\nVotre offre de compétences ({offer.agent.unit.label}) expire après le "
              f"{date_fr(offer.expires_on)}, dernier jour où vous vous êtes dit disponible. Ajoutez une période avant cette "
              "date pour la prolonger ; sans rien faire, elle s’éteint sans conséquence et vos missions en cours "
              f"continuent.\n\nMon offre : {absolute('offers.mine')}\n")
    outbox.post("offer_expires", to=offer.agent_id, key=f"{offer.id}:{offer.expires_on}",
                subject="Votre offre expire bientôt", text=text, at=at)
