"""The clock of the circuit: it reminds, calls for help and tells the mediator; it never approves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa

from skillshare.approvals import mails
from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.approvals.signing import cancel_loan
from skillshare.ground import clock, journal
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.loans.models import Loan, LoanState
from skillshare.organisation.queries import line_manager, stand_in_of, unit_head
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Proposal, ProposalState


def move_clocks(at: datetime) -> int:
    """Carry every waiting visa to the stage of its date, and close what can no longer start. Returns the moves."""
    on = clock.local_date(at)
    return sum(_carry(visa, on, at) for visa in _waiting()) + _close_late(on, at)


def _waiting() -> list[Visa]:
    return list(db.session.scalars(sa.select(Visa).where(Visa.state == VisaState.WAITING).order_by(Visa.id)))


def _carry(visa: Visa, on: date, at: datetime) -> int:
    steps: list[tuple[Stage, date | None, Callable[[Visa, datetime], None]]] = [
        (Stage.REMINDED, visa.remind_on, lambda visa, at: mails.remind_visa(visa, at=at)),
        (Stage.STAND_IN, visa.stand_in_on, _call_stand_in),
        (Stage.ABOVE, visa.above_on, _call_above),
        (Stage.MEDIATOR, visa.mediator_on, lambda visa, at: mails.tell_mediator(visa, at=at)),
    ]
    order = list(Stage)
    moved = 0
    for stage, due_on, act in steps:
        if due_on is not None and due_on <= on and order.index(visa.stage) < order.index(stage):
            visa.stage = stage
            act(visa, at)
            journal.record(f"visas:{stage.value}", actor=SYSTEM, at=at, subject=visa, helper=visa.helper_id)
            moved += 1
    return moved


def _call_stand_in(visa: Visa, at: datetime) -> None:
    deputy = stand_in_of(visa.holder, clock.local_date(at)) if visa.holder else None
    if deputy is not None and deputy.id != visa.proposal.agent_id:
        visa.helper_id = deputy.id
    mails.remind_visa(visa, at=at)


def _call_above(visa: Visa, at: datetime) -> None:
    """The N+2: the next manager above the holder, on the side the visa belongs to."""
    proposal = visa.proposal
    barred = frozenset(i for i in (proposal.agent_id, proposal.need.requester_id, proposal.chosen_by_id,
                                   visa.holder_id) if i)
    if visa.kind == VisaKind.HOST_HEAD:
        above = unit_head(proposal.need.unit, excluding=barred)
    elif visa.kind == VisaKind.HR:
        above = None
    else:
        above = line_manager(proposal.agent, clock.local_date(at), excluding=barred)
    if above is not None:
        visa.helper_id = above.id
    mails.remind_visa(visa, at=at)


def _close_late(on: date, at: datetime) -> int:
    """No mission starts before its letter is signed: what is not by its first day is cancelled, and all are told."""
    moved = 0
    in_visa = sa.select(Proposal).where(Proposal.state == ProposalState.IN_VISA, Proposal.starts_on < on)
    for proposal in db.session.scalars(in_visa.order_by(Proposal.id)).all():
        proposals.cancel(proposal, at=at, cause="too_late")
        moved += 1
    unsigned = sa.select(Loan).where(Loan.state == LoanState.TO_SIGN, Loan.starts_on < on)
    for loan in db.session.scalars(unsigned.order_by(Loan.id)).all():
        cancel_loan(loan, actor=SYSTEM, at=at, reason="too_late")  # type: ignore[arg-type]
        moved += 1
    return moved
