import os
import subprocess
import sys
import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from config import ROOT
from skillshare.ground import clock
from skillshare.ground.extensions import db
from skillshare.jobs import runner
from skillshare.jobs.models import JobRun
from skillshare.jobs.registry import Job
from skillshare.jobs.schedules import Daily, Every

TODAY = date(2026, 11, 23)


def runs() -> list[JobRun]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(JobRun).order_by(JobRun.id)))


def test_a_job_runs_once_per_date_and_leaves_its_outcome(app, at, job_of):
    calls = []
    job = job_of(lambda at: calls.append(at) or "fait")
    assert runner.run_once(job, TODAY, at).outcome == "fait"
    assert runner.run_once(job, TODAY, at) is None
    assert runner.run_once(job, TODAY + timedelta(days=1), at) is not None
    assert len(calls) == 2
    assert all(run.finished_at for run in runs())


def test_the_error_of_a_job_is_kept_and_undoes_only_its_own_work(app, at, people, job_of):
    def fail(at):
        people.bob.first_name = "Perdu"
        db.session.flush()
        raise ValueError("poivre")

    run = runner.run_once(job_of(fail), TODAY, at)
    assert run.error == "ValueError : poivre"
    assert run.finished_at is not None
    db.session.refresh(people.bob)
    assert people.bob.first_name == "Bob"


def test_the_failure_of_one_job_does_not_stop_the_next(app, at, monkeypatch, job_of):
    def fail(at):
        raise ValueError("poivre")

    monkeypatch.setattr(runner, "JOBS", [job_of(fail, name="un"), job_of(lambda at: "fait", name="deux")])
    assert [(run.job, bool(run.error), run.outcome) for run in runner.run_due(app, at)] == [
        ("un", True, ""), ("deux", False, "fait")]


def test_only_what_is_due_runs(app, at, monkeypatch, job_of):
    calls = []
    monkeypatch.setattr(runner, "JOBS", [job_of(lambda at: calls.append("tôt") or "", Daily(5), "a"),
                                         job_of(lambda at: calls.append("tard") or "", Daily(23), "b")])
    runner.run_due(app, at)
    runner.run_due(app, at)
    assert calls == ["tôt"]


def test_a_frequent_job_that_found_nothing_leaves_no_row(app, at, job_of):
    assert runner.run_once(job_of(lambda at: "", Every(1)), TODAY, at, slot="12:00") is None
    assert runs() == []


def test_a_run_cut_short_is_taken_again_only_after_two_hours(app, at, job_of):
    db.session.add(JobRun(job="essai", business_date=TODAY, started_at=at - timedelta(hours=1)))
    db.session.commit()
    job = job_of(lambda at: "repris")
    assert runner.run_once(job, TODAY, at) is None
    assert runner.run_once(job, TODAY, at + timedelta(hours=2)).outcome == "repris"


def test_taking_the_lead_runs_again_what_was_cut_short_today(app, at):
    db.session.add_all([JobRun(job="matching", business_date=TODAY, started_at=at),
                        JobRun(job="matching", business_date=TODAY - timedelta(days=1), started_at=at)])
    db.session.commit()
    runner.begin(at)
    assert [(run.business_date, run.error) for run in runs()] == [
        (TODAY - timedelta(days=1), "interrompu avant la fin")]


def test_on_the_very_first_start_daily_jobs_wait_for_their_next_time(app, at):
    runner.begin(at)
    assert "matching" in {run.job for run in runs()}
    assert "mails" not in {run.job for run in runs()}
    assert all(run.finished_at for run in runs())


def test_each_job_and_date_runs_once_with_eight_threads(both, at):
    """On both databases: the row is claimed by its insertion, whoever comes first."""
    calls: list[int] = []
    job = Job("essai", "Essai", Daily(5), lambda at: calls.append(1) or "fait")

    def work():
        with both.app_context(), clock.travel(at):
            for day in range(5):
                runner.run_once(job, TODAY + timedelta(days=day), at)
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(calls) == 5
    assert len(runs()) == 5


PROCESS = """
import sys, time
from datetime import date, timedelta
from pathlib import Path
from skillshare.app import create_app
from skillshare.ground import clock
from skillshare.jobs import runner
from skillshare.jobs.registry import Job
from skillshare.jobs.schedules import Daily

calls, app = Path(sys.argv[1]), create_app()
day = date(2026, 11, 23)
def note(_at):
    with calls.open("a") as file:
        file.write("x")
    return "fait"
print("prêt", flush=True)
sys.stdin.readline()
with app.app_context():
    for n in range(10):
        runner.run_once(Job("essai", "Essai", Daily(5), note), day + timedelta(days=n), clock.at_local(day, 12))
"""


@pytest.mark.slow
def test_two_processes_run_each_job_and_date_once(app, tmp_path):
    environ = os.environ | {"SKILLSHARE_HOME": str(app.config["HOME"])}
    calls = tmp_path / "calls"
    processes = [subprocess.Popen([sys.executable, "-c", PROCESS, str(calls)], env=environ, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "prêt\n"
    for process in processes:
        process.communicate("go\n", timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    assert calls.read_text() == "x" * 10
    assert len(runs()) == 10
