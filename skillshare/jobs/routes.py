"""The page of jobs, among those of the administration."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, render_template, request

from skillshare.ground import clock
from skillshare.ground.access import Ability, requires
from skillshare.ground.paging import paginate
from skillshare.jobs import retries
from skillshare.jobs.models import JobRun
from skillshare.jobs.registry import JOBS
from skillshare.jobs.schedules import Daily


@requires(Ability.JOBS_SEE)
def index() -> str:
    query = sa.select(JobRun).order_by(JobRun.started_at.desc(), JobRun.id.desc())
    page = paginate(query, request.args.get("page", 1, type=int))
    daily = [job.name for job in JOBS if isinstance(job.schedule, Daily)]
    again = {run.id: moment for run, moment in retries.awaited(clock.now(), daily).items()}
    return render_template("admin/jobs.html", page=page, jobs=JOBS, labels={job.name: job.label for job in JOBS}, again=again)


def register(app: Flask) -> None:
    """The admin room may not import this one, so the address joins its pages from here."""
    app.add_url_rule("/administration/taches", endpoint="admin.jobs", view_func=index, methods=["GET"])
