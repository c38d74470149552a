"""What the last visa does, all or nothing: time given, loan and letter « à signer »."""

from __future__ import annotations

from datetime import datetime

from skillshare.approvals import circuit, mails
from skillshare.approvals.models import Visa, VisaKind
from skillshare.approvals.trace import trace_of
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.errors import RuleBroken
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter
from skillshare.loans.actions import open_loan
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import line_manager
from skillshare.proposals.models import Proposal
from skillshare.proposals.workflow import PROPOSAL


def approve(proposal: Proposal, *, at: datetime) -> None:
    """Check capacity and caps again under the locks of the case, then open the loan and its letter."""
    if proposal.starts_on < clock.local_date(at):
        raise RuleBroken("", "La date de début est passée : proposez d’autres dates. Rien n’a été enregistré.")
    commitments.give(f"proposal:{proposal.id}", starts_on=proposal.starts_on, ends_on=proposal.ends_on,
                     load=proposal.load, at=at)
    move(PROPOSAL, proposal, "approve", actor=SYSTEM, at=at)
    visas = circuit.steps_of(proposal)
    loan = open_loan(proposal, home_manager=_lender(proposal, visas, at), at=at)
    letter = letters.open_letter(loan, trace=trace_of(visas), at=at)
    _print_measures(letter, visas)
    journal.record("approvals:opened_letter", actor=SYSTEM, at=at, subject=letter, loan=loan.id)
    mails.approved(loan, letter, at=at)


def _lender(proposal: Proposal, visas: list[Visa], at: datetime) -> Agent:
    """The manager who lends: the holder of the home visa, even where a stand-in gave it."""
    home = next((visa for visa in visas if visa.kind == VisaKind.HOME_MANAGER), None)
    lender = (home.holder or home.decided_by) if home else line_manager(proposal.agent, clock.local_date(at))
    found = lender or visas[-1].decided_by
    if found is None:
        raise RuleBroken("", "Personne ne répond de cet agent dans l’organigramme : la médiation doit être saisie.")
    return found


def _print_measures(letter: Letter, visas: list[Visa]) -> None:
    """Rubric 16 of the letter in the manager's words; refused here, not at signature, when it no longer fits."""
    texts = [visa.suitability["measures"] for visa in visas if visa.suitability.get("measures")]
    if not texts:
        return
    clauses = letter.data["clauses"] | {"continuity": " ".join(texts)}
    letter.data = letter.data | {"clauses": clauses}
    db.session.flush()
    try:
        letters.preview(letter)
    except RuleBroken as error:
        raise RuleBroken("measures", "Avec ce texte, la lettre ne tient plus en deux pages : raccourcissez-le.") from error
