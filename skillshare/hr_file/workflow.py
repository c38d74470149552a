"""The life of one filing."""

from skillshare.ground.access import Ability
from skillshare.ground.workflow import State, Transition, Workflow
from skillshare.hr_file.models import FilingState as S

FILING = Workflow("filings", {
    S.QUEUED: State("À verser", "archive", "act"),
    S.SENT: State("Transmis au SIRH", "hourglass-split", "info"),
    S.ACKNOWLEDGED: State("Versé au dossier", "check-circle", "ok"),
    S.REJECTED: State("Rejeté par le SIRH", "x-circle", "danger"),
}, [
    Transition("send", (S.QUEUED,), S.SENT, Ability.FILING_RUN, "Transmettre au SIRH", by_clock=True),
    Transition("acknowledge", (S.SENT,), S.ACKNOWLEDGED, None, "Noter l’accusé de réception", by_clock=True),
    Transition("reject", (S.SENT,), S.REJECTED, None, "Noter le rejet", by_clock=True),
    Transition("requeue", (S.REJECTED, S.SENT), S.QUEUED, Ability.FILING_RUN, "Relancer le versement"),
])
