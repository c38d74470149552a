"""The life of one visa of a circuit."""

from skillshare.approvals.models import VisaState as S
from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow

VISA = Workflow("visas", {
    S.PENDING: State("Ensuite", "hourglass-split", "quiet"),
    S.WAITING: State("En attente de décision", "arrow-right-circle-fill", "act"),
    S.GIVEN: State("Visa donné", "check-circle", "ok"),
    S.REFUSED: State("Refusé, avec un motif", "x-circle", "danger"),
    S.COUNTERED: State("Autres dates proposées", "calendar2-range", "info"),
    S.VOID: State("Sans objet", "dash-circle", "quiet"),
}, [
    Transition("open", (S.PENDING,), S.WAITING, None, "Ouvrir", by_clock=True),
    Transition("give", (S.WAITING,), S.GIVEN, Ability.VISA_GIVE, "Donner mon visa"),
    Transition("refuse", (S.WAITING,), S.REFUSED, Ability.VISA_REFUSE, "Refuser ce prêt"),
    Transition("counter", (S.WAITING,), S.COUNTERED, Ability.VISA_COUNTER, "Proposer ces dates"),
    Transition("void", (S.PENDING, S.WAITING), S.VOID, None, "Classer", by_clock=True),
])
