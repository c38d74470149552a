"""A daily job that failed is tried again the same day, later and later; each attempt leaves its own row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.jobs.models import JobRun

BACK_OFF = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
SLOT = "essai {}"


def number_of(run: JobRun) -> int:
    """1 for the attempt at the job's own time, then 2, 3, 4."""
    return int(run.slot.removeprefix(SLOT.format(""))) if run.slot else 1


def next_try(run: JobRun) -> datetime | None:
    """When a failed attempt is followed by another; None when it is the day's last, or was not a failure."""
    number = number_of(run)
    if not run.error or run.finished_at is None or number > len(BACK_OFF):
        return None
    at = run.finished_at + BACK_OFF[number - 1]
    return at if clock.local_date(at) == run.business_date else None


def awaited(at: datetime, names: Collection[str]) -> dict[JobRun, datetime]:
    """The latest attempt of each of these daily jobs today that failed → when it is tried again."""
    query = sa.select(JobRun).where(JobRun.business_date == clock.local_date(at), JobRun.job.in_(names)).order_by(JobRun.id)
    latest = {run.job: run for run in db.session.scalars(query)}
    return {run: moment for run in latest.values() if (moment := next_try(run)) is not None}


def due(at: datetime, names: Collection[str]) -> list[tuple[str, str]]:
    """(job, slot) of the attempts whose time has come; ends the transaction it reads in."""
    found = [(run.job, SLOT.format(number_of(run) + 1)) for run, moment in awaited(at, names).items() if moment <= at]
    db.session.rollback()
    return found
