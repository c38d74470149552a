"""The agreed loan of an agent to a host unit."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.needs.models import Need
from skillshare.organisation.models import Agent, Unit
from skillshare.proposals.models import Proposal


class LoanState(StrEnum):
    TO_SIGN = "to_sign"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    CANCELLED = "cancelled"


class Loan(db.Model):
    """Opened by the last visa. `ends_on` counts; an early end moves it and keeps `planned_ends_on`."""

    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), unique=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("needs.id"), index=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    home_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    host_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    home_manager_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"))
    mission_lead_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"))
    state: Mapped[LoanState] = mapped_column(code_of(LoanState, "loan_state"), default=LoanState.TO_SIGN, index=True)
    starts_on: Mapped[date] = mapped_column(index=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    planned_ends_on: Mapped[date]
    load: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agents.id"))
    end_reason: Mapped[str] = mapped_column(sa.String(40), default="")

    proposal: Mapped[Proposal] = relationship()
    need: Mapped[Need] = relationship()
    agent: Mapped[Agent] = relationship(foreign_keys=[agent_id])
    home_unit: Mapped[Unit] = relationship(foreign_keys=[home_unit_id])
    host_unit: Mapped[Unit] = relationship(foreign_keys=[host_unit_id])
    home_manager: Mapped[Agent] = relationship(foreign_keys=[home_manager_id])
    mission_lead: Mapped[Agent] = relationship(foreign_keys=[mission_lead_id])

    __table_args__ = (sa.CheckConstraint("load BETWEEN 1 AND 100", name="load_in_hundredths"),
                      sa.CheckConstraint("starts_on <= ends_on", name="period_in_order"))
