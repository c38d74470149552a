"""The signature, and what undoes a loan before it starts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from skillshare.approvals import mails
from skillshare.approvals.ending import follow_last_letter
from skillshare.approvals.reasons import CANCEL_REASONS
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, events
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.workflow import lock, move
from skillshare.hr_file import actions as hr_file
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans.models import Loan, LoanState
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import delegation_for
from skillshare.proposals.models import ProposalState
from skillshare.proposals.workflow import PROPOSAL

BEGUN = (LoanState.RUNNING, LoanState.ENDED, LoanState.ENDED_EARLY)


def sign(letter: Letter, *, actor: Agent, at: datetime) -> None:
    """Sign: number, seal, loan scheduled and filing queued in one transaction, or nothing.

    A letter that replaces a wrong one, and the short letter of an early end, leave a loan that has begun as it is.
    """
    demand(actor, Ability.LETTER_SIGN, letter)
    lock(letter.loan)
    lock(letter)
    _check_signable(letter, on=clock.local_date(at))
    delegation = delegation_for(actor, letter.loan.home_unit, clock.local_date(at))
    if delegation is None:
        raise NotPermitted()
    follow_last_letter(letter.loan, at=at)  # a short letter may be the one signed now
    letters.sign(letter, actor=actor, delegation=delegation, at=at)
    follow_last_letter(letter.loan, at=at)  # or wait on the desk while its mission letter is replaced
    if letter.loan.state == LoanState.TO_SIGN:
        move(LOAN, letter.loan, "schedule", actor=SYSTEM, at=at, letter=letter.id)
    hr_file.queue(letter, at=at)
    events.announce(events.LetterSigned(letter.id, at))
    mails.signed(letter, at=at)


def _check_signable(letter: Letter, *, on: date) -> None:
    loan = letter.loan
    follows = letter.kind == LetterKind.EARLY_END or letter.replaces_id is not None
    is_signable = (loan.state == LoanState.TO_SIGN and letter.kind == LetterKind.LETTER) or (follows and loan.state in BEGUN)
    if letter.state != LetterState.TO_SIGN or letter.kind == LetterKind.ATTESTATION or not is_signable:
        raise TransitionNotAllowed()
    if loan.state == LoanState.TO_SIGN and loan.starts_on < on:
        raise RuleBroken("", "La mission devait déjà avoir commencé : une lettre n’est jamais antidatée. Le prêt sera "
                             "annulé et chacun prévenu.")


def cancel_loan(loan: Loan, *, actor: Any, at: datetime, reason: str) -> None:
    """Cancel a loan before it starts: its time and its seat are free, its letter cancelled, its filing taken back."""
    if reason not in CANCEL_REASONS:
        raise RuleBroken("reason", "Choisissez un motif.")
    commitments.lock_for(loan.agent)
    move(LOAN, loan, "cancel", actor=actor, at=at, reason=reason)
    loan.end_reason, loan.ended_by_id = reason, actor.id
    commitments.release(f"proposal:{loan.proposal_id}", at=at)
    _free_seat(loan, at=at)
    letter = letters.current_of(loan)
    if letter is not None:
        was_signed = letter.state == LetterState.SIGNED
        letters.cancel(letter, actor=actor, reason=CANCEL_REASONS[reason], at=at)
        if was_signed:
            hr_file.reverse(letter, at=at)
    events.announce(events.LoanCancelled(loan.id, at))
    mails.cancelled(loan, CANCEL_REASONS[reason], at=at)


def _free_seat(loan: Loan, *, at: datetime) -> None:
    """An approved proposal holds its seat: without its loan, the seat is open to the next run."""
    if loan.proposal.state == ProposalState.APPROVED:
        move(PROPOSAL, loan.proposal, "cancel", actor=SYSTEM, at=at, loan=loan.id)
        loan.proposal.ended_at = at


def withdraw_consent(loan: Loan, *, at: datetime) -> None:
    """What an agent's withdrawal before signature does to the loan; after it, they end it instead (R5)."""
    commitments.lock_for(loan.agent)
    lock(loan)
    if loan.state == LoanState.CANCELLED:
        return
    if loan.state != LoanState.TO_SIGN:
        raise TransitionNotAllowed("La lettre est signée : annulez le prêt ou mettez-y fin depuis sa page.")
    cancel_loan(loan, actor=SYSTEM, at=at, reason="agent_wish")
