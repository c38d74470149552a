"""The signature and what undoes or shortens a loan: the other verbs that concern several rooms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from skillshare.approvals import mails
from skillshare.approvals.reasons import CANCEL_REASONS, END_REASONS
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, events, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import NotPermitted, RuleBroken, TransitionNotAllowed
from skillshare.ground.typography import date_fr
from skillshare.ground.workflow import lock, move
from skillshare.hr_file import actions as hr_file
from skillshare.letters import actions as letters
from skillshare.letters.models import Letter, LetterState
from skillshare.loans import actions as loans
from skillshare.loans.models import Loan, LoanState
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import delegation_for
from skillshare.proposals.models import ProposalState
from skillshare.proposals.workflow import PROPOSAL

NOTICE_DAYS = 5
UNSIGNED = (LoanState.TO_SIGN,)
REPLACED = (LoanState.SCHEDULED, LoanState.RUNNING, LoanState.ENDED, LoanState.ENDED_EARLY)


def sign(letter: Letter, *, actor: Agent, at: datetime) -> None:
    """Sign: number, seal, loan scheduled and filing queued in one transaction, or nothing.

    A letter that replaces a wrong one is signed while its loan is scheduled or running, which it leaves as it is.
    """
    demand(actor, Ability.LETTER_SIGN, letter)
    lock(letter.loan)
    lock(letter)
    _check_signable(letter, on=clock.local_date(at))
    delegation = delegation_for(actor, letter.loan.home_unit, clock.local_date(at))
    if delegation is None:
        raise NotPermitted()
    letters.sign(letter, actor=actor, delegation=delegation, at=at)
    if letter.loan.state == LoanState.TO_SIGN:
        move(LOAN, letter.loan, "schedule", actor=SYSTEM, at=at, letter=letter.id)
    hr_file.queue(letter, at=at)
    events.announce(events.LetterSigned(letter.id, at))
    mails.signed(letter, at=at)


def _check_signable(letter: Letter, *, on: date) -> None:
    loan, is_replacement = letter.loan, letter.replaces_id is not None
    states = (LoanState.SCHEDULED, LoanState.RUNNING) if is_replacement else (LoanState.TO_SIGN,)
    if letter.state != LetterState.TO_SIGN or loan.state not in states:
        raise TransitionNotAllowed()
    if loan.starts_on < on and not is_replacement:
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


def earliest_end(at: datetime) -> date:
    """The first last day that the notice allows."""
    return clock.add_working_days(clock.local_date(at), NOTICE_DAYS)


def end_early(loan: Loan, *, actor: Agent, at: datetime, ends_on: date, reason: str) -> None:
    """End a running loan before its date, with notice; the right of return is never discussed."""
    commitments.lock_for(loan.agent)
    lock(loan)
    demand(actor, Ability.LOAN_END_EARLY, loan)
    _check_early_end(loan, at=at, ends_on=ends_on, reason=reason)
    loans.shorten(loan, ends_on=ends_on, ended_by=actor, reason=reason)
    commitments.shorten(f"proposal:{loan.proposal_id}", ends_on=ends_on, at=at)
    journal.record("loans:announce_early_end", actor=actor, at=at, subject=loan, ends_on=ends_on, reason=reason)
    events.announce(events.LoanChanged(loan.id, at))
    mails.ends_early(loan, END_REASONS[reason], at=at)


def _check_early_end(loan: Loan, *, at: datetime, ends_on: date, reason: str) -> None:
    if reason not in END_REASONS:
        raise RuleBroken("reason", "Choisissez un motif.")
    earliest = earliest_end(at)
    if earliest >= loan.ends_on:
        raise RuleBroken("ends_on", f"Avec le préavis de {NOTICE_DAYS} jours ouvrés, la mission va jusqu’à sa fin prévue, "
                                    f"le {date_fr(loan.ends_on)}.")
    if not earliest <= ends_on < loan.ends_on:
        raise RuleBroken("ends_on", f"Le préavis est de {NOTICE_DAYS} jours ouvrés : choisissez un dernier jour à partir du "
                                    f"{date_fr(earliest)} et avant le {date_fr(loan.ends_on)}.")
