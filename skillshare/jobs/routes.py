"""The page of jobs, among those of the administration."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, render_template, request

from skillshare.ground.access import Ability, requires
from skillshare.ground.paging import paginate
from skillshare.jobs.models import JobRun
from skillshare.jobs.registry import JOBS


@requires(Ability.JOBS_SEE)
def index() -> str:
    query = sa.select(JobRun).order_by(JobRun.started_at.desc(), JobRun.id.desc())
    page = paginate(query, request.args.get("page", 1, type=int))
    return render_template("admin/jobs.html", page=page, jobs=JOBS, labels={job.name: job.label for job in JOBS})


def register(app: Flask) -> None:
    """The admin room may not import this one, so the address joins its pages from here."""
    app.add_url_rule("/administration/taches", endpoint="admin.jobs", view_func=index, methods=["GET"])
