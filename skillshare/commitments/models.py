"""Time promised or given: one row per live promise, the only source of capacity arithmetic."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from skillshare.ground.extensions import UTCDateTime, code_of, db
from skillshare.organisation.models import Agent


class CommitmentKind(StrEnum):
    PROMISED = "promised"
    GIVEN = "given"


class Commitment(db.Model):
    """`load` in hundredths of full time on every day from `starts_on` to `ends_on`, both counted.

    `source` names what it comes from ("proposal:12"): a proposal's promise becomes given time when
    its loan is approved, keeping its source. A released row no longer counts anywhere.
    """

    __tablename__ = "commitments"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(sa.ForeignKey("agents.id"), index=True)
    host_unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"), index=True)
    source: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[CommitmentKind] = mapped_column(code_of(CommitmentKind, "commitment_kind"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    load: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    agent: Mapped[Agent] = relationship()

    __table_args__ = (
        sa.CheckConstraint("load BETWEEN 1 AND 100", name="load_in_hundredths"),
        sa.CheckConstraint("starts_on <= ends_on", name="period_in_order"),
        sa.Index("uq_commitments_live_source", "source", unique=True,
                 sqlite_where=sa.text("released_at IS NULL"), postgresql_where=sa.text("released_at IS NULL")),
        sa.Index("ix_commitments_period", "starts_on", "ends_on"),
    )
