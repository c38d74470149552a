"""What the jobs process does, and when. A job returns its outcome in French, "" when there was nothing to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from skillshare.approvals.clocks import move_clocks
from skillshare.audit.checking import check_letters
from skillshare.feedback import actions as feedback
from skillshare.ground import clock, journal, outbox
from skillshare.ground.extensions import db
from skillshare.ground.rows import one_by_one
from skillshare.ground.typography import plural
from skillshare.hr_file import actions as hr_file
from skillshare.jobs.schedules import Daily, Every, Schedule
from skillshare.letters.actions import write_copies
from skillshare.loans import actions as loans
from skillshare.loans.models import Loan
from skillshare.needs.actions import close_expired
from skillshare.offers.actions import expire_due
from skillshare.organisation.queries import mail_address
from skillshare.proposals import actions as proposals
from skillshare.proposals import costs
from skillshare.proposals.runs import run_matching


@dataclass(frozen=True)
class Job:
    name: str
    label: str
    schedule: Schedule
    run: Callable[[datetime], str]


def send_mails(at: datetime) -> str:
    """Without SMTP nothing leaves: messages are read on the administration's page."""
    settings = current_app.config["SMTP"]
    if settings is None:
        return ""
    sent, failed = outbox.deliver(outbox.Transport(**settings), address_of=mail_address, at=at)
    return f"{plural(sent, 'courriel parti')}, {failed} à réessayer" if sent or failed else ""


def start_loans(at: datetime) -> str:
    with one_by_one() as rows:
        rows.each("prêt", loans.due_to_start(at), lambda loan_id: loans.start(db.session.get_one(Loan, loan_id), at=at))
    return _told(rows.done, "mission commencée")


def end_loans(at: datetime) -> str:
    with one_by_one() as rows:
        rows.each("prêt", loans.due_to_end(at), lambda loan_id: loans.end(db.session.get_one(Loan, loan_id), at=at))
    return _told(rows.done, "mission terminée")


def lapse_proposals(at: datetime) -> str:
    """How many lapsed is not told: beside those the host reads « sans suite », it would count the refusals (R5)."""
    proposals.lapse_due(at)
    return "fait"


def match(at: datetime) -> str:
    run = run_matching(at)
    return f"appariement n° {run.id} : {run.status}, {sum(run.filled)} places sur {run.seats}"


def count_choices(at: datetime) -> str:
    return _told(costs.refresh(at), "choix compté", "choix comptés")


def carry_visas(at: datetime) -> str:
    return _told(move_clocks(at), "visa relancé, transmis ou classé", "visas relancés, transmis ou classés")


def close_needs(at: datetime) -> str:
    return _told(close_expired(at), "besoin échu")


def expire_offers(at: datetime) -> str:
    return _told(expire_due(at), "offre échue")


def copy_letters(at: datetime) -> str:
    return _told(write_copies(), "copie de lettre écrite", "copies de lettres écrites")


def check_register(at: datetime) -> str:
    appeared, gone = check_letters(at)
    return f"{plural(appeared, 'point à regarder', 'points à regarder')}, {gone} en moins" if appeared or gone else ""


def exchange_with_hr(at: datetime) -> str:
    """Send what is queued, then read the answers: files are archived only once the answers are committed."""
    sent = len(hr_file.export(at))
    db.session.commit()
    taken, faults = hr_file.read_acknowledgements(at)
    db.session.commit()
    hr_file.archive_acknowledgements()
    told = f"{plural(sent, 'pièce transmise')}, {plural(taken, 'réponse lue')}" if sent or taken or faults else ""
    return f"{told} ; à revoir : {' '.join(faults)}"[:300] if faults else told


def remind_feedback(at: datetime) -> str:
    return _told(feedback.remind_due(at), "retour relancé")


def export_journal_head(at: datetime) -> str:
    """The head of the chain leaves the database each day: only so can a cut tail or a rewrite be seen."""
    head = db.session.get(journal.JournalHead, 1)
    seq, digest = (head.seq, head.digest) if head else (0, journal.FIRST_HASH)
    folder = current_app.config["HOME"] / "journal-heads"
    folder.mkdir(exist_ok=True)
    path = folder / f"{clock.local_date(at).isoformat()}.txt"
    partial = path.with_suffix(".part")
    partial.write_text(f"{seq} {digest} {at.isoformat()}\n")
    os.replace(partial, path)
    return f"tête n° {seq} exportée"


def _told(count: int, one: str, many: str | None = None) -> str:
    return plural(count, one, many) if count else ""


# In the order of one day. What asks something of people waits for working days.
JOBS = [
    Job("start_loans", "Commencer les missions du jour", Daily(0, 5), start_loans),
    Job("end_loans", "Terminer les missions et demander les retours", Daily(0, 10), end_loans),
    Job("close_needs", "Clore les besoins échus", Daily(0, 20), close_needs),
    Job("expire_offers", "Clore les offres échues et prévenir", Daily(0, 30), expire_offers),
    Job("journal_head", "Exporter la tête du journal", Daily(3, 10), export_journal_head),
    Job("lapse_proposals", "Relancer et clore les propositions", Daily(4, 30, working_days=True), lapse_proposals),
    Job("matching", "Appariement de la nuit", Daily(5, 0, working_days=True), match),
    Job("visa_clocks", "Faire avancer les visas sans réponse", Daily(6, 30, working_days=True), carry_visas),
    Job("feedback", "Relancer les retours d’expérience", Daily(6, 40, working_days=True), remind_feedback),
    Job("choice_costs", "Compter ce que chaque choix coûte ailleurs", Every(10), count_choices),
    Job("letter_copies", "Écrire les copies des lettres signées", Every(5), copy_letters),
    Job("hr_exchange", "Échanger avec le SIRH", Every(15), exchange_with_hr),
    Job("register", "Vérifier les règles sur chaque lettre", Every(15), check_register),
    Job("mails", "Envoyer les courriels", Every(1), send_mails),
]
