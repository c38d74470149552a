"""What the end of a loan brings: the agent's attestation, and feedback asked of the three sides."""

from __future__ import annotations

from flask import Flask

from skillshare.feedback import actions, attestations
from skillshare.ground import events
from skillshare.ground.extensions import db
from skillshare.letters.models import Letter
from skillshare.loans.models import Loan


def register(app: Flask) -> None:
    events.subscribe(events.LoanEnded, on_ended)
    events.subscribe(events.LetterSigned, on_signed)


def on_ended(event: events.LoanEnded) -> None:
    loan = db.session.get_one(Loan, event.subject_id)
    attestations.issue(loan, at=event.at)
    actions.ask(loan, at=event.at)


def on_signed(event: events.LetterSigned) -> None:
    """A letter that replaces a wrong one may be signed after the end: the attestation has waited for it."""
    attestations.issue(db.session.get_one(Letter, event.subject_id).loan, at=event.at)
