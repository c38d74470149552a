"""The signature and what undoes or shortens a loan: the other verbs that concern several rooms."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.approvals import mails
from skillshare.approvals.reasons import CANCEL_REASONS, END_REASONS
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, events, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.extensions import db
from skillshare.ground.workflow import lock, move
from skillshare.hr_file import actions as hr_file
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter, LetterState
from skillshare.loans import actions as loans
from skillshare.loans.models import Loan, LoanState
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import delegation_for

NOTICE_DAYS = 5


def sign(letter: Letter, *, actor: Agent, at: datetime) -> None:
    """Sign: number, seal, loan scheduled and filing queued in one transaction, or nothing."""
    demand(actor, Ability.LETTER_SIGN, letter)
    lock(letter.loan)
    if letter.loan.state != LoanState.TO_SIGN or letter.state != LetterState.TO_SIGN:
        raise TransitionNotAllowed()
    on = clock.local_date(at)
    if letter.loan.starts_on < on:
        raise RuleBroken("", "La mission devait déjà avoir commencé : une lettre n’est jamais antidatée. "
                             "Refusez ou proposez d’autres dates.")
    delegation = delegation_for(actor, letter.loan.home_unit, on)
    if delegation is None:
        raise NotPermitted()
    letters.sign(letter, actor=actor, delegation=delegation, at=at)
    move(LOAN, letter.loan, "schedule", actor=SYSTEM, at=at, letter=letter.id)
    hr_file.queue(letter, at=at)
    events.announce(events.LetterSigned(letter.id, at))
    mails.signed(letter, at=at)


def to_sign(on: date) -> list[Letter]:
    """Letters waiting for a signature, the nearest start first."""
    query = (sa.select(Letter).join(Loan, Loan.id == Letter.loan_id)
             .where(Letter.state == LetterState.TO_SIGN).order_by(Loan.starts_on, Letter.id))
    return list(db.session.scalars(query))


def cancel_loan(loan: Loan, *, actor: Agent, at: datetime, reason: str) -> None:
    """Cancel a loan before it starts: its time is free, its letter cancelled, its filing taken back."""
    if reason not in CANCEL_REASONS:
        raise RuleBroken("reason", "Choisissez un motif.")
    commitments.lock_for(loan.agent)
    move(LOAN, loan, "cancel", actor=actor, at=at, reason=reason)
    loan.end_reason = reason
    loan.ended_by_id = actor.id
    commitments.release(f"proposal:{loan.proposal_id}", at=at)
    letter = letters.current_of(loan)
    if letter is not None:
        was_signed = letter.state == LetterState.SIGNED
        letters.cancel(letter, actor=actor, reason=CANCEL_REASONS[reason], at=at)
        if was_signed:
            hr_file.reverse(letter, at=at)
    events.announce(events.LoanCancelled(loan.id, at))
    mails.cancelled(loan, CANCEL_REASONS[reason], at=at)


def withdraw_consent(loan: Loan, *, at: datetime) -> None:
    """What an agent's withdrawal before signature does to the loan; after it, they end it instead (R5)."""
    if loan.state == LoanState.CANCELLED:
        return
    if loan.state != LoanState.TO_SIGN:
        raise TransitionNotAllowed("La lettre est signée : annulez le prêt ou mettez-y fin depuis sa page.")
    cancel_loan(loan, actor=SYSTEM, at=at, reason="agent_wish")  # type: ignore[arg-type]


def end_early(loan: Loan, *, actor: Agent, at: datetime, ends_on: date, reason: str) -> None:
    """End a running loan before its date, with notice; the right of return is never discussed."""
    if reason not in END_REASONS:
        raise RuleBroken("reason", "Choisissez un motif.")
    earliest = clock.add_working_days(clock.local_date(at), NOTICE_DAYS)
    if not earliest <= ends_on < loan.ends_on:
        raise RuleBroken("ends_on", f"Avec le préavis de {NOTICE_DAYS} jours ouvrés, choisissez une date entre le "
                                    f"{earliest:%d/%m/%Y} et la veille de la fin prévue.")
    commitments.lock_for(loan.agent)
    lock(loan)
    demand(actor, Ability.LOAN_END_EARLY, loan)
    loans.shorten(loan, ends_on=ends_on, ended_by=actor, reason=reason)
    commitments.shorten(f"proposal:{loan.proposal_id}", ends_on=ends_on, at=at)
    journal.record("loans:announce_early_end", actor=actor, at=at, subject=loan, ends_on=ends_on, reason=reason)
    events.announce(events.LoanChanged(loan.id, at))
    mails.ends_early(loan, END_REASONS[reason], at=at)

