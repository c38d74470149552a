"""The life of an offer."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.offers.models import OfferState as S

OFFER = Workflow("offers", {
    S.DRAFT: State("Brouillon", "pencil", "quiet"),
    S.PUBLISHED: State("Publiée", "check-circle", "ok"),
    S.PAUSED: State("En pause", "pause-circle", "quiet"),
    S.WITHDRAWN: State("Retirée", "dash-circle", "quiet"),
    S.EXPIRED: State("Expirée", "clock", "quiet"),
}, [
    Transition("publish", (S.DRAFT,), S.PUBLISHED, Ability.OFFER_PUBLISH, "Publier mon offre"),
    Transition("pause", (S.PUBLISHED,), S.PAUSED, Ability.OFFER_PUBLISH, "Mettre en pause"),
    Transition("resume", (S.PAUSED,), S.PUBLISHED, Ability.OFFER_PUBLISH, "Reprendre"),
    Transition("withdraw", (S.DRAFT, S.PUBLISHED, S.PAUSED), S.WITHDRAWN, Ability.OFFER_PUBLISH, "Retirer mon offre",
               by_clock=True),
    Transition("expire", (S.PUBLISHED, S.PAUSED), S.EXPIRED, None, "Laisser expirer", by_clock=True),
])
