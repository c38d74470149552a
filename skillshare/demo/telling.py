"""People's acts on a travelling clock: each is one action and one commit, as in the application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from skillshare.approvals import actions as approvals
from skillshare.approvals import signing
from skillshare.approvals.circuit import steps_of
from skillshare.approvals.models import Visa, VisaState
from skillshare.demo.loading import Ids
from skillshare.demo.rows import Need as NeedRow
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.letters.actions import of_loan_of
from skillshare.loans import actions as loans
from skillshare.loans.models import Loan
from skillshare.needs import actions as needs
from skillshare.needs.models import Need, NeedReason, Remote, SupportAnswer
from skillshare.organisation.models import Agent, Unit
from skillshare.organisation.queries import unit_head
from skillshare.proposals import actions as proposals
from skillshare.proposals.models import Proposal

SUITABLE = {"continuity": "yes", "workload": "yes", "skills_left": "yes", "dates": "yes"}


def on(day: date, act: Callable[[datetime], Any], hour: int = 10) -> Any:
    """Do `act` at that local time, and commit."""
    at = clock.at_local(day, hour)
    with clock.travel(at):
        made = act(at)
        db.session.commit()
    return made


def publish_need(row: NeedRow, ids: Ids, *, at: datetime) -> Need:
    """State a need through its four steps and publish it."""
    requester = ids.agent(row.requester_id)
    unit = db.session.get_one(Unit, ids.units[row.unit_code])
    need = needs.start_draft(requester, unit=unit, at=at)
    needs.save_context(need, actor=requester, at=at, title=row.title, reason=NeedReason(row.reason), context=row.context,
                       expected_results=row.expected_results, support_answer=SupportAnswer(row.support_answer),
                       support_note=row.support_note, mission_lead_id=ids.agents[row.mission_lead_id])
    needs.save_skills(need, actor=requester, at=at, demands=[
        needs.Demand(ids.skills[s.code], s.level, s.required, s.neighbours) for s in row.skills])
    needs.save_period(need, actor=requester, at=at, seats=row.seats, starts_on=row.starts_on, ends_on=row.ends_on,
                      load=row.load, rhythm=row.rhythm, hours=row.hours, remote=Remote(row.remote),
                      site_id=ids.sites.get(row.site_code), workplace=row.workplace, means=row.means)
    needs.publish(need, actor=requester, at=at)
    return need


def accept(proposal: Proposal, *, at: datetime) -> None:
    proposals.accept(proposal, actor=proposal.agent, at=at)


def choose(proposal: Proposal, *, at: datetime) -> None:
    proposals.choose(proposal, actor=proposal.need.requester, at=at)


def waiting_visa(proposal: Proposal) -> Visa | None:
    return next((visa for visa in steps_of(proposal) if visa.state == VisaState.WAITING), None)


def give_all(proposal: Proposal, hr: Agent, *, at: datetime) -> None:
    """Every visa that still waits, each by its holder, or by HR."""
    while (visa := waiting_visa(proposal)) is not None:
        approvals.give_visa(visa, actor=visa.holder or hr, at=at, suitability=SUITABLE)


def give_host_visa(proposal: Proposal, *, at: datetime) -> None:
    """The host's visa where the requester does not hold it."""
    visa = waiting_visa(proposal)
    head = unit_head(proposal.need.unit)
    if visa is not None and visa.kind == "host_head" and head is not None:
        approvals.give_visa(visa, actor=visa.holder or head, at=at)


def sign(proposal: Proposal, signer: Agent, *, at: datetime) -> Loan:
    letter = of_loan_of(proposal)
    signing.sign(letter, actor=signer, at=at)
    return letter.loan


def start(loan: Loan, *, at: datetime) -> None:
    loans.start(loan, at=at)


def end(loan: Loan, *, at: datetime) -> None:
    loans.end(loan, at=at)
