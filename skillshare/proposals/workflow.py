"""The life of one proposal, from what was proposed to the last visa."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.proposals.models import ProposalState as S

BEFORE_APPROVAL = (S.PROPOSED, S.ACCEPTED, S.CHOSEN, S.IN_VISA)

PROPOSAL = Workflow("proposals", {
    S.PROPOSED: State("En attente de réponse", "hourglass-split", "info"),
    S.ACCEPTED: State("Accord donné", "check-circle", "act"),
    S.DECLINED: State("Sans suite", "dash-circle", "quiet"),
    S.LAPSED: State("Sans suite", "dash-circle", "quiet"),
    S.CHOSEN: State("Choix fait", "check-circle", "info"),
    S.NOT_CHOSEN: State("Place attribuée à une autre personne", "dash-circle", "quiet"),
    S.IN_VISA: State("Visas en cours", "hourglass-split", "info"),
    S.APPROVED: State("Visas donnés", "check-circle", "ok"),
    S.REFUSED: State("Refusée, avec un motif", "x-circle", "danger"),
    S.COUNTER_PROPOSED: State("Autres dates proposées", "calendar2-range", "info"),
    S.WITHDRAWN: State("Accord retiré", "dash-circle", "quiet"),
    S.CANCELLED: State("Annulée", "dash-circle", "quiet"),
}, [
    Transition("accept", (S.PROPOSED,), S.ACCEPTED, Ability.PROPOSAL_ANSWER, "Donner mon accord"),
    Transition("decline", (S.PROPOSED,), S.DECLINED, Ability.PROPOSAL_ANSWER, "Décliner"),
    Transition("lapse", (S.PROPOSED,), S.LAPSED, None, "Laisser sans suite", by_clock=True),
    Transition("choose", (S.ACCEPTED,), S.CHOSEN, Ability.PROPOSAL_CHOOSE, "Choisir cette personne"),
    Transition("not_choose", (S.ACCEPTED,), S.NOT_CHOSEN, None, "Prévenir que la place est prise", by_clock=True),
    Transition("send_to_visa", (S.CHOSEN,), S.IN_VISA, None, "Demander les visas", by_clock=True),
    Transition("approve", (S.IN_VISA,), S.APPROVED, None, "Ouvrir le prêt", by_clock=True),
    Transition("refuse", (S.CHOSEN, S.IN_VISA), S.REFUSED, None, "Refuser", by_clock=True),
    Transition("counter_propose", (S.CHOSEN, S.IN_VISA), S.COUNTER_PROPOSED, None, "Proposer d’autres dates",
               by_clock=True),
    Transition("withdraw", (S.ACCEPTED, S.CHOSEN, S.IN_VISA, S.APPROVED), S.WITHDRAWN, Ability.PROPOSAL_WITHDRAW,
               "Retirer mon accord"),
    Transition("cancel", (*BEFORE_APPROVAL, S.APPROVED), S.CANCELLED, None, "Annuler", by_clock=True),
])
