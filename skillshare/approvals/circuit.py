"""The circuit of one proposal: its steps, who holds each, and the dates of its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app

from skillshare.approvals.models import Visa, VisaKind
from skillshare.approvals.workflow import VISA
from skillshare.ground import clock
from skillshare.ground.access import SYSTEM
from skillshare.ground.extensions import db
from skillshare.ground.workflow import move
from skillshare.organisation.models import Agent
from skillshare.organisation.queries import line_manager, unit_head
from skillshare.proposals.models import Proposal


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
    if clock.working_days(since, starts_on) <= 20:
        days = [-(-count // 2) for count in days]
    return Deadlines(*(clock.add_working_days(since, count) for count in days))


def steps_for(proposal: Proposal) -> list[VisaKind]:
    """The host's visa, the configured ones, and HR's above the limits of load or duration (DOMAIN §5)."""
    config = current_app.config
    steps = [VisaKind.HOST_HEAD, *(VisaKind(name) for name in config["VISA_CIRCUIT"])]
    days = (proposal.ends_on - proposal.starts_on).days + 1
    is_heavy = proposal.load > config["HR_VISA_ABOVE_LOAD"] or days > config["HR_VISA_ABOVE_DAYS"]
    if is_heavy and VisaKind.HR not in steps:
        steps.append(VisaKind.HR)
    return steps


def holder_of(kind: VisaKind, proposal: Proposal, on: date) -> Agent | None:
    """Who must act on a step; None for HR (any HR person) and where nobody is left."""
    own = frozenset({proposal.agent_id})
    asked = own | {proposal.need.requester_id} | ({proposal.chosen_by_id} if proposal.chosen_by_id else set())
    if kind == VisaKind.HOST_HEAD:
        return unit_head(proposal.need.unit, excluding=own)
    if kind == VisaKind.HR:
        return None
    return line_manager(proposal.agent, on, above=int(kind == VisaKind.HOME_HEAD), excluding=asked)


def write_steps(proposal: Proposal) -> list[Visa]:
    made = [Visa(proposal_id=proposal.id, proposal=proposal, rank=rank, kind=kind)
            for rank, kind in enumerate(steps_for(proposal), start=1)]
    db.session.add_all(made)
    db.session.flush()
    return made


def open_step(visa: Visa, *, at: datetime) -> None:
    """Hand a pending step to its holder and start its clock."""
    on = clock.local_date(at)
    move(VISA, visa, "open", actor=SYSTEM, at=at)
    holder = holder_of(visa.kind, visa.proposal, on)
    visa.holder_id = holder.id if holder else None
    visa.since = at
    dates = deadlines(on, visa.proposal.starts_on)
    visa.remind_on, visa.stand_in_on = dates.remind_on, dates.stand_in_on
    visa.above_on, visa.mediator_on = dates.above_on, dates.mediator_on
    db.session.flush()
    db.session.refresh(visa)


def steps_of(proposal: Proposal) -> list[Visa]:
    query = sa.select(Visa).where(Visa.proposal_id == proposal.id).order_by(Visa.rank)
    return list(db.session.scalars(query))
