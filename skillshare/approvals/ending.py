"""An early end: notice and reason, its short letter to the desk, time given back; the end itself comes on its day."""

from __future__ import annotations

from datetime import date, datetime

from skillshare.approvals import mails
from skillshare.approvals.reasons import END_REASONS
from skillshare.commitments import actions as commitments
from skillshare.ground import clock, events, journal
from skillshare.ground.access import SYSTEM, Ability, demand
from skillshare.ground.errors import RuleBroken
from skillshare.ground.typography import date_fr
from skillshare.ground.workflow import lock
from skillshare.letters import actions as letters
from skillshare.letters import queries
from skillshare.letters.blocks import Step
from skillshare.letters.content import LetterData
from skillshare.letters.data import civil_name
from skillshare.letters.derived import early_end_of, reference_of
from skillshare.letters.models import Letter, LetterKind, LetterState
from skillshare.loans import actions as loans
from skillshare.loans.models import Loan
from skillshare.organisation.models import Agent

NOTICE_DAYS = 5


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
    act = _open_short_letter(loan, actor=actor, reason=reason, at=at)
    events.announce(events.LoanChanged(loan.id, at))
    mails.ends_early(loan, act, END_REASONS[reason], at=at)


def _open_short_letter(loan: Loan, *, actor: Agent, reason: str, at: datetime) -> Letter:
    """« Fin anticipée », to be signed; the return does not wait for it."""
    signed = queries.last_signed_of(loan)
    if signed is None:
        raise ValueError("a running loan has had a signed letter")
    asked = Step(label="Fin demandée", name=civil_name(actor), quality=actor.job or None, decision="Demande",
                 at=at.astimezone(clock.ZONE).replace(second=0, microsecond=0, tzinfo=None))
    data = early_end_of(LetterData.from_json(signed.data), effective_on=loan.ends_on, initiative=_side(loan, actor),
                        reason=f"{END_REASONS[reason]}.", dated=clock.local_date(at), steps=[asked])
    act = letters.open_act(loan, data, at=at)
    letters.preview(act)  # a fault of its data is told now, not at the signature
    journal.record("letters:open_early_end", actor=SYSTEM, at=at, subject=act, loan=loan.id, ends=signed.id)
    return act


def follow_last_letter(loan: Loan, *, at: datetime) -> None:
    """Have the short letter of `loan`, where one waits for its signature, end the mission letter signed last: HR may have
    replaced the one it was written on, and an act carries the number of the letter it follows."""
    act, signed = queries.act_of(loan, LetterKind.EARLY_END), queries.last_signed_of(loan)
    if act is None or signed is None or act.state != LetterState.TO_SIGN:
        return
    said, letter = LetterData.from_json(act.data), LetterData.from_json(signed.data)
    if said.amends == reference_of(letter) or said.effective_on is None:
        return
    act.data = early_end_of(letter, effective_on=said.effective_on, initiative=said.initiative, reason=said.reason,
                            dated=said.dated, steps=said.steps).to_dict()
    journal.record("letters:follow", actor=SYSTEM, at=at, subject=act, loan=loan.id, ends=signed.id)


def _side(loan: Loan, actor: Agent) -> str:
    if actor.id == loan.agent_id:
        return "l’agent"
    return "le service d’origine" if actor.id == loan.home_manager_id else "le service d’accueil"


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
