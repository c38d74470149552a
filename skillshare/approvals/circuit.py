"""The circuit of one proposal: its steps, who holds each, and the dates of its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app

from skillshare.approvals.access import is_barred
from skillshare.approvals.models import Stage, Visa, VisaKind, VisaState
from skillshare.approvals.workflow import VISA
from skillshare.ground import clock
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.organisation.models import Agent, Unit
from skillshare.organisation.queries import line_manager, unit_head
from skillshare.proposals.models import Proposal

SHORT_NOTICE_DAYS = 20


@dataclass(frozen=True)
class Deadlines:
    """The dates on which a silent visa is reminded, then helped, then shown to the mediator."""

    remind_on: date
    stand_in_on: date
    above_on: date
    mediator_on: date


def deadlines(since: date, starts_on: date) -> Deadlines:
    """VISA_DAYS working days after `since`, halved (rounded up) when the start is within 20 of them."""
    days = current_app.config["VISA_DAYS"]
    if starts_on <= clock.add_working_days(since, SHORT_NOTICE_DAYS):
        days = [-(-count // 2) for count in days]
    return Deadlines(*(clock.add_working_days(since, count) for count in days))


def steps_for(proposal: Proposal) -> list[VisaKind]:
    """The host's visa, the configured ones, and HR's above the limits of load or duration (DOMAIN §5)."""
    steps = [VisaKind.HOST_HEAD, *(VisaKind(name) for name in current_app.config["VISA_CIRCUIT"])]
    if VisaKind.HR not in steps and needs_hr(proposal):
        steps.append(VisaKind.HR)
    return steps


def needs_hr(proposal: Proposal) -> bool:
    """Above half of the agent's working time, or three months (settings)."""
    config = current_app.config
    share = 100 * proposal.load / max(1, proposal.agent.working_time)
    days = (proposal.ends_on - proposal.starts_on).days + 1
    return share > config["HR_VISA_ABOVE_LOAD"] or days > config["HR_VISA_ABOVE_DAYS"]


def barred_from(kind: VisaKind, proposal: Proposal) -> frozenset[int]:
    """Nobody decides on their own loan; who asked for the seat gives no visa for the home side."""
    people = {proposal.agent_id}
    if kind != VisaKind.HOST_HEAD:
        people |= {proposal.need.requester_id, proposal.chosen_by_id or proposal.need.requester_id}
    return frozenset(people)


def holder_of(kind: VisaKind, proposal: Proposal, on: date) -> Agent | None:
    """Who must act on a step; None for HR (any HR person) and where nobody is left."""
    barred = barred_from(kind, proposal)
    if kind == VisaKind.HOST_HEAD:
        return unit_head(proposal.need.unit, excluding=barred)
    if kind == VisaKind.HR:
        return None
    return line_manager(proposal.agent, on, above=int(kind == VisaKind.HOME_HEAD), excluding=barred)


def above_holder(visa: Visa, on: date) -> Agent | None:
    """The N+2: the next manager above the holder, on the side the visa belongs to."""
    barred = barred_from(visa.kind, visa.proposal) | ({visa.holder_id} if visa.holder_id else set())
    if visa.kind == VisaKind.HR:
        return None
    if visa.kind == VisaKind.HOST_HEAD:
        return unit_head(visa.proposal.need.unit, excluding=barred)
    return line_manager(visa.proposal.agent, on, excluding=barred)


def write_steps(proposal: Proposal) -> list[Visa]:
    made = [Visa(proposal_id=proposal.id, proposal=proposal, rank=rank, kind=kind)
            for rank, kind in enumerate(steps_for(proposal), start=1)]
    db.session.add_all(made)
    db.session.flush()
    return made


def open_step(visa: Visa, *, at: datetime) -> None:
    """Hand a pending step to its holder and start its clock."""
    move(VISA, visa, "open", actor=SYSTEM, at=at)
    start_clock(visa, holder=holder_of(visa.kind, visa.proposal, clock.local_date(at)), at=at)


def start_clock(visa: Visa, *, holder: Agent | None, at: datetime) -> None:
    """Give a waiting step to `holder` with full delays."""
    dates = deadlines(clock.local_date(at), visa.proposal.starts_on)
    visa.holder_id, visa.helper_id = holder.id if holder else None, None
    visa.since, visa.stage = at, Stage.HOLDER
    visa.remind_on, visa.stand_in_on = dates.remind_on, dates.stand_in_on
    visa.above_on, visa.mediator_on = dates.above_on, dates.mediator_on
    db.session.flush()
    db.session.refresh(visa)


def steps_of(proposal: Proposal) -> list[Visa]:
    """Its visas in order, read afresh: called under the locks of the case."""
    query = sa.select(Visa).where(Visa.proposal_id == proposal.id).order_by(Visa.rank)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def countered_step(proposal: Proposal) -> Visa | None:
    """The visa whose holder answered by these very dates, on the proposal that this one replaces."""
    if proposal.previous_id is None:
        return None
    return db.session.scalar(sa.select(Visa).where(Visa.proposal_id == proposal.previous_id,
                                                   Visa.state == VisaState.COUNTERED))


def takers(visa: Visa) -> list[Agent]:
    """To whom the mediator may hand a stuck visa: heads of the units above, and of those beside, on its side."""
    proposal = visa.proposal
    unit = proposal.need.unit if visa.kind == VisaKind.HOST_HEAD else proposal.agent.unit
    beside = sa.and_(Unit.parent_id == unit.parent_id, Unit.parent_id.is_not(None))
    query = (sa.select(Agent).join(Unit, Unit.head_id == Agent.id)
             .where(Agent.active, sa.or_(Unit.id.in_(unit.lineage_ids), beside)))
    found = db.session.scalars(query.order_by(sa.func.length(Unit.path).desc(), Agent.sort_name, Agent.id))
    return [agent for agent in dict.fromkeys(found) if agent.id != visa.holder_id and not is_barred(agent, visa)]
