"""What approvals do when earlier rooms announce something."""

from __future__ import annotations

from flask import Flask

from skillshare.approvals.actions import close_case, open_circuit
from skillshare.approvals.holders import who_decides
from skillshare.approvals.queries import refusals
from skillshare.approvals.signing import withdraw_consent
from skillshare.ground import events
from skillshare.ground.extensions import db
from skillshare.loans import queries as loans
from skillshare.proposals.endings import refusals_told_by
from skillshare.proposals.holders import told_by
from skillshare.proposals.models import Proposal


def register(app: Flask) -> None:
    events.subscribe(events.ProposalChosen, on_chosen)
    events.subscribe(events.ProposalEnded, on_ended)
    told_by(who_decides)
    refusals_told_by(refusals)


def on_chosen(event: events.ProposalChosen) -> None:
    open_circuit(db.session.get_one(Proposal, event.subject_id), at=event.at)


def on_ended(event: events.ProposalEnded) -> None:
    """A withdrawal or a cancellation before signature: void the visas, cancel the unsigned loan."""
    proposal = db.session.get_one(Proposal, event.subject_id)
    loan = loans.of_proposal(proposal.id)
    if loan is not None:
        withdraw_consent(loan, at=event.at)
    close_case(proposal, at=event.at)
