"""What the jobs process did: each job once per business date, and which process leads."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from skillshare.ground.extensions import UTCDateTime, db


class JobRun(db.Model):
    """One attempt. `slot`: the period of a frequent job, "essai 2" and so on when a daily one is tried again.
    `faults`: [row, what stopped it] of each row that failed while the others went on."""

    __tablename__ = "job_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(40))
    business_date: Mapped[date]
    slot: Mapped[str] = mapped_column(sa.String(10), default="")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")
    error: Mapped[str] = mapped_column(sa.String(300), default="")
    faults: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list, server_default="[]")

    __table_args__ = (sa.UniqueConstraint("job", "business_date", "slot"),)


class JobLeader(db.Model):
    """The single row whose holder leads; taken over when its beat is old."""

    __tablename__ = "job_leader"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(80))
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
