"""The clock of the circuit: it reminds, calls for help and tells the mediator; it never approves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa

from skillshare.approvals import mails
from skillshare.approvals.access import is_barred
from skillshare.approvals.actions import lock_case
from skillshare.approvals.circuit import above_holder
from skillshare.approvals.models import Stage, Visa, VisaState
from skillshare.approvals.signing import cancel_loan
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.rows import one_by_one
from skillshare.ground.workflow import lock
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.queries import stand_in_of
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Proposal, ProposalState


def move_clocks(at: datetime) -> int:
    """Carry every waiting visa to the stage of its date, and close what can no longer start; each in a transaction
    of its own. Returns the moves."""
    on = clock.local_date(at)
    with one_by_one() as rows:
        rows.each("visa", _ids(_due(on)), lambda visa_id: _carry(db.session.get_one(Visa, visa_id), on, at))
        rows.each("proposition", _ids(_late_in_visa(on)), lambda number: _close_proposal(number, at))
        rows.each("prêt", _ids(_late_to_sign(on)), lambda loan_id: _close_loan(loan_id, at))
    return rows.done


def _ids(query: sa.Select[int]) -> list[int]:
    return list(db.session.scalars(query))


def _due(on: date) -> sa.Select[int]:
    """Waiting visas whose first date has come; their stage says what was already done."""
    return sa.select(Visa.id).where(Visa.state == VisaState.WAITING, Visa.remind_on <= on,
                                    Visa.stage != Stage.MEDIATOR).order_by(Visa.id)


def _carry(visa: Visa, on: date, at: datetime) -> int:
    steps: list[tuple[Stage, date | None, Callable[[Visa, datetime], None]]] = [
        (Stage.REMINDED, visa.remind_on, _remind), (Stage.STAND_IN, visa.stand_in_on, _call_stand_in),
        (Stage.ABOVE, visa.above_on, _call_above), (Stage.MEDIATOR, visa.mediator_on, _tell_mediator),
    ]
    order = list(Stage)
    lock(visa)
    if visa.state != VisaState.WAITING:
        return 0
    moved = 0
    for stage, due_on, act in steps:
        if due_on is not None and due_on <= on and order.index(visa.stage) < order.index(stage):
            visa.stage = stage
            act(visa, at)
            journal.record(f"visas:{stage.value}", actor=SYSTEM, at=at, subject=visa, helper=visa.helper_id)
            moved += 1
    return moved


def _remind(visa: Visa, at: datetime) -> None:
    mails.remind_visa(visa, at=at)


def _call_stand_in(visa: Visa, at: datetime) -> None:
    deputy = stand_in_of(visa.holder, clock.local_date(at)) if visa.holder else None
    if deputy is not None and not is_barred(deputy, visa):
        _help_from(visa, deputy.id)
    mails.remind_visa(visa, at=at)


def _call_above(visa: Visa, at: datetime) -> None:
    above = above_holder(visa, clock.local_date(at))
    if above is not None:
        _help_from(visa, above.id)
    mails.remind_visa(visa, at=at)


def _tell_mediator(visa: Visa, at: datetime) -> None:
    mails.tell_mediator(visa, at=at)


def _help_from(visa: Visa, helper_id: int) -> None:
    visa.helper_id = helper_id
    db.session.flush()
    db.session.refresh(visa, attribute_names=["helper"])


def _late_in_visa(on: date) -> sa.Select[int]:
    """No mission starts before its letter is signed: what is not by its first day is cancelled, and all are told."""
    return sa.select(Proposal.id).where(Proposal.state == ProposalState.IN_VISA, Proposal.starts_on < on).order_by(Proposal.id)


def _late_to_sign(on: date) -> sa.Select[int]:
    return sa.select(Loan.id).where(Loan.state == LoanState.TO_SIGN, Loan.starts_on < on).order_by(Loan.id)


def _close_proposal(proposal_id: int, at: datetime) -> int:
    proposal = db.session.get_one(Proposal, proposal_id)
    lock_case(proposal)
    if proposal.state != ProposalState.IN_VISA:
        return 0
    proposals.cancel(proposal, at=at, cause="too_late")
    return 1


def _close_loan(loan_id: int, at: datetime) -> int:
    loan = db.session.get_one(Loan, loan_id)
    lock_case(loan.proposal)
    lock(loan)
    if loan.state != LoanState.TO_SIGN:
        return 0
    cancel_loan(loan, actor=SYSTEM, at=at, reason="too_late")
    return 1
