"""What the jobs process did: each job once per business date, and which process leads."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from skillshare.ground.extensions import UTCDateTime, db


class JobRun(db.Model):
    __tablename__ = "job_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(40))
    business_date: Mapped[date]
    slot: Mapped[str] = mapped_column(sa.String(10), default="")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(sa.String(300), default="")
    error: Mapped[str] = mapped_column(sa.String(300), default="")

    __table_args__ = (sa.UniqueConstraint("job", "business_date", "slot"),)


class JobLeader(db.Model):
    """The single row whose holder leads; taken over when its beat is old."""

    __tablename__ = "job_leader"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(80))
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
