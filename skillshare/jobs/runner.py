"""Running jobs: each once per business date and slot, in the process that leads."""

from __future__ import annotations

import logging
import os
import signal
import sys
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask
from sqlalchemy.exc import IntegrityError

from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.jobs import retries
from skillshare.jobs.attempts import Attempt, attempt
from skillshare.jobs.leading import Leader
from skillshare.jobs.models import JobRun
from skillshare.jobs.registry import JOBS, Job
from skillshare.jobs.schedules import Daily

log = logging.getLogger(__name__)
CUT_SHORT = timedelta(hours=2)  # a run that is still not finished by then was killed
BEAT_SECONDS = 30


def run_once(job: Job, business_date: date, at: datetime, *, slot: str = "") -> JobRun | None:
    """Run `job` unless it has its row for this date and slot; the row is committed before the work begins.

    Returns the finished row; None when somebody else has it, or for a frequent job that found nothing to do.
    """
    run_id = _claim(job, business_date, slot, at)
    if run_id is None:
        return None
    return _finish(run_id, attempt(lambda: job.run(at)), is_frequent=not isinstance(job.schedule, Daily))


def _claim(job: Job, business_date: date, slot: str, at: datetime) -> int | None:
    run = JobRun(job=job.name, business_date=business_date, slot=slot, started_at=at)
    db.session.add(run)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return _take_again(job, business_date, slot, at)
    run_id = run.id
    db.session.commit()
    return run_id


def _take_again(job: Job, business_date: date, slot: str, at: datetime) -> int | None:
    """Take over a run cut short, by compare-and-swap of its start: one process at most succeeds."""
    mine = (JobRun.job == job.name, JobRun.business_date == business_date, JobRun.slot == slot)
    taken = db.session.execute(sa.update(JobRun).where(*mine, JobRun.finished_at.is_(None),
                                                       JobRun.started_at < at - CUT_SHORT).values(started_at=at))
    run_id = db.session.scalar(sa.select(JobRun.id).where(*mine)) if taken.rowcount else None  # type: ignore[attr-defined]
    db.session.commit()
    return run_id


def _finish(run_id: int, made: Attempt, *, is_frequent: bool) -> JobRun | None:
    run = db.session.get_one(JobRun, run_id)
    if is_frequent and made == Attempt():
        db.session.delete(run)
        db.session.commit()
        return None
    run.finished_at, run.outcome, run.error, run.faults = clock.now(), made.outcome[:300], made.error, made.faults
    db.session.commit()
    db.session.refresh(run)
    db.session.expunge(run)
    db.session.rollback()  # on SQLite even a read outside a request holds the only writer's place
    log.info("%s: %s", run.job, run.error or run.outcome or "nothing to do")
    return run


def run_due(app: Flask, at: datetime) -> list[JobRun]:
    """Run every job that is due and has not run yet for its date and slot, in the order of the day."""
    local = at.astimezone(clock.ZONE)
    done = []
    with app.app_context():
        for job in JOBS:
            slot = job.schedule.slot(local)
            if slot is not None:
                done.append(run_once(job, local.date(), at, slot=slot))
        done += _try_again(at)
    return [run for run in done if run is not None]


def _try_again(at: datetime) -> list[JobRun | None]:
    """Run the daily jobs whose failure of today is to be tried again now."""
    daily = {job.name: job for job in JOBS if isinstance(job.schedule, Daily)}
    return [run_once(daily[name], clock.local_date(at), at, slot=slot) for name, slot in retries.due(at, daily)]


def serve(app: Flask) -> None:
    """Run the jobs at their times until stopped; only the leading process works, the others stand by."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    leader = Leader(app)
    scheduler = BlockingScheduler(timezone=clock.ZONE, executors={"default": ThreadPoolExecutor(1)})
    every_run = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    for job in JOBS:
        scheduler.add_job(_tick, CronTrigger(**job.schedule.cron, timezone=clock.ZONE), args=(app, leader, job),
                          id=job.name, **every_run)
    scheduler.add_job(_beat, "interval", seconds=BEAT_SECONDS, args=(app, leader, scheduler, os.getppid()), id="beat",
                      next_run_time=clock.now(), **every_run)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        if scheduler.running:
            scheduler.shutdown(wait=True)
    finally:
        leader.resign()


def _tick(app: Flask, leader: Leader, job: Job) -> None:
    at = clock.now()
    local = at.astimezone(clock.ZONE)
    slot = job.schedule.slot(local)
    with app.app_context():
        if slot is not None and leader.leads(at):
            run_once(job, local.date(), at, slot=slot)


def _beat(app: Flask, leader: Leader, scheduler: BlockingScheduler, parent: int) -> None:
    """Keep the lead, and try again what failed; on taking it, catch up with what was missed.

    Stop when the web process that started us is gone.
    """
    if os.environ.get("SKILLSHARE_STOP_WITH_PARENT") and os.getppid() != parent:
        scheduler.shutdown(wait=False)
        return
    at, led_before = clock.now(), leader.is_leading
    with app.app_context():
        if not leader.leads(at):
            return
        if led_before:
            _try_again(at)
        else:
            begin(at)
            run_due(app, at)


def begin(at: datetime) -> None:
    """Take over: what the leader before left unfinished today is run again.

    On the very first start there is nothing to catch up with: daily jobs begin at their next time.
    """
    unfinished = JobRun.finished_at.is_(None)
    today = clock.local_date(at)
    db.session.execute(sa.delete(JobRun).where(unfinished, JobRun.business_date == today))
    db.session.execute(sa.update(JobRun).where(unfinished).values(finished_at=at, error="interrompu avant la fin"))
    db.session.commit()
    if db.session.scalar(sa.select(JobRun.id).limit(1)) is not None:
        db.session.rollback()
        return
    local = at.astimezone(clock.ZONE)
    db.session.add_all(JobRun(job=job.name, business_date=local.date(), started_at=at, finished_at=at,
                              outcome="mise en service : premier passage à la prochaine échéance")
                       for job in JOBS if isinstance(job.schedule, Daily) and job.schedule.slot(local) is not None)
    db.session.commit()
