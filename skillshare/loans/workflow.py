"""The life of a loan."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.loans.models import LoanState as S

LOAN = Workflow("loans", {
    S.TO_SIGN: State("À signer", "pen", "act"),
    S.SCHEDULED: State("Prévue", "calendar2-range", "info"),
    S.RUNNING: State("En cours", "calendar2-range", "info"),
    S.ENDED: State("Terminée", "check-circle", "quiet"),
    S.ENDED_EARLY: State("Terminée avant la date", "check-circle", "quiet"),
    S.CANCELLED: State("Annulée", "x-circle", "danger"),
}, [
    Transition("schedule", (S.TO_SIGN,), S.SCHEDULED, None, "Prévoir la mission", by_clock=True),
    Transition("await_signature", (S.SCHEDULED,), S.TO_SIGN, None, "Attendre de nouveau la signature", by_clock=True),
    Transition("start", (S.SCHEDULED,), S.RUNNING, None, "Commencer la mission", by_clock=True),
    Transition("end", (S.RUNNING,), S.ENDED, None, "Terminer la mission", by_clock=True),
    Transition("end_early", (S.RUNNING,), S.ENDED_EARLY, None, "Terminer avant la date", by_clock=True),
    Transition("cancel", (S.TO_SIGN, S.SCHEDULED), S.CANCELLED, Ability.LOAN_CANCEL, "Annuler le prêt", by_clock=True),
])
