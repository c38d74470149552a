"""Opening, starting, shortening and ending loans."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from skillshare.ground import clock, events
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.loans.models import Loan, LoanState
from skillshare.loans.workflow import LOAN
from skillshare.organisation.models import Agent
from skillshare.proposals.models import Proposal


def open_loan(proposal: Proposal, *, home_manager: Agent, at: datetime) -> Loan:
    """The loan that the last visa opens, « à signer »."""
    need = proposal.need
    loan = Loan(proposal_id=proposal.id, need_id=need.id, agent_id=proposal.agent_id,
                home_unit_id=proposal.agent.unit_id, host_unit_id=need.unit_id, home_manager_id=home_manager.id,
                mission_lead_id=need.mission_lead_id or need.requester_id, starts_on=proposal.starts_on,
                ends_on=proposal.ends_on, planned_ends_on=proposal.ends_on, load=proposal.load, created_at=at)
    db.session.add(loan)
    db.session.flush()
    return loan


def due_to_start(at: datetime) -> list[int]:
    return _ids(Loan.state == LoanState.SCHEDULED, Loan.starts_on <= clock.local_date(at))


def due_to_end(at: datetime) -> list[int]:
    return _ids(Loan.state == LoanState.RUNNING, Loan.ends_on < clock.local_date(at))


def await_signature(loan: Loan, *, at: datetime) -> None:
    """Its signed letter is being replaced: the loan to come waits for the signature again, and does not start without."""
    move(LOAN, loan, "await_signature", actor=SYSTEM, at=at)


def start(loan: Loan, *, at: datetime) -> None:
    move(LOAN, loan, "start", actor=SYSTEM, at=at)


def end(loan: Loan, *, at: datetime) -> None:
    """Close a loan whose last day is over; one that was shortened ends early."""
    move(LOAN, loan, "end" if loan.ends_on == loan.planned_ends_on else "end_early", actor=SYSTEM, at=at)
    events.announce(events.LoanEnded(loan.id, at))


def shorten(loan: Loan, *, ends_on: date, ended_by: Agent, reason: str) -> None:
    loan.ends_on, loan.ended_by_id, loan.end_reason = ends_on, ended_by.id, reason
    db.session.flush()


def _ids(*conditions: sa.ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(sa.select(Loan.id).where(*conditions).order_by(Loan.id)))
