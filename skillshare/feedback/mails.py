"""What people receive when a mission is over: a request for feedback, the agent's attestation."""

from __future__ import annotations

from datetime import datetime

from skillshare.feedback.models import Feedback
from skillshare.ground import outbox
from skillshare.ground.links import absolute
from skillshare.ground.typography import date_fr, date_range, fr
from skillshare.letters.models import Letter


def asked(feedback: Feedback, *, at: datetime) -> None:
    _post("feedback_asked", feedback, at=at, subject="Comment s’est passée la mission ?",
          first="La mission est terminée. Trois questions à choix vous attendent : moins d’une minute.")


def reminder(feedback: Feedback, *, at: datetime) -> None:
    _post("feedback_reminder", feedback, at=at, subject="Rappel : comment s’est passée la mission ?",
          first="Votre retour sur cette mission manque encore. C’est le seul rappel.")


def attested(attestation: Letter, *, at: datetime) -> None:
    """To the agent: it is theirs, and nobody has to ask for it."""
    loan = attestation.loan
    text = (f"Bonjour,\n\nVotre mission est terminée. Votre attestation, n° {attestation.number}, est prête ; vous en disposez "
            f"librement.\n\nMission : {loan.need.title}\nService d’accueil : {loan.host_unit.label}\n"
            f"Dates : {date_range(loan.starts_on, loan.ends_on, True)}\n\n"
            f"La télécharger : {absolute('loans.show', loan_id=loan.id)}\n")
    outbox.post("attestation_issued", to=loan.agent_id, key=str(attestation.id), subject="Votre attestation de mission",
                text=fr(text), at=at)


def _post(kind: str, feedback: Feedback, *, at: datetime, subject: str, first: str) -> None:
    loan = feedback.loan
    place = loan.need.workplace or (loan.need.site.name if loan.need.site else "lieu de la lettre")
    lines = [
        "Bonjour,", first,
        f"Mission : {loan.need.title}\nAgent : {loan.agent.full_name}\nService d’accueil : {loan.host_unit.label}, {place}\n"
        f"Dates : {date_range(loan.starts_on, loan.ends_on, True)}",
        f"Répondre avant le {date_fr(feedback.due_on)} : {absolute('feedback.give', feedback_id=feedback.id)}",
        "Vos réponses sont lues par l’agent, les deux services et la médiation. Elles n’entrent ni dans le dossier "
        "individuel ni dans l’appariement.",
    ]
    outbox.post(kind, to=feedback.author_id, key=str(feedback.id), subject=fr(subject), text="\n\n".join(map(fr, lines)),
                at=at)
